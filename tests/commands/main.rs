//! The commands for deployments, as an operator calls them.

#![expect(clippy::expect_used, reason = "a test that cannot be set up must say so")]

mod check_config;
#[path = "../common/mod.rs"]
mod common;
mod keygen;
mod kv_bulk;
mod metadata;
mod verify;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The project's own configuration.
const WRANGLER: &str = include_str!("../../wrangler.toml");

/// A fresh folder with these files.
fn folder<T: AsRef<[u8]>>(name: &str, files: &[(&str, T)]) -> PathBuf {
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

/// What `head` does: it closes the pipe before all has been said.
#[test]
fn a_pipe_that_closes_ends_a_command_quietly() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saml-edge"));
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.args(["metadata", "-"]).spawn().expect("a process");
    drop(child.stdout.take());
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(common::METADATA.as_bytes()).expect("written");
    drop(input);
    let Output { status, stderr, .. } = child.wait_with_output().expect("an end");
    assert_eq!((status.code(), String::from_utf8_lossy(&stderr).as_ref()), (Some(0), ""));
}

#[test]
fn what_cannot_be_said_is_no_success() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let mut command = Command::new(env!("CARGO_BIN_EXE_saml-edge"));
    let output = command.arg("keygen").stdout(full).output().expect("an end");
    assert_eq!(output.status.code(), Some(2));
}
