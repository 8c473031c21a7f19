use serde_json::json;

use crate::testing::eval;

#[tokio::test]
async fn timers_fire_in_order_with_microtasks_between() {
    let source = "export default () => new Promise((resolve) => {
        const seen = [];
        const note = (name) => seen.push(name);
        setTimeout((a, b) => note(`timeout ${a}${b}`), 1, 'x', 'y');
        setTimeout(() => { note('one'); Promise.resolve().then(() => note('after one')); }, 2);
        setTimeout(() => note('two'), 2);
        const cleared = setTimeout(() => note('never'), 1);
        clearTimeout(+cleared);
        setImmediate(() => note('immediate'));
        process.nextTick(() => note('tick'));
        let ticks = 0;
        const interval = setInterval(() => {
            if (++ticks === 3) { clearInterval(interval); resolve([seen, ticks, interval.hasRef(), interval.unref().hasRef()]); }
        }, 4);
    })";
    assert_eq!(
        eval(source).await,
        json!([["tick", "immediate", "timeout xy", "one", "after one", "two"], 3, true, false])
    );
}

#[tokio::test]
async fn process_shows_what_the_host_lets_it() {
    let source = "import process, { env } from 'node:process';
        export default () => { env.NEW = 'x'; return [env.SEEN, process.env.NEW, process.argv, process.versions.node.split('.')[0], typeof process.hrtime.bigint(), process.cwd() === import.meta.dirname]; }";
    assert_eq!(eval(source).await, json!(["yes", "x", ["node", "plugin"], "24", "bigint", true]));
}

#[tokio::test]
async fn streams_flow_pipe_tee_and_cancel() {
    let source = r"
        const numbers = () => new ReadableStream({
            i: 0,
            pull(controller) { if (this.i === 4) controller.close(); else controller.enqueue(this.i++); },
            cancel(reason) { cancelled.push(reason); },
        });
        const cancelled = [];
        const all = async (stream) => { const list = []; for await (const item of stream) list.push(item); return list; };
        export default async () => {
            const doubled = numbers().pipeThrough(new TransformStream({
                transform: (n, controller) => controller.enqueue(n * 2),
                flush: (controller) => controller.enqueue('end'),
            }));
            const [left, right] = numbers().tee();
            for await (const item of numbers()) if (item === 1) break;
            const failing = new ReadableStream({ pull() { throw new Error('broken'); } });
            const written = [];
            await numbers().pipeTo(new WritableStream({ write: (n) => void written.push(n) }));
            return [await all(doubled), await all(left), await all(right), cancelled.length, await all(failing).catch((e) => e.message), written];
        };
    ";
    assert_eq!(
        eval(source).await,
        json!([[0, 2, 4, 6, "end"], [0, 1, 2, 3], [0, 1, 2, 3], 1, "broken", [0, 1, 2, 3]])
    );
}

#[tokio::test]
async fn abort_signals_tell_why() {
    let source = "export default async () => {
        const controller = new AbortController();
        const seen = [];
        const any = AbortSignal.any([controller.signal, new AbortController().signal]);
        any.addEventListener('abort', () => seen.push('any'), { once: true });
        controller.signal.onabort = (event) => seen.push(event.type);
        controller.abort();
        controller.abort('again');
        const timed = AbortSignal.timeout(1);
        await new Promise((resolve) => timed.addEventListener('abort', resolve));
        const { reason } = controller.signal;
        return [seen, reason.name, reason instanceof Error, reason.code, timed.reason.name, any.reason === reason, AbortSignal.abort('x').reason];
    }";
    assert_eq!(
        eval(source).await,
        json!([["abort", "any"], "AbortError", true, 20, "TimeoutError", true, "x"])
    );
}

#[tokio::test]
async fn structured_clone_keeps_cycles_and_refuses_functions() {
    let source = "export default () => {
        const value = { date: new Date(5), map: new Map([['k', new Set([1n])]]), bytes: new Uint8Array([1, 2]), error: new RangeError('r') };
        value.self = value;
        const copy = structuredClone(value);
        let refused;
        try { structuredClone({ f() {} }); } catch (error) { refused = error.name; }
        return [copy !== value, copy.self === copy, copy.date.getTime(), copy.map.get('k').has(1n), copy.bytes[1], copy.error instanceof RangeError, copy.error.message, refused];
    }";
    assert_eq!(eval(source).await, json!([true, true, 5, true, 2, true, "r", "DataCloneError"]));
}

#[tokio::test]
async fn intl_and_web_crypto_are_loaded_when_they_are_used() {
    let source = "
        const waiting = (name) => typeof Object.getOwnPropertyDescriptor(globalThis, name).get;
        export default async () => {
            const before = [waiting('Intl'), waiting('CryptoKey')];
            const used = [typeof Intl.Segmenter, (await crypto.subtle.digest('SHA-1', new Uint8Array())).byteLength];
            return [...before, ...used, waiting('Intl')];
        };";
    assert_eq!(eval(source).await, json!(["function", "function", "function", 20, "undefined"]));
}
