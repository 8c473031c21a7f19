mod deaths;

use std::time::Duration;

use serde_json::json;

use super::{IsolateEnd, IsolateError, Limits};
use crate::testing::{Plugin, eval};

#[tokio::test]
async fn returns_what_javascript_returns() {
    assert_eq!(
        eval("export default () => ({ a: [1, 'x', null] })").await,
        json!({ "a": [1, "x", null] })
    );
}

#[tokio::test]
async fn calls_run_side_by_side() {
    let plugin = Plugin::new(&[]);
    let isolate = plugin.start().await;
    isolate.import("ocg:test/runner").await.unwrap();
    let plugin_file = plugin.path().join("main.mjs");
    std::fs::write(
        &plugin_file,
        "expose('wait', () => new Promise((resolve) => { globalThis.release = resolve; }));
         expose('release', (value) => { release(value); return 'released'; });",
    )
    .unwrap();
    isolate.import(plugin_file.to_str().unwrap()).await.unwrap();
    let waiting = isolate.call("wait", json!(null));
    let releasing = isolate.call("release", json!(7));
    assert_eq!(tokio::try_join!(waiting, releasing).unwrap(), (json!(7), json!("released")));
    isolate.stop().await;
}

#[tokio::test]
async fn host_calls_answer_and_fail() {
    let source = "export default async () => [
        await hostCall('echo', { deep: [1] }),
        await hostCall('nothing').catch((error) => [error.code, error.message]),
    ]";
    assert_eq!(
        eval(source).await,
        json!([{ "deep": [1] }, ["ENOSYS", "no such operation: nothing"]])
    );
}

#[tokio::test]
async fn exceptions_carry_message_code_and_place() {
    let plugin = Plugin::new(&[(
        "main.mjs",
        "export default function fail() {\n  throw Object.assign(new TypeError('no'), { code: 'E1' });\n}",
    )]);
    let Err(IsolateError::Exception(error)) = plugin.run().await else { panic!("must fail") };
    assert_eq!((error.message.as_str(), error.code.as_deref()), ("TypeError: no", Some("E1")));
    assert!(error.stack.starts_with("at fail (main.mjs:2:"), "{}", error.stack);
}

#[tokio::test]
async fn exceptions_tell_their_causes() {
    let source = "export default () => {
        const circle = new Error('circle');
        circle.cause = circle;
        const inner = new Error('in the middle', { cause: Object.assign(new RangeError('deep'), { cause: 'a string' }) });
        expose('chain', () => { throw new TypeError('outside', { cause: inner }); });
        expose('copied', () => { throw new Error('got: no entry', { cause: new Error('no entry') }); });
        expose('circle', () => { throw circle; });
        expose('null', () => { throw null; });
        expose('object', () => { throw { errcode: 1 }; });
        expose('fetch', () => fetch('http://169.254.169.254/'));
    }";
    let plugin = Plugin::new(&[("main.mjs", source)]);
    let isolate = plugin.start().await;
    isolate.call("run", json!({ "path": plugin.path().join("main.mjs") })).await.unwrap();
    let mut texts = Vec::new();
    for name in ["chain", "copied", "circle", "null", "object", "fetch"] {
        texts.push(isolate.call(name, json!(null)).await.unwrap_err().to_string());
    }
    insta::assert_snapshot!(texts.join("\n"), @"
    TypeError: outside: in the middle: RangeError: deep: a string
    got: no entry
    circle
    null
    [object Object]
    TypeError: fetch failed: connecting to 169.254.169.254:80 is never permitted to plugin test-plugin: link-local and cloud metadata addresses hand out the machine's credentials, no grant opens them
    ");
}

#[tokio::test]
async fn an_endless_loop_ends_the_isolate() {
    for body in [
        "for (;;) {}",
        "try { for (;;) {} } finally { for (;;) {} }",
        "const f = async () => { for (;;) await null; }; return f();",
    ] {
        let source = format!("export default () => {{ {body} }}");
        let mut plugin = Plugin::new(&[("main.mjs", &source)]);
        plugin.limits = Limits { sync_deadline: Duration::from_millis(100), ..plugin.limits };
        let error = plugin.run().await.unwrap_err();
        let IsolateError::Ended(IsolateEnd::Interrupted { plugin, limit }) = error else {
            panic!("{error}")
        };
        assert_eq!((plugin.as_str(), limit.as_millis()), ("test-plugin", 100));
    }
}

#[tokio::test]
async fn waiting_is_not_computing() {
    let source = "export default () => {
        hostNotify('block', 400);
        for (let i = 0; i < 100_000; i++);
        return 'alive';
    }";
    let mut plugin = Plugin::new(&[("main.mjs", source)]);
    plugin.limits = Limits { sync_deadline: Duration::from_millis(300), ..plugin.limits };
    assert_eq!(plugin.run().await.unwrap(), json!("alive"));
}

#[tokio::test]
async fn a_memory_bomb_ends_the_isolate() {
    let mut plugin = Plugin::new(&[(
        "main.mjs",
        "export default () => { const all = []; for (;;) all.push(new Array(1000).fill({})); }",
    )]);
    plugin.limits = Limits { memory: 32 << 20, ..plugin.limits };
    let error = plugin.run().await.unwrap_err();
    insta::assert_snapshot!(error, @"plugin test-plugin used up its memory limit of 32 MiB; update it or report it to its authors");
}

#[tokio::test]
async fn memory_in_use_is_told() {
    let source = "export default () => { globalThis.kept = 'x'.repeat(3 << 20); };";
    let plugin = Plugin::new(&[("main.mjs", source)]);
    let isolate = plugin.start().await;
    let before = isolate.memory().await.unwrap();
    isolate.call("run", json!({ "path": plugin.path().join("main.mjs") })).await.unwrap();
    let after = isolate.memory().await.unwrap();
    let grown = after.used - before.used;
    assert!((3 << 20..4 << 20).contains(&grown), "{before:?} {after:?}");
    assert_eq!(after.limit, Limits::default().memory as u64);
    isolate.stop().await;
}

#[tokio::test]
async fn deep_recursion_is_an_error_that_javascript_can_catch() {
    let source = "export default () => { const f = () => f() + 1; try { f(); } catch (error) { return error.name; } }";
    assert_eq!(eval(source).await, json!("RangeError"));
}

#[tokio::test]
async fn exit_ends_the_isolate_alone() {
    let plugin =
        Plugin::new(&[("main.mjs", "export default () => { try { process.exit(3); } catch {} }")]);
    let error = plugin.run().await.unwrap_err();
    insta::assert_snapshot!(error, @"plugin test-plugin ended itself with process.exit(3); look at what it logged before, or update it");
}

#[tokio::test]
async fn a_call_after_the_end_says_why() {
    let plugin = Plugin::new(&[]);
    let isolate = plugin.start().await;
    isolate.clone().stop().await;
    let error = isolate.call("run", json!({})).await.unwrap_err();
    insta::assert_snapshot!(error, @"plugin test-plugin was stopped");
    assert!(isolate.is_closed());
}

#[tokio::test]
async fn an_unknown_function_is_named() {
    let isolate = Plugin::new(&[]).start().await;
    let error = isolate.call("nothing", json!({})).await.unwrap_err();
    insta::assert_snapshot!(error, @r#"the isolate of plugin test-plugin exposes no function "nothing""#);
}

#[tokio::test]
async fn standard_streams_reach_the_host() {
    let plugin = Plugin::new(&[]);
    let isolate = plugin.start().await;
    let file = plugin.path().join("main.mjs");
    let source = "expose('read', () => new Promise((resolve) => {
        process.stdin.setEncoding('utf8');
        process.stdin.once('data', (text) => { process.stdout.write(`got ${text}`); resolve([text, process.stdin.isTTY]); });
    }));";
    std::fs::write(&file, source).unwrap();
    isolate.import(file.to_str().unwrap()).await.unwrap();
    isolate.feed_stdin(b"123\n".to_vec());
    assert_eq!(isolate.call("read", json!({})).await.unwrap(), json!(["123\n", false]));
    assert_eq!(*plugin.host.output.lock().unwrap(), "got 123\n");
}

#[tokio::test]
async fn errors_outside_of_calls_do_not_end_the_isolate() {
    let source = "export default async () => {
        Promise.reject(new Error('nobody looks'));
        setTimeout(() => { throw new Error('in a timer'); }, 1);
        queueMicrotask(() => { throw new Error('in a microtask'); });
        await new Promise((resolve) => setTimeout(resolve, 5));
        return 'alive';
    }";
    assert_eq!(eval(source).await, json!("alive"));
}

#[tokio::test]
async fn a_panic_ends_the_isolate_alone() {
    let source = "export default () => hostNotify('panic')";
    let error = Plugin::new(&[("main.mjs", source)]).run().await.unwrap_err();
    let IsolateError::Ended(IsolateEnd::Panicked { message, .. }) = error else {
        panic!("{error}")
    };
    assert!(message.contains("as asked"), "{message}");
}
