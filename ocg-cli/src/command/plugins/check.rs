//! `ocg plugins check`

use ocg_js::check::{PluginReport, Support};

use crate::cli::Global;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::output::{self, Style, Table, paint};

/// Shows which names of the SDK and which modules of Node a plugin uses, and whether they are there.
pub fn run(global: &Global, package: &str, json: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let report = PluginReport::of(&context.plugin(package)?);
    if json {
        output::json(&report)?;
    } else {
        show(&report)?;
    }
    let complete = report.missing().next().is_none() && report.node.iter().all(|one| one.provided);
    if complete { Ok(()) } else { Err(Failure::reported(Exit::Failed)) }
}

fn show(report: &PluginReport) -> Result<(), Failure> {
    let mut table = Table::new(["uses", "name", "state"]);
    for name in &report.sdk {
        let (style, state) = match name.support {
            Support::Faithful => (Style::Good, "faithful"),
            Support::Inert => (Style::Doubtful, "inert"),
            Support::Missing => (Style::Bad, "missing"),
        };
        let module = format!("openclaw/plugin-sdk/{}", name.subpath);
        table.row([module, name.name.clone(), paint(style, state)]);
    }
    for module in &report.node {
        let (style, state) =
            if module.provided { (Style::Good, "there") } else { (Style::Bad, "absent") };
        let module_name = format!("node:{}", module.module);
        table.row([module_name, module.names.join(", "), paint(style, state)]);
    }
    table.print()?;
    let missing = report.missing().count();
    let absent = report.node.iter().filter(|module| !module.provided).count();
    Ok(output::line(format!(
        "{} {}: {} names of the SDK, {missing} missing; {} modules of Node, {absent} absent",
        report.package,
        report.version,
        report.sdk.len(),
        report.node.len()
    ))?)
}
