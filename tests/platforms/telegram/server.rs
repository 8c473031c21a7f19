//! One call's way through the fake.

use std::time::Duration;

use hyper::Method as Verb;
use serde_json::{Value, json};

use super::method::Method;
use super::parameters::Parameters;
use super::state::State;
use super::{command, draft, editing, forum, keyboard, limits, media, reaction, sending};
use super::{updates, webhook};
use crate::Watched;
use crate::http::{self, Reply};
use crate::platforms::api::{Api, Call, Calls, Refusal};

/// The HTTP side of the fake.
#[derive(Debug, Clone)]
pub(super) struct Service {
    pub state: Watched<State>,
    pub calls: Watched<Calls<Method>>,
}

/// A refusal with status 400.
pub(super) fn bad_request(reason: impl AsRef<str>) -> Refusal {
    Refusal::new(400, 400, format!("Bad Request: {}", reason.as_ref()))
}

/// A refusal of too many calls.
pub(super) fn flood(wait: Duration) -> Refusal {
    let seconds = wait.as_secs_f64().ceil() as u64;
    let reason = format!("Too Many Requests: retry after {seconds}");
    Refusal::new(429, 429, reason).retry_after(seconds)
}

impl Api for Service {
    type Endpoint = Method;

    fn endpoint(_: &str, verb: &Verb, path: &str) -> Option<Method> {
        Method::of(verb, path)
    }

    fn calls(&self) -> &Watched<Calls<Method>> {
        &self.calls
    }

    async fn act(&self, method: Method, call: Call) -> Result<Reply, Refusal> {
        let file = usize::from(method == Method::Download);
        let token = call.segment(file).strip_prefix("bot").unwrap_or_default();
        if self.state.read(|s| s.settings.token != token) {
            return Err(Refusal::new(401, 401, "Unauthorized"));
        }
        if method == Method::Download {
            return self.state.read(|s| media::download(s, call.parts.uri.path()));
        }
        let parameters = Parameters::read(method, &call)?;
        if method == Method::GetUpdates {
            let updates = updates::poll(&self.state, &parameters).await?;
            return Ok(done(&updates));
        }
        self.state.change(|s| act(s, method, &parameters)).map(|result| done(&result))
    }

    fn refused(refusal: &Refusal) -> Reply {
        let Refusal { status, reason, retry_after, .. } = refusal;
        let description = if *status == 404 { "Not Found" } else { reason };
        let mut body = json!({"ok": false, "error_code": status, "description": description});
        if let Some(seconds) = retry_after {
            body["parameters"] = json!({"retry_after": seconds});
        }
        http::json(*status, &body)
    }
}

fn done(result: &Value) -> Reply {
    http::json(200, &json!({"ok": true, "result": result}))
}

fn act(state: &mut State, method: Method, parameters: &Parameters) -> Result<Value, Refusal> {
    limits::admit(state, method, parameters)?;
    match method {
        Method::GetMe => Ok(state.settings.me()),
        Method::SetWebhook => webhook::set(state, parameters),
        Method::DeleteWebhook => Ok(webhook::delete(state, parameters)),
        Method::GetWebhookInfo => Ok(webhook::info(state)),
        Method::SendMessage => sending::message(state, parameters),
        Method::SendRichMessage => sending::rich_message(state, parameters),
        Method::SendPhoto => sending::file(state, parameters, "photo"),
        Method::SendDocument => sending::file(state, parameters, "document"),
        Method::SendVoice => sending::file(state, parameters, "voice"),
        Method::SendAudio => sending::file(state, parameters, "audio"),
        Method::SendVideo => sending::file(state, parameters, "video"),
        Method::SendAnimation => sending::file(state, parameters, "animation"),
        Method::SendVideoNote => sending::file(state, parameters, "video_note"),
        Method::SendSticker => sending::file(state, parameters, "sticker"),
        Method::SendMediaGroup => sending::album(state, parameters),
        Method::SendLocation | Method::SendVenue => sending::location(state, parameters),
        Method::SendPoll => sending::question(state, parameters),
        Method::SendMessageDraft | Method::SendRichMessageDraft => draft::show(state, parameters),
        Method::SendChatAction => sending::action(state, parameters),
        Method::SetMessageReaction => reaction::set(state, parameters),
        Method::GetFile => media::tell(state, parameters),
        Method::GetChat => forum::chat(state, parameters),
        Method::GetChatMember => forum::member(state, parameters),
        Method::PinChatMessage | Method::UnpinChatMessage => forum::pin(state, parameters),
        Method::CreateForumTopic => forum::create_topic(state, parameters),
        Method::EditForumTopic => forum::edit_topic(state, parameters),
        Method::AnswerCallbackQuery => keyboard::answer(state, parameters),
        Method::SetMyCommands => command::set(state, parameters),
        Method::DeleteMyCommands => Ok(command::delete(state, parameters)),
        Method::GetMyCommands => Ok(command::get(state, parameters)),
        Method::EditMessageText => editing::text(state, parameters),
        Method::EditMessageCaption => editing::caption(state, parameters),
        Method::EditMessageReplyMarkup => editing::markup(state, parameters),
        Method::DeleteMessage => editing::delete(state, parameters),
        Method::GetUpdates | Method::Download => unreachable!("answered before"),
    }
}
