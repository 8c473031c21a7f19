//! A growing reply, cut into the messages that a chat gets.

use std::collections::VecDeque;

use super::media::{Media, MediaPolicy};
use super::media_line::{Line, MediaLines};
use super::silence::SilenceFilter;
use super::split::Cutter;

/// How a reply is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRules {
    /// Longest text of one message, in UTF-16 code units.
    pub limit: usize,
    /// Characters that a block has at least; `None` sends nothing before the reply is complete.
    pub min_chars: Option<usize>,
    /// Which files an agent may send.
    pub media: MediaPolicy,
}

/// A piece of a reply that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// One message of text.
    Text(String),
    /// A file.
    Media(Media),
}

/// Builds the messages of one reply from the agent's stream.
///
/// Text goes through three stages: the agent's marks for "say nothing" are taken out, lines that
/// name media become media, and the rest is cut. All text comes out exactly once and in order,
/// except white space at a cut, and code fences that are closed and opened again around one.
#[derive(Debug)]
pub struct BlockBuilder {
    silence: SilenceFilter,
    lines: MediaLines,
    cutter: Cutter,
    min_chars: Option<usize>,
    media: MediaPolicy,
    ready: VecDeque<Part>,
    finished: bool,
    text: String,
}

impl BlockBuilder {
    /// An empty reply.
    pub fn new(rules: BlockRules) -> Self {
        Self {
            silence: SilenceFilter::default(),
            lines: MediaLines::default(),
            cutter: Cutter::new(rules.limit),
            min_chars: rules.min_chars,
            media: rules.media,
            ready: VecDeque::new(),
            finished: false,
            text: String::new(),
        }
    }

    /// Adds what the agent wrote.
    pub fn push(&mut self, delta: &str) {
        let visible = self.silence.push(delta);
        let lines = self.lines.push(&visible);
        self.take_lines(lines);
    }

    /// Adds a file that the agent sent beside its text.
    ///
    /// # Errors
    /// When the agent may not send it; says why.
    pub fn push_media(&mut self, reference: &str) -> Result<(), String> {
        let media = self.media.admit(reference)?;
        self.take_lines(vec![Line::Media(media)]);
        Ok(())
    }

    /// The agent has been silent for a while: what reads well on its own becomes ready.
    pub fn flush_idle(&mut self) {
        if self.min_chars.is_some()
            && let Some(block) = self.cutter.cut_idle()
        {
            self.ready.push_back(Part::Text(block));
        }
    }

    /// The reply is complete: all of it becomes ready.
    pub fn finish(&mut self) {
        let rest = self.silence.finish();
        let mut lines = self.lines.push(&rest);
        lines.extend(self.lines.finish());
        self.take_lines(lines);
        self.ready.extend(self.cutter.finish().into_iter().map(Part::Text));
        self.finished = true;
    }

    /// The next part that is ready.
    pub fn next_part(&mut self) -> Option<Part> {
        if self.min_chars.is_none() && !self.finished {
            return None;
        }
        self.ready.pop_front()
    }

    /// The whole visible text so far, media lines left out.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The agent asked for silence (`NO_REPLY` or `HEARTBEAT_OK`).
    pub fn was_silenced(&self) -> bool {
        self.silence.found()
    }

    /// How many parts are ready.
    pub fn ready(&self) -> usize {
        self.ready.len()
    }

    fn take_lines(&mut self, lines: Vec<Line>) {
        for line in lines {
            match line {
                Line::Text(text) => {
                    self.text.push_str(&text);
                    self.cutter.push(&text);
                }
                Line::Candidate { source, reference } => match self.media.admit(&reference) {
                    Ok(media) => self.take_media(media),
                    Err(reason) => {
                        tracing::warn!(target: "ocg::turn", %reason, "a media line of the agent stays text");
                        self.text.push_str(&source);
                        self.cutter.push(&source);
                    }
                },
                Line::Media(media) => self.take_media(media),
            }
        }
        while let Some(block) = self.cutter.cut(self.min_chars) {
            self.ready.push_back(Part::Text(block));
        }
    }

    /// What was written before a file is sent before it.
    fn take_media(&mut self, media: Media) {
        self.ready.extend(self.cutter.finish().into_iter().map(Part::Text));
        self.ready.push_back(Part::Media(media));
    }
}
