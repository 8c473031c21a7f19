//! What a chat completion says: one chunk of a stream, or a whole answer.

use serde_json::Value;

/// The parts of a chunk or an answer that matter here.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Completion {
    /// Text to show; reasoning is not in it.
    pub text: String,
    /// URLs of files, `data:` URLs included.
    pub media: Vec<String>,
    /// The agent says that it is done.
    pub finished: bool,
    /// The agent wants tools called, which a gateway has none of.
    pub tool_calls: bool,
}

/// An object that reports a failure: `error`, as OpenAI and most others write it.
pub(super) fn reported_error(value: &Value) -> Option<String> {
    let error = value.get("error").filter(|error| !error.is_null() && **error != false)?;
    Some(message_in(error).unwrap_or_default())
}

/// The message for people in an error object of one of the usual forms.
pub(super) fn message_in(error: &Value) -> Option<String> {
    match error {
        Value::String(message) => Some(message.clone()),
        Value::Object(_) => ["message", "error", "detail", "msg", "description"]
            .iter()
            .find_map(|key| error.get(key).and_then(message_in)),
        Value::Array(errors) => errors.first().and_then(message_in),
        _ => None,
    }
}

/// A chunk of a stream; `None` when the object is none.
pub(super) fn chunk(value: &Value) -> Option<Completion> {
    let Some(choice) = value.get("choices")?.as_array()?.first() else {
        // The last chunk of some agents: only `usage`.
        return Some(Completion::default());
    };
    let mut completion = Completion {
        finished: choice.get("finish_reason").is_some_and(|reason| !reason.is_null()),
        ..Completion::default()
    };
    match (choice.get("delta"), choice.get("text")) {
        (Some(delta), _) => completion.take_message(delta),
        (None, Some(text)) => completion.take_content(text),
        (None, None) => return choice.get("message").is_none().then_some(completion),
    }
    Some(completion)
}

/// A whole answer: `choices[0].message.content ?? choices[0].text ?? content ?? response ??
/// output`; `None` when the object is none.
pub(super) fn answer(value: &Value) -> Option<Completion> {
    let mut completion = Completion { finished: true, ..Completion::default() };
    if let Some(choice) = value.get("choices").and_then(|choices| choices.get(0)) {
        if let Some(message) = choice.get("message") {
            completion.take_message(message);
            let plain = choice.get("text").filter(|text| !text.is_null());
            if let (true, Some(text)) = (completion.text.is_empty(), plain) {
                completion.take_content(text);
            }
            return Some(completion);
        }
        if let Some(text) = choice.get("text") {
            completion.take_content(text);
            return Some(completion);
        }
    }
    let content = ["content", "response", "output"]
        .iter()
        .filter_map(|key| value.get(key))
        .find(|content| content.is_string() || content.is_array())?;
    completion.take_content(content);
    Some(completion)
}

impl Completion {
    fn take_message(&mut self, message: &Value) {
        if let Some(content) = message.get("content") {
            self.take_content(content);
        }
        for image in message.get("images").and_then(Value::as_array).into_iter().flatten() {
            self.take_image(image);
        }
        let calls = message.get("tool_calls").and_then(Value::as_array);
        self.tool_calls = calls.is_some_and(|calls| !calls.is_empty());
    }

    fn take_content(&mut self, content: &Value) {
        match content {
            Value::String(text) => self.text.push_str(text),
            Value::Array(parts) => parts.iter().for_each(|part| self.take_part(part)),
            _ => {}
        }
    }

    fn take_part(&mut self, part: &Value) {
        match part.get("type").and_then(Value::as_str) {
            None => self.take_content(part),
            Some("text" | "output_text") => {
                self.text.push_str(part.get("text").and_then(Value::as_str).unwrap_or_default());
            }
            Some("image_url") => self.take_image(part),
            // OpenAI's Responses format nests the parts of a message.
            Some("message") => self.take_content(part.get("content").unwrap_or(&Value::Null)),
            Some(_) => {}
        }
    }

    fn take_image(&mut self, image: &Value) {
        let image = image.get("image_url").unwrap_or(image);
        let url = image.as_str().or_else(|| image.get("url").and_then(Value::as_str));
        self.media.extend(url.filter(|url| !url.is_empty()).map(str::to_owned));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(value: &Value) -> Option<String> {
        answer(value).map(|completion| completion.text)
    }

    #[test]
    fn whole_answers_in_all_forms() {
        let hi = || Some("hi".to_owned());
        assert_eq!(text(&json!({"choices": [{"message": {"content": "hi"}}]})), hi());
        assert_eq!(text(&json!({"choices": [{"text": "hi"}]})), hi());
        assert_eq!(text(&json!({"content": "hi", "response": "no"})), hi());
        assert_eq!(text(&json!({"response": "hi"})), hi());
        assert_eq!(text(&json!({"output": "hi"})), hi());
        let parts = json!([{"type": "text", "text": "h"}, {"type": "text", "text": "i"}]);
        assert_eq!(text(&json!({"choices": [{"message": {"content": parts}}]})), hi());
        assert_eq!(text(&json!({"object": "list", "data": []})), None);
        assert_eq!(text(&json!([1, 2])), None);
    }

    #[test]
    fn chunks_give_text_and_images_but_no_reasoning() {
        let delta = json!({"choices": [{"index": 0, "finish_reason": null, "delta": {
            "content": "hi", "reasoning": "hm", "reasoning_content": "hm",
            "images": [{"type": "image_url", "image_url": {"url": "https://i.example/1.png"}}],
        }}]});
        let expected = Completion {
            text: "hi".into(),
            media: vec!["https://i.example/1.png".into()],
            ..Completion::default()
        };
        assert_eq!(chunk(&delta), Some(expected));
        let calls = json!({"choices": [{"delta": {"tool_calls": [{}]}, "finish_reason": "stop"}]});
        let calls = chunk(&calls).unwrap();
        assert!(calls.tool_calls && calls.finished);
        assert_eq!(chunk(&json!({"choices": [], "usage": {}})), Some(Completion::default()));
        assert_eq!(chunk(&json!({"content": "hi"})), None);
        assert_eq!(chunk(&json!({"choices": [{"message": {"content": "hi"}}]})), None);
    }

    #[test]
    fn error_objects_in_all_forms() {
        for error in [
            json!({"error": {"message": "no"}}),
            json!({"error": "no"}),
            json!({"error": {"error": {"message": "no"}}}),
            json!({"error": {"detail": [{"msg": "no"}]}}),
        ] {
            assert_eq!(reported_error(&error).as_deref(), Some("no"), "{error}");
        }
        assert_eq!(reported_error(&json!({"error": {}})).as_deref(), Some(""));
        assert_eq!(reported_error(&json!({"error": null})), None);
    }
}
