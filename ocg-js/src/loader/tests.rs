use serde_json::{Value, json};

use crate::isolate::IsolateError;
use crate::testing::Plugin;

async fn run(files: &[(&str, &str)]) -> Value {
    match Plugin::new(files).run().await {
        Ok(value) => value,
        Err(IsolateError::Exception(error)) => panic!("{}\n{}", error.message, error.stack),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn packages_resolve_by_exports_conditions_and_main() {
    let files = [
        ("main.mjs", "import a from 'a'; import b from 'b'; import c from 'b/sub'; import self from 'me/x'; import internal from '#internal';
            import { createRequire } from 'node:module';
            export default [a, b, c, self, internal, createRequire(import.meta.url)('b')];"),
        ("package.json", r##"{"name":"me","exports":{"./x":"./x.mjs"},"imports":{"#internal":"./internal.mjs"}}"##),
        ("x.mjs", "export default 'self'"),
        ("internal.mjs", "export default 'internal'"),
        ("node_modules/a/package.json", r#"{"main":"lib"}"#),
        ("node_modules/a/lib/index.js", "module.exports = 'main'"),
        ("node_modules/b/package.json", r#"{"type":"module","exports":{".":{"import":"./i.js","require":"./r.cjs"},"./sub":{"node":"./node.js","default":"./d.js"}}}"#),
        ("node_modules/b/i.js", "export default 'import'"),
        ("node_modules/b/r.cjs", "module.exports = 'require'"),
        ("node_modules/b/node.js", "export default 'node'"),
    ];
    assert_eq!(run(&files).await, json!(["main", "import", "node", "self", "internal", "require"]));
}

#[tokio::test]
async fn unresolvable_imports_have_the_codes_of_node() {
    let files = [
        ("main.mjs", "const code = (specifier) => import(specifier).then(() => 'loaded', (e) => [e.code, e instanceof Error]);
            export default async () => Promise.all(['./no.mjs', 'no-package', 'b/hidden', '#no', 'node:nothing', 'ocg:host', '/etc/hostname', './data.txt', 'node:internal/errors'].map(code));"),
        ("package.json", "{}"),
        ("data.txt", ""),
        ("node_modules/b/package.json", r#"{"exports":{".":"./i.js"}}"#),
        ("node_modules/b/hidden.js", ""),
    ];
    assert_eq!(
        run(&files).await,
        json!([
            ["ERR_MODULE_NOT_FOUND", true],
            ["ERR_MODULE_NOT_FOUND", true],
            ["ERR_PACKAGE_PATH_NOT_EXPORTED", true],
            ["ERR_PACKAGE_IMPORT_NOT_DEFINED", true],
            ["ERR_UNKNOWN_BUILTIN_MODULE", true],
            ["ERR_ACCESS_DENIED", true],
            ["ERR_ACCESS_DENIED", true],
            ["ERR_UNKNOWN_FILE_EXTENSION", true],
            ["ERR_UNKNOWN_BUILTIN_MODULE", true]
        ])
    );
}

#[tokio::test]
async fn a_link_out_of_the_package_is_refused() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("x.mjs"), "export default 1").unwrap();
    let plugin = Plugin::new(&[("main.mjs", "import './link.mjs'; export default 1")]);
    std::os::unix::fs::symlink(outside.path().join("x.mjs"), plugin.path().join("link.mjs"))
        .unwrap();
    let Err(IsolateError::Exception(error)) = plugin.run().await else { panic!("must fail") };
    assert_eq!(error.code.as_deref(), Some("ERR_ACCESS_DENIED"));
}

#[tokio::test]
async fn commonjs_works_as_in_node() {
    let files = [
        ("main.mjs", "import cjs, { named, fn as renamed } from './c.cjs'; import es, { __esModule } from './es.cjs'; import data from './data.json'; import data2 from './data.json' with { type: 'json' };
            export default [cjs.named, named, renamed(), cjs.where, es.default, __esModule, data, data2];"),
        ("c.cjs", "#!/usr/bin/env node\nconst path = require('path'); exports.named = require('./d.js').partial; exports.fn = () => 'fn'; exports['not-a-name'] = 1;
            exports.where = [path.basename(__filename), __dirname === module.path, require.resolve('./d.js') in require.cache, require('node:path') === path, typeof require.main];"),
        ("d.js", "exports.partial = 'before'; const c = require('./c.cjs'); exports.partial = c.named === undefined ? 'cycle seen' : 'no cycle';"),
        ("es.cjs", "Object.defineProperty(exports, '__esModule', { value: true, enumerable: true }); exports.default = 'inner';"),
        ("data.json", "\u{feff}[1]"),
    ];
    assert_eq!(
        run(&files).await,
        json!([
            "cycle seen",
            "cycle seen",
            "fn",
            ["c.cjs", true, true, true, "undefined"],
            "inner",
            true,
            [1],
            [1]
        ])
    );
}

#[tokio::test]
async fn a_commonjs_module_that_throws_can_be_tried_again() {
    let files = [
        ("main.mjs", "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
            const attempt = () => { try { return require('./bad.cjs'); } catch (e) { return e.message; } };
            export default () => [attempt(), attempt(), (() => { try { require('./none.cjs'); } catch (e) { return e.code; } })()];"),
        ("bad.cjs", "globalThis.count = (globalThis.count ?? 0) + 1; if (count === 1) throw new Error('first'); module.exports = 'second';"),
    ];
    assert_eq!(run(&files).await, json!(["first", "second", "MODULE_NOT_FOUND"]));
}

#[tokio::test]
async fn require_of_an_es_module_is_synchronous() {
    let files = [
        ("main.mjs", "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
            const attempt = (name) => { try { return require(name); } catch (e) { return [e.code ?? null, e.name]; } };
            export default () => [require('./a.mjs').value, require('./a.mjs') === require('./a.mjs'), attempt('./tla.mjs'), attempt('./throws.mjs'), attempt('./throws.mjs'), attempt('./missing.mjs')];"),
        ("a.mjs", "import { b } from './b.mjs'; export const value = b + 1;"),
        ("b.mjs", "export const b = 1;"),
        ("tla.mjs", "await null; export default 1;"),
        ("throws.mjs", "throw new RangeError('no');"),
        ("missing.mjs", "import './nowhere.mjs';"),
    ];
    assert_eq!(
        run(&files).await,
        json!([
            2,
            true,
            ["ERR_REQUIRE_ASYNC_MODULE", "Error"],
            [null, "RangeError"],
            [null, "RangeError"],
            ["ERR_MODULE_NOT_FOUND", "Error"]
        ])
    );
}

/// The engine aborts the process in these cases unless the loader refuses first.
#[tokio::test]
async fn require_of_a_module_in_evaluation_is_refused() {
    let attempt = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
        export const result = (() => { try { return require(TARGET); } catch (e) { return e.code; } })();";
    let with = |target: &str| attempt.replace("TARGET", target);
    let files = [
        ("main.mjs", "import { result } from './child.mjs'; import { result as free } from './sibling.mjs'; import { result as half } from './loads-cjs.mjs'; export default [result, free.ok, half];".to_owned()),
        // Its importer is on the stack.
        ("child.mjs", with("'./main.mjs'")),
        // Finished before, and not begun yet: both may be required.
        ("sibling.mjs", with("'./later.mjs'")),
        ("later.mjs", "export const ok = true;".to_owned()),
        // Runs while its importer is only half linked.
        ("loads-cjs.mjs", "import cjs from './c.cjs'; export const result = cjs;".to_owned()),
        ("c.cjs", "try { module.exports = require('./loads-cjs.mjs'); } catch (e) { module.exports = e.code; }".to_owned()),
    ];
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(
        run(&files).await,
        json!(["ERR_REQUIRE_CYCLE_MODULE", true, "ERR_REQUIRE_CYCLE_MODULE"])
    );
}

#[tokio::test]
async fn import_meta_and_dynamic_imports_know_their_file() {
    let files = [
        ("main.mjs", "export default async () => [import.meta.url === `file://${import.meta.filename}`, import.meta.filename.endsWith('/main.mjs'), import.meta.resolve('./sub/a.mjs') === new URL('sub/a.mjs', import.meta.url).href, import.meta.resolve('node:fs'),
            (await import('./sub/a.mjs')).default, (await (await import('./sub/a.mjs')).load()).default, (await import(import.meta.resolve('./sub/c.cjs'))).default.load instanceof Function, (await (await import('./sub/c.cjs')).load()).default, (await import('./sub/b.mjs?again')).default];"),
        ("sub/a.mjs", "export default 'a'; export const load = () => import('./b.mjs');"),
        ("sub/b.mjs", "export default 'b';"),
        ("sub/c.cjs", "exports.load = () => import('./b.mjs');"),
    ];
    assert_eq!(run(&files).await, json!([true, true, true, "node:fs", "a", "b", true, "b", "b"]));
}

#[tokio::test]
async fn names_that_the_sdk_lacks_link_and_throw_when_used() {
    let files = [
        ("main.mjs", "import { normalizeAccountId, notThere as other } from 'openclaw/plugin-sdk/account-id';
            import all, { Thing } from 'openclaw/plugin-sdk/unknown-subpath';
            export { more } from 'openclaw/plugin-sdk/account-id';
            const attempt = (use) => { try { return use(); } catch (e) { return String(e); } };
            export default () => [typeof normalizeAccountId, attempt(() => other()), attempt(() => new Thing()), attempt(() => all())];"),
    ];
    assert_eq!(
        run(&files).await,
        json!([
            "function",
            "OcgSdkNotImplemented: account-id#notThere",
            "OcgSdkNotImplemented: unknown-subpath#Thing",
            "OcgSdkNotImplemented: unknown-subpath#default"
        ])
    );
}

#[tokio::test]
async fn a_failed_import_can_be_repeated() {
    let files = [
        (
            "main.mjs",
            "const attempt = () => import('./a.mjs').then((m) => m.default, (e) => e.code);
            export default async () => [await attempt(), await attempt()];",
        ),
        ("a.mjs", "import './b.mjs'; import './missing.mjs'; export default 1;"),
        ("b.mjs", "export {}"),
    ];
    assert_eq!(run(&files).await, json!(["ERR_MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"]));
}

#[tokio::test]
async fn code_that_cannot_be_loaded_is_named() {
    let files = [
        ("syntax.mjs", "import './node_modules/dep/broken.mjs';"),
        ("node_modules/dep/broken.mjs", "export const a = 1;\nexport const = 2;\n"),
        ("commonjs.mjs", "import './broken.cjs';"),
        ("broken.cjs", "exports.a = 1;\nexports.b = ;"),
        ("json.mjs", "import './data.json';"),
        ("data.json", "[1,"),
        ("throws.mjs", "const f = () => null.x;\nf();"),
        ("later.mjs", "await null;\nthrow new Error('no licence');"),
        (
            "required.mjs",
            "import { createRequire } from 'node:module';\ncreateRequire(import.meta.url)('./throws.cjs');",
        ),
        ("throws.cjs", "\nthrow new Error('not here');"),
        ("missing.mjs", "import 'left-pad';"),
        ("name.mjs", "import { no } from './throws-not.mjs';"),
        ("throws-not.mjs", "export const yes = 1;"),
        // Thrown by code that is loaded: no business of the loader.
        ("main.mjs", "export default () => { throw new Error('at work'); }"),
    ];
    let mut texts = String::new();
    for (name, _) in files.iter().filter(|(name, _)| name.ends_with(".mjs") && !name.contains('/'))
    {
        let plugin = Plugin::new(&files);
        let path = plugin.path().join(name);
        let run = plugin.start().await.call("run", json!({ "path": path })).await;
        if let Err(error) = run {
            texts.push_str(&format!("{name}: {error}\n"));
        }
    }
    insta::assert_snapshot!(texts, @r"
    syntax.mjs: SyntaxError: variable name expected (at dep/broken.mjs:2:14)
    commonjs.mjs: SyntaxError: unexpected token in expression: ';' (at broken.cjs:2:13)
    json.mjs: data.json is no JSON: SyntaxError: Unexpected end of JSON input
    throws.mjs: TypeError: cannot read property 'x' of null (at throws.mjs:1:1)
    later.mjs: no licence (at later.mjs:2:11)
    required.mjs: not here (at throws.cjs:2:11)
    missing.mjs: cannot find module 'left-pad' imported from missing.mjs
    name.mjs: SyntaxError: Could not find export 'no' in module 'throws-not.mjs'
    main.mjs: at work
    ");
}

#[tokio::test]
async fn compiled_modules_are_used_and_repaired() {
    let cache = tempfile::tempdir().unwrap();
    let mut plugin = Plugin::new(&[
        ("main.mjs", "import { a } from './a.mjs'; import c from './c.cjs'; import { nope } from 'openclaw/plugin-sdk/account-id';
            export default () => [a, c.c, import.meta.filename.endsWith('main.mjs'), (() => { try { nope(); } catch (e) { return String(e); } })(), String(main)];
            function main() { return 1; }"),
        ("a.mjs", "export const a = 'a';"),
        ("c.cjs", "exports.c = 'c';"),
    ]);
    plugin.cache = Some(cache.path().join("code"));
    let expected = json!([
        "a",
        "c",
        true,
        "OcgSdkNotImplemented: account-id#nope",
        "function main() { return 1; }"
    ]);
    let files = || {
        let mut files: Vec<_> = std::fs::read_dir(cache.path().join("code"))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        files
    };
    assert_eq!(plugin.run().await.unwrap(), expected);
    let written = files();
    assert!(written.len() > 20);
    let modified = || {
        written
            .iter()
            .map(|file| std::fs::metadata(file).unwrap().modified().unwrap())
            .collect::<Vec<_>>()
    };
    let before = modified();
    assert_eq!(plugin.run().await.unwrap(), expected);
    assert_eq!((files(), modified()), (written.clone(), before));

    for file in &written {
        let mut bytes = std::fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        std::fs::write(file, bytes).unwrap();
    }
    assert_eq!(plugin.run().await.unwrap(), expected);
    assert_eq!(files(), written);
}

/// The engine crashes on a compiled module that it has linked half, unless its name is changed.
#[tokio::test]
async fn a_compiled_module_that_fails_to_link_can_be_imported_again() {
    let cache = tempfile::tempdir().unwrap();
    let mut plugin = Plugin::new(&[
        (
            "main.mjs",
            "const attempt = () => import('./a.mjs').then((m) => m.default, (e) => e.code);
            export default async () => [await attempt(), await attempt()];",
        ),
        ("a.mjs", "import './b.mjs'; import './c.mjs'; export default 1;"),
        ("b.mjs", "export {}"),
        ("c.mjs", "export {}"),
    ]);
    plugin.cache = Some(cache.path().join("code"));
    assert_eq!(plugin.run().await.unwrap(), json!([1, 1]));
    std::fs::remove_file(plugin.path().join("c.mjs")).unwrap();
    assert_eq!(
        plugin.run().await.unwrap(),
        json!(["ERR_MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"])
    );
}

/// The engine crashed when it linked a module of which it had read a part.
#[tokio::test]
async fn compiled_modules_may_import_each_other_in_a_circle() {
    let cache = tempfile::tempdir().unwrap();
    let mut plugin = Plugin::new(&[
        ("main.mjs", "import { a } from './a.mjs'; import './e.mjs'; export default () => a();"),
        (
            "a.mjs",
            "import { b } from './b.mjs'; import { c } from './c.mjs'; import './d.mjs'; export const a = () => b() + c();",
        ),
        (
            "b.mjs",
            "import { a } from './a.mjs'; import './c.mjs'; import './e.mjs'; export const b = () => typeof a;",
        ),
        ("c.mjs", "import { b } from './b.mjs'; import './main.mjs'; export const c = () => b();"),
        ("d.mjs", "export {}"),
        ("e.mjs", "import './a.mjs'; export {}"),
    ]);
    plugin.cache = Some(cache.path().join("code"));
    for run in ["compiled", "from the cache"] {
        assert_eq!(plugin.run().await.unwrap(), json!("functionfunction"), "{run}");
    }
    // One of the circle is compiled anew, while another is being read.
    let c = "import { b } from './b.mjs'; import './main.mjs'; export const c = () => b() + 1;";
    std::fs::write(plugin.path().join("c.mjs"), c).unwrap();
    assert_eq!(plugin.run().await.unwrap(), json!("functionfunction1"));
}

#[tokio::test]
async fn rewritten_code_keeps_its_line_numbers_in_stack_traces() {
    let source = r#"import { AsyncLocalStorage } from "node:async_hooks";
import cjs from "./c.cjs";
const als = new AsyncLocalStorage();
async function* numbers() {
  yield 1;
  throw new Error("generator");
}
async function late() {
  await null;
  try {
    await Promise.reject(0);
  } catch {
    throw new Error("late");
  }
}
const line = (error) => [error.message, Number(/(?:main\.mjs|c\.cjs):(\d+)/.exec(error.stack)[1])];
export default () => als.run("x", async () => [
  await late().catch(line),
  await (async () => { for await (const n of numbers()); })().catch(line),
  await cjs().catch(line),
  als.getStore(),
]);
"#;
    let files = [
        ("main.mjs", source),
        ("c.cjs", "module.exports = async () => {\n  await null;\n  throw new Error('cjs');\n};"),
    ];
    let expected = json!([["late", 13], ["generator", 6], ["cjs", 3], "x"]);
    let mut plugin = Plugin::new(&files);
    let cache = tempfile::tempdir().unwrap();
    plugin.cache = Some(cache.path().join("code"));
    // Compiled, then from the cache.
    assert_eq!(plugin.run().await.unwrap(), expected);
    assert_eq!(plugin.run().await.unwrap(), expected);
}

#[tokio::test]
async fn typescript_modules_load() {
    let files = [
        (
            "main.mjs",
            "import value, { where } from './a.js'; export default async () => [value, await where().catch((e) => Number(/a\\.ts:(\\d+)/.exec(e.stack)[1]))];",
        ),
        ("package.json", r#"{"type":"module"}"#),
        (
            "a.ts",
            "import { Kind, type Named } from './b.js';\nclass Box implements Named {\n  constructor(public name: string, private kind: Kind = Kind.Two) {}\n  get shown(): string { return `${this.name} ${Kind[this.kind]}`; }\n}\nexport default new Box('box').shown;\n\nexport async function where(): Promise<never> {\n  await null;\n  throw new Error('here');\n}\n",
        ),
        ("b.ts", "export interface Named { name: string }\nexport enum Kind { One, Two }\n"),
    ];
    assert_eq!(run(&files).await, json!(["box Two", 10]));
}
