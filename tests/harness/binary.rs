//! Where `ocg` is.

use std::path::{Path, PathBuf};

/// The `ocg` binary of the profile that the running test was built with.
///
/// # Panics
/// If it was not built: `cargo test -p ocg-tests` alone does not build it.
pub fn ocg() -> PathBuf {
    let binary = profile_dir().join(format!("ocg{}", std::env::consts::EXE_SUFFIX));
    assert!(
        binary.is_file(),
        "{} is missing; run the tests as the README says: `cargo test --workspace`",
        binary.display()
    );
    binary
}

/// `<target>/<profile>`: the test itself lies in its `deps`.
fn profile_dir() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let deps = test.parent().expect("a file lies in a folder");
    deps.parent().filter(|_| deps.ends_with("deps")).unwrap_or(deps).to_owned()
}

/// A folder for what tests keep between runs.
pub(super) fn cache_dir() -> PathBuf {
    let profile = profile_dir();
    profile.parent().unwrap_or(Path::new(".")).join("ocg-tests")
}
