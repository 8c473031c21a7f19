//! The calls of the Bot API that the fake serves, and what each of them takes.

use hyper::Method as Verb;

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // They are called as in the Bot API's documentation.
pub enum Method {
    GetMe,
    GetUpdates,
    SetWebhook,
    DeleteWebhook,
    GetWebhookInfo,
    SendMessage,
    SendRichMessage,
    SendMessageDraft,
    SendRichMessageDraft,
    SendPhoto,
    SendDocument,
    SendVoice,
    SendAudio,
    SendVideo,
    SendAnimation,
    SendVideoNote,
    SendSticker,
    SendMediaGroup,
    SendLocation,
    SendVenue,
    SendPoll,
    SendChatAction,
    SetMessageReaction,
    GetFile,
    GetChat,
    GetChatMember,
    PinChatMessage,
    UnpinChatMessage,
    CreateForumTopic,
    EditForumTopic,
    AnswerCallbackQuery,
    SetMyCommands,
    DeleteMyCommands,
    GetMyCommands,
    EditMessageText,
    EditMessageCaption,
    EditMessageReplyMarkup,
    DeleteMessage,
    /// The content of a file that `getFile` told of.
    Download,
}

/// What calls that send take all.
const SEND: &str = "business_connection_id chat_id message_thread_id direct_messages_topic_id ephemeral_message_parameters disable_notification protect_content allow_paid_broadcast suggested_post_parameters message_effect_id reply_parameters reply_to_message_id reply_markup";
/// What calls that take a caption take.
const CAPTION: &str = "caption parse_mode caption_entities";
/// What calls that edit take all.
const EDIT: &str = "business_connection_id chat_id message_id inline_message_id reply_markup";

/// Every call by its name, with its parameters beside those that many have.
const METHODS: &[(&str, Method, &[&str], &str)] = &[
    ("getMe", Method::GetMe, &[], ""),
    ("getUpdates", Method::GetUpdates, &[], "offset limit timeout allowed_updates"),
    (
        "setWebhook",
        Method::SetWebhook,
        &[],
        "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    ),
    ("deleteWebhook", Method::DeleteWebhook, &[], "drop_pending_updates"),
    ("getWebhookInfo", Method::GetWebhookInfo, &[], ""),
    ("sendMessage", Method::SendMessage, &[SEND], "text parse_mode entities link_preview_options"),
    ("sendRichMessage", Method::SendRichMessage, &[SEND], "rich_message"),
    (
        "sendMessageDraft",
        Method::SendMessageDraft,
        &[],
        "chat_id message_thread_id draft_id text parse_mode entities can_stop keep_on_stop",
    ),
    (
        "sendRichMessageDraft",
        Method::SendRichMessageDraft,
        &[],
        "chat_id message_thread_id draft_id rich_message can_stop keep_on_stop",
    ),
    (
        "sendPhoto",
        Method::SendPhoto,
        &[SEND, CAPTION],
        "photo show_caption_above_media has_spoiler",
    ),
    (
        "sendDocument",
        Method::SendDocument,
        &[SEND, CAPTION],
        "document thumbnail disable_content_type_detection",
    ),
    ("sendVoice", Method::SendVoice, &[SEND, CAPTION], "voice duration"),
    ("sendAudio", Method::SendAudio, &[SEND, CAPTION], "audio duration performer title thumbnail"),
    (
        "sendVideo",
        Method::SendVideo,
        &[SEND, CAPTION],
        "video duration width height thumbnail cover start_timestamp show_caption_above_media has_spoiler supports_streaming",
    ),
    (
        "sendAnimation",
        Method::SendAnimation,
        &[SEND, CAPTION],
        "animation duration width height thumbnail show_caption_above_media has_spoiler",
    ),
    ("sendVideoNote", Method::SendVideoNote, &[SEND], "video_note duration length thumbnail"),
    ("sendSticker", Method::SendSticker, &[SEND], "sticker emoji"),
    ("sendMediaGroup", Method::SendMediaGroup, &[SEND], "media"),
    (
        "sendLocation",
        Method::SendLocation,
        &[SEND],
        "latitude longitude horizontal_accuracy live_period heading proximity_alert_radius",
    ),
    (
        "sendVenue",
        Method::SendVenue,
        &[SEND],
        "latitude longitude title address foursquare_id foursquare_type google_place_id google_place_type",
    ),
    (
        "sendPoll",
        Method::SendPoll,
        &[SEND],
        "question question_parse_mode question_entities options is_anonymous type allows_multiple_answers correct_option_ids explanation explanation_parse_mode explanation_entities open_period close_date is_closed",
    ),
    (
        "sendChatAction",
        Method::SendChatAction,
        &[],
        "business_connection_id chat_id message_thread_id action",
    ),
    ("setMessageReaction", Method::SetMessageReaction, &[], "chat_id message_id reaction is_big"),
    ("getFile", Method::GetFile, &[], "file_id"),
    ("getChat", Method::GetChat, &[], "chat_id"),
    ("getChatMember", Method::GetChatMember, &[], "chat_id user_id"),
    (
        "pinChatMessage",
        Method::PinChatMessage,
        &[],
        "business_connection_id chat_id message_id disable_notification",
    ),
    (
        "unpinChatMessage",
        Method::UnpinChatMessage,
        &[],
        "business_connection_id chat_id message_id",
    ),
    (
        "createForumTopic",
        Method::CreateForumTopic,
        &[],
        "chat_id name icon_color icon_custom_emoji_id",
    ),
    (
        "editForumTopic",
        Method::EditForumTopic,
        &[],
        "chat_id message_thread_id name icon_custom_emoji_id",
    ),
    (
        "answerCallbackQuery",
        Method::AnswerCallbackQuery,
        &[],
        "callback_query_id text show_alert url cache_time",
    ),
    ("setMyCommands", Method::SetMyCommands, &[], "commands scope language_code"),
    ("deleteMyCommands", Method::DeleteMyCommands, &[], "scope language_code"),
    ("getMyCommands", Method::GetMyCommands, &[], "scope language_code"),
    (
        "editMessageText",
        Method::EditMessageText,
        &[EDIT],
        "text parse_mode entities link_preview_options rich_message",
    ),
    (
        "editMessageCaption",
        Method::EditMessageCaption,
        &[CAPTION, EDIT],
        "show_caption_above_media",
    ),
    ("editMessageReplyMarkup", Method::EditMessageReplyMarkup, &[EDIT], ""),
    ("deleteMessage", Method::DeleteMessage, &[], "chat_id message_id"),
];

impl Method {
    /// The call behind `/bot<token>/<name>` or `/file/bot<token>/<path>`. Names are taken in any
    /// case, verbs are GET and POST.
    pub(super) fn of(verb: &Verb, path: &str) -> Option<Self> {
        if path.starts_with("/file/bot") {
            return (verb == Verb::GET).then_some(Self::Download);
        }
        let (_, name) = path.strip_prefix("/bot")?.split_once('/')?;
        let entry = METHODS.iter().find(|entry| entry.0.eq_ignore_ascii_case(name))?;
        (verb == Verb::GET || verb == Verb::POST).then_some(entry.1)
    }

    /// Whether the Bot API documents this parameter of the call.
    pub(super) fn takes(self, parameter: &str) -> bool {
        let Some((_, _, shared, own)) = METHODS.iter().find(|entry| entry.1 == self) else {
            return true;
        };
        let mut known = shared.iter().chain([own]).flat_map(|names| names.split(' '));
        known.any(|name| name == parameter)
    }
}
