//! The measurements that send messages.

use std::collections::HashMap;
use std::time::Duration;

use ocg_tests::agents::Answer;
use tokio::time::Instant;

use crate::series::Series;
use crate::stage::Stage;

/// How much is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) sequential: usize,
    pub(crate) burst: usize,
    pub(crate) chats: usize,
    pub(crate) bursts: usize,
    pub(crate) waiting: usize,
    pub(crate) slow: Duration,
    pub(crate) idle: Duration,
    pub(crate) limit: Duration,
}

impl Sizes {
    /// What is sent, in a few words.
    pub(crate) fn describe(&self) -> String {
        let Self { sequential, burst, chats, bursts, waiting, slow, .. } = self;
        format!(
            "latency over {sequential} messages, {bursts} bursts of {burst} messages from {chats} \
             chats, {waiting} users with an agent that takes {slow:?}"
        )
    }

    pub(crate) fn users(&self) -> usize {
        self.chats.max(self.waiting).max(1)
    }
}

/// Messages before the latency is measured: connections and code get warm.
const WARM_UP: usize = 20;

/// One message after the other from one user.
pub(crate) async fn latency(stage: &Stage, sizes: &Sizes, series: &mut Series) {
    stage.agent.answers(|request| Answer::text(&request.text()));
    let user = &stage.users[0];
    let round = Round::start(stage);
    for n in 0..WARM_UP + sizes.sequential {
        user.says(&format!("latency {n}"));
        round.until_answered(n + 1, sizes).await;
    }
    stage.agent.until_idle().await;
    let times = round.times();
    times.check_all_answered_once();
    let measured = &times.0[WARM_UP..];
    let ms =
        |of: &dyn Fn(&Times) -> Duration| measured.iter().map(|t| milliseconds(of(t))).collect();
    let inbound: Vec<f64> = ms(&|t| t.asked - t.handed_out);
    let outbound: Vec<f64> = ms(&|t| t.replied - t.answered);
    let both: Vec<f64> = inbound.iter().zip(&outbound).map(|(a, b)| a + b).collect();
    series.percentiles("latency_in", inbound);
    series.percentiles("latency_out", outbound);
    series.percentiles("latency", both);
}

/// Many messages from many chats at once, with an instant agent.
pub(crate) async fn burst(stage: &Stage, sizes: &Sizes, series: &mut Series) {
    stage.agent.answers(|request| Answer::text(&request.text()));
    for _ in 0..sizes.bursts {
        let round = Round::start(stage);
        for n in 0..sizes.burst {
            stage.users[n % sizes.chats].says(&format!("burst {n}"));
        }
        round.until_answered(sizes.burst, sizes).await;
        stage.agent.until_idle().await;
        let times = round.times();
        times.check_all_answered_once();
        let first = times.0.iter().map(|t| t.handed_out).min().unwrap();
        let last = times.0.iter().map(|t| t.replied).max().unwrap();
        series.add("burst", sizes.burst as f64 / (last - first).as_secs_f64());
    }
}

/// A few users wait for a slow agent.
pub(crate) async fn waiting(stage: &Stage, sizes: &Sizes, series: &mut Series) {
    let slow = sizes.slow;
    stage.agent.answers(move |request| Answer::text(&request.text()).after(slow));
    let round = Round::start(stage);
    for (n, user) in stage.users[..sizes.waiting].iter().enumerate() {
        user.says(&format!("waiting {n}"));
    }
    round.until_answered(sizes.waiting, sizes).await;
    let times = round.times();
    times.check_all_answered_once();
    let mut waited: Vec<f64> = times.0.iter().map(|t| (t.replied - t.said).as_secs_f64()).collect();
    waited.sort_by(f64::total_cmp);
    series.add("wait_first", waited[0]);
    series.add("wait_last", waited[waited.len() - 1]);
}

/// How many chats are worked on at once: every chat has one message for a rather slow agent.
pub(crate) async fn concurrency(stage: &Stage, sizes: &Sizes, series: &mut Series) {
    let slow = sizes.slow / 10;
    stage.agent.answers(move |request| Answer::text(&request.text()).after(slow));
    let round = Round::start(stage);
    for (n, user) in stage.users[..sizes.chats].iter().enumerate() {
        user.says(&format!("concurrency {n}"));
    }
    round.until_answered(sizes.chats, sizes).await;
    round.times().check_all_answered_once();
    series.add("concurrency", round.most_in_progress() as f64);
}

/// The messages of one measurement.
struct Round<'a> {
    stage: &'a Stage,
    /// Messages, requests and replies of earlier measurements.
    messages: usize,
    requests: usize,
    replies: HashMap<String, usize>,
    sent: usize,
    started: Instant,
}

impl<'a> Round<'a> {
    fn start(stage: &'a Stage) -> Self {
        let replies: HashMap<String, usize> =
            stage.users.iter().map(|user| (user.id().to_owned(), user.received().len())).collect();
        Self {
            stage,
            messages: stage.wechat.messages(),
            requests: stage.agent.requests().len(),
            sent: replies.values().sum(),
            replies,
            started: Instant::now(),
        }
    }

    async fn until_answered(&self, n: usize, sizes: &Sizes) {
        let answered = self.stage.wechat.until_sent(self.sent + n);
        let in_time = tokio::time::timeout(sizes.limit, answered).await;
        assert!(in_time.is_ok(), "not answered within {:?}: see gateway.log", sizes.limit);
    }

    fn most_in_progress(&self) -> usize {
        let requests = self.stage.agent.requests();
        requests[self.requests..].iter().map(|request| request.in_progress).max().unwrap_or(0)
    }

    /// Every message's way, matched by its text, in the order in which they were said.
    fn times(&self) -> AllTimes {
        let said = self.stage.wechat.said(self.messages);
        let requests = self.stage.agent.requests();
        let mut asked = HashMap::new();
        for request in &requests[self.requests..] {
            asked.entry(request.text()).or_insert_with(Vec::new).push(request);
        }
        let mut replied: HashMap<(String, String), Vec<Instant>> = HashMap::new();
        for user in &self.stage.users {
            for sent in &user.received()[self.replies[user.id()]..] {
                let key = (user.id().to_owned(), sent.text().to_owned());
                replied.entry(key).or_default().push(sent.at);
            }
        }
        let mut of = |(user, text, handed_out): (String, String, Option<Instant>)| {
            let requests = asked.remove(&text).unwrap_or_default();
            let replies = replied.remove(&(user, text)).unwrap_or_default();
            Times {
                said: self.started,
                handed_out: handed_out.expect("answered messages were handed out"),
                asked: requests.first().expect("asked").at,
                answered: requests.last().and_then(|request| request.done).expect("answered"),
                replied: replies.first().copied().expect("replied"),
                once: requests.len() == 1 && replies.len() == 1,
            }
        };
        let all = said.into_iter().map(&mut of).collect();
        assert!(replied.is_empty(), "replies to nothing: {replied:?}");
        AllTimes(all)
    }
}

struct Times {
    said: Instant,
    handed_out: Instant,
    asked: Instant,
    answered: Instant,
    replied: Instant,
    once: bool,
}

struct AllTimes(Vec<Times>);

impl AllTimes {
    fn check_all_answered_once(&self) {
        let wrong = self.0.iter().filter(|times| !times.once).count();
        assert_eq!(wrong, 0, "messages not asked and answered exactly once");
    }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
