//! Downloads tarballs to the disk while their hash is computed.

use std::path::{Path, PathBuf};

use ssri::{Integrity, IntegrityOpts};
use tokio::io::AsyncWriteExt;
use url::Url;

use super::progress::Reporter;
use super::registry::{self, Registry};
use super::{InstallError, InstallEvent};

/// The largest tarball that is fetched.
const MAX_TARBALL: u64 = 512 << 20;

/// A tarball to fetch.
#[derive(Debug)]
pub(super) struct Tarball {
    /// The package in the registry.
    pub(super) package: String,
    /// `name@version`.
    pub(super) id: String,
    pub(super) url: Url,
    pub(super) integrity: Integrity,
    /// Whether the hash comes from the lock file, not from the registry.
    pub(super) locked: bool,
}

/// Fetches one tarball to `file`.
///
/// # Errors
/// When it cannot be had or is not the one announced; `file` is then of no use.
pub(super) async fn fetch(
    registry: &Registry,
    tarball: &Tarball,
    file: PathBuf,
    report: &Reporter<'_>,
) -> Result<(), InstallError> {
    registry.retrying(|| try_fetch(registry, tarball, &file, report)).await?;
    report.event(InstallEvent::Downloaded { package: tarball.id.clone() });
    Ok(())
}

async fn try_fetch(
    registry: &Registry,
    tarball: &Tarball,
    file: &Path,
    report: &Reporter<'_>,
) -> Result<(), InstallError> {
    let mut response = registry.tarball(&tarball.package, &tarball.url).await?;
    let write = |error| InstallError::disk("write", file, error);
    let mut out = tokio::fs::File::create(file).await.map_err(write)?;
    let mut hash = IntegrityOpts::new().algorithm(tarball.integrity.pick_algorithm());
    let mut size = 0;
    while let Some(chunk) =
        response.chunk().await.map_err(|error| registry::unreachable(&tarball.url, error))?
    {
        size += chunk.len() as u64;
        if size > MAX_TARBALL {
            let what = format!("more than {} MiB", MAX_TARBALL >> 20);
            return Err(InstallError::TooLarge { package: tarball.id.clone(), what });
        }
        hash.input(&chunk);
        out.write_all(&chunk).await.map_err(write)?;
        report.event(InstallEvent::Received { bytes: chunk.len() as u64 });
    }
    out.flush().await.map_err(write)?;
    let actual = hash.result();
    if tarball.integrity.matches(&actual).is_none() {
        return Err(InstallError::IntegrityMismatch {
            package: tarball.id.clone(),
            expected: tarball.integrity.to_string(),
            actual: actual.to_string(),
            locked: tarball.locked,
        });
    }
    Ok(())
}
