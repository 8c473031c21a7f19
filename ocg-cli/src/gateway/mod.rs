//! What `ocg start` makes a gateway of: the channels of the installed plugins, and an operator
//! that does what is asked over the control socket.

mod callback;
mod ending;
mod fleet;
mod operator;
mod reload;
mod startup;
mod store;
mod watch;

pub use callback::CallbackService;
pub use ending::{EndReport, Ending, Next};
pub use fleet::{Fleet, load_channel, load_plugin};
pub use operator::GatewayOperator;
pub use reload::{ConfigReport, Reloader};
pub use startup::Startup;
pub use store::open_store;
pub use watch::ConfigWatch;
