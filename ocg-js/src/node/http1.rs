//! `ocg:native/http1`: reads HTTP/1.1 messages (RFC 9112) off a stream of bytes.

use std::cell::RefCell;

use httparse::{EMPTY_HEADER, ParserConfig, Status};
use rquickjs::class::Trace;
use rquickjs::{Array, Class, Ctx, JsLifetime, Object, Result, TypedArray, Value};

use super::arguments::View;
use super::native_module;
use super::throw::{Blob, coded};

/// As Node's `maxHeaderSize`; a chunk's size line and the trailers have it as well.
const HEAD_LIMIT: usize = 16 << 10;
const HEADERS: usize = 256;

native_module!(Http1Module(ctx) {
    Parser => Class::<Parser>::create_constructor(ctx)?,
});

/// What comes next in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Head,
    Length(u64),
    ChunkSize,
    Chunk(u64),
    ChunkEnd,
    Trailers,
    UntilClose,
    /// The message is complete, or its connection changes to another protocol: waits for
    /// `resume`.
    Paused,
}

/// Why the bytes are not a message; the codes are Node's.
#[derive(Debug, PartialEq, Eq)]
struct Malformed(&'static str, String);

/// The start of a message.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    method: Option<String>,
    target: Option<String>,
    status: Option<u16>,
    reason: String,
    minor: u8,
    /// Names and values by turns, one character per byte.
    headers: Vec<String>,
    upgrade: bool,
    keep_alive: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Event {
    Head(Head),
    Body(Vec<u8>),
    End { trailers: Vec<String> },
}

struct Machine {
    response: bool,
    /// The method of the request that a response answers.
    method: String,
    expect: Expect,
    buffer: Vec<u8>,
}

impl Machine {
    fn feed(&mut self, bytes: &[u8]) -> std::result::Result<Vec<Event>, Malformed> {
        self.buffer.extend_from_slice(bytes);
        let mut events = Vec::new();
        let mut at = 0;
        let outcome = loop {
            match self.step(at, &mut events) {
                Ok(Some(used)) => at += used,
                Ok(None) => break Ok(()),
                Err(malformed) => break Err(malformed),
            }
        };
        self.buffer.drain(..at);
        outcome.map(|()| events)
    }

    /// Takes one thing off the buffer; `None` if there is too little, or nothing to wait for.
    fn step(
        &mut self,
        at: usize,
        events: &mut Vec<Event>,
    ) -> std::result::Result<Option<usize>, Malformed> {
        let input = &self.buffer[at..];
        if input.is_empty() {
            // An empty body is complete at once.
            if self.expect != Expect::Length(0) {
                return Ok(None);
            }
        }
        match self.expect {
            Expect::Head => self.head(at, events),
            Expect::Length(0) => {
                self.end(Vec::new(), events);
                Ok(Some(0))
            }
            Expect::Length(left) | Expect::Chunk(left) => {
                let taken = input.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                events.push(Event::Body(input[..taken].to_vec()));
                let left = left - taken as u64;
                self.expect = match self.expect {
                    Expect::Chunk(_) if left == 0 => Expect::ChunkEnd,
                    Expect::Chunk(_) => Expect::Chunk(left),
                    _ => Expect::Length(left),
                };
                Ok(Some(taken))
            }
            Expect::UntilClose => {
                events.push(Event::Body(input.to_vec()));
                Ok(Some(input.len()))
            }
            Expect::ChunkSize => match httparse::parse_chunk_size(input) {
                Ok(Status::Complete((used, size))) => {
                    self.expect = if size == 0 { Expect::Trailers } else { Expect::Chunk(size) };
                    Ok(Some(used))
                }
                Ok(Status::Partial) if input.len() <= HEAD_LIMIT => Ok(None),
                _ => Err(malformed("HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size")),
            },
            Expect::ChunkEnd => match input {
                [b'\r', b'\n', ..] => {
                    self.expect = Expect::ChunkSize;
                    Ok(Some(2))
                }
                [b'\r'] => Ok(None),
                _ => Err(malformed("HPE_STRICT", "Expected CRLF after chunk data")),
            },
            Expect::Trailers => {
                let mut headers = [EMPTY_HEADER; HEADERS];
                match httparse::parse_headers(input, &mut headers) {
                    Ok(Status::Complete((used, headers))) => {
                        let trailers = pairs(headers);
                        self.end(trailers, events);
                        Ok(Some(used))
                    }
                    Ok(Status::Partial) if input.len() <= HEAD_LIMIT => Ok(None),
                    Ok(Status::Partial) => Err(overflow()),
                    Err(error) => Err(invalid(error)),
                }
            }
            Expect::Paused => Ok(None),
        }
    }

    fn end(&mut self, trailers: Vec<String>, events: &mut Vec<Event>) {
        events.push(Event::End { trailers });
        self.expect = Expect::Paused;
    }

    fn head(
        &mut self,
        at: usize,
        events: &mut Vec<Event>,
    ) -> std::result::Result<Option<usize>, Malformed> {
        let input = &self.buffer[at..];
        let mut headers = [EMPTY_HEADER; HEADERS];
        let (parsed, head) = if self.response {
            let mut response = httparse::Response::new(&mut headers);
            let parsed = ParserConfig::default()
                .allow_spaces_after_header_name_in_responses(true)
                .allow_obsolete_multiline_headers_in_responses(true)
                .parse_response(&mut response, input);
            let head = Head {
                method: None,
                target: None,
                status: response.code,
                reason: response.reason.unwrap_or_default().to_owned(),
                minor: response.version.unwrap_or(1),
                headers: pairs(response.headers),
                upgrade: false,
                keep_alive: false,
            };
            (parsed, head)
        } else {
            let mut request = httparse::Request::new(&mut headers);
            let parsed = request.parse(input);
            let head = Head {
                method: request.method.map(str::to_owned),
                target: request.path.map(str::to_owned),
                status: None,
                reason: String::new(),
                minor: request.version.unwrap_or(1),
                headers: pairs(request.headers),
                upgrade: false,
                keep_alive: false,
            };
            (parsed, head)
        };
        match parsed {
            Ok(Status::Complete(used)) if used <= HEAD_LIMIT => {
                self.accept(head, events)?;
                Ok(Some(used))
            }
            Ok(Status::Partial) if input.len() <= HEAD_LIMIT => Ok(None),
            Ok(_) => Err(overflow()),
            Err(error) => Err(invalid(error)),
        }
    }

    /// Decides how long the body is (RFC 9112, 6.3) and whether the connection goes on.
    fn accept(
        &mut self,
        mut head: Head,
        events: &mut Vec<Event>,
    ) -> std::result::Result<(), Malformed> {
        let connection = head.all("connection").to_ascii_lowercase();
        let says = |word: &str| connection.split(',').any(|option| option.trim() == word);
        head.keep_alive = if head.minor == 0 { says("keep-alive") } else { !says("close") };
        let encoding = head.all("transfer-encoding").to_ascii_lowercase();
        let chunked = encoding.rsplit(',').next().is_some_and(|last| last.trim() == "chunked");
        let length = head.content_length()?;
        if !self.response {
            if !encoding.is_empty() && (length.is_some() || !chunked) {
                return Err(malformed(
                    "HPE_INVALID_TRANSFER_ENCODING",
                    "Request has invalid `Transfer-Encoding`",
                ));
            }
            head.upgrade = head.method.as_deref() == Some("CONNECT")
                || (says("upgrade") && !head.all("upgrade").is_empty());
        }
        let status = head.status.unwrap_or_default();
        let interim = self.response && (100..200).contains(&status) && status != 101;
        if self.response {
            head.upgrade =
                status == 101 || (self.method == "CONNECT" && (200..300).contains(&status));
        }
        let bodiless = self.response && (self.method == "HEAD" || status == 204 || status == 304);
        self.expect = if head.upgrade {
            Expect::Paused
        } else if interim {
            Expect::Head
        } else if bodiless {
            Expect::Length(0)
        } else if chunked {
            Expect::ChunkSize
        } else if let (Some(length), true) = (length, encoding.is_empty()) {
            Expect::Length(length)
        } else if self.response {
            head.keep_alive = false;
            Expect::UntilClose
        } else {
            Expect::Length(0)
        };
        events.push(Event::Head(head));
        Ok(())
    }

    /// A request asked for another protocol, and is served as an ordinary one.
    fn resume(&mut self, length: Option<u64>, chunked: bool) {
        self.expect = match (chunked, length) {
            (true, _) => Expect::ChunkSize,
            (false, length) => Expect::Length(length.unwrap_or(0)),
        };
    }

    /// The stream has ended.
    fn finish(&mut self) -> std::result::Result<Vec<Event>, Malformed> {
        let mut events = Vec::new();
        match self.expect {
            Expect::UntilClose => self.end(Vec::new(), &mut events),
            Expect::Paused => {}
            Expect::Head if self.buffer.is_empty() => {}
            _ => return Err(malformed("HPE_INVALID_EOF_STATE", "Invalid EOF state")),
        }
        Ok(events)
    }
}

impl Head {
    /// All values of a header, joined.
    fn all(&self, name: &str) -> String {
        let values: Vec<&str> = self
            .headers
            .chunks_exact(2)
            .filter(|pair| pair[0].eq_ignore_ascii_case(name))
            .map(|pair| pair[1].as_str())
            .collect();
        values.join(", ")
    }

    fn content_length(&self) -> std::result::Result<Option<u64>, Malformed> {
        let all = self.all("content-length");
        let mut lengths = all.split(',').map(str::trim).filter(|text| !text.is_empty());
        let Some(first) = lengths.next() else { return Ok(None) };
        let digits = first.bytes().all(|byte| byte.is_ascii_digit());
        match first.parse() {
            Ok(length) if digits && lengths.all(|other| other == first) => Ok(Some(length)),
            _ => {
                Err(malformed("HPE_INVALID_CONTENT_LENGTH", "Invalid character in Content-Length"))
            }
        }
    }
}

fn pairs(headers: &[httparse::Header<'_>]) -> Vec<String> {
    let latin1 = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect();
    headers
        .iter()
        .filter(|header| !header.name.is_empty())
        .flat_map(|header| [header.name.to_owned(), latin1(header.value)])
        .collect()
}

fn malformed(code: &'static str, reason: &str) -> Malformed {
    Malformed(code, format!("Parse Error: {reason}"))
}

fn overflow() -> Malformed {
    malformed("HPE_HEADER_OVERFLOW", "Header overflow")
}

fn invalid(error: httparse::Error) -> Malformed {
    match error {
        httparse::Error::TooManyHeaders => overflow(),
        error => malformed("HPE_INVALID_CONSTANT", &error.to_string()),
    }
}

/// A parser of one connection.
#[derive(Trace, JsLifetime)]
#[rquickjs::class]
pub(crate) struct Parser {
    #[qjs(skip_trace)]
    machine: RefCell<Machine>,
}

#[rquickjs::methods]
impl Parser {
    /// `method` is that of the request whose response is read; without it requests are read.
    #[qjs(constructor)]
    fn new(method: rquickjs::prelude::Opt<String>) -> Self {
        let machine = Machine {
            response: method.0.is_some(),
            method: method.0.unwrap_or_default(),
            expect: Expect::Head,
            buffer: Vec::new(),
        };
        Self { machine: RefCell::new(machine) }
    }

    /// Events of these bytes: a Uint8Array is a piece of the body, an object with `headers` a
    /// head, one with `trailers` the end.
    fn feed<'js>(&self, ctx: Ctx<'js>, bytes: View<'js>) -> Result<Array<'js>> {
        let events = self.machine.borrow_mut().feed(bytes.bytes());
        shown(&ctx, events)
    }

    /// Events of the stream's end.
    fn finish<'js>(&self, ctx: Ctx<'js>) -> Result<Array<'js>> {
        let events = self.machine.borrow_mut().finish();
        shown(&ctx, events)
    }

    /// Goes on to the next message.
    fn next(&self) {
        self.machine.borrow_mut().expect = Expect::Head;
    }

    /// Goes on with a request whose wish for another protocol is not granted.
    fn resume(&self, length: Option<f64>, chunked: bool) {
        self.machine.borrow_mut().resume(length.map(|length| length as u64), chunked);
    }

    /// Takes what was not read: bytes of another protocol.
    fn rest(&self) -> Blob {
        Blob(std::mem::take(&mut self.machine.borrow_mut().buffer))
    }
}

fn shown<'js>(
    ctx: &Ctx<'js>,
    events: std::result::Result<Vec<Event>, Malformed>,
) -> Result<Array<'js>> {
    let events = events.map_err(|Malformed(code, message)| coded(ctx, code, &message))?;
    let array = Array::new(ctx.clone())?;
    for (index, event) in events.into_iter().enumerate() {
        array.set(index, shown_event(ctx, event)?)?;
    }
    Ok(array)
}

fn shown_event<'js>(ctx: &Ctx<'js>, event: Event) -> Result<Value<'js>> {
    let object = Object::new(ctx.clone())?;
    match event {
        Event::Body(bytes) => {
            return TypedArray::<u8>::new_copy(ctx.clone(), bytes).map(TypedArray::into_value);
        }
        Event::End { trailers } => object.set("trailers", trailers)?,
        Event::Head(head) => {
            object.set("headers", head.headers)?;
            object.set("method", head.method)?;
            object.set("url", head.target)?;
            object.set("statusCode", head.status)?;
            object.set("statusMessage", head.reason)?;
            object.set("minor", head.minor)?;
            object.set("upgrade", head.upgrade)?;
            object.set("keepAlive", head.keep_alive)?;
        }
    }
    Ok(object.into_value())
}

#[cfg(test)]
mod tests;
