//! The calls of the platform, and the hosts that serve them.

use hyper::Method;

pub(super) const API: &str = "api.dingtalk.com";
/// The older API; session webhooks live here, too.
pub(super) const OLD_API: &str = "oapi.dingtalk.com";
pub(super) const STREAM: &str = "wss-open-connection.dingtalk.com";
/// Files that users sent.
pub(super) const FILES: &str = "down-cdn.dingtalk.com";

/// Every public host of the platform.
pub const HOSTS: [&str; 4] = [API, OLD_API, STREAM, FILES];

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// A new access token.
    AccessToken,
    /// A ticket for the stream.
    OpenConnection,
    /// The stream's WebSocket.
    Stream,
    /// Reply by session webhook.
    Webhook,
    /// Message to users, by the robot API.
    ToUsers,
    /// Message to a group, by the robot API.
    ToGroup,
    /// Emotion on a message, or its end.
    Emotion,
    /// Media to be sent.
    Upload,
    /// Where a file that a user sent can be fetched.
    DownloadUrl,
    /// The file's content.
    Download,
    /// A new card.
    CreateCard,
    /// Next text of a card.
    StreamCard,
    /// New variables of a card.
    UpdateCard,
    /// Facts about a user.
    UserInfo,
    /// Registration: a nonce.
    RegistrationInit,
    /// Registration: a code for the user.
    RegistrationBegin,
    /// Registration: what became of the code.
    RegistrationPoll,
}

impl Endpoint {
    pub(super) fn of(host: &str, method: &Method, path: &str) -> Option<Self> {
        let found = match (host, method.as_str(), path) {
            (API, "POST", "/v1.0/oauth2/accessToken") => Self::AccessToken,
            (API, "POST", "/v1.0/gateway/connections/open") => Self::OpenConnection,
            (STREAM, "GET", "/connect") => Self::Stream,
            (OLD_API, "POST", "/robot/sendBySession") => Self::Webhook,
            (API, "POST", "/v1.0/robot/oToMessages/batchSend") => Self::ToUsers,
            (API, "POST", "/v1.0/robot/groupMessages/send") => Self::ToGroup,
            (API, "POST", "/v1.0/robot/emotion/reply" | "/v1.0/robot/emotion/recall") => {
                Self::Emotion
            }
            (OLD_API, "POST", "/media/upload") => Self::Upload,
            (API, "POST", "/v1.0/robot/messageFiles/download") => Self::DownloadUrl,
            (FILES, "GET", "/file") => Self::Download,
            (API, "POST", "/v1.0/card/instances/createAndDeliver") => Self::CreateCard,
            (API, "PUT", "/v1.0/card/streaming") => Self::StreamCard,
            (API, "PUT", "/v1.0/card/instances") => Self::UpdateCard,
            (OLD_API, "POST", "/topapi/v2/user/get") => Self::UserInfo,
            (OLD_API, "POST", "/app/registration/init") => Self::RegistrationInit,
            (OLD_API, "POST", "/app/registration/begin") => Self::RegistrationBegin,
            (OLD_API, "POST", "/app/registration/poll") => Self::RegistrationPoll,
            _ => return None,
        };
        Some(found)
    }

    /// Whether the call must carry an access token.
    pub(super) fn needs_token(self) -> bool {
        use Endpoint as E;
        matches!(
            self,
            E::ToUsers
                | E::ToGroup
                | E::Emotion
                | E::Upload
                | E::DownloadUrl
                | E::CreateCard
                | E::StreamCard
                | E::UpdateCard
                | E::UserInfo
        )
    }
}
