//! One turn: from an admitted message to a settled reply.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::callbacks::CallbackDesk;
use super::crash_point::{AFTER_FORWARD, crash_point};
use super::notices;
use super::recorded_sink::RecordedSink;
use super::recovery::Resumed;
use super::reply_desk::ReplyDesk;
use super::reply_writer::{ReplyWriter, WrittenReply};
use super::settings::{AccountSettings, GatewaySettings};
use super::sink::TurnSink;
use super::supervise::panic_text;
use super::turn_log::TurnLog;
use crate::deliver::{BlockBuilder, Courier, Undeliverable};
use crate::dispatch::{
    AgentError, AgentErrorKind, DispatchRequest, Dispatched, Dispatcher, HistoryTurn,
};
use crate::message::{AccountKey, InboundMessage, ReplyStyle};
use crate::reply::{ReplyKind, ReplyPayload, ReplySink, TurnOutcome};
use crate::store::{Store, TurnId};

/// Number of the streamed answer among a turn's replies.
const STREAMED: u32 = 0;
/// Pieces of an answer that may wait for the chat; then the agent is slowed down.
const EVENTS: usize = 64;

/// Runs turns.
pub(super) struct TurnRunner {
    dispatcher: Arc<dyn Dispatcher>,
    settings: GatewaySettings,
    replies: Arc<ReplyDesk>,
    callbacks: Arc<CallbackDesk>,
    store: Arc<dyn Store>,
    log: TurnLog,
}

impl TurnRunner {
    pub(super) fn new(
        settings: GatewaySettings,
        dispatcher: Arc<dyn Dispatcher>,
        replies: Arc<ReplyDesk>,
        callbacks: Arc<CallbackDesk>,
        store: Arc<dyn Store>,
    ) -> Self {
        Self {
            dispatcher,
            replies,
            callbacks,
            store,
            log: TurnLog { verbose: settings.verbose },
            settings,
        }
    }

    pub(super) fn agent_retries(&self) -> u64 {
        self.dispatcher.retries()
    }

    pub(super) fn reply_limit(&self, account: &AccountKey) -> Option<usize> {
        (self.settings.accounts)(account).reply_limit
    }

    /// Runs one turn to its end and settles its sink, whatever happens on the way.
    pub(super) async fn run(
        &self,
        turn: TurnId,
        message: InboundMessage,
        mut sink: TurnSink,
        resumed: Resumed,
        cancel: &CancellationToken,
    ) -> TurnOutcome {
        let message = Arc::new(message);
        if resumed.outdated {
            sink.tell(notices::OUTDATED.into()).await;
            sink.settle(TurnOutcome::Failed).await;
            return TurnOutcome::Failed;
        }
        let account = (self.settings.accounts)(&message.origin);
        self.log.inbound(&message, &account.agent);
        if account.agent.asynchronous {
            return self.forward(turn, message, &account, sink, cancel).await;
        }
        let conversed = self.converse(turn, &message, &account, &mut sink, resumed, cancel);
        let outcome = match AssertUnwindSafe(conversed).catch_unwind().await {
            Ok(outcome) => outcome,
            Err(panic) => {
                tracing::error!(target: "ocg::turn", account = %message.origin, reason = panic_text(&*panic), "the turn panicked");
                sink.tell(notices::INTERNAL.into()).await;
                TurnOutcome::Failed
            }
        };
        sink.typing(false);
        self.replies.measures().turn_ended(&message, &sink, outcome);
        sink.settle(outcome).await;
        outcome
    }

    /// Hands a message to an agent that calls back. The turn's sink is kept for that.
    async fn forward(
        &self,
        turn: TurnId,
        message: Arc<InboundMessage>,
        account: &AccountSettings,
        mut sink: TurnSink,
        cancel: &CancellationToken,
    ) -> TurnOutcome {
        sink.typing(true);
        let callback = match self.callbacks.open(turn, Arc::clone(&message), sink).await {
            Ok(Some(callback)) => callback,
            Ok(None) => return TurnOutcome::Deferred,
            Err((error, sink)) => return self.not_forwarded(&message, &error, sink).await,
        };
        let request = DispatchRequest {
            turn,
            message: Arc::clone(&message),
            agent: Arc::clone(&account.agent),
            history: self.recall(&message, account).await,
            callback: Some(callback),
        };
        let (events, _) = mpsc::channel(1);
        let asked = AssertUnwindSafe(self.dispatcher.dispatch(request, events)).catch_unwind();
        let asked = tokio::select! {
            asked = asked => Some(asked),
            // An agent may call back before it answers the forward, or answer it never.
            () = self.callbacks.closed(turn) => return TurnOutcome::Deferred,
            () = cancel.cancelled() => None,
        };
        let error = match asked {
            Some(Ok(Ok(_))) => {
                crash_point(AFTER_FORWARD);
                self.callbacks.forwarded(turn).await;
                tracing::info!(target: "ocg::turn", account = %message.origin, session = %message.session_key, "the agent has accepted the message and will call back");
                return TurnOutcome::Deferred;
            }
            Some(Ok(Err(error))) => Some(error),
            Some(Err(panic)) => Some(AgentError::new(
                AgentErrorKind::Other,
                format!("the dispatcher panicked: {}", panic_text(&*panic)),
            )),
            None => None,
        };
        let Some(mut sink) = self.callbacks.withdraw(turn).await else {
            return TurnOutcome::Deferred;
        };
        match error {
            Some(error) => self.not_forwarded(&message, &error, sink).await,
            None => {
                self.excuse(&mut sink).await;
                sink.typing(false);
                sink.settle(TurnOutcome::Cancelled).await;
                TurnOutcome::Cancelled
            }
        }
    }

    /// Tells everybody that the agent did not take a message.
    async fn not_forwarded(
        &self,
        message: &InboundMessage,
        error: &AgentError,
        mut sink: TurnSink,
    ) -> TurnOutcome {
        let (account, session) = (&message.origin, &message.session_key);
        tracing::error!(target: "ocg::turn", %account, %session, kind = ?error.kind, %error, "the agent did not take the message");
        sink.tell(notices::agent_error(error)).await;
        sink.typing(false);
        self.replies.measures().turn_ended(message, &sink, TurnOutcome::Failed);
        sink.settle(TurnOutcome::Failed).await;
        TurnOutcome::Failed
    }

    async fn converse(
        &self,
        turn: TurnId,
        message: &Arc<InboundMessage>,
        account: &AccountSettings,
        sink: &mut TurnSink,
        resumed: Resumed,
        cancel: &CancellationToken,
    ) -> TurnOutcome {
        if self.replies.untold().take(&message.session_key)
            && !sink.tell(notices::EARLIER_LOST.into()).await
        {
            self.replies.untold().remember(&message.session_key);
        }
        let answered = {
            let sink = sink.open();
            sink.typing(true);
            let (store, meter) = (&self.store, self.replies.measures().of(message));
            let mut sink = RecordedSink::new(sink, store, meter, turn, STREAMED, resumed.parts);
            let answer = async {
                match sink.whole_reply() {
                    Some(parts) => self.finish_reply(parts, &mut sink).await,
                    None => self.answer(turn, message, account, &mut sink).await,
                }
            };
            cancel.run_until_cancelled(answer).await
        };
        match answered {
            Some((outcome, None)) => outcome,
            Some((outcome, Some(notice))) => {
                if !sink.tell(notice).await {
                    self.replies.untold().remember(&message.session_key);
                }
                outcome
            }
            None => {
                self.excuse(sink).await;
                TurnOutcome::Cancelled
            }
        }
    }

    /// Asks the agent and delivers its answer; also gives what the user must be told after it.
    async fn answer(
        &self,
        turn: TurnId,
        message: &Arc<InboundMessage>,
        account: &AccountSettings,
        sink: &mut dyn ReplySink,
    ) -> (TurnOutcome, Option<String>) {
        let request = DispatchRequest {
            turn,
            message: Arc::clone(message),
            agent: Arc::clone(&account.agent),
            history: self.recall(message, account).await,
            callback: None,
        };
        let traits = self.replies.traits(message);
        let blocks = message.style.blocks && account.block_streaming;
        let style = ReplyStyle { blocks, ..message.style };
        let mut writer = ReplyWriter::new(
            BlockBuilder::new(self.replies.rules(account, &style, &traits)),
            Courier::new(sink),
            self.replies.shelf(),
            style.live_draft.then_some(self.settings.draft_interval),
            traits.block_idle.filter(|_| style.blocks),
        );
        let began = Instant::now();
        let asked = self.ask(request, &mut writer).await;
        if let Some(first) = writer.first_event() {
            self.replies.measures().of(message).first_token(first - began);
        }
        let finished = match &asked {
            Ok(asked) => writer.finish(asked.is_ok()).await,
            Err(Undeliverable) => Err(Undeliverable),
        };
        let reply = writer.into_reply();
        let told = self.judge(message, asked, finished, &reply);
        if !reply.text.trim().is_empty() || reply.delivered > 0 {
            self.log.outbound(&reply.text, reply.delivered);
        }
        if told.0 == TurnOutcome::Answered {
            let turn = HistoryTurn { user: message.text.clone(), assistant: reply.text };
            self.remember(message, account, turn).await;
        }
        told
    }

    /// Tells a user that the gateway stops; with a store that lasts, the message is answered after
    /// the next start and nothing need be said.
    async fn excuse(&self, sink: &mut TurnSink) {
        if !self.store.outlives_process() {
            sink.tell(notices::STOPPED.into()).await;
        }
    }

    async fn recall(
        &self,
        message: &InboundMessage,
        account: &AccountSettings,
    ) -> Vec<HistoryTurn> {
        if account.history_turns == 0 {
            return Vec::new();
        }
        let recalled = self.store.history(&message.session_key, account.history_turns).await;
        recalled.unwrap_or_else(|error| {
            tracing::error!(target: "ocg::store", %error, "the session's history cannot be read; the agent is asked without it");
            Vec::new()
        })
    }

    async fn remember(
        &self,
        message: &InboundMessage,
        account: &AccountSettings,
        turn: HistoryTurn,
    ) {
        if account.history_turns == 0 {
            return;
        }
        let recorded = self.store.record(&message.session_key, turn, account.history_turns).await;
        if let Err(error) = recorded {
            tracing::error!(target: "ocg::store", %error, "a turn is missing in the session's history");
        }
    }

    /// Delivers a reply that was complete before a restart.
    async fn finish_reply(
        &self,
        parts: Vec<(ReplyPayload, ReplyKind)>,
        sink: &mut RecordedSink<'_>,
    ) -> (TurnOutcome, Option<String>) {
        let mut courier = Courier::new(sink);
        let mut text = String::new();
        for (payload, kind) in parts {
            text.push_str(&payload.text);
            if courier.carry(payload, kind).await.is_err() {
                break;
            }
        }
        self.log.outbound(&text, courier.delivered());
        if courier.lost() > 0 {
            (TurnOutcome::Failed, Some(notices::PARTLY_LOST.into()))
        } else {
            (TurnOutcome::Answered, None)
        }
    }

    /// Asks the agent while its answer is written to the chat.
    async fn ask(
        &self,
        request: DispatchRequest,
        writer: &mut ReplyWriter<'_>,
    ) -> Result<Result<Dispatched, AgentError>, Undeliverable> {
        let (events_in, events) = mpsc::channel(EVENTS);
        let done = CancellationToken::new();
        let asked = async {
            let asked = self.dispatcher.dispatch(request, events_in).await;
            // A dispatcher that keeps a sender somewhere does not keep the turn open.
            crash_point(AFTER_FORWARD);
            done.cancel();
            Ok(asked)
        };
        let (asked, ()) = tokio::try_join!(asked, writer.write(events, &done))?;
        Ok(asked)
    }

    /// The turn's outcome, logged, and what the user must still be told.
    fn judge(
        &self,
        message: &InboundMessage,
        asked: Result<Result<Dispatched, AgentError>, Undeliverable>,
        finished: Result<(), Undeliverable>,
        reply: &WrittenReply,
    ) -> (TurnOutcome, Option<String>) {
        let (account, session) = (&message.origin, &message.session_key);
        match (asked, finished) {
            (Err(error), _) | (_, Err(error)) => {
                tracing::error!(target: "ocg::turn", %account, %session, lost = reply.lost, "answer given up: {error}");
                (TurnOutcome::Failed, Some(notices::PARTLY_LOST.into()))
            }
            (Ok(Err(error)), _) => {
                tracing::error!(target: "ocg::turn", %account, %session, kind = ?error.kind, %error, "the agent failed");
                (TurnOutcome::Failed, Some(notices::agent_error(&error)))
            }
            (Ok(Ok(Dispatched::Deferred)), _) => (TurnOutcome::Deferred, None),
            (Ok(Ok(Dispatched::Answered)), _) if reply.lost > 0 => {
                tracing::error!(target: "ocg::turn", %account, %session, lost = reply.lost, "parts of the answer are lost");
                (TurnOutcome::Failed, Some(notices::PARTLY_LOST.into()))
            }
            (Ok(Ok(Dispatched::Answered)), _) if reply.delivered > 0 => {
                (TurnOutcome::Answered, None)
            }
            (Ok(Ok(Dispatched::Answered)), _) if reply.silenced => {
                tracing::info!(target: "ocg::turn", %account, %session, "the agent chose not to answer");
                (TurnOutcome::Silent, None)
            }
            (Ok(Ok(Dispatched::Answered)), _) => {
                tracing::warn!(target: "ocg::turn", %account, %session, "the agent gave an empty answer");
                (TurnOutcome::Failed, Some(notices::EMPTY.into()))
            }
        }
    }
}
