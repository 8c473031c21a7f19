use std::path::Path;

use serde_json::json;

use super::{Kind, Status, document, entries};
use crate::testing::eval;

/// Compared with a context that has nothing but the language.
#[tokio::test]
async fn the_table_of_globals_is_true() {
    let runtime = rquickjs::Runtime::new().unwrap();
    let language: Vec<String> = rquickjs::Context::full(&runtime)
        .unwrap()
        .with(|ctx| ctx.eval("Object.getOwnPropertyNames(globalThis)").unwrap());
    let globals = entries().into_iter().filter(|entry| entry.kind == Kind::Global);
    let (absent, present): (Vec<_>, Vec<_>) =
        globals.partition(|entry| entry.status == Status::Absent);
    let names = |entries: Vec<super::Entry>| -> Vec<String> {
        entries.into_iter().map(|entry| entry.name).collect()
    };
    let source = format!(
        r#"
        const [language, absent, present] = {};
        const ours = /^__ocg|^(?:expose|hostCall|hostNotify)$/;
        export default () => ({{
            undefined: present.filter((name) => !(name in globalThis)),
            defined: absent.filter((name) => name in globalThis),
            unlisted: Object.getOwnPropertyNames(globalThis).filter((name) =>
                !language.includes(name) && !present.includes(name) && !ours.test(name)),
        }});"#,
        json!([language, names(absent), names(present)])
    );
    assert_eq!(eval(&source).await, json!({ "undefined": [], "defined": [], "unlisted": [] }));
}

/// `OCG_WRITE_DOCS=1 cargo test -p ocg-js node_api` writes the page.
#[test]
fn the_page_is_what_the_tables_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/node-api.md");
    if std::env::var_os("OCG_WRITE_DOCS").is_some() {
        std::fs::write(&path, document()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), document());
}
