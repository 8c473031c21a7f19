//! Accounts after a run with many deaths: what was admitted, answered, sent twice, and why.

use std::collections::{BTreeMap, BTreeSet};

use ocg_tests::platforms::wechat::User;
use rusqlite::{Connection, OpenFlags};

use super::DUPLICATE;
use crate::scene::Scene;

/// A turn of the journal.
struct Turn {
    id: u64,
    session: String,
    settled: bool,
}

/// The turns in the store, in the order of their admission.
fn turns(scene: &Scene) -> Vec<Turn> {
    let file = scene.home.state().join("ocg.sqlite");
    let store = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut rows = store.prepare("SELECT id, session, state FROM turns ORDER BY id").unwrap();
    let turns = rows.query_map([], |row| {
        let state: String = row.get(2)?;
        let id = row.get::<_, i64>(0)?.unsigned_abs();
        Ok(Turn { id, session: row.get(1)?, settled: state == "settled" })
    });
    turns.unwrap().map(Result::unwrap).collect()
}

/// Turns that are not over.
pub(super) fn open_turns(scene: &Scene) -> usize {
    turns(scene).iter().filter(|turn| !turn.settled).count()
}

/// The numbers of turns of which the log says that a message may come twice.
pub(super) fn unknown_outcomes(log: &str) -> Vec<u64> {
    let lines = log.lines().filter(|line| line.contains(DUPLICATE));
    let turn = |line: &str| line.split("turn=").nth(1)?.split_whitespace().next()?.parse().ok();
    lines.map(|line| turn(line).unwrap_or_else(|| panic!("no turn in {line:?}"))).collect()
}

/// What a run came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ledger {
    pub(super) admitted: usize,
    /// Different messages that were answered.
    pub(super) answered: usize,
    /// Answers that came once more.
    pub(super) twice: usize,
    /// Those of them of whose turn the log does not say so.
    pub(super) unexplained: Vec<String>,
    /// Messages with more than one answer, where these differ.
    pub(super) contradictory: Vec<String>,
    /// Turns that are not over.
    pub(super) open: usize,
}

impl Ledger {
    /// The accounts of `users`, whose messages are `message <n>` with growing numbers and whose
    /// answers begin with `echo: message <n>`; `logged` is what [`unknown_outcomes`] gave.
    pub(super) fn of(scene: &Scene, users: &[User], logged: &[u64]) -> Self {
        let turns = turns(scene);
        let mut ledger = Self { admitted: turns.len(), ..Self::default() };
        ledger.open = turns.iter().filter(|turn| !turn.settled).count();
        for user in users {
            let mut answers: BTreeMap<usize, Vec<String>> = BTreeMap::new();
            for sent in user.received() {
                if let Some(number) = number(sent.text()) {
                    answers.entry(number).or_default().push(sent.text().to_owned());
                }
            }
            ledger.answered += answers.len();
            // A session's turns and its messages have one order.
            let session = user.id().to_lowercase();
            let own = turns.iter().filter(|turn| turn.session.to_lowercase().ends_with(&session));
            for (turn, texts) in own.zip(answers.values()) {
                let more = texts.len() - 1;
                ledger.twice += more;
                let explained = logged.iter().filter(|logged| **logged == turn.id).count();
                for text in texts.iter().skip(1 + explained) {
                    ledger.unexplained.push(format!("turn {}: {text}", turn.id));
                }
                if texts.iter().collect::<BTreeSet<_>>().len() > 1 {
                    ledger.contradictory.push(texts.join(" | "));
                }
            }
        }
        ledger
    }
}

/// Which message a text answers.
fn number(text: &str) -> Option<usize> {
    text.strip_prefix("echo: message ")?.split_whitespace().next()?.parse().ok()
}
