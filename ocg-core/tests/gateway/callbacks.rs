//! Agents that answer later. Time is real here: the store has a thread of its own, and a paused
//! clock would run ahead of it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use ocg_core::dispatch::{AgentSettings, DispatchRequest, Dispatched, ReplyEvent};
use ocg_core::gateway::{Admission, CallbackRefusal, CallbackRules, GatewaySettings};
use ocg_core::reply::TurnOutcome;
use ocg_core::store::{
    Admitted, CallbackReply, NewToken, NewTurn, SqliteStore, Store, TokenHash, TokenRefusal, TurnId,
};
use tokio::sync::{Semaphore, mpsc};

use crate::kit::{Answer, Running, Setup, Step, said};

/// Tokens that an agent was given.
type Tokens = Arc<Mutex<Vec<String>>>;

fn token_of(request: &DispatchRequest) -> String {
    let url = request.callback.as_ref().unwrap().url.to_string();
    url.rsplit('/').next().unwrap().to_owned()
}

/// An agent that accepts everything.
fn accepting(
    tokens: &Tokens,
) -> impl Fn(DispatchRequest, mpsc::Sender<ReplyEvent>) -> Answer + Send + Sync + use<> {
    let tokens = Arc::clone(tokens);
    move |request, _| {
        tokens.lock().unwrap().push(token_of(&request));
        Box::pin(async { Ok(Dispatched::Deferred) })
    }
}

fn setup(ttl: Duration) -> Setup {
    let agent = AgentSettings { asynchronous: true, ..AgentSettings::default() };
    let callbacks = CallbackRules { ttl, ..CallbackRules::default() };
    let settings = GatewaySettings { callbacks, ..GatewaySettings::with_agent(agent) };
    Setup { settings, ..Setup::default() }
}

const LONG: Duration = Duration::from_secs(1800);

/// Hands a message over and returns its token once the agent has accepted it.
async fn forwarded(running: &mut Running, tokens: &Tokens, chat: &str, text: &str) -> String {
    let deferred = running.handle.status().ended.deferred;
    assert_eq!(running.submit(said(chat, text)).await, Admission::Accepted);
    while running.handle.status().ended.deferred == deferred {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokens.lock().unwrap().last().unwrap().clone()
}

fn reply(text: &str) -> CallbackReply {
    CallbackReply { text: text.into(), ..CallbackReply::default() }
}

#[tokio::test]
async fn the_reply_goes_through_the_turns_own_sink() {
    let tokens = Tokens::default();
    let mut running = setup(LONG).start(accepting(&tokens));
    let token = forwarded(&mut running, &tokens, "ann", "hello").await;
    assert_eq!(running.record.of("ann"), []);

    running.handle.callback(&token, reply("later")).await.unwrap();
    running.record.settled("ann", 1).await;
    let expected = [Step::Final("later".into()), Step::Settled(TurnOutcome::Answered)];
    assert_eq!(running.record.of("ann"), expected);
    assert_eq!(running.record.typing("ann"), [true, false]);

    let again = running.handle.callback(&token, reply("twice")).await.unwrap_err();
    assert!(matches!(again, CallbackRefusal::Token(TokenRefusal::AlreadyUsed)), "{again}");
    let unknown = running.handle.callback("00", reply("x")).await.unwrap_err();
    assert!(matches!(unknown, CallbackRefusal::Token(TokenRefusal::Unknown)), "{unknown}");
    running.ended().await;
}

#[tokio::test]
async fn parts_of_a_reply_keep_their_order_and_media_stay_media() {
    let tokens = Tokens::default();
    let mut running = setup(LONG).start(accepting(&tokens));
    let token = forwarded(&mut running, &tokens, "ann", "hello").await;
    for number in 0..20 {
        let part = CallbackReply { more: true, ..reply(&format!("part {number}")) };
        running.handle.callback(&token, part).await.unwrap();
    }
    let last = CallbackReply { media: vec!["https://a.example/x.png".into()], ..reply("end") };
    running.handle.callback(&token, last).await.unwrap();
    running.record.settled("ann", 1).await;
    let mut expected: Vec<_> = (0..20).map(|n| Step::Block(format!("part {n}"))).collect();
    expected.push(Step::Block("end".into()));
    expected.push(Step::Media("https://a.example/x.png".into()));
    expected.push(Step::Settled(TurnOutcome::Answered));
    assert_eq!(running.record.of("ann"), expected);
    running.ended().await;
}

#[tokio::test]
async fn a_failure_that_the_agent_reports_is_shown_as_one() {
    let tokens = Tokens::default();
    let mut running = setup(LONG).start(accepting(&tokens));
    let token = forwarded(&mut running, &tokens, "ann", "hello").await;
    let failure = CallbackReply { is_error: true, ..reply("no quota left") };
    running.handle.callback(&token, failure).await.unwrap();
    running.record.settled("ann", 1).await;
    let expected = [Step::Error("⚠️ no quota left".into()), Step::Settled(TurnOutcome::Failed)];
    assert_eq!(running.record.of("ann"), expected);
    running.ended().await;
}

#[tokio::test]
async fn racing_callbacks_give_one_reply() {
    let tokens = Tokens::default();
    let mut running = setup(LONG).start(accepting(&tokens));
    let token = forwarded(&mut running, &tokens, "ann", "hello").await;
    let race = (0..1000).map(|_| running.handle.callback(&token, reply("once")));
    let results = futures::future::join_all(race).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    running.record.settled("ann", 1).await;
    assert_eq!(running.record.of("ann").len(), 2);
    running.ended().await;
}

#[tokio::test]
async fn the_agent_may_call_back_before_it_answers_the_forward() {
    let (calls_in, mut calls) = mpsc::unbounded_channel();
    let mut running = setup(LONG).start(move |request, _| {
        calls_in.send(token_of(&request)).unwrap();
        // It never answers the forward.
        Box::pin(std::future::pending())
    });
    assert_eq!(running.submit(said("ann", "hello")).await, Admission::Accepted);
    let token = calls.recv().await.unwrap();
    running.handle.callback(&token, reply("fast")).await.unwrap();
    running.record.settled("ann", 1).await;
    let expected = [Step::Final("fast".into()), Step::Settled(TurnOutcome::Answered)];
    assert_eq!(running.record.of("ann"), expected);
    running.ended().await;
}

#[tokio::test]
async fn a_callback_that_never_comes_is_told() {
    let tokens = Tokens::default();
    let mut running = setup(Duration::from_millis(50)).start(accepting(&tokens));
    let token = forwarded(&mut running, &tokens, "ann", "hello").await;
    running.record.settled("ann", 1).await;
    let told = "⚠️ Agent error: it has not answered in time. Please try again.";
    let expected = [Step::Error(told.into()), Step::Settled(TurnOutcome::Failed)];
    assert_eq!(running.record.of("ann"), expected);
    assert!(running.handle.callback(&token, reply("late")).await.is_err());
    running.ended().await;
}

#[tokio::test]
async fn after_a_restart_replies_go_through_the_outbound_adapter() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ocg.sqlite");
    let tokens = Tokens::default();
    let token = {
        let store = Arc::new(SqliteStore::open(&path).unwrap());
        let mut running = Setup { store: Some(store), ..setup(LONG) }.start(accepting(&tokens));
        let token = forwarded(&mut running, &tokens, "ann", "hello").await;
        let record = running.record.clone();
        running.ended().await;
        assert_eq!(record.of("ann"), [Step::Settled(TurnOutcome::Cancelled)]);
        token
    };
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let mut running = Setup { store: Some(store), ..setup(LONG) }.start(accepting(&tokens));
    running.link().await;
    running.handle.callback(&token, reply("still here")).await.unwrap();
    while running.handle.status().callbacks.answered == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let sent = running.sent.lock().unwrap().clone();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].to.as_str(), sent[0].payload.text.as_str()), ("ann", "still here"));
    running.ended().await;
}

/// A turn that an earlier process has admitted, and of which an agent has the token.
async fn left_behind(store: &SqliteStore, text: &str, token: &str) -> TurnId {
    let turn = NewTurn { message: said("ann", text).message, fingerprint: None };
    let Admitted::New(turn) = store.admit(turn).await.unwrap() else { panic!("it was known") };
    let expires = SystemTime::now() + LONG;
    store.issue(NewToken { hash: TokenHash::of(token), turn, expires }).await.unwrap();
    turn
}

/// Waits until no turn is open.
async fn all_over(store: &SqliteStore) {
    while !store.unfinished().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn texts(running: &Running) -> Vec<String> {
    running.sent.lock().unwrap().iter().map(|sent| sent.payload.text.clone()).collect()
}

#[tokio::test]
async fn a_callback_that_comes_before_its_turn_runs_again_is_the_answer() {
    let store = Arc::new(SqliteStore::in_memory().unwrap());
    left_behind(&store, "first", "one").await;
    left_behind(&store, "second", "two").await;
    let (asked, mut asks) = mpsc::unbounded_channel();
    let released = Arc::new(Semaphore::new(0));
    let agent = {
        let released = Arc::clone(&released);
        move |request: DispatchRequest, _| -> Answer {
            let released = Arc::clone(&released);
            asked.send((request.message.text.clone(), token_of(&request))).unwrap();
            Box::pin(async move {
                released.acquire().await.unwrap().forget();
                Ok(Dispatched::Deferred)
            })
        }
    };
    let running = Setup { store: Some(store.clone()), ..setup(LONG) }.start(agent);
    let (text, token) = asks.recv().await.unwrap();
    assert_eq!(text, "first");
    running.handle.callback("two", reply("the second answer")).await.unwrap();
    released.add_permits(1);
    running.handle.callback(&token, reply("the first answer")).await.unwrap();
    all_over(&store).await;
    let mut told = texts(&running);
    told.sort();
    assert_eq!(told, ["the first answer", "the second answer"]);
    assert!(asks.try_recv().is_err(), "the agent was asked again");
    running.ended().await;
}

#[tokio::test]
async fn a_callback_that_comes_while_turns_are_read_is_delivered_once() {
    let store = Arc::new(SqliteStore::in_memory().unwrap());
    left_behind(&store, "hello", "one").await;
    let running = Setup { store: Some(store.clone()), ..setup(LONG) }
        .start(|_, _| Box::pin(async { Ok(Dispatched::Deferred) }));
    // The gateway's own task has not run yet.
    running.handle.callback("one", reply("early")).await.unwrap();
    all_over(&store).await;
    assert_eq!(texts(&running), ["early"]);
    running.ended().await;
}

#[tokio::test]
async fn a_turn_whose_replies_are_all_delivered_is_over_after_a_restart() {
    let store = Arc::new(SqliteStore::in_memory().unwrap());
    left_behind(&store, "hello", "one").await;
    let last = store.consume(TokenHash::of("one"), reply("told")).await.unwrap();
    store.delivered(last).await.unwrap();
    let running = Setup { store: Some(store.clone()), ..setup(LONG) }
        .start(|_, _| Box::pin(async { Ok(Dispatched::Deferred) }));
    all_over(&store).await;
    assert_eq!(texts(&running), [""; 0]);
    running.ended().await;
}
