//! The same calls without a gateway: a loop in this process that polls, asks the agent and replies.
//! No gateway can be faster on this machine with these fakes.

use std::collections::HashSet;

use ocg_tests::platforms::wechat::Bot;
use serde_json::{Value, json};

use crate::load::{self, Sizes};
use crate::report::Column;
use crate::series::Series;
use crate::stage::Stage;

/// Measures the loop as if it were a gateway.
pub(crate) async fn measure(sizes: &Sizes) -> Column {
    eprintln!("ceiling");
    let stage = Stage::new(sizes.users()).await;
    let looping = tokio::spawn(answer_all(
        Bot::new(&stage.wechat.url(), &stage.wechat.token()),
        stage.agent.url(),
    ));
    let mut series = Series::default();
    load::latency(&stage, sizes, &mut series).await;
    load::burst(&stage, sizes, &mut series).await;
    load::waiting(&stage, sizes, &mut series).await;
    load::concurrency(&stage, sizes, &mut series).await;
    looping.abort();
    Column { name: "no gateway".into(), command: "in this process".into(), series }
}

async fn answer_all(bot: Bot, agent_url: String) {
    let agent = reqwest::Client::builder().no_proxy().build().unwrap();
    let (mut cursor, mut known) = (String::new(), HashSet::new());
    loop {
        let update = bot.poll(&cursor).await;
        cursor = update.cursor;
        for message in update.messages {
            let new = known.insert(message["from_user_id"].clone());
            tokio::spawn(answer(bot.clone(), agent.clone(), agent_url.clone(), message, new));
        }
    }
}

async fn answer(bot: Bot, agent: reqwest::Client, url: String, message: Value, new: bool) {
    let user = &message["from_user_id"];
    if new {
        bot.call("/ilink/bot/getconfig", json!({"ilink_user_id": user})).await;
    }
    let text = &message["item_list"][0]["text_item"]["text"];
    let messages = json!([{"role": "user", "content": text}]);
    let body = json!({"model": "m", "stream": true, "messages": messages});
    let answer = agent.post(&url).json(&body).send().await.unwrap().text().await.unwrap();
    let chunks = answer.lines().filter_map(|line| line.strip_prefix("data: {"));
    let reply: String = chunks
        .filter_map(|rest| {
            let chunk: Value = serde_json::from_str(&format!("{{{rest}")).ok()?;
            chunk["choices"][0]["delta"]["content"].as_str().map(str::to_owned)
        })
        .collect();
    let client_id = format!("ceiling-{}", message["message_id"]);
    bot.send_text(&message, &client_id, &reply).await;
}
