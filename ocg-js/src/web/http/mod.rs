//! `ocg:native/http`: the requests behind `fetch`.

mod body;
mod clients;
mod exchange;
mod failure;
mod native;
mod redirect;
#[cfg(test)]
mod tests;

pub(crate) use clients::Clients;
pub(crate) use failure::tls_code;
pub(crate) use native::HttpModule;
