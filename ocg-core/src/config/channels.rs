//! What the configuration says of channels and accounts.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use super::agent::Layer;
use super::model::{ChannelSection, ConfigFile};
use super::pick::Picker;
use super::{Config, ConfigError, KeyPath, Source, Sourced};
use crate::admit::SenderPolicy;

/// The sections of the channels, and the settings above them.
#[derive(Clone, Default)]
pub(super) struct ChannelLayers {
    reply_chunk_size: Option<Sourced<usize>>,
    block_streaming: Option<Sourced<bool>>,
    channels: BTreeMap<String, Channel>,
    nothing: Layer,
}

#[derive(Clone)]
struct Channel {
    section: ChannelSection,
    layer: Layer,
    accounts: BTreeMap<String, Layer>,
}

impl ChannelLayers {
    /// Reads the sections. Secrets of what is switched off need not exist.
    pub(super) fn pick(pick: &mut Picker<'_>, file: &ConfigFile) -> Result<Self, ConfigError> {
        let reply_chunk_size =
            pick.optional("replyChunkSize", None, file.reply_chunk_size.map(NonZeroUsize::get));
        let block_streaming = pick.optional("blockStreaming", None, file.block_streaming);
        let mut channels = BTreeMap::new();
        for (id, section) in &file.channels {
            channels.insert(id.clone(), Channel::pick(pick, id, section)?);
        }
        Ok(Self { reply_chunk_size, block_streaming, channels, nothing: Layer::default() })
    }

    /// The layers of an account and of its channel.
    pub(super) fn agent_layers(&self, channel: &str, account: &str) -> (&Layer, &Layer) {
        match self.channels.get(channel) {
            Some(channel) => {
                (channel.accounts.get(account).unwrap_or(&self.nothing), &channel.layer)
            }
            None => (&self.nothing, &self.nothing),
        }
    }

    /// The accounts that have a section.
    pub(super) fn accounts(&self, channel: &str) -> impl Iterator<Item = &str> {
        let accounts = self.channels.get(channel).and_then(|channel| channel.section.accounts());
        accounts.into_iter().flatten().map(|(id, _)| id.as_str())
    }

    fn section(&self, channel: &str) -> Option<&ChannelSection> {
        self.channels.get(channel).map(|channel| &channel.section)
    }

    fn account(&self, channel: &str, account: &str) -> Option<&ChannelSection> {
        self.section(channel)?.accounts()?.get(account).map(|section| &section.0)
    }
}

impl ChannelSection {
    fn accounts(&self) -> Option<&BTreeMap<String, super::field::Object<Self>>> {
        self.accounts.as_ref()
    }

    fn is_enabled(&self) -> bool {
        self.enabled.unwrap_or(true)
    }
}

impl Channel {
    fn pick(pick: &Picker<'_>, id: &str, section: &ChannelSection) -> Result<Self, ConfigError> {
        let mut channel =
            Self { section: section.clone(), layer: Layer::default(), accounts: BTreeMap::new() };
        if !section.is_enabled() {
            return Ok(channel);
        }
        let at = KeyPath::of(["channels", id]);
        let source = Source::Channel { channel: id.to_owned() };
        channel.layer = Layer::of_channel(pick, &at, section, source)?;
        for (name, account) in section.accounts().into_iter().flatten() {
            if account.is_enabled() {
                let at = at.key("accounts").key(name);
                let source = Source::Account { channel: id.to_owned(), account: name.clone() };
                let layer = Layer::of_channel(pick, &at, account, source)?;
                channel.accounts.insert(name.clone(), layer);
            }
        }
        Ok(channel)
    }
}

impl Config {
    /// The channels that have a section, those that are switched off included.
    pub fn channel_ids(&self) -> impl Iterator<Item = &str> {
        self.channels.channels.keys().map(String::as_str)
    }

    /// The accounts of a channel that have a section. A plugin may know of more.
    pub fn account_ids(&self, channel: &str) -> impl Iterator<Item = &str> {
        self.channels.accounts(channel)
    }

    /// Whether a channel is to be started: it has a section that does not say `enabled: false`.
    pub fn channel_enabled(&self, channel: &str) -> bool {
        self.channels.section(channel).is_some_and(ChannelSection::is_enabled)
    }

    /// Whether an account is to be started. One without a section follows its channel.
    pub fn account_enabled(&self, channel: &str, account: &str) -> bool {
        let account = self.channels.account(channel, account);
        self.channel_enabled(channel) && account.is_none_or(ChannelSection::is_enabled)
    }

    /// Who may talk to the agent through this account; the account's keys go before the
    /// channel's. The default is everybody.
    pub fn sender_policy(&self, channel: &str, account: &str) -> SenderPolicy {
        let account = self.channels.account(channel, account);
        let sections = [account, self.channels.section(channel)];
        let sections = || sections.into_iter().flatten();
        let ids = |list: &Vec<super::field::SenderId>| list.iter().map(|id| id.0.clone()).collect();
        SenderPolicy {
            dm: sections().find_map(|section| section.dm_policy).unwrap_or_default(),
            allow_from: sections()
                .find_map(|section| section.allow_from.as_ref())
                .map(ids)
                .unwrap_or_default(),
            group: sections().find_map(|section| section.group_policy).unwrap_or_default(),
            group_allow_from: sections()
                .find_map(|section| section.group_allow_from.as_ref())
                .map(ids)
                .unwrap_or_default(),
        }
    }

    /// Longest message in characters, where it is configured.
    pub fn reply_chunk_size(&self, channel: &str, account: &str) -> Option<Sourced<usize>> {
        self.layered(channel, account, |section| section.reply_chunk_size.map(NonZeroUsize::get))
            .or_else(|| self.channels.reply_chunk_size.clone())
    }

    /// Whether finished parts of an answer are sent early, where it is configured.
    pub fn block_streaming(&self, channel: &str, account: &str) -> Option<Sourced<bool>> {
        self.layered(channel, account, |section| section.block_streaming)
            .or_else(|| self.channels.block_streaming.clone())
    }

    fn layered<T>(
        &self,
        channel: &str,
        account: &str,
        get: impl Fn(&ChannelSection) -> Option<T>,
    ) -> Option<Sourced<T>> {
        let of_account = self.channels.account(channel, account).and_then(&get).map(|value| {
            let (channel, account) = (channel.to_owned(), account.to_owned());
            Sourced::new(value, Source::Account { channel, account })
        });
        of_account.or_else(|| {
            let value = self.channels.section(channel).and_then(&get)?;
            Some(Sourced::new(value, Source::Channel { channel: channel.to_owned() }))
        })
    }
}
