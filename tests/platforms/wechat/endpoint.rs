//! The calls of the API.

use hyper::Method;

/// One call of the iLink API or of its CDN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// Long poll for messages.
    GetUpdates,
    /// Message to a user.
    SendMessage,
    /// Where to upload media to.
    GetUploadUrl,
    /// A user's typing ticket.
    GetConfig,
    /// Typing indicator on or off.
    SendTyping,
    /// The bot starts.
    NotifyStart,
    /// The bot stops.
    NotifyStop,
    /// A new QR code.
    GetBotQrcode,
    /// What became of a QR code.
    GetQrcodeStatus,
    /// Ciphertext to the CDN.
    CdnUpload,
    /// Ciphertext from the CDN.
    CdnDownload,
}

impl Endpoint {
    const ALL: [(Endpoint, Method, &'static str); 11] = [
        (Self::GetUpdates, Method::POST, "/ilink/bot/getupdates"),
        (Self::SendMessage, Method::POST, "/ilink/bot/sendmessage"),
        (Self::GetUploadUrl, Method::POST, "/ilink/bot/getuploadurl"),
        (Self::GetConfig, Method::POST, "/ilink/bot/getconfig"),
        (Self::SendTyping, Method::POST, "/ilink/bot/sendtyping"),
        (Self::NotifyStart, Method::POST, "/ilink/bot/msg/notifystart"),
        (Self::NotifyStop, Method::POST, "/ilink/bot/msg/notifystop"),
        (Self::GetBotQrcode, Method::POST, "/ilink/bot/get_bot_qrcode"),
        (Self::GetQrcodeStatus, Method::GET, "/ilink/bot/get_qrcode_status"),
        (Self::CdnUpload, Method::POST, "/c2c/upload"),
        (Self::CdnDownload, Method::GET, "/c2c/download"),
    ];

    /// The call behind a method and a path.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, m, p)| m == method && *p == path);
        found.map(|(endpoint, ..)| *endpoint)
    }

    /// Its path.
    pub fn path(self) -> &'static str {
        let (.., path) = Self::ALL.iter().find(|(endpoint, ..)| *endpoint == self).unwrap();
        path
    }
}
