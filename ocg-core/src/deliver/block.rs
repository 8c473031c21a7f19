//! A growing reply, cut into the messages that a chat gets.

use std::collections::VecDeque;

use super::limit::TextLimit;
use super::long_lines::break_long_lines;
use super::media::{Media, MediaPolicy, names_local_file};
use super::media_line::{Line, MediaLines};
use super::silence::SilenceFilter;
use super::split::Cutter;

/// How a reply is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRules {
    /// Longest text of one message.
    pub limit: TextLimit,
    /// Characters that a block has at least; `None` sends nothing before the reply is complete.
    pub min_chars: Option<usize>,
    /// All text is one message, in which no line is longer than the limit; the files follow it.
    /// Nothing is sent before the reply is complete.
    pub whole: bool,
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
/// except white space at a cut, code fences that are closed and opened again around one, and
/// [lines that are withheld](Self::withheld).
#[derive(Debug)]
pub struct BlockBuilder {
    silence: SilenceFilter,
    lines: MediaLines,
    cutter: Cutter,
    min_chars: Option<usize>,
    whole: Option<Whole>,
    media: MediaPolicy,
    ready: VecDeque<Part>,
    finished: bool,
    text: String,
    withheld: usize,
}

/// A reply that is not cut.
#[derive(Debug)]
struct Whole {
    /// Longest line.
    line_limit: TextLimit,
    files: Vec<Media>,
}

impl BlockBuilder {
    /// An empty reply.
    pub fn new(rules: BlockRules) -> Self {
        let whole = rules.whole.then_some(Whole { line_limit: rules.limit, files: Vec::new() });
        Self {
            silence: SilenceFilter::default(),
            lines: MediaLines::default(),
            cutter: Cutter::new(rules.limit),
            min_chars: rules.min_chars.filter(|_| !rules.whole),
            whole,
            media: rules.media,
            ready: VecDeque::new(),
            finished: false,
            text: String::new(),
            withheld: 0,
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
        match self.whole.take() {
            Some(Whole { line_limit, files }) => {
                let text = break_long_lines(self.text.trim(), line_limit);
                self.ready.extend((!text.is_empty()).then_some(Part::Text(text)));
                self.ready.extend(files.into_iter().map(Part::Media));
            }
            None => self.ready.extend(self.cutter.finish().into_iter().map(Part::Text)),
        }
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

    /// Lines that name a file of this machine which may not be sent. They are left out: a chat
    /// user must not learn where files lie.
    pub fn withheld(&self) -> usize {
        self.withheld
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
                    Err(reason) if names_local_file(&reference) => {
                        tracing::warn!(target: "ocg::turn", %reason, "a file of the agent is not sent");
                        self.withheld += 1;
                    }
                    Err(reason) => {
                        tracing::warn!(target: "ocg::turn", %reason, "a media line of the agent stays text");
                        self.text.push_str(&source);
                        self.cutter.push(&source);
                    }
                },
                Line::Media(media) => self.take_media(media),
            }
        }
        self.cut();
    }

    fn cut(&mut self) {
        if self.whole.is_some() {
            return;
        }
        while let Some(block) = self.cutter.cut(self.min_chars) {
            self.ready.push_back(Part::Text(block));
        }
    }

    /// What was written before a file is sent before it.
    fn take_media(&mut self, media: Media) {
        if let Some(whole) = &mut self.whole {
            whole.files.push(media);
            return;
        }
        self.cut();
        self.ready.extend(self.cutter.finish().into_iter().map(Part::Text));
        self.ready.push_back(Part::Media(media));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn built(deltas: &[String], min_chars: Option<usize>) -> (Vec<Part>, String) {
        let rules =
            BlockRules { limit: 64.into(), min_chars, whole: false, media: MediaPolicy::default() };
        let mut builder = BlockBuilder::new(rules);
        let mut parts = Vec::new();
        for delta in deltas {
            builder.push(delta);
            parts.extend(std::iter::from_fn(|| builder.next_part()));
        }
        builder.finish();
        parts.extend(std::iter::from_fn(|| builder.next_part()));
        (parts, builder.text().to_owned())
    }

    fn answer() -> impl Strategy<Value = String> {
        let atoms = prop_oneof![
            4 => "[a-z ]{1,30}",
            2 => Just("\n".to_owned()),
            1 => Just("NO_REPLY".to_owned()),
            1 => Just("\nMEDIA:https://a.example/x.png\n".to_owned()),
            1 => Just("\n![x](https://a.example/y.png)\n".to_owned()),
            1 => Just("MEDIA:/etc/passwd\n".to_owned()),
            1 => Just("\n```\n".to_owned()),
        ];
        proptest::collection::vec(atoms, 0..20).prop_map(|atoms| atoms.concat())
    }

    #[test]
    fn a_pausing_agent_is_heard() {
        let rules = BlockRules {
            limit: 64.into(),
            min_chars: Some(60),
            whole: false,
            media: MediaPolicy::default(),
        };
        let mut builder = BlockBuilder::new(rules);
        builder.push("Let me look. One mom");
        builder.flush_idle();
        assert_eq!(builder.next_part(), Some(Part::Text("Let me look.".into())));
        builder.push("ent.\n```\ncode");
        builder.flush_idle();
        assert_eq!(builder.next_part(), Some(Part::Text("One moment.".into())));
        builder.flush_idle();
        assert_eq!(builder.next_part(), None);
        builder.finish();
        assert_eq!(builder.next_part(), Some(Part::Text("```\ncode".into())));
    }

    #[test]
    fn a_whole_reply_is_one_text_and_its_files() {
        let rules = BlockRules {
            limit: 32.into(),
            min_chars: Some(1),
            whole: true,
            media: MediaPolicy::default(),
        };
        let mut builder = BlockBuilder::new(rules);
        builder.push("First.\n\nhttps://a.example\nMEDIA:https://a.example/x.png\nSecond,");
        builder.flush_idle();
        assert_eq!(builder.next_part(), None);
        builder.push(" which goes on and on and on.");
        builder.finish();
        let text = "First.\n\nhttps://a.example\nSecond, which goes on and on\nand on.";
        assert_eq!(builder.next_part(), Some(Part::Text(text.into())));
        let file = Media::Remote("https://a.example/x.png".into());
        assert_eq!(builder.next_part(), Some(Part::Media(file)));
        assert_eq!(builder.next_part(), None);
    }

    proptest! {
        #[test]
        fn how_an_answer_arrives_does_not_matter(
            text in answer(),
            size in 1usize..10,
            min_chars in proptest::option::of(1usize..40),
        ) {
            let chars: Vec<char> = text.chars().collect();
            let deltas: Vec<String> = chars.chunks(size).map(|chunk| chunk.iter().collect()).collect();
            prop_assert_eq!(built(&deltas, min_chars), built(&[text], min_chars));
        }
    }
}
