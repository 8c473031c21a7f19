//! `node:worker_threads`.

use serde_json::{Value, json};

use crate::testing::Plugin;

/// What `main` comes to, beside a worker whose source is `worker`.
async fn with_worker(worker: &str, main: &str) -> Value {
    let head = "import { Worker, MessageChannel, receiveMessageOnPort, isMainThread } from 'node:worker_threads';
        const start = (options) => new Worker(new URL('./worker.mjs', import.meta.url), options);
        const happens = (emitter, event) => new Promise((done) => emitter.once(event, done));\n";
    let main = format!("{head}{main}");
    let plugin = Plugin::new(&[("main.mjs", &main), ("worker.mjs", worker)]);
    plugin.run().await.unwrap()
}

#[tokio::test]
async fn messages_go_both_ways_with_all_that_can_be_cloned() {
    let worker =
        "import { parentPort, workerData, isMainThread, threadId } from 'node:worker_threads';
        parentPort.on('message', (value) => {
            value.map.set('seen', [isMainThread, threadId, workerData]);
            parentPort.postMessage(value);
        });";
    let main = "export default async () => {
        const worker = start({ workerData: { big: 5n, none: undefined } });
        const sent = { map: new Map(), bytes: new Uint8Array([1, 2, 255]), when: new Date(7), not: NaN, deep: new Set(['x']) };
        sent.self = sent;
        sent.error = new TypeError('broken', { cause: 1 });
        worker.postMessage(sent);
        const got = await happens(worker, 'message');
        const [inMain, id, data] = got.map.get('seen');
        const exit = await worker.terminate();
        return [isMainThread, inMain, id === worker.threadId, String(data.big), 'none' in data, [...got.bytes], got.when.getTime(),
            Number.isNaN(got.not), got.deep.has('x'), got.self === got, got.error instanceof TypeError, got.error.message, got.error.cause, exit];
    }";
    assert_eq!(
        with_worker(worker, main).await,
        json!([
            true,
            false,
            true,
            "5",
            true,
            [1, 2, 255],
            7,
            true,
            true,
            true,
            true,
            "broken",
            1,
            1
        ])
    );
}

#[tokio::test]
async fn a_function_cannot_be_sent() {
    let main = "export default async () => {
        const worker = start();
        try { worker.postMessage({ f() {} }); } catch (error) { return error.name; }
        finally { await worker.terminate(); }
    }";
    assert_eq!(with_worker("", main).await, json!("DataCloneError"));
}

#[tokio::test]
async fn a_worker_ends_when_it_closes_its_port() {
    let worker = "import { parentPort } from 'node:worker_threads';
        parentPort.postMessage('last words');
        parentPort.close();
        process.exitCode = 3;";
    let main = "export default async () => {
        const worker = start();
        const heard = happens(worker, 'message');
        const code = await happens(worker, 'exit');
        worker.postMessage('too late');
        return [await heard, code, await worker.terminate()];
    }";
    assert_eq!(with_worker(worker, main).await, json!(["last words", 3, 3]));
}

#[tokio::test]
async fn errors_in_a_worker_are_told_where_it_was_started() {
    let main = "export default async () => {
        const worker = start();
        const error = await happens(worker, 'error');
        return [error.message, await happens(worker, 'exit')];
    }";
    for worker in [
        "throw new TypeError('at once')",
        "setTimeout(() => { throw new TypeError('at once') }, 1)",
        "Promise.reject(new TypeError('at once'))",
    ] {
        assert_eq!(with_worker(worker, main).await, json!(["TypeError: at once", 1]), "{worker}");
    }
}

#[tokio::test]
async fn a_worker_that_never_gives_way_is_stopped_and_disturbs_nobody() {
    let main = "export default async () => {
        const worker = start();
        const error = await happens(worker, 'error');
        return error.message.includes('without a pause');
    }";
    assert_eq!(with_worker("for (;;) {}", main).await, json!(true));
}

#[tokio::test]
async fn there_are_not_endlessly_many() {
    let main = "export default async () => {
        const workers = [];
        try { for (;;) workers.push(start()); } catch (error) { return [workers.length, error.code]; }
    }";
    assert_eq!(with_worker("", main).await, json!([4, "ERR_WORKER_INIT_FAILED"]));
}

#[tokio::test]
async fn a_channel_joins_two_ports() {
    let main = "export default async () => {
        const { port1, port2 } = new MessageChannel();
        port1.postMessage({ n: 1 });
        const first = await happens(port2, 'message');
        const closed = happens(port2, 'close');
        port1.close();
        await closed;
        return [first, receiveMessageOnPort(port1) === undefined];
    }";
    assert_eq!(with_worker("", main).await, json!([{ "n": 1 }, true]));
}
