//! Reading an agent's answer as it arrives: a stream of chunks, or one JSON text in its place.

use serde_json::Value;

use super::ReplyEvent;
use super::completion::{self, Completion};
use super::sse::{EventTooLarge, SseEvent, SseParser};

/// How much of an answer the gateway takes. All in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerLimits {
    /// All text together.
    pub text: usize,
    /// One event of a stream, or a whole JSON answer: an image may be in it.
    pub event: usize,
    /// All media URLs together; `data:` URLs carry whole files.
    pub media: usize,
}

impl Default for AnswerLimits {
    fn default() -> Self {
        Self { text: 4 << 20, event: 16 << 20, media: 64 << 20 }
    }
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AnswerFault {
    /// The agent reports a failure of its own.
    Reported(String),
    /// It is no chat completion; says what it is.
    NotAnAnswer(&'static str),
    /// It exceeds a limit; says which.
    TooLarge(&'static str),
    /// It ends in the middle of a JSON text.
    Cut,
}

impl AnswerFault {
    fn of_json(error: &serde_json::Error, otherwise: &'static str) -> Self {
        if error.is_eof() { Self::Cut } else { Self::NotAnAnswer(otherwise) }
    }
}

impl From<EventTooLarge> for AnswerFault {
    fn from(_: EventTooLarge) -> Self {
        Self::TooLarge("one event of its stream")
    }
}

#[derive(Debug)]
enum Form {
    /// Nothing but white space so far.
    Unknown,
    Stream(SseParser),
    Json(Vec<u8>),
}

/// Reads one answer.
#[derive(Debug)]
pub(super) struct AnswerReader {
    limits: AnswerLimits,
    form: Form,
    text_bytes: usize,
    media_bytes: usize,
    events: Vec<ReplyEvent>,
    /// A chunk or an answer was recognised.
    recognised: bool,
    finished: bool,
    done: bool,
    tool_calls: bool,
}

impl AnswerReader {
    pub(super) fn new(limits: AnswerLimits) -> Self {
        Self {
            limits,
            form: Form::Unknown,
            text_bytes: 0,
            media_bytes: 0,
            events: Vec::new(),
            recognised: false,
            finished: false,
            done: false,
            tool_calls: false,
        }
    }

    /// Takes the next bytes of the body.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), AnswerFault> {
        if matches!(self.form, Form::Unknown) {
            let significant =
                |byte: &u8| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte);
            match bytes.iter().find(|byte| significant(byte)) {
                None => return Ok(()),
                Some(b'{' | b'[') => self.form = Form::Json(Vec::new()),
                Some(b'<') => return Err(AnswerFault::NotAnAnswer("a web page")),
                Some(_) => self.form = Form::Stream(SseParser::new(self.limits.event)),
            }
        }
        match &mut self.form {
            Form::Json(body) => {
                if body.len() + bytes.len() > self.limits.event {
                    return Err(AnswerFault::TooLarge("its JSON answer"));
                }
                body.extend_from_slice(bytes);
            }
            Form::Stream(parser) => {
                let mut events = Vec::new();
                let pushed = parser.push(bytes, &mut events);
                self.take_events(events)?;
                pushed?;
            }
            Form::Unknown => {}
        }
        Ok(())
    }

    /// The body has ended, and ended well.
    pub(super) fn finish(&mut self) -> Result<(), AnswerFault> {
        match &mut self.form {
            Form::Unknown => return Err(AnswerFault::NotAnAnswer("empty")),
            Form::Stream(parser) => {
                let last = parser.finish()?;
                match self.take_events(last) {
                    // Nothing that matters can follow.
                    Err(AnswerFault::Cut) if self.is_finished() => {}
                    taken => taken?,
                }
            }
            Form::Json(body) => {
                let body = std::mem::take(body);
                let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body);
                let value = serde_json::from_slice(body)
                    .map_err(|error| AnswerFault::of_json(&error, "malformed JSON"))?;
                self.take_answer(&value)?;
            }
        }
        if self.recognised {
            Ok(())
        } else {
            Err(AnswerFault::NotAnAnswer("neither an event stream nor JSON"))
        }
    }

    /// What has been read since the last call.
    pub(super) fn take(&mut self) -> Vec<ReplyEvent> {
        std::mem::take(&mut self.events)
    }

    /// The stream has said that it is over: the rest of the body is of no interest.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// The agent has said that it is done, though the stream may go on.
    pub(super) fn is_finished(&self) -> bool {
        self.finished || self.done
    }

    /// The agent wanted tools called.
    pub(super) fn has_tool_calls(&self) -> bool {
        self.tool_calls
    }

    fn take_events(
        &mut self,
        events: impl IntoIterator<Item = SseEvent>,
    ) -> Result<(), AnswerFault> {
        for event in events {
            self.take_event(&event)?;
        }
        Ok(())
    }

    fn take_event(&mut self, event: &SseEvent) -> Result<(), AnswerFault> {
        let data = event.data.trim();
        if self.done || data.is_empty() {
            return Ok(());
        }
        if data == "[DONE]" {
            self.done = true;
            self.recognised = true;
            return Ok(());
        }
        let value = serde_json::from_str::<Value>(data);
        if event.name == "error" {
            let message = value.as_ref().ok().and_then(completion::message_in);
            return Err(AnswerFault::Reported(message.unwrap_or_default()));
        }
        let value = value.map_err(|error| {
            AnswerFault::of_json(&error, "a stream of something else than JSON")
        })?;
        if let Some(message) = completion::reported_error(&value) {
            return Err(AnswerFault::Reported(message));
        }
        match completion::chunk(&value) {
            Some(chunk) => self.take_completion(chunk),
            // Some agents send one whole answer as the only event; after chunks it would repeat
            // them.
            None if self.text_bytes == 0 => match completion::answer(&value) {
                Some(mut whole) => {
                    whole.finished = false;
                    self.take_completion(whole)
                }
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    fn take_answer(&mut self, value: &Value) -> Result<(), AnswerFault> {
        if let Some(message) = completion::reported_error(value) {
            return Err(AnswerFault::Reported(message));
        }
        let answer = completion::answer(value)
            .ok_or(AnswerFault::NotAnAnswer("JSON without an answer in it"))?;
        self.take_completion(answer)
    }

    fn take_completion(&mut self, completion: Completion) -> Result<(), AnswerFault> {
        self.recognised = true;
        self.finished |= completion.finished;
        self.tool_calls |= completion.tool_calls;
        self.text_bytes += completion.text.len();
        self.media_bytes += completion.media.iter().map(String::len).sum::<usize>();
        if self.text_bytes > self.limits.text {
            return Err(AnswerFault::TooLarge("its text"));
        }
        if self.media_bytes > self.limits.media {
            return Err(AnswerFault::TooLarge("its media"));
        }
        if !completion.text.is_empty() {
            match self.events.last_mut() {
                Some(ReplyEvent::Delta(text)) => text.push_str(&completion.text),
                _ => self.events.push(ReplyEvent::Delta(completion.text)),
            }
        }
        self.events.extend(completion.media.into_iter().map(ReplyEvent::Media));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SMALL: AnswerLimits = AnswerLimits { text: 100, event: 400, media: 100 };

    fn read(pieces: &[&[u8]]) -> Result<String, AnswerFault> {
        let mut reader = AnswerReader::new(SMALL);
        let mut text = String::new();
        let mut collect = |events: Vec<ReplyEvent>| {
            for event in events {
                match event {
                    ReplyEvent::Delta(delta) => text.push_str(&delta),
                    ReplyEvent::Media(url) => text.push_str(&format!("<{url}>")),
                }
            }
        };
        for piece in pieces {
            reader.push(piece)?;
            collect(reader.take());
        }
        reader.finish()?;
        collect(reader.take());
        Ok(text)
    }

    fn chunk(text: &str) -> String {
        let text = Value::from(text);
        format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{text}}}}}]}}\n\n")
    }

    fn stream() -> String {
        let image =
            r#"data: {"choices":[{"delta":{"images":[{"image_url":{"url":"https://i/x"}}]}}]}"#;
        let parts =
            [": hello\r\n\r\n", &chunk("Grüße "), &chunk("中文 😀"), image, "\r\r", &chunk("!")];
        format!("{}data: [DONE]\n\n", parts.concat())
    }

    const STREAM_TEXT: &str = "Grüße 中文 😀<https://i/x>!";

    #[test]
    fn a_cut_at_any_byte_changes_nothing() {
        let stream = stream();
        for cut in 0..=stream.len() {
            let (left, right) = stream.as_bytes().split_at(cut);
            assert_eq!(read(&[left, right]).as_deref(), Ok(STREAM_TEXT), "{cut}");
        }
        let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
        assert_eq!(read(&bytes).as_deref(), Ok(STREAM_TEXT));
    }

    #[test]
    fn a_stream_that_ends_early_gives_what_it_had() {
        let stream = stream();
        for end in 0..stream.len() {
            // Never a panic, and never text that is not in the answer.
            if let Ok(text) = read(&[&stream.as_bytes()[..end]]) {
                assert!(STREAM_TEXT.starts_with(&text), "{end}: {text}");
            }
        }
    }

    #[test]
    fn answers_in_the_place_of_a_stream() {
        assert_eq!(read(&[br#"{"choices":[{"message":{"content":"hi"}}]}"#]).as_deref(), Ok("hi"));
        assert_eq!(read(&[b" \n", br#"{"respon"#, br#"se":"hi"}"#]).as_deref(), Ok("hi"));
        let event = "data: {\"choices\":[{\"message\":{\"content\":\"hi\"}}]}\n\ndata: [DONE]\n\n";
        assert_eq!(read(&[event.as_bytes()]).as_deref(), Ok("hi"));
        let repeated = format!("{}{event}", chunk("hi"));
        assert_eq!(read(&[repeated.as_bytes()]).as_deref(), Ok("hi"));
    }

    #[test]
    fn what_is_no_answer_says_what_it_is() {
        use AnswerFault::{Cut, NotAnAnswer, Reported, TooLarge};
        for (body, fault) in [
            ("", NotAnAnswer("empty")),
            ("\n \n", NotAnAnswer("empty")),
            ("<!doctype html><p>hi", NotAnAnswer("a web page")),
            ("hello", NotAnAnswer("neither an event stream nor JSON")),
            ("data: hello\n\n", NotAnAnswer("a stream of something else than JSON")),
            ("{\"choices\":[", Cut),
            ("{\"choices\",", NotAnAnswer("malformed JSON")),
            ("data: {\"choi", Cut),
            ("{\"models\":[]}", NotAnAnswer("JSON without an answer in it")),
            ("{\"error\":{\"message\":\"no\"}}", Reported("no".into())),
            ("data: {\"error\":\"no\"}\n\n", Reported("no".into())),
            ("event: error\ndata: {\"message\":\"no\"}\n\n", Reported("no".into())),
        ] {
            assert_eq!(read(&[body.as_bytes()]), Err(fault), "{body}");
        }
        let long = chunk("0123456789").repeat(11);
        assert_eq!(read(&[long.as_bytes()]), Err(TooLarge("its text")));
        assert_eq!(read(&[&[b'{'; 401]]), Err(TooLarge("its JSON answer")));
        let line = format!("data: {}", "x".repeat(400));
        assert_eq!(read(&[line.as_bytes()]), Err(TooLarge("one event of its stream")));
    }

    #[test]
    fn nothing_after_the_end_counts() {
        let stream = format!("{}data: [DONE]\n\n{}", chunk("hi"), chunk(" again"));
        assert_eq!(read(&[stream.as_bytes()]).as_deref(), Ok("hi"));
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_text(
            texts in prop::collection::vec("\\PC{0,8}", 0..6),
            size in 1_usize..40,
        ) {
            let stream: String = texts.iter().map(|text| chunk(text)).collect();
            let stream = format!("{stream}data: [DONE]\n\n");
            let pieces: Vec<&[u8]> = stream.as_bytes().chunks(size).collect();
            prop_assume!(texts.concat().len() <= SMALL.text);
            prop_assert_eq!(read(&pieces), Ok(texts.concat()));
        }

        #[test]
        fn no_body_panics(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&[&body]);
        }
    }
}
