//! What a process prints.

use std::fmt::Debug;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::task::AbortOnDropHandle;

use super::qr_code::codes;
use crate::{PATIENCE, Watched};

/// The output of a process, read while it runs; clones are the same output.
#[derive(Debug, Clone, Default)]
pub struct Output(Watched<Vec<u8>>);

impl Output {
    /// Reads `source` to its end, into this output.
    pub(super) fn collect(
        &self,
        mut source: impl AsyncRead + Send + Unpin + 'static,
    ) -> AbortOnDropHandle<()> {
        let all = self.0.clone();
        AbortOnDropHandle::new(tokio::spawn(async move {
            let mut buffer = vec![0; 16 * 1024];
            // A terminal whose program has ended reads as an error: also an end.
            while let Ok(length @ 1..) = source.read(&mut buffer).await {
                all.change(|all| all.extend_from_slice(&buffer[..length]));
            }
        }))
    }

    /// Everything so far.
    pub fn text(&self) -> String {
        self.0.read(|all| String::from_utf8_lossy(all).into_owned())
    }

    /// Waits until `wanted` was printed.
    pub async fn until(&self, wanted: &str) {
        self.until_times(wanted, 1).await;
    }

    /// Waits until one of `wanted` was printed.
    pub async fn until_any(&self, wanted: &[&str]) {
        self.until_text(wanted, |text| wanted.iter().any(|words| text.contains(words))).await;
    }

    /// Waits until `wanted` was printed `times` times.
    pub async fn until_times(&self, wanted: &str, times: usize) {
        self.until_text(wanted, |text| text.matches(wanted).count() >= times).await;
    }

    /// Waits until a QR code that says `wanted` was drawn.
    pub async fn until_code(&self, wanted: &str) {
        let says = |text: &str| codes(text).iter().any(|content| content.contains(wanted));
        self.until_text(wanted, says).await;
    }

    /// What the QR codes say that a terminal shows now.
    pub fn codes(&self) -> Vec<String> {
        codes(&self.text())
    }

    async fn until_text(&self, what: impl Debug, is_there: impl Fn(&str) -> bool) {
        let printed = self.0.when(|all| is_there(&String::from_utf8_lossy(all)).then_some(()));
        let in_time = tokio::time::timeout(PATIENCE, printed).await;
        assert!(in_time.is_ok(), "waited in vain for {what:?} to be printed: {}", self.text());
    }
}
