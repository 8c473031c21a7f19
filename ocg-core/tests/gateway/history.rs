//! What the agent learns of earlier turns.

use std::sync::{Arc, Mutex};

use ocg_core::dispatch::HistoryTurn;
use ocg_core::gateway::{AccountSettings, GatewaySettings};

use crate::kit::{Answer, Setup, said, slow_echo};

#[tokio::test(start_paused = true)]
async fn the_last_turns_of_the_session_go_along() {
    let defaults = GatewaySettings::default();
    let usual = defaults.accounts.clone();
    let settings = GatewaySettings {
        accounts: Arc::new(move |account| AccountSettings { history_turns: 2, ..usual(account) }),
        ..defaults
    };
    let seen: Arc<Mutex<Vec<Vec<HistoryTurn>>>> = Arc::default();
    let record = Arc::clone(&seen);
    let agent = move |request: ocg_core::dispatch::DispatchRequest, events| -> Answer {
        if request.message.chat.id == "a" {
            record.lock().unwrap().push(request.history.clone());
        }
        slow_echo(request, events)
    };
    let mut gateway = Setup { settings, ..Setup::default() }.start(agent);
    for (chat, text) in [("a", "one"), ("b", "other"), ("a", "two"), ("a", "three"), ("a", "four")]
    {
        gateway.submit(said(chat, text)).await;
    }
    gateway.record.settled("a", 4).await;
    gateway.record.settled("b", 1).await;
    let turn = |text: &str| HistoryTurn { user: text.into(), assistant: text.into() };
    let expected = [
        vec![],
        vec![turn("one")],
        vec![turn("one"), turn("two")],
        vec![turn("two"), turn("three")],
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}
