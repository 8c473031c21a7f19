//! `ocg send`

use crate::cli::{Global, SendArgs};
use crate::context::Context;
use crate::control::Request;
use crate::failure::Failure;
use crate::output;

/// Sends a message through the running gateway.
pub async fn run(global: &Global, args: SendArgs) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let SendArgs { channel, to, text, media_url, account, reply_to, json } = args;
    let request = Request::Send {
        channel,
        account,
        to: to.clone(),
        text: text.unwrap_or_default(),
        media: media_url.into_iter().collect(),
        reply_to,
    };
    let receipt = context.ask_gateway(&request).await?;
    if json {
        return Ok(output::json(&receipt)?);
    }
    Ok(output::line(match receipt["messageId"].as_str() {
        Some(id) => format!("Sent to {to} (message {id})"),
        None => format!("Sent to {to}"),
    })?)
}
