//! `ocg plugins check`

use ocg_js::check::{PluginReport, Support};
use ocg_js::node_api::Status;

use crate::cli::Global;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::output::{self, Style, Table, paint};

/// Shows which names of the SDK and which modules of Node a plugin uses, and whether they are there.
pub fn one(global: &Global, package: &str, json: bool) -> Result<(), Failure> {
    let context = Context::load(global)?;
    let report = PluginReport::of(&context.plugin(package)?);
    if json {
        output::json(&report)?;
    } else {
        show(&report)?;
    }
    verdict([&report])
}

/// Shows in one line per installed plugin how much of what it uses is there.
pub fn all(global: &Global, json: bool) -> Result<(), Failure> {
    let reports = reports(global)?;
    if json {
        output::json(&reports)?;
    } else {
        let mut table = Table::new(COLUMNS);
        reports.iter().for_each(|report| table.row(row(report)));
        table.print()?;
    }
    verdict(&reports)
}

/// The same as a table of the documentation.
pub fn page(global: &Global) -> Result<(), Failure> {
    output::line(
        "| plugin | version | SDK names: faithful | inert | missing | Node modules: partial | absent |\n\
         |---|---|---|---|---|---|---|",
    )?;
    for report in reports(global)? {
        let [package, cells @ ..] = row(&report);
        output::line(format!("| `{package}` | {} |", cells.join(" | ")))?;
    }
    Ok(())
}

const COLUMNS: [&str; 7] =
    ["plugin", "version", "faithful", "inert", "missing", "partial", "absent"];

fn row(report: &PluginReport) -> [String; 7] {
    let missing = report.missing().map(|name| format!("{}#{}", name.subpath, name.name)).collect();
    [
        report.package.clone(),
        report.version.clone(),
        report.names(Support::Faithful).count().to_string(),
        report.names(Support::Inert).count().to_string(),
        listed(missing),
        modules(report, Status::Partial),
        modules(report, Status::Absent),
    ]
}

fn reports(global: &Global) -> Result<Vec<PluginReport>, Failure> {
    Ok(Context::load(global)?.plugins()?.iter().map(PluginReport::of).collect())
}

fn modules(report: &PluginReport, status: Status) -> String {
    listed(report.modules(status).map(|module| module.module.clone()).collect())
}

fn listed(names: Vec<String>) -> String {
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

fn verdict<'a>(reports: impl IntoIterator<Item = &'a PluginReport>) -> Result<(), Failure> {
    let complete = reports.into_iter().all(PluginReport::is_complete);
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
        let style = match module.status {
            Status::Provided => Style::Good,
            Status::Absent if !module.lazy => Style::Bad,
            Status::Partial | Status::Absent => Style::Doubtful,
        };
        let state = module.status.to_string();
        let module_name = format!("node:{}", module.module);
        table.row([module_name, module.names.join(", "), paint(style, &state)]);
    }
    table.print()?;
    let missing = report.missing().count();
    let absent = report.modules(Status::Absent).count();
    Ok(output::line(format!(
        "{} {}: {} names of the SDK, {missing} missing; {} modules of Node, {absent} absent",
        report.package,
        report.version,
        report.sdk.len(),
        report.node.len()
    ))?)
}
