//! `ocg start`

use std::path::Path;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use ocg_core::channel::Channel;
use ocg_core::dispatch::AgentDispatcher;
use ocg_core::gateway::{Gateway, RunReport};
use ocg_core::http::routes::Routes;

use crate::cli::{Global, StartArgs};
use crate::context::Context;
use crate::control::{ControlServer, GatewayLock, LockError};
use crate::daemon::{Background, LogDestination, Program, Service};
use crate::failure::{Exit, Failure};
use crate::gateway::{
    CallbackService, ConfigWatch, EndReport, Ending, Fleet, GatewayOperator, Next, Reloader,
    Startup, open_store,
};
use crate::output::{self, warn};

/// Runs the gateway until it is told to stop. `log` is where its log goes.
pub async fn run(global: &Global, args: StartArgs, log: LogDestination) -> Result<(), Failure> {
    let program = Program::this()
        .map_err(|error| Failure::failed("cannot find the program itself").because(&error))?;
    let background = Background::enter(&args, &log)
        .map_err(|error| Failure::failed("cannot go into the background").because(&error))?;
    let result = serve(global, background, &log).await;
    if let (Err(failure), Some(_)) = (&result, log.file()) {
        tracing::error!("{}", failure.render(false).trim_end());
    }
    match result? {
        Next::Exit => Ok(()),
        Next::Restart => {
            let error = program.replace_this_process();
            Err(Failure::failed("cannot start again").because(&error))
        }
    }
}

/// Runs one gateway; says what is to come after it.
async fn serve(
    global: &Global,
    background: Option<Background>,
    log: &LogDestination,
) -> Result<Next, Failure> {
    let context = Context::load(global)?;
    context.create_state()?;
    // The lock comes before the plugins: two gateways must never use one login.
    let _lock = GatewayLock::take(&context.state).map_err(taken)?;
    let socket = context.state.control_socket();
    let control = ControlServer::bind(&socket).map_err(|error| {
        Failure::failed(format!("cannot make the control socket {}", socket.display()))
            .because(&error)
            .hint("set OCG_STATE_DIR to a folder with a short path that you can write to")
    })?;

    let ending = Ending::default();
    let mut service = Service::default();
    let _signals = AbortOnDropHandle::new(tokio::spawn(watch_signals(ending.clone())));
    let context = Arc::new(context);
    let callbacks = CallbackService::prepare(&context).await?;
    let store = open_store(&context)?;
    let routes = Routes::default();
    let fleet = Fleet::load(&context, routes.clone()).await?;
    let startup = Startup::announce(&context, &fleet).await?;

    let dispatcher = AgentDispatcher::new(context.config().agent_http())
        .map_err(|error| Failure::failed("cannot set up the network").because(&error))?;
    let mut builder = Gateway::builder()
        .settings(context.gateway_settings())
        .dispatcher(Arc::new(dispatcher))
        .store(store);
    for channel in fleet.channels() {
        builder = builder.channel(Arc::clone(channel) as Arc<dyn Channel>);
    }
    let gateway = builder
        .build()
        .map_err(|error| Failure::failed("cannot build the gateway").because(&error))?;
    let reloader = Arc::new(Reloader::new(Arc::clone(&context), gateway.handle(), fleet));
    let (_watch, hints) = ConfigWatch::start(&context);
    let operator = Arc::new(GatewayOperator::new(
        gateway.handle(),
        Arc::clone(&context),
        Arc::clone(&reloader),
        ending.clone(),
        callbacks.port(),
        log.file().map(Path::to_owned),
    ));
    let operated = gateway.handle();
    // Control and callbacks end last: while the turns in progress are finished, `ocg status`
    // answers and agents can call back.
    let served = CancellationToken::new();
    let callbacks = callbacks.serve(gateway.handle(), routes, served.clone());
    let leave_terminal = async {
        let Some(background) = background else { return };
        let succeeds = startup.succeeds(&operated, &reloader);
        let Some(up) = ending.token().run_until_cancelled(succeeds).await else { return };
        if let Err(error) = background.up(up) {
            tracing::warn!(%error, "the terminal cannot be let go of");
        }
    };
    let run = async {
        service.up();
        let stop = ending.token();
        let (report, ()) = tokio::join!(gateway.run(stop.clone()), async {
            stop.cancelled().await;
            service.stopping(ending.next());
        });
        ending.ended(EndReport::from(&report));
        served.cancel();
        report
    };
    let (report, (), (), (), ()) = tokio::join!(
        run,
        leave_terminal,
        callbacks,
        control.serve(operator, served.clone()),
        reloader.follow(hints, ending.token())
    );
    conclude(&report)?;
    Ok(ending.next())
}

fn taken(error: LockError) -> Failure {
    match &error {
        LockError::Held { .. } => Failure::failed(error.to_string())
            .hint("`ocg status` shows it; another state folder (OCG_STATE_DIR) can have its own"),
        LockError::Io { .. } => Failure::failed("cannot use the state folder")
            .because(&error)
            .hint("set OCG_STATE_DIR to a folder that you can write to"),
    }
}

/// The first signal lets turns finish, the second ends at once.
async fn watch_signals(ending: Ending) {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        warn("signals cannot be caught: the gateway will not end gracefully");
        return;
    };
    loop {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        if ending.has_begun() {
            std::process::exit(Exit::Failed as i32);
        }
        tracing::info!(
            "stopping when the turns in progress are done; a second signal ends at once"
        );
        ending.begin(Next::Exit);
    }
}

fn conclude(report: &RunReport) -> Result<(), Failure> {
    if !report.unfinished.is_empty() {
        let waiting = report.unfinished.len();
        output::line(format!("{waiting} messages are not answered yet: the next start does it"))?;
    }
    Ok(())
}
