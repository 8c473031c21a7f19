//! The JSON that the host's JavaScript and this crate exchange.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use ocg_core::admit::{DmPolicy, SenderPolicy};
use ocg_core::channel::{Account, ChannelTraits};
use ocg_core::deliver::TextLimit;
use ocg_core::gateway::{Admission, StatusPatch};
use ocg_core::message::{
    AccountKey, Chat, ChatKind, InboundMedia, InboundMessage, Quote, ReplyStyle, Sender,
};
use ocg_core::reply::{ReplyKind, ReplyPayload, TurnOutcome};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::manifest::SetupField;

/// What a plugin offers, told by `plugin.load`.
#[derive(Debug, Deserialize)]
pub(super) struct LoadedPlugin {
    pub(super) channels: Vec<LoadedChannel>,
}

/// One channel of a plugin.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoadedChannel {
    pub(super) id: String,
    text_limit: Option<usize>,
    text_limit_bytes: Option<usize>,
    block_min_chars: Option<usize>,
    block_idle_ms: Option<u64>,
    whole_answers: bool,
    /// Paths of settings outside its section for which it wants to be restarted.
    #[serde(default)]
    pub(super) reload_prefixes: Vec<String>,
    pub(super) can_send: bool,
    pub(super) login: Option<LoginKind>,
}

/// How a channel logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LoginKind {
    /// A terminal login of the plugin's own, which reads standard input.
    Terminal,
    /// A QR code to scan.
    Qr,
    /// A setup wizard that asks questions.
    Wizard,
}

impl LoadedChannel {
    pub(super) fn traits(&self) -> ChannelTraits {
        let default = ChannelTraits::default();
        ChannelTraits {
            text_limit: TextLimit {
                units: self.text_limit.unwrap_or(default.text_limit.units),
                bytes: self.text_limit_bytes,
            },
            block_min_chars: self.block_min_chars.unwrap_or(default.block_min_chars),
            block_idle: self.block_idle_ms.map(Duration::from_millis),
            whole_answers: self.whole_answers,
        }
    }
}

/// One account, told by `accounts.list`.
#[derive(Debug, Deserialize)]
pub(super) struct ListedAccount {
    id: String,
    name: Option<String>,
    enabled: bool,
    blocked: Option<String>,
}

impl From<ListedAccount> for Account {
    fn from(listed: ListedAccount) -> Self {
        let ListedAccount { id, name, enabled, blocked } = listed;
        Self { id, name, enabled, blocked }
    }
}

/// A message that a plugin hands over with `turn.submit`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubmittedTurn {
    pub(super) turn: u64,
    channel: String,
    account: String,
    session_key: String,
    message_id: Option<String>,
    from: String,
    chat: SubmittedChat,
    sender: SubmittedSender,
    text: String,
    quote: Option<SubmittedQuote>,
    media: Vec<SubmittedMedia>,
    blocks: bool,
    live_draft: bool,
    policy: Option<AnnouncedPolicy>,
}

/// Who may write in direct chats, as the plugin's `security.resolveDmPolicy` says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnnouncedPolicy {
    pub(super) dm_policy: AnnouncedDmPolicy,
    pub(super) allow_from: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AnnouncedDmPolicy {
    Open,
    Allowlist,
    Pairing,
    Disabled,
}

impl From<AnnouncedDmPolicy> for DmPolicy {
    fn from(policy: AnnouncedDmPolicy) -> Self {
        match policy {
            AnnouncedDmPolicy::Open => Self::Open,
            AnnouncedDmPolicy::Allowlist => Self::Allowlist,
            AnnouncedDmPolicy::Pairing => Self::Pairing,
            AnnouncedDmPolicy::Disabled => Self::Disabled,
        }
    }
}

/// An account, as a host call names it.
#[derive(Debug, Deserialize)]
pub(super) struct AccountRef {
    channel: String,
    account: String,
}

impl AccountRef {
    pub(super) fn key(&self) -> AccountKey {
        AccountKey::new(&self.channel, &self.account)
    }
}

/// A sender who asks to be let in.
#[derive(Debug, Deserialize)]
pub(super) struct PairingAsked {
    #[serde(flatten)]
    pub(super) account: AccountRef,
    pub(super) sender: String,
    pub(super) meta: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct SubmittedChat {
    kind: SubmittedChatKind,
    id: String,
    thread: Option<String>,
    label: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SubmittedChatKind {
    Direct,
    Group,
    Channel,
}

#[derive(Debug, Deserialize)]
struct SubmittedSender {
    id: String,
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct SubmittedQuote {
    text: String,
    sender: Option<String>,
}

#[derive(Debug, Deserialize)]
struct SubmittedMedia {
    path: PathBuf,
    mime: String,
    name: Option<String>,
}

impl SubmittedTurn {
    pub(super) fn origin(&self) -> AccountKey {
        AccountKey::new(&self.channel, &self.account)
    }

    pub(super) fn take_announced_policy(&mut self) -> Option<AnnouncedPolicy> {
        self.policy.take()
    }

    pub(super) fn into_message(self, policy: SenderPolicy) -> InboundMessage {
        InboundMessage {
            origin: self.origin(),
            session_key: self.session_key,
            message_id: self.message_id,
            from: self.from,
            chat: Chat {
                kind: match self.chat.kind {
                    SubmittedChatKind::Direct => ChatKind::Direct,
                    SubmittedChatKind::Group => ChatKind::Group,
                    SubmittedChatKind::Channel => ChatKind::Channel,
                },
                id: self.chat.id,
                thread: self.chat.thread,
                label: self.chat.label,
            },
            sender: Sender { id: self.sender.id, name: self.sender.name },
            text: self.text,
            quote: self.quote.map(|quote| Quote { text: quote.text, sender: quote.sender }),
            media: self
                .media
                .into_iter()
                .map(|file| InboundMedia { path: file.path, mime: file.mime, name: file.name })
                .collect(),
            style: ReplyStyle { blocks: self.blocks, live_draft: self.live_draft },
            policy,
        }
    }
}

/// What the gateway decided, as `turn.submit` answers it.
pub(super) fn admission(admission: &Admission) -> Value {
    match admission {
        Admission::Accepted => json!({ "kind": "accepted" }),
        Admission::Refused(reason) => json!({ "kind": "refused", "reason": reason }),
        Admission::PairingRequired => json!({ "kind": "pairing-required" }),
        Admission::Busy => json!({ "kind": "busy" }),
        Admission::Duplicate => json!({ "kind": "duplicate" }),
        Admission::Stopping => json!({ "kind": "stopping" }),
    }
}

/// A reply payload in the plugins' words (plugin contract §3.2).
pub(super) fn payload(payload: &ReplyPayload) -> Value {
    let mut object = json!({ "text": payload.text });
    if !payload.media.is_empty() {
        object["mediaUrls"] = json!(payload.media);
    }
    if payload.is_error {
        object["isError"] = json!(true);
    }
    object
}

pub(super) fn kind(kind: ReplyKind) -> &'static str {
    match kind {
        ReplyKind::Block => "block",
        ReplyKind::Final => "final",
    }
}

pub(super) fn outcome(outcome: TurnOutcome) -> &'static str {
    match outcome {
        TurnOutcome::Answered => "answered",
        TurnOutcome::Silent => "silent",
        TurnOutcome::Failed => "failed",
        TurnOutcome::Deferred => "deferred",
        TurnOutcome::Cancelled => "cancelled",
    }
}

/// What `turn.deliver` answers.
#[derive(Debug, Deserialize)]
pub(super) struct DeliveryReport {
    pub(super) failed: Option<FailedDelivery>,
}

/// Why a plugin could not deliver.
#[derive(Debug, Deserialize)]
pub(super) struct FailedDelivery {
    pub(super) reason: String,
    pub(super) retryable: bool,
}

/// What `account.status` reports: the fields of the plugin's status patch that the gateway uses.
#[derive(Debug, Deserialize)]
pub(super) struct ReportedStatus {
    pub(super) channel: String,
    pub(super) account: String,
    patch: PluginStatus,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PluginStatus {
    running: Option<bool>,
    connected: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    last_error: Option<Option<String>>,
    last_inbound_at: Option<f64>,
    terminal_disconnect: Option<bool>,
}

/// Tells a field that is null from one that is absent.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

impl ReportedStatus {
    pub(super) fn key(&self) -> AccountKey {
        AccountKey::new(&self.channel, &self.account)
    }

    pub(super) fn patch(&self) -> StatusPatch {
        let status = &self.patch;
        StatusPatch {
            connected: status.connected.or(status.running),
            last_error: status.last_error.clone(),
            last_inbound: status
                .last_inbound_at
                .filter(|ms| ms.is_finite() && *ms >= 0.0)
                .map(|ms| UNIX_EPOCH + Duration::from_millis(ms as u64)),
            terminal: status.terminal_disconnect,
        }
    }
}

/// What `login.run` answers.
#[derive(Debug, Deserialize)]
pub(super) struct LoginReport {
    pub(super) connected: bool,
    pub(super) message: String,
    pub(super) account: Option<String>,
}

/// A value that `setup.fields` tells of.
#[derive(Debug, Deserialize)]
pub(super) struct DescribedField {
    key: String,
    kind: String,
    sensitive: bool,
    description: Option<String>,
}

impl From<DescribedField> for SetupField {
    fn from(field: DescribedField) -> Self {
        let DescribedField { key, kind, sensitive, description } = field;
        Self { key, kind, sensitive, description }
    }
}

/// What `setup.apply` answers.
#[derive(Debug, Deserialize)]
pub(super) struct SetUpAccount {
    pub(super) account: String,
}

/// What `outbound.send` is asked.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OutboundRequest<'a> {
    pub(super) channel: &'a str,
    pub(super) account: &'a str,
    pub(super) to: &'a str,
    pub(super) thread: Option<&'a str>,
    pub(super) reply_to: Option<&'a str>,
    pub(super) text: &'a str,
    pub(super) media: &'a [String],
}

/// What `outbound.send` answers.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OutboundReceipt {
    pub(super) message_id: Option<String>,
}
