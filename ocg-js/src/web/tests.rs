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
