//! `ocg man`

use std::path::Path;

use clap::CommandFactory;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::output;

/// Writes one page per command into `folder`.
pub fn run(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), folder))
        .map_err(|error| {
            Failure::failed(format!("cannot write the manual pages into {}", folder.display()))
                .because(&error)
                .hint("name a folder that can be written; it is made if it is not there")
        })?;
    Ok(output::line(format!("`man {}/ocg.1` shows the first page", folder.display()))?)
}
