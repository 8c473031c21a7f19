//! Delivering whole replies: what an agent says in a callback goes the same way as a streamed
//! answer.

use std::sync::Arc;

use super::channels::Channels;
use super::measures::Measures;
use super::notices;
use super::recorded_sink::RecordedSink;
use super::reply_writer::ReplyWriter;
use super::settings::{AccountSettings, GatewaySettings};
use super::sink::TurnSink;
use super::turn_log::TurnLog;
use super::untold::Untold;
use crate::channel::ChannelTraits;
use crate::deliver::{BlockBuilder, BlockRules, Courier, MediaPolicy, MediaShelf};
use crate::dispatch::{HistoryTurn, ReplyEvent};
use crate::message::{InboundMessage, ReplyStyle};
use crate::reply::TurnOutcome;
use crate::store::{CallbackReply, Part, ReplyRef, Store};

/// Knows how replies are cut and delivered.
pub(super) struct ReplyDesk {
    settings: GatewaySettings,
    channels: Arc<Channels>,
    store: Arc<dyn Store>,
    measures: Arc<Measures>,
    shelf: MediaShelf,
    untold: Untold,
    log: TurnLog,
}

impl ReplyDesk {
    pub(super) fn new(
        settings: GatewaySettings,
        channels: Arc<Channels>,
        store: Arc<dyn Store>,
        measures: Arc<Measures>,
    ) -> Self {
        let folder = match &settings.state {
            Some(state) => state.outbound_media(),
            None => std::env::temp_dir().join("ocg-outbound"),
        };
        Self {
            channels,
            store,
            measures,
            shelf: MediaShelf::new(folder),
            untold: Untold::default(),
            log: TurnLog { verbose: settings.verbose },
            settings,
        }
    }

    /// What is measured of the channels.
    pub(super) fn measures(&self) -> &Measures {
        &self.measures
    }

    /// Chats that are to be told of an answer that did not get through.
    pub(super) fn untold(&self) -> &Untold {
        &self.untold
    }

    /// Where files lie until they are delivered.
    pub(super) fn shelf(&self) -> &MediaShelf {
        &self.shelf
    }

    /// Limits and preferences of the channel that the message came from.
    pub(super) fn traits(&self, message: &InboundMessage) -> ChannelTraits {
        let channel = self.channels.get(&message.origin.channel);
        channel.map(|channel| channel.traits()).unwrap_or_default()
    }

    /// How replies to this account are cut. The final answer takes the place of a live draft, so
    /// that the channel wants all of it at once.
    pub(super) fn rules(
        &self,
        account: &AccountSettings,
        style: &ReplyStyle,
        traits: &ChannelTraits,
    ) -> BlockRules {
        BlockRules {
            limit: traits.text_limit.at_most(account.reply_limit.unwrap_or(usize::MAX)),
            min_chars: style.blocks.then_some(traits.block_min_chars),
            whole: traits.whole_answers || (style.live_draft && !style.blocks),
            media: MediaPolicy { roots: self.settings.media_roots.clone() },
        }
    }

    /// Delivers one callback's reply, of which `earlier` may have been sent by an earlier process,
    /// and says how that went.
    pub(super) async fn deliver(
        &self,
        message: &InboundMessage,
        sink: &mut TurnSink,
        reference: ReplyRef,
        earlier: Vec<Part>,
        reply: CallbackReply,
    ) -> TurnOutcome {
        let account = (self.settings.accounts)(&message.origin);
        let style = ReplyStyle { blocks: false, ..message.style };
        let rules = self.rules(&account, &style, &self.traits(message));
        let (last, is_error) = (!reply.more, reply.is_error);
        let ReplyRef { turn, number } = reference;
        let meter = self.measures.of(message);
        let mut recorded =
            RecordedSink::new(sink.open(), &self.store, meter, turn, number, earlier);
        let mut writer = ReplyWriter::new(
            BlockBuilder::new(rules),
            Courier::new(&mut recorded),
            &self.shelf,
            None,
            None,
        );
        writer.reports_failure(is_error);
        let text = if is_error { notices::reported(&reply.text) } else { reply.text };
        writer.take(ReplyEvent::Delta(text));
        for reference in reply.media {
            writer.take(ReplyEvent::Media(reference));
        }
        let finished = writer.finish(last).await;
        let written = writer.into_reply();
        let (account_key, session) = (&message.origin, &message.session_key);
        if written.delivered > 0 {
            self.log.outbound(&written.text, written.delivered);
        }
        if finished.is_err() || written.lost > 0 {
            tracing::error!(target: "ocg::callback", account = %account_key, %session, lost = written.lost, "parts of a callback's reply are lost");
            if !sink.tell(notices::PARTLY_LOST.into()).await {
                self.untold.remember(session);
            }
            return TurnOutcome::Failed;
        }
        if written.delivered == 0 && last {
            if written.silenced {
                return TurnOutcome::Silent;
            }
            tracing::warn!(target: "ocg::callback", account = %account_key, %session, "the agent called back with an empty reply");
            sink.tell(notices::EMPTY.into()).await;
            return TurnOutcome::Failed;
        }
        if is_error {
            return TurnOutcome::Failed;
        }
        if account.history_turns > 0 {
            let turn = HistoryTurn { user: message.text.clone(), assistant: written.text };
            if let Err(error) = self.store.record(session, turn, account.history_turns).await {
                tracing::warn!(target: "ocg::callback", %session, %error, "the history lacks a turn");
            }
        }
        TurnOutcome::Answered
    }
}
