//! Runs the real `ocg` binary.
