//! Rebuilds the crate when a JavaScript file is added: `include_dir` sees only changed ones.

fn main() {
    println!("cargo::rerun-if-changed=js");
}
