//! Tarballs that no honest tool writes.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::package::{Entry, Package, gzip, pack, package, plugin};
use crate::registry::FakeRegistry;
use crate::site::Site;

/// Serves `entries` as a dependency of an honest plugin.
async fn error_of(entries: Vec<Entry>) -> String {
    error_serving(package("a", "1.0.0").serving(pack(&entries))).await
}

async fn error_serving(dependency: Package) -> String {
    let registry = FakeRegistry::start().await;
    registry.publish([plugin("1.0.0").depends(json!({"a": "1"})), dependency]);
    Site::new(&registry).error("plug").await
}

fn honest() -> Entry {
    Entry::file("package/package.json", br#"{"name": "a", "version": "1.0.0"}"#)
}

#[tokio::test]
async fn paths_that_leave_the_package() {
    insta::assert_snapshot!(
        error_of(vec![honest(), Entry::file("package/../../evil.js", b"x")]).await, @r#"the tarball of a@1.0.0 contains "package/../../evil.js", which leads out of the package; nothing was installed"#
    );
    insta::assert_snapshot!(error_of(vec![Entry::file("/tmp/evil.js", b"x")]).await, @r#"the tarball of a@1.0.0 contains "/tmp/evil.js", which is an absolute path; nothing was installed"#);
    insta::assert_snapshot!(error_of(vec![Entry::file("package\\..\\evil", b"x")]).await, @r#"the tarball of a@1.0.0 contains "package\\..\\evil", which has characters that no path should have; nothing was installed"#);
}

#[tokio::test]
async fn links_that_leave_the_package_and_devices() {
    let link = Entry::special("package/link", b'2', "../../../etc/passwd");
    insta::assert_snapshot!(error_of(vec![link]).await, @r#"the tarball of a@1.0.0 contains "package/link", which is a link that leaves the package; nothing was installed"#);
    let hard = Entry::special("package/link", b'1', "/etc/passwd");
    insta::assert_snapshot!(error_of(vec![hard]).await, @r#"the tarball of a@1.0.0 contains "package/link", which is a link that leaves the package; nothing was installed"#);
    let device = Entry::special("package/null", b'3', "");
    insta::assert_snapshot!(error_of(vec![device]).await, @r#"the tarball of a@1.0.0 contains "package/null", which is neither a file nor a folder; nothing was installed"#);
    let fifo = Entry::special("package/fifo", b'6', "");
    insta::assert_snapshot!(error_of(vec![fifo]).await, @r#"the tarball of a@1.0.0 contains "package/fifo", which is neither a file nor a folder; nothing was installed"#);
}

#[tokio::test]
async fn cut_off_and_damaged_tarballs() {
    let whole = package("a", "1.0.0").file("big", &"0123456789".repeat(5000)).tarball();
    let cut = package("a", "1.0.0").serving(whole[..whole.len() / 2].to_vec());
    insta::assert_snapshot!(error_serving(cut).await, @r"
        the tarball of a@1.0.0 is cut off or damaged; nothing was installed
          incomplete deflate stream
    ");
    let noise = package("a", "1.0.0").serving(b"<html>welcome</html>".to_vec());
    insta::assert_snapshot!(error_serving(noise).await, @r"
        the tarball of a@1.0.0 is cut off or damaged; nothing was installed
          invalid gzip header
    ");
    let claims = Entry { size: Some(4096), ..honest() };
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&pack(&[claims])[..]), &mut bytes)
        .unwrap();
    bytes.truncate(1024);
    let short = package("a", "1.0.0").serving(gzip(&bytes));
    insta::assert_snapshot!(error_serving(short).await, @r"
        the tarball of a@1.0.0 is cut off or damaged; nothing was installed
          unexpected EOF during skip
    ");
}

#[tokio::test]
async fn bombs() {
    let zeros = Entry::file("package/zeros", &vec![0; 64 << 20]);
    insta::assert_snapshot!(error_of(vec![zeros]).await, @"the tarball of a@1.0.0 has more than 32 MiB of files from 64 KiB, as only a decompression bomb has; nothing was installed");
    // A path of 64 MiB, in the extended header that the decoder keeps in memory.
    let path = Entry { kind: b'L', ..Entry::file("././@LongLink", &vec![b'a'; 16 << 20]) };
    insta::assert_snapshot!(error_of(vec![path, honest()]).await, @"the tarball of a@1.0.0 has an entry with more than 1 MiB of description; nothing was installed");
}

#[tokio::test]
async fn inner_links_are_left_out_and_modes_are_plain() {
    let registry = FakeRegistry::start().await;
    let entries = [
        honest(),
        Entry { mode: 0o4777, ..Entry::file("package/bin/run", b"#!") },
        Entry::special("package/lib", b'5', ""),
        Entry::special("package/lib/link", b'2', "../bin/run"),
        Entry::file("stray", b"x"),
    ];
    registry.publish([
        plugin("1.0.0").depends(json!({"a": "1"})),
        package("a", "1.0.0").serving(pack(&entries)),
    ]);
    let site = Site::new(&registry);
    let report = site.install("plug").await.unwrap();
    insta::assert_snapshot!(report.notices[0], @"a@1.0.0 contains the link package/lib/link, which is not unpacked");
    let root = site.plugins().join("plug/node_modules/a");
    let mode =
        |path: &str| std::fs::metadata(root.join(path)).unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode("bin/run"), mode("package.json")), (0o755, 0o644));
    assert!(root.join("lib").is_dir() && !root.join("lib/link").exists());
    assert!(!root.join("stray").exists());
}
