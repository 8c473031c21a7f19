//! Failures below HTTP: names, connections, TLS.

use std::error::Error;
use std::io;

use super::{AgentError, AgentErrorKind, AgentSettings};

/// The error of a request that got no response.
pub(super) fn connect_error(error: reqwest::Error, agent: &AgentSettings) -> AgentError {
    let error = error.without_url();
    let url = agent.display_url();
    let cause = root_cause(&error);
    let kind = kind(&error);
    let detail = match kind {
        AgentErrorKind::Refused => {
            format!("cannot connect to agent {url}: {cause}; start it or correct \"agentUrl\"")
        }
        AgentErrorKind::Dns => format!(
            "cannot find the host of agent {url}: {cause}; correct \"agentUrl\" or the machine's DNS"
        ),
        AgentErrorKind::Tls => format!(
            "no secure connection to agent {url}: {cause}; name its certificate authority in \
             \"extraCaCerts\", or correct \"agentUrl\""
        ),
        AgentErrorKind::Timeout => format!(
            "cannot connect to agent {url} in time; check \"agentUrl\", the network and \"proxy\""
        ),
        AgentErrorKind::Dropped => {
            format!(
                "agent {url} closed the connection without an answer: {cause}; look into its log"
            )
        }
        _ => format!("cannot ask agent {url}: {cause}; check \"agentUrl\" and \"proxy\""),
    };
    AgentError::new(kind, detail)
}

/// The error of an answer that broke off.
pub(super) fn body_error(error: reqwest::Error, agent: &AgentSettings) -> AgentError {
    let error = error.without_url();
    AgentError::new(
        AgentErrorKind::Dropped,
        format!(
            "agent {} broke off in mid-answer: {}; look into its log, or that of a proxy between",
            agent.display_url(),
            root_cause(&error)
        ),
    )
}

fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'e (dyn Error + 'static) = *error;
        // An I/O error's source is its inner error's source; the inner error itself would be lost.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

fn kind(error: &reqwest::Error) -> AgentErrorKind {
    if chain(error).any(|cause| cause.is::<rustls::Error>()) {
        return AgentErrorKind::Tls;
    }
    // The resolver's error has no public type; its name is all that can be recognised.
    if chain(error).any(|cause| cause.to_string().starts_with("dns error")) {
        return AgentErrorKind::Dns;
    }
    if error.is_timeout() {
        return AgentErrorKind::Timeout;
    }
    let io = chain(error).find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    match io {
        Some(
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable,
        ) => AgentErrorKind::Refused,
        Some(_) => AgentErrorKind::Dropped,
        None if error.is_connect() || error.is_builder() => AgentErrorKind::Other,
        None if error.is_request() => AgentErrorKind::Dropped,
        None => AgentErrorKind::Other,
    }
}
