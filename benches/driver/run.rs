//! One run of one gateway.

use tokio::time::Instant;

use crate::candidate::Candidate;
use crate::load::{self, Sizes, milliseconds};
use crate::process_tree;
use crate::series::Series;
use crate::stage::Stage;

/// Starts the gateway once, so that its caches are warm, and has it answer one message.
pub(crate) async fn warm_up(candidate: &Candidate, sizes: &Sizes) {
    let once = Sizes { sequential: 1, ..*sizes };
    let stage = Stage::new(sizes.users()).await;
    stage.set(candidate);
    let running = candidate.start(&stage);
    first_poll(candidate, &stage, sizes).await;
    load::latency(&stage, &once, &mut Series::default()).await;
    running.stop().await;
}

/// Measures everything once.
pub(crate) async fn measure(candidate: &Candidate, sizes: &Sizes, series: &mut Series) {
    let stage = Stage::new(sizes.users()).await;
    stage.set(candidate);
    let started = Instant::now();
    let running = candidate.start(&stage);
    let polled = first_poll(candidate, &stage, sizes).await;
    let pid = running.pid();
    let start_cpu = process_tree::cpu(pid);
    series.add("start", milliseconds(polled - started));
    series.add("start_cpu", milliseconds(start_cpu));

    tokio::time::sleep(sizes.idle / 2).await;
    let settled = process_tree::cpu(pid);
    tokio::time::sleep(sizes.idle / 2).await;
    let idle_cpu = process_tree::cpu(pid).saturating_sub(settled);
    series.add("idle_cpu", 100.0 * idle_cpu.as_secs_f64() / (sizes.idle / 2).as_secs_f64());
    let idle = process_tree::memory(pid);
    series.add("idle_rss", idle.rss);
    series.add("idle_pss", idle.pss);

    load::latency(&stage, sizes, series).await;
    load::burst(&stage, sizes, series).await;
    load::waiting(&stage, sizes, series).await;
    load::concurrency(&stage, sizes, series).await;

    let loaded = process_tree::memory(pid);
    series.add("loaded_rss", loaded.rss);
    series.add("loaded_pss", loaded.pss);
    series.add("peak_rss", process_tree::peak_rss(pid));
    running.stop().await;
}

async fn first_poll(candidate: &Candidate, stage: &Stage, sizes: &Sizes) -> Instant {
    let polled = tokio::time::timeout(sizes.limit, stage.wechat.first_poll()).await;
    polled.unwrap_or_else(|_| {
        let log = candidate.state.join("gateway.log");
        panic!("{} did not poll within {:?}: see {}", candidate.name, sizes.limit, log.display())
    })
}
