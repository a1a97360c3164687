//! One Identifier and one Reply URL for all accounts, and children with a `#` and their id.

use crate::common::{METADATA, Scenario, Signed};
use crate::support::form::{answering, form, form_with};
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const SHARED: &str = "https://edge.example/sso/metadata";

const SHARED_ACS: &str = "https://edge.example/sso/acs";

/// An account as one of the IdP's applications knows it.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct App {
    pub(crate) account: &'static str,
    pub(crate) identifier: &'static str,
    pub(crate) reply_url: &'static str,
    pub(crate) settings: &'static str,
}

pub(crate) const OWN: App = App {
    account: "acme",
    identifier: "https://edge.example/sso/acme/metadata",
    reply_url: "https://edge.example/sso/acme/acs",
    settings: "{}",
};

pub(crate) const PARENT: App = App {
    account: "agency",
    identifier: SHARED,
    reply_url: SHARED_ACS,
    settings: r#"{"acs":"shared"}"#,
};

pub(crate) const CHILD: App = App {
    account: "kid",
    identifier: "https://edge.example/sso/metadata#kid",
    reply_url: "https://edge.example/sso/acs#kid",
    settings: r##"{"acs":"shared","entity_id":"https://edge.example/sso/metadata#kid"}"##,
};

pub(crate) const SIBLING: App = App {
    account: "kit",
    identifier: "https://edge.example/sso/metadata#kit",
    reply_url: "https://edge.example/sso/acs#kit",
    settings: r##"{"acs":"shared","entity_id":"https://edge.example/sso/metadata#kit"}"##,
};

pub(crate) const APPS: [App; 4] = [OWN, PARENT, CHILD, SIBLING];

impl App {
    /// Where the browser posts: a fragment stays in it.
    pub(crate) fn door(self) -> &'static str {
        let (door, _) = self.reply_url.split_once('#').unwrap_or((self.reply_url, ""));
        door.strip_prefix("https://edge.example").expect("our site")
    }

    /// Where the browser ends: an empty fragment keeps that of the Reply URL away from the page.
    pub(crate) fn landing(self, page: &str) -> String {
        let end = if self.reply_url.contains('#') { "#" } else { "" };
        format!("{page}{end}")
    }

    /// `scenario` as this application's own.
    pub(crate) fn says(self, scenario: Scenario) -> Scenario {
        let Self { account, identifier, reply_url, .. } = OWN;
        scenario
            .in_response(reply_url, self.reply_url)
            .in_assertion(reply_url, self.reply_url)
            .in_assertion(identifier, self.identifier)
            .in_assertion(&format!(">{account}<"), &format!(">{}<", self.account))
    }

    /// The same as Entra writes it: no fragment in Audience.
    pub(crate) fn says_as_entra(self, scenario: Scenario) -> Scenario {
        let audience = |identifier: &str| format!("<saml:Audience>{identifier}</saml:Audience>");
        let (stripped, _) = self.identifier.split_once('#').unwrap_or((self.identifier, ""));
        self.says(scenario).in_assertion(&audience(self.identifier), &audience(stripped))
    }
}

/// Four accounts of one directory: the same IdP with the same key.
pub(crate) fn world() -> World {
    let world = World::new();
    for app in APPS {
        world.add(app.account, METADATA, Some(app.settings));
    }
    world
}

pub(crate) fn start(world: &mut World, app: App) -> Seen {
    world.get(&format!("/sso/{}/login?return_to=/media", app.account))
}

pub(crate) fn post(world: &mut World, app: App, scenario: &Scenario) -> Seen {
    world.post_to(app.door(), &form(scenario))
}

#[test]
fn a_login_that_starts_here_ends_signed_in() {
    for app in APPS {
        for says in [App::says, App::says_as_entra] {
            for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
                let mut world = world();
                let started = start(&mut world, app);
                let (xml, id) = (started.request_xml(), started.request_id());
                assert!(xml.contains(&format!("<saml:Issuer>{}<", app.identifier)), "{xml}");
                let acs = format!("AssertionConsumerServiceURL=\"{}\"", app.reply_url);
                assert!(xml.contains(&acs), "{xml}");
                let seen = post(&mut world, app, &says(app, answering(&id)).signed(signed));
                assert_eq!(seen.header("location"), app.landing("/media"), "{}", app.account);
                assert_eq!(seen.logged("account"), app.account);
                assert_eq!(world.session()["account"], app.account);
            }
        }
    }
}

#[test]
fn a_login_that_the_idp_starts_ends_signed_in() {
    for app in APPS {
        let mut world = world();
        let unsolicited = app.says_as_entra(Scenario::unsolicited());
        let seen = world.post_to(app.door(), &form_with(&unsolicited, "/albums"));
        assert_eq!(seen.logged("event"), "login_upgraded", "{}", app.account);
        assert_eq!(seen.logged("account"), app.account);
        let second = app
            .says_as_entra(answering(&seen.request_id()))
            .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
            .in_signed_info("#{id}", "#_second");
        assert_eq!(post(&mut world, app, &second).header("location"), app.landing("/albums"));
        assert_eq!(world.session()["account"], app.account);
    }
}

#[test]
fn a_page_keeps_the_fragment_that_it_has() {
    let mut world = world();
    let id = world.get("/sso/kid/login?return_to=/media%23top").request_id();
    let seen = post(&mut world, CHILD, &CHILD.says(answering(&id)));
    assert_eq!(seen.header("location"), "/media#top");
}

#[test]
fn metadata_is_there_for_each_and_for_all() {
    let mut world = world();
    let paths = APPS.map(|app| (app, format!("/sso/{}/metadata", app.account)));
    for (app, path) in paths.into_iter().chain([(PARENT, "/sso/metadata".to_owned())]) {
        let xml = world.get(&path).answer.body;
        assert!(xml.contains(&format!("entityID=\"{}\"", app.identifier)), "{path}: {xml}");
        assert!(xml.contains(&format!("Location=\"{}\"", app.reply_url)), "{path}: {xml}");
    }
}

#[test]
fn the_default_identifier_is_a_var() {
    let mut world = world();
    world.config =
        crate::support::config::config_with(&[("DEFAULT_ENTITY_ID", "urn:example:product")]);
    let started = start(&mut world, PARENT);
    assert!(started.request_xml().contains("<saml:Issuer>urn:example:product<"));
    // An `entity_id` that is removed makes a child one of many parents.
    world.add("kid", METADATA, Some(PARENT.settings));
    let xml = start(&mut world, CHILD).request_xml();
    assert!(xml.contains("<saml:Issuer>urn:example:product<"), "{xml}");
    assert!(xml.contains(&format!("URL=\"{SHARED_ACS}\"")), "{xml}");
    // Accounts of their own do not follow it.
    let xml = start(&mut world, OWN).request_xml();
    assert!(xml.contains(&format!("<saml:Issuer>{}<", OWN.identifier)), "{xml}");
}

/// Metadata alone then enables SSO at the one Reply URL.
#[test]
fn the_shared_mode_is_everybodys_by_a_var() {
    let mut world = world();
    world.config = crate::support::config::config_with(&[("DEFAULT_ACS", "shared")]);
    world.add("agency", METADATA, None);
    let id = start(&mut world, PARENT).request_id();
    let seen = post(&mut world, PARENT, &PARENT.says(answering(&id)));
    assert_eq!(seen.header("location"), "/media");
    world.jar.clear();
    // An account may still have its own.
    world.add("acme", METADATA, Some(r#"{"acs":"own"}"#));
    let id = start(&mut world, OWN).request_id();
    let scenario = OWN
        .says(answering(&id))
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second");
    assert_eq!(post(&mut world, OWN, &scenario).header("location"), "/media");
}

// What settings may say.

fn settings_fault(settings: &str) -> String {
    let mut world = World::with_settings(settings);
    let seen = world.get("/sso/acme/login");
    assert_eq!(seen.refusal(), "settings_invalid", "{settings}");
    seen.logged("detail")
}

#[test]
fn a_fragment_is_the_account_s_id() {
    for acs in ["own", "shared"] {
        for fragment in ["", "kid", "ACME", "acme#acme", "kid#acme"] {
            let settings = format!(r#"{{"acs":"{acs}","entity_id":"urn:x#{fragment}"}}"#);
            assert!(settings_fault(&settings).contains("entity_id"));
        }
        let settings = format!(r#"{{"acs":"{acs}","entity_id":"urn:x#acme"}}"#);
        assert_eq!(World::with_settings(&settings).get("/sso/acme/login").answer.status, 302);
    }
    // In its own mode an account has its own Reply URL, whatever its entity id.
    let mut world = World::with_settings(r##"{"entity_id":"urn:x#acme"}"##);
    let xml = world.get("/sso/acme/login").request_xml();
    assert!(xml.contains("URL=\"https://edge.example/sso/acme/acs\""), "{xml}");
}

#[test]
fn no_account_takes_the_entity_id_of_another() {
    for acs in ["own", "shared"] {
        for entity_id in ["/sso/kid/metadata", "/sso/kid/metadata#acme"] {
            let settings =
                format!(r#"{{"acs":"{acs}","entity_id":"https://edge.example{entity_id}"}}"#);
            assert!(settings_fault(&settings).contains("another account's"));
        }
    }
}
