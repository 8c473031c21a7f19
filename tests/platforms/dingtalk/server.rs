//! One call's way through the fake.

use hyper::Method;
use serde_json::json;

use super::endpoint::Endpoint;
use super::state::State;
use super::{card, media, registration, sending, stream, token};
use crate::Watched;
use crate::http::{self, Reply};
use crate::platforms::api::{Api, Call, Calls, Refusal};
use crate::websocket;

/// The HTTP side of the fake.
#[derive(Debug, Clone)]
pub(super) struct Service {
    pub state: Watched<State>,
    pub calls: Watched<Calls<Endpoint>>,
}

impl Api for Service {
    type Endpoint = Endpoint;

    fn endpoint(host: &str, method: &Method, path: &str) -> Option<Endpoint> {
        Endpoint::of(host, method, path)
    }

    fn calls(&self) -> &Watched<Calls<Endpoint>> {
        &self.calls
    }

    async fn act(&self, endpoint: Endpoint, call: Call) -> Result<Reply, Refusal> {
        let state = &self.state;
        if endpoint.needs_token() {
            state.read(|s| token::check(s, &call))?;
        }
        let answer = match endpoint {
            Endpoint::AccessToken => state.change(|s| token::give(s, &call))?,
            Endpoint::OpenConnection => state.change(|s| token::ticket(s, &call))?,
            Endpoint::Stream => {
                let ticket = call.parameter("ticket");
                if !state.change(|s| s.tickets.remove(ticket)) {
                    return Err(Refusal::new(
                        401,
                        401,
                        "ticket was never given out, or used before",
                    ));
                }
                let service = self.clone();
                return Ok(websocket::accept(call.parts, |socket| stream::serve(service, socket)));
            }
            Endpoint::Webhook => state.change(|s| sending::webhook(s, &call))?,
            Endpoint::ToUsers => state.change(|s| sending::robot(s, &call, false))?,
            Endpoint::ToGroup => state.change(|s| sending::robot(s, &call, true))?,
            Endpoint::Emotion => json!({"success": true}),
            Endpoint::Upload => state.change(|s| media::upload(s, &call))?,
            Endpoint::DownloadUrl => state.read(|s| media::address(s, &call))?,
            Endpoint::Download => return state.read(|s| media::download(s, &call)),
            Endpoint::CreateCard => state.change(|s| card::create(s, &call))?,
            Endpoint::StreamCard => state.change(|s| card::stream(s, &call))?,
            Endpoint::UpdateCard => state.change(|s| card::update(s, &call))?,
            Endpoint::UserInfo => json!({"errcode": 0, "result": {"unionid": "union-1"}}),
            Endpoint::RegistrationInit => state.change(|s| registration::init(s, &call))?,
            Endpoint::RegistrationBegin => state.change(|s| registration::begin(s, &call))?,
            Endpoint::RegistrationPoll => state.change(|s| registration::poll(s, &call))?,
        };
        Ok(http::json(200, &answer))
    }

    /// The newer API has `code` and `message`, the older one `errcode` and `errmsg`.
    fn refused(refusal: &Refusal) -> Reply {
        let Refusal { status, code, reason, .. } = refusal;
        let answer = match code.is_number() {
            true => json!({"errcode": code, "errmsg": reason}),
            false => json!({"code": code, "message": reason, "requestid": "request-1"}),
        };
        http::json(*status, &answer)
    }
}
