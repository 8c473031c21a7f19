use serde_json::Value;
use url::Url;

/// Hosts that the operator wrote into a channel's own section: every http, https, ws or wss URL
/// in it, and every string under a key named `host` or `server` (also `apiHost`, `imapServer` …).
///
/// Returned as `host` or `host:port`, ready for [`super::NetworkPermit::new`]. A URL counts with
/// its port, the scheme's default one included.
pub fn operator_hosts(section: &Value) -> Vec<String> {
    let mut hosts = Vec::new();
    collect(None, section, &mut hosts);
    hosts.sort();
    hosts.dedup();
    hosts
}

fn collect(key: Option<&str>, value: &Value, hosts: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                collect(Some(key), member, hosts);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(key, item, hosts)),
        Value::String(text) => {
            if let Some(host) = url_host(text) {
                hosts.push(host);
            } else if key.is_some_and(names_a_host) && !text.contains("://") {
                hosts.push(text.trim().to_owned());
            }
        }
        _ => {}
    }
}

fn url_host(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https" | "ws" | "wss") {
        return None;
    }
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

fn names_a_host(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.ends_with("host") || key.ends_with("server")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_host_keys_are_found_at_any_depth() {
        let section = serde_json::json!({
            "enabled": true,
            "apiRoot": "http://localhost:8081/bot",
            "accounts": { "a": { "homeserver": "https://matrix.corp.internal", "host": "10.0.0.9:6697" } },
            "mirrors": ["ws://[::1]:9/x", "ftp://nope.example"],
            "name": "localhost",
            "ircServer": "irc.local",
        });
        assert_eq!(
            operator_hosts(&section),
            ["10.0.0.9:6697", "[::1]:9", "irc.local", "localhost:8081", "matrix.corp.internal:443"]
        );
    }
}
