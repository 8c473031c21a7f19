//! Addresses of settings within the configuration file.

use std::fmt;
use std::str::FromStr;

/// One step of a [`KeyPath`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into an object.
    Key(String),
    /// Into a list.
    Index(usize),
}

/// Address of a setting: `channels.qqbot.enabled`, `extraCaCerts[0]`. Keys that contain a dot, a
/// bracket or a quote are written `["like.this"]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyPath(Vec<Step>);

/// A text that is no address of a setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no path of a setting: {reason}; write paths like channels.qqbot.enabled, extraCaCerts[0] or plugins[\"name.with.dots\"]"
)]
pub struct InvalidKeyPath {
    text: String,
    reason: &'static str,
}

impl KeyPath {
    /// The path of these keys.
    pub fn of<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self(keys.into_iter().map(|key| Step::Key(key.into())).collect())
    }

    /// This path and one more key.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// This path and one more index.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// This path and one more step.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The steps from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// What lies at this path in `root`.
    pub fn find<'v>(&self, root: &'v serde_json::Value) -> Option<&'v serde_json::Value> {
        self.0.iter().try_fold(root, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
        })
    }
}

impl FromIterator<Step> for KeyPath {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if key.is_empty() || key.contains(['.', '[', ']', '"', '\\']) => {
                    write!(f, "[{}]", serde_json::Value::from(key.as_str()))?;
                }
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for KeyPath {
    type Err = InvalidKeyPath;

    fn from_str(text: &str) -> Result<Self, InvalidKeyPath> {
        let invalid = |reason| InvalidKeyPath { text: text.to_owned(), reason };
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() || steps.is_empty() {
            if rest.starts_with("[\"") {
                let mut strings =
                    serde_json::Deserializer::from_str(&rest[1..]).into_iter::<String>();
                let key = strings
                    .next()
                    .and_then(Result::ok)
                    .ok_or_else(|| invalid("a quoted key does not end"))?;
                let after = &rest[1 + strings.byte_offset()..];
                rest =
                    after.strip_prefix(']').ok_or_else(|| invalid("a bracket does not close"))?;
                steps.push(Step::Key(key));
            } else if let Some(inside) = rest.strip_prefix('[') {
                let (index, after) =
                    inside.split_once(']').ok_or_else(|| invalid("a bracket does not close"))?;
                let index = index.parse().map_err(|_| invalid("an index is no number"))?;
                rest = after;
                steps.push(Step::Index(index));
            } else {
                let keyed = if steps.is_empty() {
                    rest
                } else {
                    rest.strip_prefix('.').ok_or_else(|| invalid("a dot is missing"))?
                };
                let end = keyed.find(['.', '[']).unwrap_or(keyed.len());
                if end == 0 {
                    return Err(invalid("a key is empty"));
                }
                steps.push(Step::Key(keyed[..end].to_owned()));
                rest = &keyed[end..];
            }
        }
        Ok(Self(steps))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            "[ -~äöü]{0,8}".prop_map(Step::Key),
            "[a-z]{1,8}".prop_map(Step::Key),
            (0_usize..99).prop_map(Step::Index)
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(steps in prop::collection::vec(step(), 1..5)) {
            let path = KeyPath(steps);
            prop_assert_eq!(path.to_string().parse::<KeyPath>(), Ok(path));
        }

        #[test]
        fn no_text_panics(text in ".{0,20}") {
            let _ = text.parse::<KeyPath>();
        }
    }

    #[test]
    fn malformed_paths_are_refused() {
        for bad in ["", ".", "a.", "a..b", "a[", "a[x]", "a[0]b", "a[\"b", "[\"b\""] {
            assert!(bad.parse::<KeyPath>().is_err(), "{bad}");
        }
    }
}
