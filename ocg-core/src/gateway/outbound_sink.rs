//! The way back into a chat after the turn's own sink is gone: the channel's outbound adapter.

use std::sync::Arc;

use async_trait::async_trait;

use crate::channel::Channel;
use crate::message::InboundMessage;
use crate::reply::{DeliverError, ReplyKind, ReplyPayload, ReplySink};
use crate::store::outbound;

/// Sends what belongs to a turn that this process did not begin, or whose sink was given up.
pub(super) struct OutboundSink {
    pub(super) channel: Arc<dyn Channel>,
    pub(super) message: Arc<InboundMessage>,
}

#[async_trait]
impl ReplySink for OutboundSink {
    async fn deliver(&mut self, payload: ReplyPayload, _: ReplyKind) -> Result<(), DeliverError> {
        self.channel.send(outbound(&self.message, payload)).await.map(|_| ())
    }
}
