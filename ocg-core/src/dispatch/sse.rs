//! Reading `text/event-stream` by the rules of the HTML standard (§9.2.6), incrementally.

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SseEvent {
    /// The `event` field; empty where there is none.
    pub name: String,
    /// The `data` lines, joined by line feeds.
    pub data: String,
}

/// A line or an event is longer than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EventTooLarge;

/// Cuts a stream of bytes into events, whatever pieces it arrives in.
///
/// Beyond the standard, an event that the stream's end cuts short is taken as complete: some
/// agents leave out the last empty line, and a JSON text that is really cut is noticed later.
#[derive(Debug)]
pub(super) struct SseParser {
    limit: usize,
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// The last byte was CR: an LF that follows belongs to the same line end.
    after_cr: bool,
    first_line: bool,
    name: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
}

impl SseParser {
    /// A parser that holds at most about twice `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            after_cr: false,
            first_line: true,
            name: Vec::new(),
            data: Vec::new(),
            has_data: false,
        }
    }

    /// Takes the next bytes and appends the events that they complete to `events`.
    pub(super) fn push(
        &mut self,
        mut bytes: &[u8],
        events: &mut Vec<SseEvent>,
    ) -> Result<(), EventTooLarge> {
        while let Some(first) = bytes.first() {
            if std::mem::take(&mut self.after_cr) && *first == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let part = &bytes[..end.unwrap_or(bytes.len())];
            if self.line.len() + part.len() > self.limit {
                return Err(EventTooLarge);
            }
            self.line.extend_from_slice(part);
            let Some(end) = end else { return Ok(()) };
            self.after_cr = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            events.extend(self.end_line()?);
        }
        Ok(())
    }

    /// The event that the end of the stream completes.
    pub(super) fn finish(&mut self) -> Result<Option<SseEvent>, EventTooLarge> {
        if !self.line.is_empty()
            && let Some(event) = self.end_line()?
        {
            return Ok(Some(event));
        }
        Ok(self.end_event())
    }

    fn end_line(&mut self) -> Result<Option<SseEvent>, EventTooLarge> {
        let line = std::mem::take(&mut self.line);
        let mut content = line.as_slice();
        if std::mem::take(&mut self.first_line) {
            content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        }
        if content.is_empty() {
            return Ok(self.end_event());
        }
        let colon = content.iter().position(|byte| *byte == b':').unwrap_or(content.len());
        let value = content.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &content[..colon] {
            b"data" => {
                if self.data.len() + value.len() > self.limit {
                    return Err(EventTooLarge);
                }
                if self.has_data {
                    self.data.push(b'\n');
                }
                self.has_data = true;
                self.data.extend_from_slice(value);
            }
            b"event" => self.name = value.to_vec(),
            // Comments (an empty field name), `id` and `retry` mean nothing here.
            _ => {}
        }
        // Keep the buffer: streams have thousands of lines.
        self.line = line;
        self.line.clear();
        Ok(None)
    }

    fn end_event(&mut self) -> Option<SseEvent> {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        std::mem::take(&mut self.has_data).then(|| SseEvent {
            name: String::from_utf8_lossy(&name).into_owned(),
            data: String::from_utf8_lossy(&data).into_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let mut parser = SseParser::new(1000);
        let mut events = Vec::new();
        for piece in pieces {
            parser.push(piece, &mut events).unwrap();
        }
        events.extend(parser.finish().unwrap());
        events.into_iter().map(|event| (event.name, event.data)).collect()
    }

    fn data(text: &str) -> Vec<String> {
        read(&[text.as_bytes()]).into_iter().map(|(_, data)| data).collect()
    }

    #[test]
    fn fields_comments_and_line_ends() {
        assert_eq!(data("data: a\n\ndata: b\n\n"), ["a", "b"]);
        assert_eq!(data("data: a\r\n\r\ndata: b\r\n\r\n"), ["a", "b"]);
        assert_eq!(data("data: a\r\rdata: b\r\r"), ["a", "b"]);
        assert_eq!(data(": ping\n\ndata:a\ndata:  b\n\n"), ["a\n b"]);
        assert_eq!(data("id: 1\nretry: 5\ndata\n\n"), [""]);
        assert_eq!(data("\u{feff}data: a\n\n"), ["a"]);
        assert_eq!(data("data: a"), ["a"]);
        assert_eq!(data("data: a\n"), ["a"]);
        assert_eq!(data("\n\n: x\n\n"), [""; 0]);
        let event = [("error".to_owned(), "x".to_owned())];
        assert_eq!(read(&[b"event: error\ndata: x\n\n"]), event);
    }

    #[test]
    fn endless_lines_and_events_end_in_an_error() {
        let mut parser = SseParser::new(1000);
        let mut events = Vec::new();
        let line = (0..1000).try_for_each(|_| parser.push(b"xxxx", &mut events));
        assert_eq!(line, Err(EventTooLarge));
        let mut parser = SseParser::new(1000);
        let event = (0..1000).try_for_each(|_| parser.push(b"data: xxxx\n", &mut events));
        assert_eq!(event, Err(EventTooLarge));
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(
            text in prop::collection::vec(
                prop_oneof![
                    Just("data: ä中😀"), Just("data"), Just(":"), Just("\n"), Just("\r"),
                    Just("\r\n"), Just("event: e"), Just("\u{feff}"), Just(" "),
                ],
                0..40,
            ),
            cuts in prop::collection::vec(0_usize..200, 0..12),
        ) {
            let bytes = text.concat().into_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Vec::new();
            let mut from = 0;
            for cut in cuts {
                pieces.push(&bytes[from..cut]);
                from = cut;
            }
            pieces.push(&bytes[from..]);
            prop_assert_eq!(read(&pieces), read(&[&bytes]));
        }
    }
}
