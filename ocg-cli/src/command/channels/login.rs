//! `ocg channels login`

use std::borrow::Cow;
use std::io::{BufRead, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::termios;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use ocg_core::channel::Channel;
use ocg_js::plugin::{LoginOutcome, LoginTerminal, PluginError, login};

use crate::cli::{AccountArgs, Global};
use crate::context::Context;
use crate::control::Request;
use crate::failure::Failure;
use crate::gateway::load_channel;
use crate::next_step;
use crate::output::{self, CodeScreen, qr_code, warn};

/// Logs in to a channel at this terminal.
pub async fn run(global: &Global, args: AccountArgs) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let channel = load_channel(&context, &args.channel).await?;
    let id = channel.id();
    let result = if channel.can_login() {
        let cancel = CancellationToken::new();
        let watch = cancel.clone();
        let interrupts = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                watch.cancel();
            }
        });
        let account = args.account.as_deref();
        let terminal = Arc::new(Terminal::this());
        let lines = typed_lines(Arc::clone(&terminal));
        let result = login(&channel, account, terminal, lines, cancel).await;
        interrupts.abort();
        conclude(id, result)
    } else {
        let next = next_step::after_install(&channel).await.unwrap_or_default();
        Err(Failure::usage(format!("channel {id} has no login"))
            .hint(format!("{} sets it up", next.join(" or "))))
    };
    channel.close().await;
    let outcome = result?;
    tell_gateway(&context, id, outcome.account).await
}

fn conclude(
    channel: &str,
    result: Result<LoginOutcome, PluginError>,
) -> Result<LoginOutcome, Failure> {
    match result {
        Ok(outcome) if outcome.connected => {
            let account = outcome.account.as_deref().unwrap_or("default");
            let line = format!("Logged in: {channel}/{account}. {}", outcome.message);
            output::line(line.trim_end())?;
            Ok(outcome)
        }
        Ok(outcome) => Err(Failure::failed(format!("not logged in: {}", outcome.message))),
        Err(PluginError::Cancelled) => Err(Failure::failed("login cancelled")),
        Err(error) => Err(Failure::failed("the login failed").because(&error)),
    }
}

/// A gateway that runs already takes the new account up at once.
async fn tell_gateway(
    context: &Context,
    channel: &str,
    account: Option<String>,
) -> Result<(), Failure> {
    if context.running().report().await?.is_none() {
        return Ok(output::line("`ocg start -d` starts the gateway.")?);
    }
    let request = Request::StartChannel { channel: channel.to_owned(), account };
    match context.running().ask(&request).await {
        Ok(_) => Ok(output::line("The running gateway has started the account.")?),
        Err(failure) => {
            warn("the running gateway did not take the account up; restart it");
            Err(failure)
        }
    }
}

/// What is typed, line by line with its end, as the plugin expects it.
fn typed_lines(terminal: Arc<Terminal>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel(4);
    // Reading a terminal cannot be cancelled, so it has a thread that dies with the process.
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        loop {
            let mut line = Vec::new();
            match stdin.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => terminal.typed(&line),
            }
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The plugin's words and codes go to standard output; on a terminal, a new code takes the place of
/// the one before.
struct Terminal {
    screen: Option<Mutex<CodeScreen>>,
    typing_hidden: AtomicBool,
}

impl Terminal {
    fn this() -> Self {
        let stdout = std::io::stdout();
        let columns = || termios::tcgetwinsize(&stdout).map_or(0, |size| size.ws_col);
        let screen = stdout.is_terminal().then(|| Mutex::new(CodeScreen::new(columns())));
        Self { screen, typing_hidden: AtomicBool::new(false) }
    }

    fn screen(&self) -> Option<MutexGuard<'_, CodeScreen>> {
        let screen = self.screen.as_ref()?;
        Some(screen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The terminal has shown what was typed.
    fn typed(&self, line: &[u8]) {
        let shown = std::io::stdin().is_terminal() && !self.typing_hidden.load(Ordering::Relaxed);
        if let Some(mut screen) = self.screen().filter(|_| shown) {
            screen.typed(&String::from_utf8_lossy(line));
        }
    }
}

impl LoginTerminal for Terminal {
    fn print(&self, text: &str) {
        let text = match self.screen() {
            Some(mut screen) => Cow::Owned(screen.show(text)),
            None => Cow::Borrowed(text),
        };
        let mut stdout = std::io::stdout().lock();
        // A login whose output nobody reads can still succeed.
        let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    }

    fn show_code(&self, link: &str, message: &str) {
        let code = qr_code(link).unwrap_or_default();
        self.print(&format!("{message}\n{code}{link}\n"));
    }

    fn hide_typing(&self, hidden: bool) {
        self.typing_hidden.store(hidden, Ordering::Relaxed);
        if let Err(error) = echo(!hidden) {
            tracing::debug!(target: "ocg::login", %error, "the terminal's echo stays as it is");
        }
    }
}

/// Switches the echo of the terminal, if there is one.
fn echo(on: bool) -> std::io::Result<()> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Ok(());
    }
    let mut attributes = termios::tcgetattr(&stdin)?;
    attributes.local_modes.set(termios::LocalModes::ECHO, on);
    Ok(termios::tcsetattr(&stdin, termios::OptionalActions::Now, &attributes)?)
}
