//! Runs the real `ocg` binary the way a user does: its own state folder, its own configuration
//! file, a clean environment.
//!
//! | file | idea |
//! |---|---|
//! | `binary` | where `ocg` is |
//! | `home` | one user's folder: state, configuration, environment |
//! | `config` | `ocg.json` |
//! | `output` | what a process prints, for waiting and for failure messages |
//! | `qr_code` | what the codes on a screen say |
//! | `command` | a command that runs to its end |
//! | `gateway` | `ocg start`, until it is stopped |
//! | `mount` | other file systems under a home |
//! | `terminal` | a command in a terminal, with someone typing |
//! | `plugin` | real plugins: installed once, copied into homes |
//! | `weixin` | the WeChat plugin, logged in |

mod binary;
mod command;
mod config;
mod gateway;
mod home;
mod mount;
mod output;
mod plugin;
mod qr_code;
mod terminal;
mod weixin;

pub use binary::ocg;
pub use command::Finished;
pub use config::Config;
pub use gateway::Gateway;
pub use home::Home;
pub use mount::Mount;
pub use output::Output;
pub use plugin::{
    DINGTALK, DINGTALK_CHINA, FEISHU_CHINA, Plugin, QQBOT, TELEGRAM, WECOM, WECOM_APP, WECOM_TS,
};
pub use terminal::Terminal;
pub use weixin::{CHANNEL, PACKAGE, PACKAGE_VERSION, WEIXIN, WeixinAccount};
