//! CPU time and memory of a process and all its descendants, from `/proc`.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// What a process tree holds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    /// Resident set size in MB (10^6 bytes); shared pages count in every process.
    pub(crate) rss: f64,
    /// Proportional set size in MB: shared pages are divided among those who share them.
    pub(crate) pss: f64,
}

/// User and system time of `root` and its descendants so far.
pub(crate) fn cpu(root: i32) -> Duration {
    descendants(root).into_iter().map(cpu_of).sum()
}

/// Memory of `root` and its descendants now.
pub(crate) fn memory(root: i32) -> Memory {
    let mut sum = Memory::default();
    for pid in descendants(root) {
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        sum.rss += megabytes(&rollup, "Rss:");
        sum.pss += megabytes(&rollup, "Pss:");
    }
    sum
}

/// Peak resident set size of `root` alone, in MB.
pub(crate) fn peak_rss(root: i32) -> f64 {
    megabytes(&fs::read_to_string(format!("/proc/{root}/status")).unwrap_or_default(), "VmHWM:")
}

fn megabytes(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    kibibytes * 1024.0 / 1e6
}

/// Fields of `/proc/<pid>/stat` after the command's name: state, parent and so on.
fn stat(pid: i32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    Some(fields.split(' ').map(str::to_owned).collect())
}

fn descendants(root: i32) -> Vec<i32> {
    let mut children: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if let Some(parent) = stat(pid).and_then(|fields| fields[1].parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut all = vec![root];
    let mut next = 0;
    while next < all.len() {
        all.extend(children.remove(&all[next]).unwrap_or_default());
        next += 1;
    }
    all
}

/// Ticks of the clock in `stat`; 100 a second on every Linux of today.
const TICK: Duration = Duration::from_millis(10);

/// The kernel counts a process in ticks (ended threads and awaited children included) and each live
/// thread in nanoseconds; the larger is the better.
fn cpu_of(pid: i32) -> Duration {
    let Some(fields) = stat(pid) else { return Duration::ZERO };
    let ticks: u32 = fields[11..=14].iter().filter_map(|field| field.parse::<u32>().ok()).sum();
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    (TICK * ticks).max(Duration::from_nanos(nanoseconds.sum()))
}
