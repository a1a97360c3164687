//! Vars and secrets: each environment's own, and what is wrong with bad ones.

use saml_edge::Config;

use crate::common::OTHER_KEY_PEM;
use crate::support::config::{SP_KEY, secret, sp_key, vars};

fn error(name: &'static str, value: Option<&str>) -> String {
    let mut vars = vars();
    match value {
        Some(value) => vars.insert(name, value.to_owned()),
        None => vars.remove(name),
    };
    let error = Config::parse(|name| vars.get(name).cloned()).err();
    error.unwrap_or_else(|| panic!("{name} = {value:?} passed")).to_string()
}

#[test]
fn every_environment_of_wrangler_toml_passes() {
    let wrangler: toml::Table = include_str!("../../wrangler.toml").parse().expect("TOML");
    let environments = wrangler["env"].as_table().expect("environments");
    assert_eq!(environments.len(), 3);
    for (name, environment) in environments {
        let set = environment["vars"].as_table().expect("vars");
        let secrets: Vec<_> = environment["secrets"]["required"].as_array().expect("names").clone();
        let config = Config::parse(|name| {
            if secrets.iter().any(|secret| secret.as_str() == Some(name)) {
                let key = include_str!("../common/sp.key.pem").to_owned();
                return Some(if name == "SP_KEYS" { key } else { secret(3) });
            }
            set.get(name).and_then(|value| value.as_str()).map(str::to_owned)
        });
        assert_eq!(config.err().map(|error| error.to_string()), None, "{name}");
    }
}

#[test]
fn every_var_is_needed_by_its_name() {
    for name in vars().into_keys() {
        for value in [None, Some("")] {
            let error = error(name, value);
            assert!(error.starts_with(&format!("{name} is missing")), "{error}");
        }
    }
}

#[test]
fn malformed_vars_are_named_and_their_values_are_not() {
    for (name, values) in [
        (
            "BASE_URL",
            &[
                "edge.example",
                "http://edge.example",
                "http://localhost.evil.example",
                "https://edge.example/sso",
                "https://edge.example/?",
                "https://edge.example/#",
                "https://user@edge.example",
                "ftp://localhost",
                "https://",
            ][..],
        ),
        ("ACCOUNT_CLAIM", &["a\nb"]),
        ("DEFAULT_ACS", &["Shared", "both"]),
        (
            "DEFAULT_ENTITY_ID",
            &["urn:x y", "urn:x#", "urn:x#y", "https://edge.example/sso/acme/metadata"],
        ),
        (
            "ORIGIN",
            &["http://origin.example", "https://origin.example/app", "zones", "origin.example"],
        ),
        ("ORIGIN_TIMEOUT_SECONDS", &["0", "601", "1.5"]),
        ("PATH_ROLES", &["/admin", "/admin/* = nobody", "admin = finance", "/a = finance;"]),
        ("PUBLIC_PATHS", &["assets", "/assets*", "/a,,/b", "/sso/login"]),
        ("ROLES", &[",", "a,,b", "a b", "\u{e4}"]),
        ("ADMIN_ROLES", &["owner", "developer,owner", "Developer", ","]),
        ("PRODUCT_NAME", &["a\nb", " ", &"x".repeat(61)]),
        (
            "LOGO_URL",
            &[
                "http://cdn.example/logo.svg",
                "/logo.svg",
                "//cdn.example/logo.svg",
                "https://cdn.example/a;b.svg",
                "https://cdn.example/a,b.svg",
                "javascript:alert(1)",
                "data:text/html,x",
                "data:image/png;base64,AA BB",
                &format!("data:image/png;base64,{}", "A".repeat(5_000)),
            ],
        ),
        ("ACCENT_COLOR", &["red", "#fff", "#12345g", "1f5fbe", "#1f5fbe80", "#+1f5fb"]),
        ("TOKEN_AUDIENCE", &["a\nb"]),
        ("TOKEN_HEADER", &["Cookie", "x_y", "X-Forwarded-User"]),
        ("SESSION_SECONDS", &["59", "2592001", "-1", "1h", " 600"]),
        ("IDLE_SECONDS", &["59", "2592001", "1h"]),
        ("RENEW_SECONDS", &["4", "3601", "5m"]),
        ("CLOCK_SKEW_SECONDS", &["301", "-1", "1.5"]),
        (
            "SESSION_KEYS",
            &["short", "c2hvcnQ", secret(1).split_at(1).1, &format!("{},x", secret(1))],
        ),
        (
            "TOKEN_KEYS",
            &["short", &secret(0), &secret(255), &format!("{},{}", secret(1), secret(0))],
        ),
    ] {
        for value in values {
            let error = error(name, Some(value));
            assert!(error.starts_with(&format!("{name} must be")), "{error}");
            assert!(value.len() < 4 || !error.contains(value), "{error}");
        }
    }
}

/// What is wrong with a key or a certificate is said, and nothing of it is shown.
#[test]
fn keys_and_certificates_must_belong_together() {
    let certificate = sp_key().replace(SP_KEY, "");
    let other = OTHER_KEY_PEM;
    for (keys, certificates, named) in [
        ("x", "", "SP_KEYS must be one to four RSA keys in PEM (PKCS#8)"),
        (&*format!("{other}{certificate}"), "", "SP_KEYS must be certificates of the keys in"),
        (other, &*certificate, "SP_CERTIFICATES must be certificates of the keys in SP_KEYS alone"),
        (SP_KEY, SP_KEY, "SP_CERTIFICATES must be X.509 certificates in PEM"),
    ] {
        let mut vars = vars();
        vars.insert("SP_KEYS", keys.to_owned());
        vars.insert("SP_CERTIFICATES", certificates.to_owned());
        let error = Config::parse(|name| vars.get(name).cloned()).err().expect("an error");
        let error = error.to_string();
        assert!(error.starts_with(named) && !error.contains("MII"), "{error}");
        assert!(!error.contains("; "), "{error}");
    }
}

#[test]
fn all_that_is_wrong_is_named_at_once() {
    let error = Config::parse(|_| None).err().expect("an error").to_string();
    for name in vars().into_keys() {
        assert!(error.contains(name), "{name} is not in: {error}");
    }
}

/// On this machine the zone would be the Worker itself, and a service must be bound.
#[test]
fn an_origin_must_be_somewhere_else() {
    for (changes, named) in [
        (&[("BASE_URL", "http://localhost:8787"), ("ORIGIN", "zone")][..], "ORIGIN must be"),
        (&[("ORIGIN", "service")], "ORIGIN_SERVICE is missing"),
    ] {
        let mut vars = vars();
        vars.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let error = Config::parse(|name| vars.get(name).cloned()).err().expect("an error");
        assert!(error.to_string().starts_with(named), "{error}");
    }
}

#[test]
fn plain_http_is_for_this_machine() {
    for base in [
        "http://localhost:8787",
        "http://127.0.0.1",
        "http://[::1]:80/",
        "HTTPS://EDGE.example:443/",
    ] {
        let mut vars = vars();
        vars.insert("BASE_URL", base.to_owned());
        let config = Config::parse(|name| vars.get(name).cloned());
        assert!(config.is_ok(), "{base}");
    }
}

/// Half a webhook would lose events.
#[test]
fn an_address_for_webhooks_needs_all_the_rest() {
    let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let whole =
        [("WEBHOOK_URL", "https://app.example/hook"), ("WEBHOOK_KEY", key), ("EVENTS", "1")];
    let parse = |changes: &[(&'static str, &str)]| {
        let mut vars = vars();
        vars.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
        Config::parse(|name| vars.get(name).cloned()).map_err(|error| error.to_string())
    };
    assert!(parse(&whole).is_ok_and(|config| config.webhook().is_some()));
    let [url, key_alone, queue] = whole;
    for (rest, missing) in [([url, key_alone], "EVENTS"), ([url, queue], "WEBHOOK_KEY")] {
        let error = parse(&rest).err().expect("an error");
        assert!(error.starts_with(&format!("{missing} is missing")), "{error}");
    }
    // Set before the address is: a queue, as `make dev` has it, and a secret.
    assert!(parse(&[key_alone, queue]).is_ok_and(|config| config.webhook().is_none()));
    for url in [
        "http://app.example/hook",
        "http://localhost.evil.example/",
        "https://user@app.example/",
        "https://:secret@app.example/",
        "https://app.example/#hook",
        "app.example",
        "ftp://localhost/",
    ] {
        let error = parse(&[("WEBHOOK_URL", url), ("WEBHOOK_KEY", key), ("EVENTS", "1")]).err();
        let error = error.expect("an error");
        assert!(error.starts_with("WEBHOOK_URL must be an https"), "{url}: {error}");
    }
    for url in ["https://app.example/hook?a=b", "http://127.0.0.1:9000/hook", "http://[::1]/"] {
        assert!(parse(&[("WEBHOOK_URL", url), ("WEBHOOK_KEY", key), ("EVENTS", "1")]).is_ok());
    }
    let error = parse(&[("WEBHOOK_KEY", "secret"), whole[0], whole[2]]).err().expect("an error");
    assert!(error.starts_with("WEBHOOK_KEY must be whsec_"), "{error}");
}
