//! Failed requests in the words of Node's fetch.

use std::error::Error as StdError;
use std::io;

use ocg_core::http::HttpError;
use rquickjs::{Ctx, Error, Exception, Result, Value};

use crate::permit::Denied;

/// A name that leads nowhere, or nowhere permitted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookupFailure {
    #[error("getaddrinfo ENOTFOUND {host}: {source}")]
    NotFound { host: String, source: io::Error },
    #[error(transparent)]
    Denied(Denied),
}

/// Why a request has no answer, or only a part of one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpFailure {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Settings(#[from] HttpError),
    #[error("{0}")]
    Invalid(String),
    #[error("unexpected redirect")]
    UnexpectedRedirect,
    #[error("redirect count exceeded")]
    TooManyRedirects,
    #[error("the response's body is larger than {limit} bytes, the memory limit of the plugin")]
    TooLarge { limit: usize },
    #[error("the request was aborted")]
    Aborted,
    #[error(transparent)]
    Transport(#[from] reqwest::Error),
}

impl HttpFailure {
    /// `error.cause.code` and `error.cause.message`.
    fn cause(&self) -> (String, String) {
        match self {
            Self::Denied(denied) => (Denied::CODE.to_owned(), denied.to_string()),
            Self::Settings(error) => ("ERR_OCG_HTTP_SETTINGS".to_owned(), error.to_string()),
            Self::Invalid(reason) => ("ERR_INVALID_URL".to_owned(), reason.clone()),
            Self::UnexpectedRedirect | Self::TooManyRedirects => {
                ("UND_ERR_REDIRECT".to_owned(), self.to_string())
            }
            Self::TooLarge { .. } => ("UND_ERR_RES_EXCEEDED_MAX_SIZE".to_owned(), self.to_string()),
            Self::Aborted => ("ABORT_ERR".to_owned(), self.to_string()),
            Self::Transport(error) => transport(error),
        }
    }

    /// Throws `TypeError(message)` with an `Error` that has a `code` as its cause.
    pub(crate) fn throw(&self, ctx: &Ctx<'_>, message: &str) -> Error {
        match self.shape(ctx, message) {
            Ok(error) => ctx.throw(error),
            Err(error) => error,
        }
    }

    fn shape<'js>(&self, ctx: &Ctx<'js>, message: &str) -> Result<Value<'js>> {
        let (code, text) = self.cause();
        let cause = Exception::from_message(ctx.clone(), &text)?;
        cause.as_object().set("code", code)?;
        if matches!(self, Self::Transport(error) if error.is_connect()) {
            cause.as_object().set("syscall", "connect")?;
        }
        // Only throwing makes the engine's own TypeError; it is taken back at once.
        let _ = Exception::throw_type(ctx, message);
        let error = ctx.catch();
        if let Some(object) = error.as_object() {
            object.set("cause", cause.into_object())?;
        }
        Ok(error)
    }
}

fn transport(error: &reqwest::Error) -> (String, String) {
    let mut innermost: &(dyn StdError + 'static) = error;
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(current) = next {
        innermost = current;
        if let Some(lookup) = current.downcast_ref::<LookupFailure>() {
            return match lookup {
                LookupFailure::NotFound { .. } => ("ENOTFOUND".to_owned(), lookup.to_string()),
                LookupFailure::Denied(denied) => (Denied::CODE.to_owned(), denied.to_string()),
            };
        }
        if let Some(tls) = current.downcast_ref::<rustls::Error>() {
            return (tls_code(tls).to_owned(), tls.to_string());
        }
        if let Some(io) = current.downcast_ref::<io::Error>() {
            if let Some(tls) = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())
            {
                return (tls_code(tls).to_owned(), tls.to_string());
            }
            if let Some(code) = io_code(io.kind()) {
                return (code.to_owned(), format!("{code}: {io}"));
            }
        }
        next = current.source();
    }
    if error.is_timeout() && error.is_connect() {
        return ("UND_ERR_CONNECT_TIMEOUT".to_owned(), "Connect Timeout Error".to_owned());
    }
    let text = innermost.to_string();
    if error.is_builder() {
        return ("ERR_INVALID_URL".to_owned(), text);
    }
    ("UND_ERR_SOCKET".to_owned(), text)
}

fn io_code(kind: io::ErrorKind) -> Option<&'static str> {
    Some(match kind {
        io::ErrorKind::ConnectionRefused => "ECONNREFUSED",
        io::ErrorKind::ConnectionReset => "ECONNRESET",
        io::ErrorKind::ConnectionAborted => "ECONNABORTED",
        io::ErrorKind::BrokenPipe => "EPIPE",
        io::ErrorKind::TimedOut => "ETIMEDOUT",
        io::ErrorKind::HostUnreachable => "EHOSTUNREACH",
        io::ErrorKind::NetworkUnreachable => "ENETUNREACH",
        io::ErrorKind::AddrNotAvailable => "EADDRNOTAVAIL",
        io::ErrorKind::UnexpectedEof => "UND_ERR_SOCKET",
        _ => return None,
    })
}

/// OpenSSL's name for it, as Node shows it.
pub(crate) fn tls_code(error: &rustls::Error) -> &'static str {
    use rustls::{CertificateError, Error};
    match error {
        Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "CERT_HAS_EXPIRED"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "CERT_NOT_YET_VALID"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "ERR_TLS_CERT_ALTNAME_INVALID"
            }
            CertificateError::Revoked => "CERT_REVOKED",
            CertificateError::UnknownIssuer => "DEPTH_ZERO_SELF_SIGNED_CERT",
            _ => "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        },
        _ => "ERR_SSL_PROTOCOL_ERROR",
    }
}
