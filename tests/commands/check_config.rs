//! `saml-edge check-config`: the project's own file passes, and with one thing broken it does not.

use crate::{WRANGLER, folder, run};

fn check(name: &str, text: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let file = folder(name, &[("wrangler.toml", text)]).join("wrangler.toml");
    let file = file.to_str().expect("UTF-8");
    run(&[&["check-config", "--config", file], more].concat())
}

const ORIGIN: &str = "ORIGIN = \"zone\"";

/// The project's file with nothing said about queues, nor about rounds, which need one.
fn without_queues() -> String {
    let mut text = WRANGLER.replace(CRONS, "");
    while let Some((before, rest)) = text.split_once("queues.") {
        let (_, behind) = rest.split_once("\n]\n").expect("an end");
        text = format!("{before}{behind}");
    }
    text
}

const CRONS: &str = "crons = [\"17 */6 * * *\"]";

/// Breaks one thing in the file and expects one finding.
fn finds(from: &str, to: &str, finding: &str) {
    let wrangler = without_queues();
    let (before, production) = wrangler.split_once("[env.production]").expect("production");
    let broken = if production.contains(from) {
        format!("{before}[env.production]{}", production.replacen(from, to, 1))
    } else {
        assert!(before.contains(from), "{from}");
        wrangler.replacen(from, to, 1)
    };
    let name = finding.replace(|it: char| !it.is_ascii_alphanumeric(), "-");
    let (code, said, _) = check(&name, &broken, &["--env", "production"]);
    assert_eq!(said, format!("production: {finding}\n"));
    assert_eq!(code, Some(1));
}

#[test]
fn the_projects_own_configuration_passes() {
    let (code, said, complaints) = run(&["check-config"]);
    assert_eq!((code, complaints.as_str()), (Some(0), ""), "{said}");
    assert_eq!(said, "dev: ok\nproduction: ok\nstaging: ok\n");
    let (_, said, _) = run(&["check-config", "--env", "staging"]);
    assert_eq!(said, "staging: ok\n");
}

#[test]
fn names_what_is_wrong_with_vars() {
    let missing = "SESSION_SECONDS is missing; it takes 60 to 2592000";
    finds("SESSION_SECONDS = \"28800\"", "", missing);
    finds(
        "CLOCK_SKEW_SECONDS = \"60\"",
        "CLOCK_SKEW_SECONDS = \"900\"",
        "CLOCK_SKEW_SECONDS must be 0 to 300",
    );
    let quoted = "must be a string, in quotation marks";
    finds(
        "CLOCK_SKEW_SECONDS = \"60\"",
        "CLOCK_SKEW_SECONDS = 60",
        &format!("CLOCK_SKEW_SECONDS {quoted}"),
    );
    finds("ROLES = \"", "ROLES = [\"a\"]\n#", &format!("ROLES {quoted}"));
    let typo = "ROLES = \"a\"\nDEFAULT_ENTITYID = \"urn:x\"\nOTHER";
    finds(
        "ROLES",
        typo,
        "DEFAULT_ENTITYID is no var of this service\nproduction: OTHER is no var of this service",
    );
}

/// What follows from a var that is wrong is no mistake of its own.
#[test]
fn one_mistake_is_one_finding() {
    let base = "BASE_URL = \"https://app.example.com";
    let more = "\"\nDEFAULT_ENTITY_ID = \"urn:x\"\n#";
    finds(base, &format!("{base}/app{more}"), "BASE_URL must be an https origin without a path");
    let roles = "ROLES = \"a,b c\"\nADMIN_ROLES = \"a\"\nPATH_ROLES = \"/a = a\"\n#";
    finds("ROLES = ", roles, "ROLES must be roles, separated by commas (entry 2 is not)");
}

#[test]
fn names_the_entry_of_a_list_that_is_wrong() {
    let with = |var: &str| format!("ROLES = \"a,b\"\n{var}\n#");
    let admins = "ADMIN_ROLES must be some of ROLES, separated by commas (entry 2 is not)";
    finds("ROLES = ", &with("ADMIN_ROLES = \"a, c\""), admins);
    let paths = "PUBLIC_PATHS must be paths separated by commas, such as /robots.txt, /public/*";
    let public = "PUBLIC_PATHS = \"/a, /b/*, c\"";
    finds("ROLES = ", &with(public), &format!("{paths} (entry 3 is not)"));
    let rules = "PATH_ROLES must be rules such as /reports/* = developer, finance; \
                 /invoice = finance, with roles of ROLES";
    let roles = "PATH_ROLES = \"/a = a, b; /b = c\"";
    finds("ROLES = ", &with(roles), &format!("{rules} (entry 2 is not)"));
}

#[test]
fn finds_secrets_in_the_file_and_none_in_the_list() {
    let secret = "SESSION_SECONDS = \"28800\"\nSESSION_KEYS = \"x\"";
    let finding = "SESSION_KEYS is a secret; it must not stand in the file";
    finds("SESSION_SECONDS = \"28800\"", secret, finding);
    finds("\"SESSION_KEYS\", ", "", "secrets.required must list SESSION_KEYS");
}

#[test]
fn finds_bindings_that_are_missing() {
    finds(
        "binding = \"ACCOUNTS\"",
        "binding = \"KV\"",
        "kv_namespaces must have the binding ACCOUNTS",
    );
    let ledger = "durable_objects.bindings must have LEDGER with the class AccountLedger";
    finds("name = \"LEDGER\"", "name = \"OTHER\"", ledger);
    finds("class_name = \"AccountLedger\"", "class_name = \"Ledger\"", ledger);
    finds("storage = \"sqlite\"", "", "exports.AccountLedger must have the storage sqlite");
    // A queue, where there is one, has a taker and a place for what it gives up.
    let events = "queues.consumers must have that of EVENTS, with a dead_letter_queue";
    let kv = "kv_namespaces";
    let queue = |more: &str| {
        format!("queues.producers = [{{ binding = \"EVENTS\", queue = \"e\" }}]\n{more}\n{kv}")
    };
    finds(kv, &queue(""), events);
    finds(kv, &queue("queues.consumers = [{ queue = \"e\" }]"), events);
    let taker = queue("queues.consumers = [{ queue = \"e\", dead_letter_queue = \"d\" }]");
    let text = without_queues().replace(kv, &taker);
    assert_eq!(check("queue", &text, &["--env", "production"]).1, "production: ok\n");
}

/// Rounds begin by a trigger and go on through a queue: neither does anything alone.
#[test]
fn finds_half_of_the_rounds() {
    let kv = "kv_namespaces";
    let queue = format!(
        "queues.producers = [{{ binding = \"UPKEEP\", queue = \"u\" }}]\n\
         queues.consumers = [{{ queue = \"u\", dead_letter_queue = \"d\" }}]\n{kv}"
    );
    finds(kv, &queue, "triggers.crons must be set, since there is UPKEEP");
    let trigger = format!("[triggers]\n{CRONS}");
    let missing = "queues.producers must have UPKEEP, since triggers.crons is set";
    finds("[triggers]", &trigger, missing);
    let whole = without_queues().replace("[triggers]", &trigger);
    let text = whole.replace(kv, &queue);
    assert_eq!(check("rounds", &text, &["--env", "production"]).1, "production: ok\n");
    let text = whole.replace(kv, &queue.replace(", dead_letter_queue = \"d\"", ""));
    let (_, said, _) = check("dead", &text, &["--env", "production"]);
    let lost = "queues.consumers must have that of UPKEEP, with a dead_letter_queue";
    assert_eq!(said, format!("production: {lost}\n"));
}

/// A webhook is a var, a secret and a queue: wrangler misses none of them.
#[test]
fn finds_the_parts_of_a_webhook() {
    let (var, key) = ("WEBHOOK_URL = \"https://product.example/hook\"", ", \"WEBHOOK_KEY\"");
    let queue = "queues.producers = [{ binding = \"EVENTS\", queue = \"e\" }]\n\
                 queues.consumers = [{ queue = \"e\", dead_letter_queue = \"d\" }]";
    let said = |var: &str, key: &str, queue: &str| {
        let text = without_queues()
            .replace("kv_namespaces", &format!("{queue}\nkv_namespaces"))
            .replace("ROLES =", &format!("{var}\nROLES ="))
            .replace("\"TOKEN_KEYS\"", &format!("\"TOKEN_KEYS\"{key}"));
        check("webhook", &text, &["--env", "production"]).1
    };
    assert_eq!(said(var, key, queue), "production: ok\n");
    assert_eq!(said("", "", queue), "production: ok\n");
    for (said, missing) in [
        (said(var, "", queue), "WEBHOOK_KEY is missing"),
        (said(var, key, ""), "EVENTS is missing"),
    ] {
        assert!(said.starts_with(&format!("production: {missing}")), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn finds_a_second_door() {
    for key in ["workers_dev", "preview_urls"] {
        let finding = format!("{key} must be false: the Worker would have a second address");
        finds(&format!("{key} = false"), "", &finding);
        finds(&format!("{key} = false"), &format!("{key} = true"), &finding);
    }
}

#[test]
fn routes_lead_to_base_url() {
    let from = "\"app.example.com/*\"";
    let sso = "routes must cover app.example.com/sso/, where BASE_URL is";
    let jwks = "routes must cover app.example.com/.well-known/jwks.json, where BASE_URL is";
    let neither = format!("{sso}\nproduction: {jwks}");
    for (pattern, finding) in [
        ("www.example.com/*", &*neither),
        ("app.example.com.evil.example/*", &neither),
        ("app.example.com/sso/", jwks),
        ("app.example.com/sso/*", jwks),
        ("app.example.com/.well-known/*", sso),
    ] {
        let all = "routes must cover app.example.com/*, where BASE_URL is";
        finds(from, &format!("\"{pattern}\""), all);
        let text = WRANGLER.replace(from, &format!("\"{pattern}\"")).replace(ORIGIN, "");
        let (_, said, _) = check("own-routes", &text, &["--env", "production"]);
        assert_eq!(said, format!("production: {finding}\n"));
    }
    let patterns =
        ["app.example.com", "https://app.example.com/*", "*.example.com/*", "*example.com/*"];
    for pattern in patterns {
        let text = WRANGLER.replace("app.example.com/*", pattern);
        let (code, said, _) = check("routes", &text, &["--env", "production"]);
        assert_eq!((code, said.as_str()), (Some(0), "production: ok\n"), "{pattern}");
    }
}

/// What is not bound, or by another name, counts nothing; what has one id counts together.
#[test]
fn every_limiter_counts_and_by_itself() {
    for name in ["ACCOUNT", "API", "LOGIN", "MESSAGE", "SETTINGS"] {
        let misspelt = format!("ratelimits must have {name}_LIMIT");
        let unknown = format!("ratelimits has {name}_LIMT, which is no limiter of this service");
        let finding = format!("{misspelt}\nproduction: {unknown}");
        finds(&format!("\"{name}_LIMIT\""), &format!("\"{name}_LIMT\""), &finding);
    }
    let twice = "ratelimits must give LOGIN_LIMIT a namespace_id of its own, not 4001";
    finds("namespace_id = \"4003\"", "namespace_id = \"4001\"", twice);
}

/// The Worker must know which hosts are its own zone's, and the file says it twice.
#[test]
fn the_zone_is_that_of_the_route() {
    let zone = "ZONE = \"example.com\"";
    finds(zone, "", "ZONE must be set, to the zone that the routes are in");
    let other = "ZONE must be example.com, as the zone_name of its route";
    finds(zone, "ZONE = \"app.example.com\"", other);
    let expected = "ZONE must be the zone that BASE_URL is in, such as example.com";
    for zone_of_others in ["other.example", "ple.com", "com", "Example.com", "example.com.", ".com"]
    {
        finds(zone, &format!("ZONE = \"{zone_of_others}\""), expected);
    }
    // wrangler finds the zone of a bare pattern itself.
    let route = "{ pattern = \"app.example.com/*\", zone_name = \"example.com\" }";
    let text = without_queues().replace(route, "\"app.example.com/*\"");
    assert_eq!(check("bare-route", &text, &["--env", "production"]).1, "production: ok\n");
}

/// Where the Worker is the gate of everything, nothing may go past it, and something must be
/// behind.
#[test]
fn an_origin_is_behind_the_gate() {
    let with = |from: &str, to: &str| {
        let text = without_queues().replace(from, to);
        check("origin", &text, &["--env", "production"]).1
    };
    assert_eq!(with(ORIGIN, ""), "production: ok\n");
    assert_eq!(with(ORIGIN, "ORIGIN = \"https://origin.example\""), "production: ok\n");
    let zones = "ORIGIN must be zone where BASE_URL is https, service, or an https origin without \
                 a path";
    finds(ORIGIN, "ORIGIN = \"zones\"", zones);
    let service = "ORIGIN = \"service\"";
    let missing = "ORIGIN_SERVICE is missing; it takes the binding of a service in wrangler.toml";
    finds(ORIGIN, service, missing);
    let binding =
        "services = [{ binding = \"ORIGIN_SERVICE\", service = \"product\" }]\nkv_namespaces";
    let bound = without_queues().replace(ORIGIN, service).replace("kv_namespaces", binding);
    assert_eq!(check("bound", &bound, &["--env", "production"]).1, "production: ok\n");
    let route = "{ pattern = \"app.example.com/*\", zone_name = \"example.com\" }";
    let domain = "{ pattern = \"app.example.com\", custom_domain = true }";
    let no_server = "ORIGIN must not be zone: behind a custom domain there is no server";
    finds(route, domain, no_server);
    let bound = bound.replace(route, domain);
    assert_eq!(check("domain", &bound, &["--env", "production"]).1, "production: ok\n");
    let anybody = "ORIGIN = \"zone\"\nPATH_ROLES = \"/admin/* = nobody\"";
    let said = with(ORIGIN, anybody);
    assert!(said.starts_with("production: PATH_ROLES must be rules such as"), "{said}");
}

#[test]
fn what_cannot_be_read_is_no_finding() {
    for (text, more, complaint) in [
        ("[env", &[][..], "wrangler.toml"),
        (WRANGLER, &["--env", "prod"], "there is no [env.prod]"),
        ("name = \"x\"", &[], "there is no [env.NAME]"),
    ] {
        let (code, said, complaints) = check("unreadable", text, more);
        assert_eq!((code, said.as_str()), (Some(2), ""));
        assert!(complaints.contains(complaint), "{complaints}");
    }
}
