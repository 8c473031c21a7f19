//! What holds for all Node modules together.

mod network;
mod permissions;
mod sqlite;
mod vectors;

use serde_json::json;

use crate::testing::eval;

const TABLE: &str = include_str!("../../js/node/table.json");

/// Modules, the names that they export, and those of the names that refuse to work.
fn survey() -> String {
    format!(
        r#"
        const table = {TABLE};
        export default async () => {{
            const wrong = [];
            for (const [name, {{ status, missing = [] }}] of Object.entries(table)) {{
                // Made of one object by the isolate, with members that depend on it.
                if (["console", "module", "process"].includes(name)) continue;
                let module;
                try {{ module = await import(`node:${{name}}`); }} catch (error) {{
                    wrong.push([name, String(error), error.stack]);
                    continue;
                }}
                const names = Object.keys(module).filter((key) => key !== "default");
                for (const key of names) {{
                    if (key === "defaultMaxListeners") continue;
                    if (!Object.is(module.default[key], module[key])) wrong.push([name, key, "differs"]);
                }}
                const members = name === "constants" ? [] : Object.keys(module.default);
                for (const key of members) if (!(key in module) && !["init", "usingDomains"].includes(key)) wrong.push([name, key, "is not exported"]);
                const refusing = names.filter((key) => {{
                    const source = typeof module[key] === "function" ? Function.prototype.toString.call(module[key]) : "";
                    return source.includes("is not available: ${{why}}");
                }});
                for (const key of refusing) {{
                    if (status === "provided") wrong.push([name, key, "is not provided"]);
                    if (status === "partial" && !missing.includes(key)) wrong.push([name, key, "is not in the table"]);
                }}
                for (const key of missing) {{
                    if (!key.includes(" ") && !(key in module)) wrong.push([name, key, "is not exported at all"]);
                }}
            }}
            return wrong;
        }}"#
    )
}

#[tokio::test]
async fn the_table_is_true_and_default_and_named_exports_agree() {
    assert_eq!(eval(&survey()).await, json!([]));
}

#[test]
fn every_module_is_in_the_table() {
    let table: serde_json::Value = serde_json::from_str(TABLE).unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("js/node");
    let mut folders = vec![root.clone()];
    let mut missing = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().with_extension("");
            let name = name.to_string_lossy().into_owned();
            if path.is_dir() && name != "internal" {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "js")
                && table.get(&name).is_none()
            {
                missing.push(name);
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
