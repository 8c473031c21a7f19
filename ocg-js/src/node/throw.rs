//! Errors as Node shapes them: `code`, and for system calls `errno`, `syscall`, `path`, `dest`.

use std::io;

use rquickjs::convert::List;
use rquickjs::{ArrayBuffer, Ctx, Error, Exception, IntoJs, Object, Result, Value};

use crate::permit::Denied;

/// A failed system call, ready to cross threads.
#[derive(Debug)]
pub(crate) struct SystemError {
    pub(crate) cause: Cause,
    pub(crate) syscall: &'static str,
    pub(crate) path: Option<String>,
    pub(crate) dest: Option<String>,
}

#[derive(Debug)]
pub(crate) enum Cause {
    Io(io::Error),
    Denied(Denied),
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Denied> for Cause {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl SystemError {
    pub(crate) fn throw(self, ctx: &Ctx<'_>) -> Error {
        match self.shape(ctx) {
            Ok(exception) => exception.throw(),
            Err(error) => error,
        }
    }

    fn shape<'js>(&self, ctx: &Ctx<'js>) -> Result<Exception<'js>> {
        let mut arguments = String::new();
        if let Some(path) = &self.path {
            arguments = format!(" '{path}'");
        }
        if let Some(dest) = &self.dest {
            arguments += &format!(" -> '{dest}'");
        }
        let (code, errno, message) = match &self.cause {
            Cause::Denied(denied) => (Denied::CODE, -libc_eacces(), denied.to_string()),
            Cause::Io(error) => {
                let number = error.raw_os_error().unwrap_or_else(|| errno_of(error.kind()));
                let (code, text) = describe(number);
                (code, -number, format!("{code}: {text}, {}{arguments}", self.syscall))
            }
        };
        let exception = Exception::from_message(ctx.clone(), &message)?;
        let object = exception.as_object();
        object.set("errno", errno)?;
        object.set("code", code)?;
        object.set("syscall", self.syscall)?;
        if let Some(path) = &self.path {
            object.set("path", path.as_str())?;
        }
        if let Some(dest) = &self.dest {
            object.set("dest", dest.as_str())?;
        }
        Ok(exception)
    }
}

/// Throws a refused access that is no system call.
pub(crate) fn denied(ctx: &Ctx<'_>, denied: &Denied) -> Error {
    coded(ctx, Denied::CODE, &denied.to_string())
}

/// Throws an `Error` with a `code`.
pub(crate) fn coded(ctx: &Ctx<'_>, code: &str, message: &str) -> Error {
    let shape = || -> Result<Exception<'_>> {
        let exception = Exception::from_message(ctx.clone(), message)?;
        exception.as_object().set("code", code)?;
        Ok(exception)
    };
    match shape() {
        Ok(exception) => exception.throw(),
        Err(error) => error,
    }
}

/// Bytes for JavaScript: an `ArrayBuffer` with a copy of them, because only the engine's own
/// memory counts towards the isolate's limit.
pub(crate) struct Blob(pub(crate) Vec<u8>);

impl<'js> IntoJs<'js> for Blob {
    fn into_js(self, ctx: &Ctx<'js>) -> Result<Value<'js>> {
        ArrayBuffer::new_copy(ctx.clone(), self.0).map(ArrayBuffer::into_value)
    }
}

/// What Node calls an errno, by number: `{ENOENT: [2, "no such file or directory"], …}`.
pub(crate) fn errno_table<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let table = Object::new(ctx.clone())?;
    for (number, code, text) in ERRNO {
        table.set(*code, List((*number, *text)))?;
    }
    Ok(table)
}

/// Node's name of a failed system call's errno, and its number.
pub(crate) fn errno_name(error: &io::Error) -> (&'static str, i32) {
    let number = error.raw_os_error().unwrap_or_else(|| errno_of(error.kind()));
    (describe(number).0, number)
}

fn libc_eacces() -> i32 {
    libc::EACCES
}

fn describe(number: i32) -> (&'static str, &'static str) {
    ERRNO
        .iter()
        .find(|(known, ..)| *known == number)
        .map_or(("UNKNOWN", "unknown error"), |(_, code, text)| (code, text))
}

fn errno_of(kind: io::ErrorKind) -> i32 {
    match kind {
        io::ErrorKind::NotFound => libc::ENOENT,
        io::ErrorKind::PermissionDenied => libc::EACCES,
        io::ErrorKind::AlreadyExists => libc::EEXIST,
        io::ErrorKind::InvalidInput => libc::EINVAL,
        io::ErrorKind::BrokenPipe => libc::EPIPE,
        io::ErrorKind::ConnectionReset => libc::ECONNRESET,
        _ => libc::EIO,
    }
}

/// Names and texts as libuv gives them to Node.
const ERRNO: &[(i32, &str, &str)] = &[
    (libc::E2BIG, "E2BIG", "argument list too long"),
    (libc::EACCES, "EACCES", "permission denied"),
    (libc::EADDRINUSE, "EADDRINUSE", "address already in use"),
    (libc::EADDRNOTAVAIL, "EADDRNOTAVAIL", "address not available"),
    (libc::EAGAIN, "EAGAIN", "resource temporarily unavailable"),
    (libc::EBADF, "EBADF", "bad file descriptor"),
    (libc::EBUSY, "EBUSY", "resource busy or locked"),
    (libc::ECONNABORTED, "ECONNABORTED", "software caused connection abort"),
    (libc::ECONNREFUSED, "ECONNREFUSED", "connection refused"),
    (libc::ECONNRESET, "ECONNRESET", "connection reset by peer"),
    (libc::EEXIST, "EEXIST", "file already exists"),
    (libc::EFBIG, "EFBIG", "file too large"),
    (libc::EHOSTUNREACH, "EHOSTUNREACH", "host is unreachable"),
    (libc::EINTR, "EINTR", "interrupted system call"),
    (libc::EINVAL, "EINVAL", "invalid argument"),
    (libc::EIO, "EIO", "i/o error"),
    (libc::EISDIR, "EISDIR", "illegal operation on a directory"),
    (libc::ELOOP, "ELOOP", "too many symbolic links encountered"),
    (libc::EMFILE, "EMFILE", "too many open files"),
    (libc::EMLINK, "EMLINK", "too many links"),
    (libc::ENAMETOOLONG, "ENAMETOOLONG", "name too long"),
    (libc::ENETDOWN, "ENETDOWN", "network is down"),
    (libc::ENETUNREACH, "ENETUNREACH", "network is unreachable"),
    (libc::ENFILE, "ENFILE", "file table overflow"),
    (libc::ENOENT, "ENOENT", "no such file or directory"),
    (libc::ENOMEM, "ENOMEM", "not enough memory"),
    (libc::ENOSPC, "ENOSPC", "no space left on device"),
    (libc::ENOTCONN, "ENOTCONN", "socket is not connected"),
    (libc::ENOTDIR, "ENOTDIR", "not a directory"),
    (libc::ENOTEMPTY, "ENOTEMPTY", "directory not empty"),
    (libc::ENOTSUP, "ENOTSUP", "operation not supported on socket"),
    (libc::EPERM, "EPERM", "operation not permitted"),
    (libc::EPIPE, "EPIPE", "broken pipe"),
    (libc::EROFS, "EROFS", "read-only file system"),
    (libc::ESPIPE, "ESPIPE", "invalid seek"),
    (libc::ETIMEDOUT, "ETIMEDOUT", "connection timed out"),
    (libc::EXDEV, "EXDEV", "cross-device link not permitted"),
];
