//! The commands for deployments, as an operator calls them.

#![expect(clippy::expect_used, reason = "a test that cannot be set up must say so")]

mod check_config;
#[path = "../common/mod.rs"]
mod common;
mod kv_bulk;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The project's own configuration.
const WRANGLER: &str = include_str!("../../wrangler.toml");

/// A fresh folder with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    for (file, text) in files {
        fs::write(folder.join(file), text).expect("written");
    }
    folder
}

/// Exit code, standard output, standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saml-edge"));
    let Output { status, stdout, stderr } = command.args(arguments).output().expect("a process");
    let text = |octets| String::from_utf8(octets).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}
