use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// `plugins.<package>.permissions` of ocg.json.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grants {
    /// Hosts, `host:port`, `*.domain`, addresses and CIDR blocks beyond the public network.
    pub net: Allowance,
    /// Paths that may be read besides the plugin's own.
    pub read: Allowance,
    /// Paths that may be read and written besides the plugin's own.
    pub write: Allowance,
    /// Environment variables besides those that the manifest names.
    pub env: Allowance,
}

/// A list adds to the defaults, `false` takes the defaults away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowance {
    /// The defaults and these.
    Plus(Vec<String>),
    /// Nothing at all.
    Nothing,
}

impl Default for Allowance {
    fn default() -> Self {
        Self::Plus(Vec::new())
    }
}

impl Allowance {
    /// The added entries; none when everything is taken away.
    pub fn entries(&self) -> &[String] {
        match self {
            Self::Plus(entries) => entries,
            Self::Nothing => &[],
        }
    }
}

impl<'de> Deserialize<'de> for Allowance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrFalse;
        impl<'de> Visitor<'de> for ListOrFalse {
            type Value = Allowance;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of strings, or false")
            }

            fn visit_bool<E: serde::de::Error>(self, on: bool) -> Result<Allowance, E> {
                if on {
                    return Err(E::invalid_value(serde::de::Unexpected::Bool(true), &self));
                }
                Ok(Allowance::Nothing)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Allowance, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = seq.next_element()? {
                    entries.push(entry);
                }
                Ok(Allowance::Plus(entries))
            }
        }
        deserializer.deserialize_any(ListOrFalse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_add_and_false_takes_away() {
        let grants: Grants =
            serde_json::from_str(r#"{"net": false, "read": ["/srv/media"]}"#).unwrap();
        assert_eq!(grants.net, Allowance::Nothing);
        assert_eq!(grants.read.entries(), ["/srv/media"]);
        assert_eq!(grants.env, Allowance::default());
    }

    #[test]
    fn true_and_unknown_keys_are_refused() {
        let error = serde_json::from_str::<Grants>(r#"{"net": true}"#).unwrap_err().to_string();
        assert!(error.contains("expected a list of strings, or false"), "{error}");
        assert!(serde_json::from_str::<Grants>(r#"{"exec": ["sh"]}"#).is_err());
    }
}
