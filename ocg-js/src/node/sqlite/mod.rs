//! `ocg:native/sqlite`: databases of `node:sqlite` on the bundled SQLite.

mod bounds;
mod convert;
mod database;
mod failure;
mod statement;

use rquickjs::Class;

use super::native_module;

native_module!(SqliteModule(ctx) {
    Database => Class::<database::Database>::create_constructor(ctx)?,
    Statement => Class::<statement::Statement>::create_constructor(ctx)?,
});
