//! `saml-edge keygen`, as an operator calls it.

use std::fs::{
    Permissions, {self},
};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_edge::{Config, RsaKeys};
use saml_verify::dsig::Certificate;

fn keygen(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saml-edge"));
    command.arg("keygen").args(arguments).output().expect("an end")
}

/// The value of the one line that begins with `name`, which may go on over several.
fn value(dotenv: &str, name: &str) -> String {
    let (_, rest) = dotenv.split_once(&format!("{name}='")).expect("a line");
    rest.split('\'').next().expect("an end").to_owned()
}

/// The certificate in `SP_KEYS`, which follows its key.
fn certificate(sp_keys: &str) -> Certificate {
    let (key, certificate) = sp_keys.split_at(sp_keys.find("-----BEGIN CERT").expect("two"));
    assert!(RsaKeys::from_pems([key]).is_some());
    let lines = certificate.lines().filter(|line| !line.starts_with("-----"));
    let der = STANDARD.decode(lines.collect::<String>()).expect("base64");
    Certificate::from_der(&der).expect("X.509")
}

#[test]
fn makes_all_that_a_worker_takes() {
    let output = keygen(&["--admin-token"]);
    assert!(output.status.success());
    let dotenv = String::from_utf8(output.stdout).expect("UTF-8");
    let sp_keys = value(&dotenv, "SP_KEYS");
    assert!(sp_keys.len() < 5_000, "{} octets do not fit into a secret", sp_keys.len());
    let certificate = certificate(&sp_keys);
    let seconds = certificate.not_after().seconds() - certificate.not_before().seconds();
    assert_eq!(seconds, 3652 * 24 * 60 * 60);
    // The Worker takes it: the certificate is that of the key.
    let config = Config::parse(|name| match name {
        "BASE_URL" => Some("https://app.example.com".to_owned()),
        "SESSION_SECONDS" => Some("600".to_owned()),
        "CLOCK_SKEW_SECONDS" => Some("60".to_owned()),
        "ADMIN_TOKEN" | "SESSION_KEYS" | "SP_KEYS" | "TOKEN_KEYS" => Some(value(&dotenv, name)),
        "ACCOUNT_CLAIM" | "NAME_CLAIM" | "ROLE_CLAIM" | "ROLES" => Some("x".to_owned()),
        _ => None,
    });
    let config = config.expect("a good configuration");
    assert_eq!(config.sp_keys().iter().filter_map(|key| key.certificate()).count(), 1);
    let without = String::from_utf8(keygen(&[]).stdout).expect("UTF-8");
    assert!(!without.contains("ADMIN_TOKEN"), "it opens a door that not everybody needs");
}

#[test]
fn the_certificate_names_the_host_of_base_url_or_another() {
    let subject = |arguments: &[&str]| {
        let dotenv = String::from_utf8(keygen(arguments).stdout).expect("UTF-8");
        certificate(&value(&dotenv, "SP_KEYS")).subject().to_owned()
    };
    assert_eq!(subject(&[]), "CN=app.example.com");
    assert_eq!(subject(&["--env", "staging"]), "CN=app.staging.example.com");
    assert_eq!(subject(&["--sp", "sso.example.org"]), "CN=sso.example.org");
    assert_eq!(subject(&["--sp", "sso.example.org", "--config", "/nowhere"]), "CN=sso.example.org");
    for arguments in [&["--env", "nowhere"][..], &["--config", "/nowhere"]] {
        let output = keygen(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(said.contains("--sp HOST"), "{said}");
    }
}

#[test]
fn adds_what_a_file_has_not_and_leaves_what_it_has() {
    let file = secrets("adds");
    let text = || fs::read_to_string(&file).expect("a file");
    let add = |arguments: &[&str]| {
        let path = file.to_str().expect("UTF-8");
        let output = keygen(&[&["--add-to", path], arguments].concat());
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let token_keys = keys(&file, "TOKEN_KEYS").join(",");
    let before = format!("# mine\nexport TOKEN_KEYS = '{token_keys}'\nOTHER=1");
    fs::write(&file, &before).expect("written");
    fs::set_permissions(&file, Permissions::from_mode(0o640)).expect("a mode");
    let said = add(&[]);
    assert_eq!(said, format!("{}: added SESSION_KEYS, SP_KEYS\n", file.display()));
    let after = text();
    assert!(after.starts_with(&format!("{before}\nSESSION_KEYS='")), "{after}");
    assert!(add(&["--admin-token"]).ends_with(": added ADMIN_TOKEN\n"));
    assert!(text().starts_with(&after));
    let last = text();
    assert!(add(&["--admin-token"]).ends_with(": has all of them\n"));
    assert_eq!(text(), last);
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o640);
    assert_eq!(neighbours(&file), ["production.env"]);
}

#[test]
fn refuses_what_is_no_host() {
    for host in ["", "a b", "a,O=b", "https://app.example.com", &"a".repeat(65)] {
        let output = keygen(&["--sp", host]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{host}");
    }
}

/// A file of secrets as an operator keeps it, in a folder of its own.
fn secrets(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("production.env");
    fs::write(&file, keygen(&[]).stdout).expect("written");
    fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("a mode");
    file
}

fn rotate(file: &Path) -> (Option<i32>, String, String) {
    let output = keygen(&["--rotate", file.to_str().expect("UTF-8")]);
    let text = |octets| String::from_utf8(octets).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn keys(file: &Path, name: &str) -> Vec<String> {
    let dotenv = fs::read_to_string(file).expect("a file");
    value(&dotenv, name).split(',').map(str::to_owned).collect()
}

/// What stands in a file's folder, by name.
fn neighbours(file: &Path) -> Vec<String> {
    let entries = fs::read_dir(file.parent().expect("a folder")).expect("readable");
    let names = entries.map(|it| it.expect("readable").file_name().into_string().expect("UTF-8"));
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn rotates_a_file_and_keeps_what_it_was() {
    let file = secrets("rotates");
    let before = fs::read_to_string(&file).expect("a file");
    let (code, said, complaints) = rotate(&file);
    assert_eq!((code, complaints.as_str()), (Some(0), ""));
    let old = file.with_extension("env.old");
    let (path, old_path) = (file.display(), old.display());
    let expected =
        format!("{path}: rotated\n{old_path}: as it was; remove it when {path} is uploaded\n");
    assert_eq!(said, expected, "and no secret");
    assert_eq!(fs::read_to_string(&old).expect("a file"), before);
    // IdPs know the service by this one.
    let after = fs::read_to_string(&file).expect("a file");
    assert_eq!(value(&after, "SP_KEYS"), value(&before, "SP_KEYS"));
    for name in ["SESSION_KEYS", "TOKEN_KEYS"] {
        let (was, is) = (keys(&old, name), keys(&file, name));
        assert_eq!((was.len(), is.len()), (2, 3), "{name}");
        assert_eq!((&is[0], &is[2]), (&was[1], &was[0]), "{name}");
        assert!(!was.contains(&is[1]), "{name}: the next key is no fresh one");
    }
    assert_eq!(neighbours(&file), ["production.env", "production.env.old"]);
}

#[test]
fn rotates_no_further_while_the_last_rotation_is_under_way() {
    let file = secrets("twice");
    assert_eq!(rotate(&file).0, Some(0));
    let text = |file: &Path| fs::read_to_string(file).expect("a file");
    let old = file.with_extension("env.old");
    let before = (text(&file), text(&old));
    let (code, said, complaints) = rotate(&file);
    assert_eq!((code, said.as_str()), (Some(2), ""));
    let expected = format!("saml-edge: {} is there from an earlier rotation; ", old.display());
    assert!(complaints.starts_with(&expected), "{complaints}");
    assert_eq!((text(&file), text(&old)), before);
    assert_eq!(neighbours(&file).len(), 2);
    fs::remove_file(&old).expect("removed");
    assert_eq!(rotate(&file).0, Some(0));
}

#[test]
fn whoever_may_read_the_file_stays_who_may() {
    for mode in [0o600, 0o640, 0o400] {
        let file = secrets("modes");
        fs::set_permissions(&file, Permissions::from_mode(mode)).expect("a mode");
        assert_eq!(rotate(&file).0, Some(0));
        for file in [&file, &file.with_extension("env.old")] {
            let permissions = fs::metadata(file).expect("a file").permissions();
            assert_eq!(permissions.mode() & 0o777, mode, "{}", file.display());
        }
    }
}

#[test]
fn a_link_to_the_file_stays_one() {
    let file = secrets("links");
    let link = file.with_file_name("link.env");
    symlink(&file, &link).expect("a link");
    assert_eq!(rotate(&link).0, Some(0));
    assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    assert_eq!(keys(&link, "TOKEN_KEYS").len(), 3);
    assert_eq!(neighbours(&file), ["link.env", "production.env", "production.env.old"]);
}

#[test]
fn a_file_that_cannot_be_rotated_stays_as_it_is() {
    let file = secrets("malformed");
    let before =
        fs::read_to_string(&file).expect("a file").replace("TOKEN_KEYS='", "TOKEN_KEYS='x");
    fs::write(&file, &before).expect("written");
    let (code, said, complaints) = rotate(&file);
    assert_eq!((code, said.as_str()), (Some(2), ""));
    let reason = "TOKEN_KEYS is no list of keys of 32 octets in base64url, separated by commas";
    assert_eq!(complaints, format!("saml-edge: {}: {reason}\n", file.display()), "and no secret");
    assert_eq!(fs::read_to_string(&file).expect("a file"), before);
    assert_eq!(neighbours(&file), ["production.env"]);

    // What a rotation that was cut off has left is not written over either.
    fs::write(file.with_extension("env.new"), "x").expect("written");
    fs::write(&file, before.replace("'x", "'")).expect("written");
    assert_eq!(rotate(&file).0, Some(2));
    assert_eq!(neighbours(&file), ["production.env", "production.env.new"]);
}

#[test]
fn a_file_without_next_keys_is_told_of() {
    let file = secrets("first");
    let one = |name| format!("{name}='{}'\n", keys(&file, name)[0]);
    let before = one("SESSION_KEYS") + &one("TOKEN_KEYS");
    fs::write(&file, &before).expect("written");
    let (code, said, _) = rotate(&file);
    let reason = "SESSION_KEYS, TOKEN_KEYS had no next key and has one now";
    assert!(code == Some(0) && said.contains(reason), "{said}");
    let after = fs::read_to_string(&file).expect("a file");
    assert!(after.starts_with(before.split('\'').take(2).collect::<Vec<_>>().join("'").as_str()));
}
