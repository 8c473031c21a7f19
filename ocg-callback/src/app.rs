//! What all requests share.

use std::net::IpAddr;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ocg_core::gateway::GatewayHandle;
use ocg_core::http::routes::Routes;
use ocg_core::http::signature::Signer;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::answer::Refusal;
use crate::metrics::Metrics;
use crate::sent_keys::SentKeys;
use crate::settings::ServerSettings;

/// Addresses that the limiter remembers before it forgets those that are quiet.
const MAX_PEERS: usize = 4096;

pub(crate) struct App {
    pub(crate) gateway: GatewayHandle,
    pub(crate) routes: Routes,
    pub(crate) settings: ServerSettings,
    pub(crate) callback_signer: Option<Signer>,
    pub(crate) send_signer: Option<Signer>,
    pub(crate) sent: SentKeys,
    pub(crate) metrics: Metrics,
    /// Tells the codes of callbacks that are refused.
    pub(crate) refusals: watch::Sender<Option<&'static str>>,
    /// Work that goes on when its caller hangs up.
    pub(crate) work: TaskTracker,
    limiter: DefaultKeyedRateLimiter<IpAddr>,
}

impl App {
    pub(crate) fn new(
        gateway: GatewayHandle,
        routes: Routes,
        settings: ServerSettings,
        refusals: watch::Sender<Option<&'static str>>,
    ) -> Self {
        let rate = settings.rate.clamp(1, u32::MAX / 5);
        let one = std::num::NonZeroU32::MIN;
        let quota = Quota::per_second(rate.try_into().unwrap_or(one))
            .allow_burst((5 * rate).try_into().unwrap_or(one));
        Self {
            gateway,
            routes,
            callback_signer: settings.secret.clone().map(Signer::new),
            send_signer: settings.send.secret.clone().map(Signer::new),
            settings,
            sent: SentKeys::default(),
            metrics: Metrics::default(),
            refusals,
            work: TaskTracker::new(),
            limiter: RateLimiter::keyed(quota),
        }
    }

    /// Lets a request in, unless its sender makes too many.
    pub(crate) fn admit(&self, peer: IpAddr) -> Result<(), Refusal> {
        if self.limiter.len() > MAX_PEERS {
            self.limiter.retain_recent();
        }
        self.limiter
            .check_key(&peer)
            .map_err(|_| Refusal::new(429, "TOO_MANY_REQUESTS", "too many requests; slow down"))
    }
}
