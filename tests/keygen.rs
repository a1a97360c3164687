//! `saml-edge keygen`, as an operator calls it.

#![expect(clippy::expect_used, reason = "a test that cannot be set up must say so")]

use std::process::{Command, Output};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_edge::dsig::Certificate;
use saml_edge::service::{Config, RsaKeys};

fn keygen(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saml-edge"));
    command.arg("keygen").args(arguments).output().expect("an end")
}

/// The value of the one line that begins with `name`, which may go on over several.
fn value(dotenv: &str, name: &str) -> String {
    let (_, rest) = dotenv.split_once(&format!("{name}='")).expect("a line");
    rest.split('\'').next().expect("an end").to_owned()
}

#[test]
fn makes_a_key_with_its_certificate() {
    let output = keygen(&["--sp", "app.example.com"]);
    assert!(output.status.success());
    let dotenv = String::from_utf8(output.stdout).expect("UTF-8");
    let sp_keys = value(&dotenv, "SP_KEYS");
    assert_eq!(dotenv, format!("SP_KEYS='{sp_keys}'\n"));
    assert!(sp_keys.len() < 5_000, "{} octets do not fit into a secret", sp_keys.len());
    let (key, certificate) = sp_keys.split_at(sp_keys.find("-----BEGIN CERT").expect("two"));
    assert!(RsaKeys::from_pems([key]).is_some());
    let lines = certificate.lines().filter(|line| !line.starts_with("-----"));
    let der = STANDARD.decode(lines.collect::<String>()).expect("base64");
    let certificate = Certificate::from_der(&der).expect("X.509");
    assert_eq!(certificate.subject(), "CN=app.example.com");
    let seconds = certificate.not_after().seconds() - certificate.not_before().seconds();
    assert_eq!(seconds, 3652 * 24 * 60 * 60);
    // The Worker takes it: the certificate is that of the key.
    let secrets = String::from_utf8(keygen(&[]).stdout).expect("UTF-8");
    let config = Config::parse(|name| match name {
        "BASE_URL" => Some("https://app.example.com".to_owned()),
        "SESSION_SECONDS" => Some("600".to_owned()),
        "CLOCK_SKEW_SECONDS" => Some("60".to_owned()),
        "SESSION_KEYS" | "TOKEN_KEYS" => Some(value(&secrets, name)),
        "SP_KEYS" => Some(sp_keys.clone()),
        "ACCOUNT_CLAIM" | "NAME_CLAIM" | "ROLE_CLAIM" | "ROLES" => Some("x".to_owned()),
        _ => None,
    });
    let config = config.expect("a good configuration");
    assert_eq!(config.sp_keys().iter().filter_map(|key| key.certificate()).count(), 1);
}

#[test]
fn refuses_what_is_no_host() {
    for host in ["", "a b", "a,O=b", "https://app.example.com", &"a".repeat(65)] {
        let output = keygen(&["--sp", host]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{host}");
    }
}
