//! `ocg:native/fs`: system calls of `node:fs` under the file permit. Each comes twice: the
//! plain name returns a promise and works off the JavaScript thread, `…Sync` blocks.

mod descriptors;
mod directories;
mod disk;
mod entries;
mod files;
mod stat;

use rquickjs::function::Func;

use super::native_module;
use disk::{Disk, Later, Sync};

native_module!(FsModule(ctx) {
    readFile => {
        Disk::install(ctx)?;
        Func::from(Later(files::read))
    },
    readFileSync => Func::from(Sync(files::read)),
    readText => Func::from(Later(files::read_text)),
    readTextSync => Func::from(Sync(files::read_text)),
    writeFile => Func::from(Later(files::write)),
    writeFileSync => Func::from(Sync(files::write)),
    copyFile => Func::from(Later(files::copy)),
    copyFileSync => Func::from(Sync(files::copy)),
    truncate => Func::from(Later(files::truncate)),
    truncateSync => Func::from(Sync(files::truncate)),
    open => Func::from(Later(descriptors::open)),
    openSync => Func::from(Sync(descriptors::open)),
    close => Func::from(Later(descriptors::close)),
    closeSync => Func::from(Sync(descriptors::close)),
    read => Func::from(Later(descriptors::read)),
    readSync => Func::from(Sync(descriptors::read)),
    write => Func::from(Later(descriptors::write)),
    writeSync => Func::from(Sync(descriptors::write)),
    fsync => Func::from(Later(descriptors::sync)),
    fsyncSync => Func::from(Sync(descriptors::sync)),
    ftruncate => Func::from(Later(descriptors::truncate)),
    ftruncateSync => Func::from(Sync(descriptors::truncate)),
    fstat => Func::from(Later(stat::of_descriptor)),
    fstatSync => Func::from(Sync(stat::of_descriptor)),
    stat => Func::from(Later(stat::of_target)),
    statSync => Func::from(Sync(stat::of_target)),
    lstat => Func::from(Later(stat::of_entry)),
    lstatSync => Func::from(Sync(stat::of_entry)),
    access => Func::from(Later(stat::access)),
    accessSync => Func::from(Sync(stat::access)),
    mkdir => Func::from(Later(directories::make)),
    mkdirSync => Func::from(Sync(directories::make)),
    mkdtemp => Func::from(Later(directories::make_temp)),
    mkdtempSync => Func::from(Sync(directories::make_temp)),
    readdir => Func::from(Later(directories::list)),
    readdirSync => Func::from(Sync(directories::list)),
    rmdir => Func::from(Later(directories::remove_empty)),
    rmdirSync => Func::from(Sync(directories::remove_empty)),
    rm => Func::from(Later(entries::remove)),
    rmSync => Func::from(Sync(entries::remove)),
    unlink => Func::from(Later(entries::unlink)),
    unlinkSync => Func::from(Sync(entries::unlink)),
    rename => Func::from(Later(entries::rename)),
    renameSync => Func::from(Sync(entries::rename)),
    link => Func::from(Later(entries::link)),
    linkSync => Func::from(Sync(entries::link)),
    symlink => Func::from(Later(entries::symlink)),
    symlinkSync => Func::from(Sync(entries::symlink)),
    readlink => Func::from(Later(entries::read_link)),
    readlinkSync => Func::from(Sync(entries::read_link)),
    realpath => Func::from(Later(entries::real_path)),
    realpathSync => Func::from(Sync(entries::real_path)),
    chmod => Func::from(Later(entries::change_mode)),
    chmodSync => Func::from(Sync(entries::change_mode)),
    utimes => Func::from(Later(entries::change_times)),
    utimesSync => Func::from(Sync(entries::change_times)),
});
