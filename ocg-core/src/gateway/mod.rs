//! One message's way through the gateway, and the life of the accounts.

mod accounts;
mod backoff;
mod board;
mod builder;
mod callbacks;
mod channels;
mod crash_point;
mod handle;
mod histogram;
mod inbox;
mod journal;
mod link;
mod measures;
mod notices;
mod outbound_sink;
mod recorded_sink;
mod recovery;
mod reply_desk;
mod reply_writer;
mod settings;
mod sink;
mod supervise;
mod turn;
mod turn_log;
mod untold;

pub use board::AccountSnapshot;
pub use builder::{BuildError, Gateway, GatewayBuilder, RunReport};
pub use callbacks::{CallbackCounts, CallbackRefusal, CallbackRules};
pub use handle::{ChannelSnapshot, ControlError, GatewayHandle, GatewayStatus};
pub use histogram::HistogramSnapshot;
pub use inbox::{TurnCounts, UnfinishedTurn};
pub use link::{AccountLink, AccountState, Admission, Inbox, StatusPatch};
pub use measures::ChannelMeasures;
pub use settings::{AccountSettings, GatewaySettings, SettingsOf};
