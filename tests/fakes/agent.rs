//! The fake agent.

use std::time::Duration;

use futures::StreamExt;
use ocg_tests::agents::{Agent, Answer, Gate, refused_url};
use reqwest::{Client, Response};
use serde_json::json;

async fn client() -> Client {
    // Fails only when another test of this process installed the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

async fn ask(agent: &Agent, text: &str) -> Response {
    let messages = json!([{"role": "user", "content": text}]);
    let body = json!({"model": "gpt-4o", "stream": true, "messages": messages});
    client().await.post(agent.url()).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn it_echoes_and_remembers() {
    let agent = Agent::start().await;
    let answer = ask(&agent, "hi").await;
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let text = answer.text().await.unwrap();
    assert!(text.starts_with("data: {"), "{text}");
    assert!(text.contains("echo: hi") && text.ends_with("data: [DONE]\n\n"), "{text}");
    let requests = agent.requests();
    assert_eq!(requests[0].text(), "hi");
    assert!(requests[0].done.unwrap() >= requests[0].at);
    agent.assert_no_violations();
}

#[tokio::test]
async fn cut_streams_arrive_in_pieces_and_whole() {
    let agent = Agent::start().await;
    let whole = Answer::text("grüße").bytes();
    agent.next(Answer::text("grüße").cut_at(&[3, 60]));
    let mut stream = ask(&agent, "hi").await.bytes_stream();
    let mut pieces = Vec::new();
    while let Some(piece) = stream.next().await {
        pieces.push(piece.unwrap());
    }
    assert_eq!(pieces.iter().map(|p| p.len()).collect::<Vec<_>>(), [3, 57, whole.len() - 60]);
    assert_eq!(pieces.concat(), whole);
    assert_eq!(Answer::text("grüße").byte_by_byte().bytes(), whole);
}

#[tokio::test]
async fn it_fails_in_every_way_asked_for() {
    let agent = Agent::start().await;
    agent.next(Answer::error(429, "slow down").retry_after(2));
    let limited = ask(&agent, "1").await;
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"2".parse().unwrap())
    );
    agent.next(Answer::dropped_after("half"));
    let dropped = ask(&agent, "2").await;
    assert_eq!(dropped.status(), 200);
    let mut stream = dropped.bytes_stream();
    assert!(String::from_utf8_lossy(&stream.next().await.unwrap().unwrap()).contains("half"));
    assert!(stream.next().await.unwrap().is_err());
    agent.next(Answer::silent_after("half"));
    let silent = ask(&agent, "3").await.text();
    assert!(tokio::time::timeout(Duration::from_millis(100), silent).await.is_err());
    agent.until_idle().await;
    agent.next(Answer::huge(1024 * 1024));
    assert!(ask(&agent, "4").await.bytes().await.unwrap().len() > 1024 * 1024);
    agent.next(Answer::endless("x"));
    let mut endless = ask(&agent, "5").await.bytes_stream();
    for _ in 0..100 {
        endless.next().await.unwrap().unwrap();
    }
    drop(endless);
    agent.until_idle().await;
    agent.next(Answer::hang_up());
    let body =
        json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": "6"}]});
    assert!(client().await.post(agent.url()).json(&body).send().await.is_err());
    assert!(
        client().await.post(refused_url().await).json(&body).send().await.unwrap_err().is_connect()
    );
    agent.assert_no_violations();
}

#[tokio::test]
async fn requests_in_progress_are_counted() {
    let agent = Agent::start().await;
    let gate = Gate::closed();
    let held = gate.clone();
    agent.answers(move |_| Answer::text("late").behind(&held));
    let asking = futures::future::join_all((0..3).map(|_| ask(&agent, "hi")));
    let (_, requests) = tokio::join!(asking, async {
        let requests = agent.until_asked(3).await;
        gate.open();
        requests
    });
    assert_eq!(requests.iter().map(|r| r.in_progress).max(), Some(3));
    assert_eq!(agent.most_in_progress(), 3);
    agent.until_idle().await;
}

#[tokio::test]
async fn requests_that_a_real_agent_would_refuse_are_refused() {
    let agent = Agent::start().await;
    let bad = [
        json!({"stream": true, "messages": [{"role": "user", "content": "x"}]}),
        json!({"model": "m", "stream": true, "messages": []}),
        json!({"model": "m", "stream": "yes", "messages": [{"role": "user", "content": "x"}]}),
        json!({"model": "m", "stream": true, "messages": [{"role": "bot", "content": "x"}]}),
        json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": null}]}),
    ];
    for body in &bad {
        let answer = client().await.post(agent.url()).json(body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
    }
    let typeless = client().await.post(agent.url()).body(r#"{"model": "m"}"#).send().await.unwrap();
    assert_eq!(typeless.status(), 400);
    assert_eq!(agent.violations().len(), 6);
}
