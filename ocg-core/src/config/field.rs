//! Types of settings that check themselves when they are read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use reqwest::header::HeaderName;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::ExposeSecret;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use url::Url;

use super::SecretRef;
use crate::admit::{DmPolicy, GroupPolicy};
use crate::http::ProxyUrl;

/// A text that is parsed when it is read.
pub(super) trait TextField: Sized {
    /// What the text must be, for error messages and the schema.
    const EXPECTED: &'static str;

    fn parse(text: &str) -> Option<Self>;
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: TextField> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Other("text"), &self))
    }
}

macro_rules! text_field {
    ($type:ty) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor(PhantomData))
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "description": <$type as TextField>::EXPECTED })
            }
        }
    };
}

/// An `http://` or `https://` URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HttpUrl(pub Url);

impl TextField for HttpUrl {
    const EXPECTED: &'static str = "an http:// or https:// URL";

    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(Self(url))
    }
}
text_field!(HttpUrl);

/// Name of an HTTP header.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HeaderKey(pub String);

impl TextField for HeaderKey {
    const EXPECTED: &'static str = "the name of an HTTP header (letters, digits and hyphens)";

    fn parse(text: &str) -> Option<Self> {
        HeaderName::from_bytes(text.as_bytes()).ok().map(|_| Self(text.to_owned()))
    }
}
text_field!(HeaderKey);

/// Extra request headers; each value may be a secret.
pub(super) type Headers = BTreeMap<HeaderKey, SecretRef>;

/// Which proxy a client uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ProxyChoice {
    /// None, whatever the environment says.
    Direct,
    /// This one.
    Through(ProxyUrl),
}

impl TextField for ProxyChoice {
    const EXPECTED: &'static str =
        "a proxy such as http://host:3128 or socks5://user:password@host:1080, or \"direct\"";

    fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "direct" | "" => Some(Self::Direct),
            address => address.parse().ok().map(Self::Through),
        }
    }
}

/// A proxy, which may be a secret because of its password.
#[derive(Debug, Clone)]
pub(super) struct ProxyField(pub SecretRef);

impl<'de> Deserialize<'de> for ProxyField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let secret = SecretRef::deserialize(deserializer)?;
        match &secret {
            SecretRef::Literal(text) if ProxyChoice::parse(text.expose_secret()).is_none() => {
                let found = Unexpected::Other("text");
                Err(D::Error::invalid_value(found, &ProxyChoice::EXPECTED))
            }
            _ => Ok(Self(secret)),
        }
    }
}

impl JsonSchema for ProxyField {
    fn schema_name() -> Cow<'static, str> {
        SecretRef::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        SecretRef::json_schema(generator)
    }
}

/// A section. Without it, serde would take a list for a section of defaults.
#[derive(Debug, Clone, Default)]
pub(super) struct Object<T>(pub T);

impl<T> Deref for Object<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Object<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// What the operator grants a plugin of one kind of access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// `false`: nothing, not even the defaults.
    Nothing,
    /// The defaults and these.
    Also(Vec<String>),
}

impl Default for Grant {
    fn default() -> Self {
        Self::Also(Vec::new())
    }
}

impl Grant {
    /// What is granted beside the defaults; nothing when all is taken away.
    pub fn entries(&self) -> &[String] {
        match self {
            Self::Also(entries) => entries,
            Self::Nothing => &[],
        }
    }
}

struct GrantVisitor;

impl<'de> Visitor<'de> for GrantVisitor {
    type Value = Grant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts, or false")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Grant, E> {
        if value {
            return Err(E::invalid_value(Unexpected::Bool(true), &self));
        }
        Ok(Grant::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Grant, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Grant::Also)
    }
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GrantVisitor)
    }
}

impl JsonSchema for Grant {
    fn schema_name() -> Cow<'static, str> {
        "Grant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Granted beside the defaults, or false for nothing at all.",
            "anyOf": [{ "type": "array", "items": { "type": "string" } }, { "const": false }]
        })
    }
}

impl TextField for DmPolicy {
    const EXPECTED: &'static str = "\"open\", \"allowlist\", \"pairing\" or \"disabled\"";

    fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "allowlist" => Some(Self::Allowlist),
            "pairing" => Some(Self::Pairing),
            "disabled" => Some(Self::Disabled),
            _ => None,
        }
    }
}
text_field!(DmPolicy);

impl TextField for GroupPolicy {
    const EXPECTED: &'static str = "\"open\", \"allowlist\" or \"disabled\"";

    fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "allowlist" => Some(Self::Allowlist),
            "disabled" => Some(Self::Disabled),
            _ => None,
        }
    }
}
text_field!(GroupPolicy);

/// Which direct chats share a conversation. The key of the conversation is made where the plugins'
/// configuration is read; here the value is only checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DmScope;

impl TextField for DmScope {
    const EXPECTED: &'static str =
        "\"main\", \"per-peer\", \"per-channel-peer\" or \"per-account-channel-peer\"";

    fn parse(text: &str) -> Option<Self> {
        let known = ["main", "per-peer", "per-channel-peer", "per-account-channel-peer"];
        known.contains(&text).then_some(Self)
    }
}
text_field!(DmScope);

/// A section that only plugins read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PassedOn;

impl<'de> Deserialize<'de> for PassedOn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Object::<serde_json::Map<String, serde_json::Value>>::deserialize(deserializer)?;
        Ok(Self)
    }
}

impl JsonSchema for PassedOn {
    fn schema_name() -> Cow<'static, str> {
        "PassedOn".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

/// Id of a chat user: a text, or a number as some platforms write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SenderId(pub String);

struct SenderVisitor;

impl Visitor<'_> for SenderVisitor {
    type Value = SenderId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the id of a chat user, a text or a number")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<SenderId, E> {
        Ok(SenderId(id.to_owned()))
    }

    fn visit_i64<E: Error>(self, id: i64) -> Result<SenderId, E> {
        Ok(SenderId(id.to_string()))
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<SenderId, E> {
        Ok(SenderId(id.to_string()))
    }
}

impl<'de> Deserialize<'de> for SenderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SenderVisitor)
    }
}

impl JsonSchema for SenderId {
    fn schema_name() -> Cow<'static, str> {
        "SenderId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer"] })
    }
}
