//! What `ocg start` makes a gateway of: the channels of the installed plugins, and an operator
//! that does what is asked over the control socket.

mod callback;
mod ending;
mod operator;
mod plugins;

pub use callback::CallbackService;
pub use ending::{EndReport, Ending, Next};
pub use operator::GatewayOperator;
pub use plugins::{LoadedChannels, load_channel, load_channels};
