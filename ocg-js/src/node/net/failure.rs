//! Failed connections as Node shapes them.

use std::io;
use std::net::SocketAddr;

use ocg_core::http::DialError;
use rquickjs::{Ctx, Error, Exception, Result};

use crate::node::throw::errno_name;
use crate::permit::Denied;
use crate::web::tls_code;

/// Why a socket or a listener does not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NetFailure {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Dial(#[from] DialError),
    #[error("{0}")]
    Tls(io::Error),
    #[error("{syscall}: {source}")]
    Io { syscall: &'static str, source: io::Error, address: Option<SocketAddr> },
    #[error("{0}")]
    Invalid(String),
    #[error("the socket was closed")]
    Closed,
}

/// What JavaScript sees.
#[derive(Default)]
struct Shape {
    message: String,
    code: String,
    errno: Option<i32>,
    syscall: Option<&'static str>,
    hostname: Option<String>,
    address: Option<SocketAddr>,
}

impl NetFailure {
    pub(crate) fn io(syscall: &'static str, source: io::Error) -> Self {
        Self::Io { syscall, source, address: None }
    }

    pub(crate) fn throw(&self, ctx: &Ctx<'_>) -> Error {
        match self.exception(ctx) {
            Ok(exception) => exception.throw(),
            Err(error) => error,
        }
    }

    fn exception<'js>(&self, ctx: &Ctx<'js>) -> Result<Exception<'js>> {
        let shape = self.shape();
        let exception = Exception::from_message(ctx.clone(), &shape.message)?;
        let object = exception.as_object();
        object.set("code", shape.code)?;
        if let Some(errno) = shape.errno {
            object.set("errno", errno)?;
        }
        if let Some(syscall) = shape.syscall {
            object.set("syscall", syscall)?;
        }
        if let Some(hostname) = shape.hostname {
            object.set("hostname", hostname)?;
        }
        if let Some(address) = shape.address {
            object.set("address", address.ip().to_string())?;
            object.set("port", address.port())?;
        }
        Ok(exception)
    }

    fn shape(&self) -> Shape {
        let coded = |code: &str| Shape {
            message: self.to_string(),
            code: code.to_owned(),
            ..Shape::default()
        };
        match self {
            Self::Denied(_) => coded(Denied::CODE),
            Self::Dial(DialError::Refused(refusal)) if refusal.is::<Denied>() => {
                coded(Denied::CODE)
            }
            Self::Dial(DialError::NotFound { host, .. }) => Shape {
                message: format!("getaddrinfo ENOTFOUND {host}"),
                // As libuv numbers it.
                errno: Some(-3008),
                syscall: Some("getaddrinfo"),
                hostname: Some(host.clone()),
                ..coded("ENOTFOUND")
            },
            Self::Dial(DialError::Connect { address, source }) => {
                system("connect", source, Some(*address))
            }
            Self::Dial(DialError::Proxy { .. }) => coded("ERR_PROXY_TUNNEL"),
            Self::Dial(DialError::Refused(_) | DialError::Settings(_)) => {
                coded("ERR_OCG_HTTP_SETTINGS")
            }
            Self::Io { syscall, source, address } => match tls_error(source) {
                Some(tls) => coded(tls_code(tls)),
                None => system(syscall, source, *address),
            },
            Self::Tls(source) => match tls_error(source) {
                Some(tls) => coded(tls_code(tls)),
                None if source.kind() == io::ErrorKind::UnexpectedEof => Shape {
                    message: "Client network socket disconnected before secure TLS connection was established".to_owned(),
                    ..coded("ECONNRESET")
                },
                None => system("read", source, None),
            },
            Self::Invalid(_) => coded("ERR_INVALID_ARG_VALUE"),
            Self::Closed => coded("ERR_SOCKET_CLOSED"),
        }
    }
}

fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())
}

fn system(syscall: &'static str, error: &io::Error, address: Option<SocketAddr>) -> Shape {
    let (code, errno) = errno_name(error);
    let target = address.map(|address| format!(" {address}")).unwrap_or_default();
    Shape {
        message: format!("{syscall} {code}{target}"),
        code: code.to_owned(),
        errno: Some(-errno),
        syscall: Some(syscall),
        address,
        hostname: None,
    }
}
