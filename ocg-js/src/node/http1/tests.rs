use super::*;

fn machine(method: Option<&str>) -> Machine {
    Machine {
        response: method.is_some(),
        method: method.unwrap_or_default().to_owned(),
        expect: Expect::Head,
        buffer: Vec::new(),
    }
}

/// Heads as their start lines, the body as one text, ends as "end" with trailers.
fn told(events: &[Event]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let mut body = String::new();
    for event in events {
        if let Event::Body(bytes) = event {
            body += &String::from_utf8_lossy(bytes);
            continue;
        }
        if !body.is_empty() {
            told.push(std::mem::take(&mut body));
        }
        told.push(match event {
            Event::Head(head) => format!(
                "{} keep={} upgrade={}",
                head.status.map_or_else(|| head.target.clone().unwrap(), |code| code.to_string()),
                head.keep_alive,
                head.upgrade
            ),
            Event::End { trailers } => format!("end{trailers:?}"),
            Event::Body(_) => unreachable!(),
        });
    }
    if !body.is_empty() {
        told.push(body);
    }
    told
}

fn all(method: Option<&str>, text: &str) -> Vec<String> {
    told(&machine(method).feed(text.as_bytes()).unwrap())
}

#[test]
fn bodies_end_where_the_head_says() {
    let head = "HTTP/1.1 200 OK\r\n";
    let cases = [
        (
            "GET",
            "Content-Length: 3\r\n\r\nabcd",
            vec!["200 keep=true upgrade=false", "abc", "end[]"],
        ),
        ("HEAD", "Content-Length: 3\r\n\r\n", vec!["200 keep=true upgrade=false", "end[]"]),
        (
            "GET",
            "Transfer-Encoding: chunked\r\n\r\n2;x=1\r\nab\r\n1\r\nc\r\n0\r\nX-T: 1\r\n\r\n",
            vec!["200 keep=true upgrade=false", "abc", "end[\"X-T\", \"1\"]"],
        ),
        (
            "GET",
            "Connection: close\r\nContent-Length: 0\r\n\r\n",
            vec!["200 keep=false upgrade=false", "end[]"],
        ),
        ("GET", "\r\nuntil the end", vec!["200 keep=false upgrade=false", "until the end"]),
        ("CONNECT", "\r\nraw", vec!["200 keep=true upgrade=true"]),
    ];
    for (method, rest, expected) in cases {
        assert_eq!(all(Some(method), &format!("{head}{rest}")), expected, "{rest}");
    }
}

#[test]
fn interim_answers_come_before_the_real_one() {
    let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
    let expected = ["100 keep=true upgrade=false", "204 keep=true upgrade=false", "end[]"];
    assert_eq!(all(Some("POST"), text), expected);
}

#[test]
fn a_change_of_protocol_keeps_the_rest() {
    let mut machine = machine(Some("GET"));
    let text = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x00";
    assert_eq!(told(&machine.feed(text).unwrap()), ["101 keep=true upgrade=true"]);
    assert_eq!(machine.buffer, b"\x81\x00");
}

#[test]
fn the_next_request_waits_until_it_is_asked_for() {
    let mut machine = machine(None);
    let text = b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.0\r\n\r\n";
    assert_eq!(told(&machine.feed(text).unwrap()), ["/a keep=true upgrade=false", "end[]"]);
    machine.expect = Expect::Head;
    assert_eq!(told(&machine.feed(b"").unwrap()), ["/b keep=false upgrade=false", "end[]"]);
}

#[test]
fn what_could_smuggle_a_request_is_refused() {
    for head in [
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, gzip\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: +3\r\n",
        "Content-Length : 3\r\n",
    ] {
        let text = format!("POST / HTTP/1.1\r\n{head}\r\n");
        assert!(machine(None).feed(text.as_bytes()).is_err(), "{head}");
    }
}

#[test]
fn heads_without_an_end_are_refused() {
    let endless = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(HEAD_LIMIT));
    assert_eq!(machine(None).feed(endless.as_bytes()), Err(overflow()));
}

#[test]
fn an_early_end_is_an_error() {
    let mut machine = machine(Some("GET"));
    machine.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").unwrap();
    assert_eq!(machine.finish().unwrap_err().0, "HPE_INVALID_EOF_STATE");
}

proptest::proptest! {
    #[test]
    fn pieces_say_the_same_as_the_whole(cuts in proptest::collection::vec(0usize..200, 0..8)) {
        let text: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n\
            5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nA: b\r\n\r\n";
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
        cuts.sort_unstable();
        let mut machine = machine(Some("GET"));
        let mut events = Vec::new();
        let mut from = 0;
        for to in cuts.into_iter().chain([text.len()]) {
            events.extend(machine.feed(&text[from..to]).unwrap());
            from = to;
        }
        proptest::prop_assert_eq!(told(&events), all(Some("GET"), std::str::from_utf8(text).unwrap()));
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, response: bool) {
        let _ = machine(response.then_some("GET")).feed(&bytes);
    }
}
