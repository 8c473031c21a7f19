//! What agents are told of the callback server.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// Where agents call back, and how long they may take.
#[derive(Debug, Clone)]
pub struct CallbackRules {
    /// Base address of the callback server as agents reach it.
    pub address: Url,
    /// Secret that forwards are signed with.
    pub secret: Option<SecretString>,
    /// How long a token is valid.
    pub ttl: Duration,
}

impl CallbackRules {
    /// The URL of the callback with this token: below the base address, whatever path that has.
    pub(super) fn url(&self, token: &str) -> Url {
        let mut url = self.address.clone();
        let path = format!("{}/ocg/callback/{token}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.set_query(None);
        url.set_fragment(None);
        url
    }
}

/// The built-in defaults: the server on this machine.
impl Default for CallbackRules {
    fn default() -> Self {
        Self {
            address: Url::parse("http://127.0.0.1:3457").expect("a constant that is a URL"),
            secret: None,
            ttl: Duration::from_secs(1800),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks_go_below_the_base_address() {
        let url = |address: &str| {
            let address = Url::parse(address).unwrap();
            CallbackRules { address, ..CallbackRules::default() }.url("ab").to_string()
        };
        assert_eq!(url("http://127.0.0.1:3457"), "http://127.0.0.1:3457/ocg/callback/ab");
        assert_eq!(url("https://bot.example/chat/"), "https://bot.example/chat/ocg/callback/ab");
    }
}
