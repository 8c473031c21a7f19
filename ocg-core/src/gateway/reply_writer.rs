//! Writing an answer to the chat while the agent still writes it.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::deliver::{
    BlockBuilder, Courier, Media, MediaShelf, Part, ShelfError, ShelvedMedia, Undeliverable,
};
use crate::dispatch::ReplyEvent;
use crate::reply::{ReplyKind, ReplyPayload};

/// Turns the agent's events into payloads, drafts and pauses.
pub(super) struct ReplyWriter<'a> {
    builder: BlockBuilder,
    courier: Courier<'a>,
    shelf: &'a MediaShelf,
    draft: Option<Draft>,
    /// Silence after which a block is sent though it is short; `None` where none is sent early.
    idle: Option<Duration>,
    /// Files that never reached the courier.
    refused: usize,
    /// Files whose address was sent instead.
    replaced: usize,
    /// The text reports a failure.
    is_error: bool,
    /// When the agent began to answer.
    first_event: Option<Instant>,
}

/// The live draft of an answer.
struct Draft {
    interval: Duration,
    due: Instant,
    /// Bytes of the text that are shown.
    shown: usize,
}

/// What became of an answer.
pub(super) struct WrittenReply {
    /// All visible text.
    pub(super) text: String,
    /// Payloads that the platform has taken.
    pub(super) delivered: usize,
    /// Parts that did not reach the chat.
    pub(super) lost: usize,
    /// The agent asked for silence.
    pub(super) silenced: bool,
}

impl<'a> ReplyWriter<'a> {
    pub(super) fn new(
        builder: BlockBuilder,
        courier: Courier<'a>,
        shelf: &'a MediaShelf,
        draft_interval: Option<Duration>,
        idle: Option<Duration>,
    ) -> Self {
        let draft =
            draft_interval.map(|interval| Draft { interval, due: Instant::now(), shown: 0 });
        Self {
            builder,
            courier,
            shelf,
            draft,
            idle,
            refused: 0,
            replaced: 0,
            is_error: false,
            first_event: None,
        }
    }

    /// Says whether the text that follows reports a failure.
    pub(super) fn reports_failure(&mut self, is_error: bool) {
        self.is_error = is_error;
    }

    /// Delivers what becomes ready until the agent has said everything: until all senders of
    /// `events` are gone or `done` is cancelled.
    pub(super) async fn write(
        &mut self,
        mut events: mpsc::Receiver<ReplyEvent>,
        done: &CancellationToken,
    ) -> Result<(), Undeliverable> {
        let mut quiet_since = None;
        let mut closed = false;
        loop {
            let idle_at = quiet_since.zip(self.idle).map(|(since, idle)| since + idle);
            let draft_at = self.draft_due();
            tokio::select! {
                biased;
                event = events.recv() => match event {
                    Some(event) => {
                        self.take(event);
                        quiet_since = Some(Instant::now());
                    }
                    None => return Ok(()),
                },
                () = done.cancelled(), if !closed => {
                    closed = true;
                    events.close();
                }
                () = at(idle_at) => {
                    self.builder.flush_idle();
                    quiet_since = None;
                }
                () = at(draft_at) => {}
            }
            while let Some(part) = self.builder.next_part() {
                self.send(part, ReplyKind::Block).await?;
            }
            self.show_draft().await;
        }
    }

    /// Delivers the rest; the last payload is the final one if the answer is `complete`.
    pub(super) async fn finish(&mut self, complete: bool) -> Result<(), Undeliverable> {
        self.builder.finish();
        while let Some(part) = self.builder.next_part() {
            let last = complete && self.builder.ready() == 0;
            self.send(part, if last { ReplyKind::Final } else { ReplyKind::Block }).await?;
        }
        Ok(())
    }

    /// When the agent began to answer, if it did.
    pub(super) fn first_event(&self) -> Option<Instant> {
        self.first_event
    }

    pub(super) fn into_reply(self) -> WrittenReply {
        WrittenReply {
            text: self.builder.text().trim().to_owned(),
            delivered: self.courier.delivered(),
            lost: self.courier.lost() + self.builder.withheld() + self.refused - self.replaced,
            silenced: self.builder.was_silenced(),
        }
    }

    /// Takes a piece of the answer in.
    pub(super) fn take(&mut self, event: ReplyEvent) {
        self.first_event.get_or_insert_with(Instant::now);
        match event {
            ReplyEvent::Delta(text) => self.builder.push(&text),
            ReplyEvent::Media(reference) => {
                if let Err(reason) = self.builder.push_media(&reference) {
                    tracing::warn!(target: "ocg::turn", %reason, "a file of the agent is not sent");
                    self.refused += 1;
                }
            }
        }
    }

    async fn send(&mut self, part: Part, kind: ReplyKind) -> Result<(), Undeliverable> {
        match part {
            Part::Text(text) => {
                let payload = ReplyPayload { text, is_error: self.is_error, media: Vec::new() };
                self.courier.carry(payload, kind).await?
            }
            Part::Media(Media::Local(path)) => {
                let kept = self.shelf.keep_file(path).await;
                self.carry_kept(kept, kind).await?
            }
            Part::Media(Media::Inline(data)) => {
                let kept = self.shelf.keep_data(data).await;
                self.carry_kept(kept, kind).await?
            }
            Part::Media(Media::Remote(url)) => {
                let sent = self.carry_file(url.clone(), kind).await?;
                if !sent && self.courier.carry(ReplyPayload::text(url), kind).await? {
                    self.replaced += 1;
                }
                sent
            }
        };
        Ok(())
    }

    /// Delivers a file, which is removed afterwards.
    async fn carry_kept(
        &mut self,
        kept: Result<ShelvedMedia, ShelfError>,
        kind: ReplyKind,
    ) -> Result<bool, Undeliverable> {
        match kept {
            Ok(kept) => self.carry_file(kept.path().display().to_string(), kind).await,
            Err(error) => {
                tracing::error!(target: "ocg::turn", error = &error as &dyn std::error::Error, "a file of the agent is lost");
                self.refused += 1;
                Ok(false)
            }
        }
    }

    async fn carry_file(
        &mut self,
        reference: String,
        kind: ReplyKind,
    ) -> Result<bool, Undeliverable> {
        let media = vec![reference];
        self.courier.carry(ReplyPayload { media, ..ReplyPayload::default() }, kind).await
    }

    /// When the live draft is to be renewed, if there is something new to show.
    fn draft_due(&self) -> Option<Instant> {
        let text = self.builder.text();
        let draft = self.draft.as_ref().filter(|draft| draft.shown < text.len())?;
        (!text.trim().is_empty()).then_some(draft.due)
    }

    async fn show_draft(&mut self) {
        if self.draft_due().is_some_and(|due| due <= Instant::now())
            && let Some(draft) = &mut self.draft
        {
            draft.shown = self.builder.text().len();
            self.courier.sink().partial(self.builder.text()).await;
            draft.due = Instant::now() + draft.interval;
        }
    }
}

/// Returns at `instant`, or never.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
