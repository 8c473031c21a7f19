//! The calls of the platform, and the hosts that serve them.

use hyper::Method;

/// REST API and gateway.
const API: &str = "api.sgroup.qq.com";
/// Access tokens.
const TOKENS: &str = "bots.qq.com";
/// QR codes.
const BINDING: &str = "q.qq.com";
/// Files that users sent.
pub(super) const FILES: &str = "multimedia.nt.qq.com.cn";

/// Every public host of the platform.
pub const HOSTS: [&str; 4] = [API, TOKENS, BINDING, FILES];

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// A new access token.
    AccessToken,
    /// Where the gateway is.
    GatewayUrl,
    /// The gateway's WebSocket.
    Gateway,
    /// Message to a user.
    UserMessage,
    /// Message to a group.
    GroupMessage,
    /// Message to a channel of a guild.
    ChannelMessage,
    /// Media for a user or a group.
    Upload,
    /// Content of a file that a user sent.
    Download,
    /// A new QR code.
    CreateBind,
    /// What became of a QR code.
    PollBind,
}

impl Endpoint {
    pub(super) fn of(host: &str, method: &Method, path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let found = match (host, method.as_str(), segments.as_slice()) {
            (TOKENS, "POST", ["app", "getAppAccessToken"]) => Self::AccessToken,
            (API, "GET", ["gateway"]) => Self::GatewayUrl,
            (API, "GET", ["websocket"]) => Self::Gateway,
            (API, "POST", ["v2", "users", _, "messages"]) => Self::UserMessage,
            (API, "POST", ["v2", "groups", _, "messages"]) => Self::GroupMessage,
            (API, "POST", ["channels", _, "messages"]) => Self::ChannelMessage,
            (API, "POST", ["v2", "users" | "groups", _, "files"]) => Self::Upload,
            (FILES, "GET", ["download"]) => Self::Download,
            (BINDING, "POST", ["lite", "create_bind_task"]) => Self::CreateBind,
            (BINDING, "POST", ["lite", "poll_bind_result"]) => Self::PollBind,
            _ => return None,
        };
        Some(found)
    }
}
