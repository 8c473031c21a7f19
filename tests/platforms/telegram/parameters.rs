//! What a call was given, however it was written: JSON, a form, multipart, or the query.

use std::collections::BTreeMap;

use serde_json::Value;

use super::method::Method;
use super::multipart;
use super::server::bad_request;
use crate::platforms::api::{Call, Refusal};

/// A file that came with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Upload {
    pub name: Option<String>,
    pub bytes: Vec<u8>,
}

/// A file that a call speaks of.
#[derive(Debug)]
pub(super) enum Given {
    Upload(Upload),
    /// A file's id, or an address.
    Reference(String),
}

/// The parameters of a call.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    values: BTreeMap<String, Value>,
    files: BTreeMap<String, Upload>,
}

impl Parameters {
    /// Reads them; the Bot API documents every one of them.
    pub(super) fn read(method: Method, call: &Call) -> Result<Self, Refusal> {
        let mut read = Self::default();
        let content_type = call.header("content-type");
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        for (name, value) in &call.query {
            read.values.insert(name.clone(), value.clone().into());
        }
        match kind {
            "application/json" => {
                let Value::Object(fields) = &call.body else {
                    return Err(bad_request("can't parse request JSON object"));
                };
                let given = fields.iter().filter(|(_, value)| !value.is_null());
                read.values.extend(given.map(|(name, value)| (name.clone(), value.clone())));
            }
            "application/x-www-form-urlencoded" => {
                let form = url::form_urlencoded::parse(&call.bytes).into_owned();
                read.values.extend(form.map(|(name, value)| (name, value.into())));
            }
            "multipart/form-data" => {
                let fields = multipart::fields(content_type, &call.bytes);
                for field in fields.ok_or_else(|| bad_request("can't parse multipart body"))? {
                    if field.file_name.is_some() {
                        let upload = Upload { name: field.file_name, bytes: field.bytes };
                        read.files.insert(field.name, upload);
                    } else {
                        let text = String::from_utf8_lossy(&field.bytes).into_owned();
                        read.values.insert(field.name, text.into());
                    }
                }
            }
            "" if call.bytes.is_empty() => {}
            other => return Err(bad_request(format!("unsupported content-type {other:?}"))),
        }
        match read.values.keys().find(|name| !method.takes(name)) {
            Some(unknown) => Err(bad_request(format!("{method:?} takes no {unknown}"))),
            None => Ok(read),
        }
    }

    /// Those of a call in JSON, taken as they are.
    pub(super) fn of(call: &Value) -> Self {
        let fields = call.as_object().into_iter().flatten();
        let values = fields.map(|(name, value)| (name.clone(), value.clone())).collect();
        Self { values, files: BTreeMap::new() }
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// A whole number, as one or as a text.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// A number, as one or as a text.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.text(name)?.trim().parse().ok()
    }

    /// A truth value, as one or as a text.
    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.text(name).as_deref(), Some("true" | "True" | "1"))
    }

    /// An object or a list, as one or as a text.
    pub(super) fn json(&self, name: &str) -> Option<Value> {
        match self.values.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            Value::Null => None,
            other => Some(other.clone()),
        }
    }

    /// A file: uploaded, or referred to by `attach://`, by its id, or by an address.
    pub(super) fn file(&self, name: &str) -> Option<Given> {
        if let Some(upload) = self.files.get(name) {
            return Some(Given::Upload(upload.clone()));
        }
        self.attached(&self.text(name)?)
    }

    /// A file that a value refers to.
    pub(super) fn attached(&self, reference: &str) -> Option<Given> {
        match reference.strip_prefix("attach://") {
            Some(name) => self.files.get(name).cloned().map(Given::Upload),
            None => Some(Given::Reference(reference.to_owned())),
        }
    }
}
