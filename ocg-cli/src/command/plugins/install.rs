//! `ocg plugins install` and `update`

use ocg_core::channel::Channel;
use ocg_js::check::PluginReport;
use ocg_js::install::{
    InstallReport, InstallRequest, InstallSettings, InstalledPlugin, Installer, RetryPolicy,
};

use crate::cli::Global;
use crate::context::Context;
use crate::failure::Failure;
use crate::gateway::load_plugin;
use crate::next_step;
use crate::output::{self, InstallBar, count, warn};

/// Installs a plugin and says how to go on.
pub async fn install(global: &Global, package: &str, allow_fresh: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let request =
        InstallRequest { spec: package.to_owned(), allow_fresh, ..InstallRequest::default() };
    let report = perform(&context, &installer(&context)?, &request).await?;
    describe(&report)?;
    warn_of_gaps(&report.plugin);
    // It is loaded once: so it is known whether it runs, and how its channels get their accounts.
    let channels = match load_plugin(&context, &report.plugin).await {
        Ok(channels) => channels,
        Err(failure) => {
            warn(format!("it is installed, but does not start: {}", failure.one_line()));
            return Ok(());
        }
    };
    let runs = context.running().report().await?.is_some();
    for channel in &channels {
        match next_step::after_install(channel).await {
            // The gateway that runs starts it.
            Ok(commands) if runs && commands == [next_step::START] => {}
            Ok(commands) => output::line(format!("Next: {}", commands.join("\n  or: ")))?,
            Err(error) => warn(format!("channel {} cannot be set up: {error}", channel.id())),
        }
    }
    for channel in &channels {
        channel.close().await;
    }
    tell_gateway(&context).await
}

/// A gateway that runs already takes the plugin up at once.
async fn tell_gateway(context: &Context) -> Result<(), Failure> {
    match context.running().take_up_if_any().await? {
        Some(taken_up) => Ok(output::line(taken_up)?),
        None => Ok(()),
    }
}

/// Says plainly that parts of a plugin cannot work.
fn warn_of_gaps(plugin: &InstalledPlugin) {
    let report = PluginReport::of(plugin);
    let missing: Vec<&str> = report.missing().map(|name| name.name.as_str()).collect();
    if let [first, rest @ ..] = missing.as_slice() {
        let others =
            if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        warn(format!(
            "{} uses names of OpenClaw's plugin SDK that ocg does not have yet ({first}{others}): \
             what needs them fails; `ocg plugins check {}` lists them",
            plugin.package, plugin.package
        ));
    }
}

/// Looks for a newer version of one plugin, or of all.
pub async fn update(
    global: &Global,
    package: Option<&str>,
    allow_fresh: bool,
) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let plugins = match package {
        Some(package) => vec![context.plugin(package)?],
        None => context.plugins()?,
    };
    if plugins.is_empty() {
        return Ok(output::line("No plugins are installed.")?);
    }
    let installer = installer(&context)?;
    for plugin in plugins {
        let spec = match plugin.requested.as_str() {
            "" => plugin.package.clone(),
            requested => format!("{}@{requested}", plugin.package),
        };
        let request = InstallRequest { spec, allow_fresh, update: true };
        let report = perform(&context, &installer, &request).await?;
        describe(&report)?;
        warn_of_gaps(&report.plugin);
    }
    tell_gateway(&context).await
}

fn installer(context: &Context) -> Result<Installer, Failure> {
    let settings = InstallSettings {
        folder: context.state.plugins(),
        client: context
            .config()
            .plugin_http()
            .client_builder()
            .map_err(|error| Failure::failed("cannot set up the network").because(&error))?,
        environment: std::env::vars().collect(),
        home: std::env::home_dir(),
        min_release_age_days: context.config().settings.min_release_age_days.value,
        retry: RetryPolicy::default(),
    };
    Installer::new(settings)
        .map_err(|error| Failure::usage("cannot use the npm settings").because(&error))
}

async fn perform(
    context: &Context,
    installer: &Installer,
    request: &InstallRequest,
) -> Result<InstallReport, Failure> {
    context.create_state()?;
    let bar = InstallBar::start();
    let result = tokio::select! {
        result = installer.install(request, &bar) => Some(result),
        _ = tokio::signal::ctrl_c() => None,
    };
    bar.finish();
    match result {
        None => Err(Failure::failed("interrupted; nothing was changed")),
        Some(Err(error)) => {
            let failed = Failure::failed(format!("cannot install {}", request.spec));
            Err(failed.because(&error).hint_if(error.hint()))
        }
        Some(Ok(report)) => Ok(report),
    }
}

fn describe(report: &InstallReport) -> Result<(), Failure> {
    let plugin = &report.plugin;
    let packages = count(report.packages, "package");
    let name = format!("{} {}", plugin.package, plugin.version);
    let text = match &report.previous {
        Some(previous) if *previous == plugin.version => format!("{name} was installed already"),
        Some(previous) => format!("Updated {name} from {previous} ({packages})"),
        None => format!("Installed {name} ({packages})"),
    };
    Ok(output::line(text)?)
}
