//! What the disk itself allows.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

/// Bytes before each `fsync`: one page of a write-ahead log with its header.
const WRITE: usize = 4096 + 24;
/// The file is written over and over, as a write-ahead log is.
const ROUND: usize = 1000;

/// Writes and syncs in `folder` for `time`; how long each took.
pub(crate) fn fsyncs(folder: &Path, time: Duration) -> Vec<Duration> {
    let path = folder.join("fsync.probe");
    let file = File::create(&path).unwrap();
    file.write_all_at(&vec![1; WRITE * ROUND], 0).unwrap();
    file.sync_all().unwrap();
    let (began, page, mut times) = (Instant::now(), vec![2; WRITE], Vec::new());
    while began.elapsed() < time {
        let start = Instant::now();
        file.write_all_at(&page, (times.len() % ROUND * WRITE) as u64).unwrap();
        file.sync_data().unwrap();
        times.push(start.elapsed());
    }
    std::fs::remove_file(&path).unwrap();
    times
}
