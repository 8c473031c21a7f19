use super::native_module;
native_module!(SqliteModule(_ctx) { nothing => 0 });
