//! `ocg:native/os`: what `node:os` tells about the machine.

use std::ffi::CStr;

use rquickjs::function::Func;
use rquickjs::{Ctx, Result};

use super::native_module;
use crate::permit::Permits;

native_module!(OsModule(_ctx) {
    hostname => Func::from(hostname),
    uname => Func::from(uname),
    platform => Func::from(platform),
    arch => Func::from(arch),
    cpuCount => Func::from(cpu_count),
    memory => Func::from(memory),
    uptime => Func::from(uptime),
    userId => Func::from(user_id),
    tmpdir => Func::from(tmpdir),
    endianness => Func::from(|| if cfg!(target_endian = "big") { "BE" } else { "LE" }),
    isatty => Func::from(isatty),
});

fn hostname() -> String {
    uname().swap_remove(1)
}

/// Name of the system, of the machine, release, version, hardware (POSIX `uname`).
fn uname() -> Vec<String> {
    // SAFETY: utsname is plain data, for which all zeros is a valid value, and uname fills it
    // with NUL-terminated strings.
    #[allow(unsafe_code)]
    let names = unsafe {
        let mut names: libc::utsname = std::mem::zeroed();
        libc::uname(&raw mut names);
        names
    };
    [&names.sysname[..], &names.nodename, &names.release, &names.version, &names.machine]
        .map(|field| {
            // SAFETY: see above; each field holds its terminator.
            #[allow(unsafe_code)]
            let text = unsafe { CStr::from_ptr(field.as_ptr()) };
            text.to_string_lossy().into_owned()
        })
        .to_vec()
}

/// As `process.platform`.
pub(crate) fn platform() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    }
}

/// As `process.arch`.
pub(crate) fn arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "x86" => "ia32",
        other => other,
    }
}

fn cpu_count() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Total and available memory in bytes; zeros where the system does not say.
fn memory() -> Vec<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let size = |key| {
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kibibytes.unwrap_or_default() * 1024.0
    };
    vec![size("MemTotal:"), size("MemAvailable:")]
}

/// Seconds since the machine started.
fn uptime() -> f64 {
    let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    text.split_whitespace().next().and_then(|seconds| seconds.parse().ok()).unwrap_or_default()
}

/// User and group number.
fn user_id() -> Vec<u32> {
    // SAFETY: both calls take nothing and cannot fail.
    #[allow(unsafe_code)]
    unsafe {
        vec![libc::getuid(), libc::getgid()]
    }
}

/// The plugin's own temporary directory.
fn tmpdir(ctx: Ctx<'_>) -> Result<String> {
    let permits = super::permits(&ctx)?;
    let Permits { files, .. } = &*permits;
    Ok(files.temp_dir().to_string_lossy().into_owned())
}

fn isatty(descriptor: i32) -> bool {
    // SAFETY: isatty accepts any number and only looks at it.
    #[allow(unsafe_code)]
    let answer = unsafe { libc::isatty(descriptor) };
    (0..=2).contains(&descriptor) && answer == 1
}
