//! `multipart/form-data` (RFC 7578), for files.

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub name: String,
    pub file_name: Option<String>,
    pub bytes: Vec<u8>,
}

/// The fields of a body; nothing if it is malformed.
pub(super) fn fields(content_type: &str, body: &[u8]) -> Option<Vec<Field>> {
    let boundary = parameter(content_type, "boundary")?;
    let delimiter = format!("--{boundary}").into_bytes();
    let mut rest = &body[find(body, &delimiter)? + delimiter.len()..];
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        let head = find(rest, b"\r\n\r\n")?;
        let content = &rest[head + 4..];
        let ending = [b"\r\n", delimiter.as_slice()].concat();
        let end = find(content, &ending)?;
        fields.push(field(std::str::from_utf8(&rest[..head]).ok()?, &content[..end])?);
        rest = &content[end + ending.len()..];
    }
    Some(fields)
}

fn field(head: &str, bytes: &[u8]) -> Option<Field> {
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    Some(Field {
        name: parameter(disposition, "name")?,
        file_name: parameter(disposition, "filename"),
        bytes: bytes.to_vec(),
    })
}

/// A parameter of a header's value, with or without quotes.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.eq_ignore_ascii_case(wanted).then(|| value.trim_matches('"').to_owned())
    })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
