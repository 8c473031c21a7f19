//! `ocg plugins install` and `update`

use ocg_js::install::{InstallReport, InstallRequest, InstallSettings, Installer, RetryPolicy};

use crate::cli::Global;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{self, InstallBar};

/// Installs a plugin and says how to go on.
pub async fn install(global: &Global, package: &str, allow_fresh: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let request =
        InstallRequest { spec: package.to_owned(), allow_fresh, ..InstallRequest::default() };
    let report = perform(&context, &installer(&context)?, &request).await?;
    describe(&report)?;
    for channel in report.plugin.channels() {
        output::line(format!(
            "Next: `ocg channels login --channel {}`, then `ocg start`",
            channel.id
        ))?;
    }
    Ok(())
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
    }
    Ok(())
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
    let packages = report.packages;
    let name = format!("{} {}", plugin.package, plugin.version);
    let text = match &report.previous {
        Some(previous) if *previous == plugin.version => format!("{name} was installed already"),
        Some(previous) => format!("Updated {name} from {previous} ({packages} packages)"),
        None => format!("Installed {name} ({packages} packages)"),
    };
    Ok(output::line(text)?)
}
