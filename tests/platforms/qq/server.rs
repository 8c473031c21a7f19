//! One call's way through the fake.

use hyper::Method;
use serde_json::json;

use super::endpoint::{Endpoint, HOSTS};
use super::state::State;
use super::{bind, gateway, media, sending, token};
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
        // Everything on the API's own host but the WebSocket, which has its own proof.
        if call.header("host").starts_with(HOSTS[0]) && endpoint != Endpoint::Gateway {
            state.read(|s| token::check(s, &call))?;
        }
        let answer = match endpoint {
            Endpoint::AccessToken => state.change(|s| token::give(s, &call))?,
            Endpoint::GatewayUrl => json!({"url": format!("wss://{}/websocket", HOSTS[0])}),
            Endpoint::Gateway => {
                let service = self.clone();
                return Ok(websocket::accept(call.parts, |socket| gateway::serve(service, socket)));
            }
            Endpoint::UserMessage | Endpoint::GroupMessage => {
                let place = format!("{}/{}", call.segment(1), call.segment(2));
                state.change(|s| sending::send(s, &place, &call))?
            }
            Endpoint::ChannelMessage => {
                let place = format!("channels/{}", call.segment(1));
                state.change(|s| sending::send(s, &place, &call))?
            }
            Endpoint::Upload => {
                let place = format!("{}/{}", call.segment(1), call.segment(2));
                state.change(|s| media::upload(s, &place, &call))?
            }
            Endpoint::Download => return state.read(|s| media::download(s, &call)),
            Endpoint::CreateBind => state.change(|s| bind::create(s, &call))?,
            Endpoint::PollBind => state.change(|s| bind::poll(s, &call))?,
        };
        Ok(http::json(200, &answer))
    }

    fn refused(refusal: &Refusal) -> Reply {
        let Refusal { status, code, reason, .. } = refusal;
        http::json(*status, &json!({"code": code, "err_code": code, "message": reason}))
    }
}
