//! What an account trusts and lets in, as far as it decides who is signed in: what a session began
//! under.
//!
//! A change ends sessions where it *narrows* that: where a login that passed before could fail now,
//! or could be somebody else. What only widens, or says the same in other words, ends none.
//!
//! | Narrows | Does not |
//! |---|---|
//! | no usable metadata or settings; another IdP | |
//! | a signing key or an endpoint removed | a key or an endpoint added |
//! | | other certificates of the same key, `validUntil`, `WantAuthnRequestsSigned` |
//! | another `acs`, `entity_id`, `name_id_format` or claim | |
//! | fewer `roles` or `domains`; other `authn_context` | more of them, or any |
//! | `idp_initiated` from `on` to `upgrade` to `off` | the other way |
//! | `force_authn` set, or an `allow_…` taken away | the other way |
//! | | `is_passive`, `login_hint`, `signed_requests`: what we ask for or show |
//! | | `metadata_url`, `new_certificates`: where the next change comes from |

use std::collections::BTreeSet;

use saml_verify::saml::{Endpoint, IdpMetadata};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::encoding::base64url_encode;
use crate::model::acs::Acs;
use crate::model::settings::{AccountSettings, ClaimOverrides, IdpInitiated};
use crate::model::stored::Stored;

/// What an account trusts. Ledgers keep it, and Workers of other versions send it: fields are only
/// ever added, with a default that narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// Whether there is metadata, usable or not: without it the account is switched off.
    has_metadata: bool,
    /// `None` if no login can be accepted.
    rules: Option<Rules>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Rules {
    idp: String,
    /// Fingerprints of the keys that may sign.
    keys: BTreeSet<String>,
    /// Digests of the places that browsers are sent to.
    endpoints: BTreeSet<String>,
    acs: Option<Acs>,
    entity_id: Option<String>,
    name_id_format: Option<String>,
    claims: ClaimOverrides,
    /// Any role where absent.
    roles: Option<BTreeSet<String>>,
    /// Any domain where absent.
    domains: Option<BTreeSet<String>>,
    /// Any context where absent.
    authn_context: Option<BTreeSet<String>>,
    idp_initiated: IdpInitiated,
    force_authn: bool,
    /// In Unix seconds.
    sha1_until: Option<i64>,
    unsigned_logout: bool,
}

impl Trust {
    /// What is stored comes to this.
    pub fn of(stored: &Stored) -> Self {
        let idp = stored.metadata.as_deref().map(IdpMetadata::parse).and_then(Result::ok);
        let settings = AccountSettings::stored(stored.settings.as_deref()).ok();
        let rules = idp.zip(settings).map(|(idp, settings)| Rules::of(&idp, &settings));
        Self { has_metadata: stored.metadata.is_some(), rules }
    }

    /// The trust of metadata and settings that were parsed before.
    pub(crate) fn read(idp: &IdpMetadata, settings: &AccountSettings) -> Self {
        Self { has_metadata: true, rules: Some(Rules::of(idp, settings)) }
    }

    /// Whether `after` accepts fewer logins than this, or others.
    pub fn is_narrowed_by(&self, after: &Self) -> bool {
        match (&self.rules, &after.rules) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(before), Some(after)) => before.is_narrowed_by(after),
        }
    }

    /// Whether `after` has no metadata any more.
    pub fn is_switched_off_by(&self, after: &Self) -> bool {
        self.has_metadata && !after.has_metadata
    }
}

/// Whether a store with a key each for metadata and settings takes the new settings first. Who
/// reads between the two writes must not see what lets in more than both `before` and `after`: a
/// new account without its rules, say, or wider rules beside keys that go. Where the metadata goes,
/// it goes first: without it nobody signs in.
pub fn settings_go_first(before: &Stored, after: &Stored) -> bool {
    let between = Stored { metadata: before.metadata.clone(), settings: after.settings.clone() };
    let between = Trust::of(&between);
    let is_wider_than = |it: &Stored| between.is_narrowed_by(&Trust::of(it));
    after.metadata.is_some() && !(is_wider_than(before) && is_wider_than(after))
}

impl Rules {
    fn of(idp: &IdpMetadata, settings: &AccountSettings) -> Self {
        // Every setting is named, so that a new one is not forgotten here.
        let AccountSettings {
            acs,
            allow_sha1_until,
            allow_unsigned_logout,
            authn_context,
            // They are in what comes of them.
            choices: _,
            claims,
            domains: _,
            entity_id,
            force_authn,
            idp_initiated: _,
            is_passive: _,
            login_hint: _,
            metadata_url: _,
            name_id_format,
            new_certificates: _,
            roles,
            signed_requests: _,
        } = settings;
        let set = |list: &Vec<String>| list.iter().cloned().collect::<BTreeSet<_>>();
        let keys = idp.signing_keys().iter().map(|key| base64url_encode(&key.fingerprint()));
        let sign_on = idp.single_sign_on_services().iter().map(|it| digest("sign-on", it));
        let logout = idp.single_logout_services().iter().map(|it| digest("logout", it));
        Self {
            idp: idp.entity_id().to_owned(),
            keys: keys.collect(),
            endpoints: sign_on.chain(logout).collect(),
            acs: *acs,
            entity_id: entity_id.clone(),
            name_id_format: name_id_format.clone(),
            claims: claims.clone(),
            roles: roles.as_ref().map(set),
            domains: settings.domains().as_ref().map(set),
            authn_context: Some(set(authn_context)).filter(|classes| !classes.is_empty()),
            idp_initiated: settings.idp_initiated(),
            force_authn: *force_authn,
            sha1_until: allow_sha1_until.map(|until| until.seconds()),
            unsigned_logout: *allow_unsigned_logout,
        }
    }

    fn is_narrowed_by(&self, after: &Self) -> bool {
        let same = |it: &Self| {
            let Self { idp, acs, entity_id, name_id_format, claims, .. } = it;
            (idp.clone(), *acs, entity_id.clone(), name_id_format.clone(), claims.clone())
        };
        same(self) != same(after)
            || !self.keys.is_subset(&after.keys)
            || !self.endpoints.is_subset(&after.endpoints)
            || !is_within(self.roles.as_ref(), after.roles.as_ref())
            || !is_within(self.domains.as_ref(), after.domains.as_ref())
            || !is_within(self.authn_context.as_ref(), after.authn_context.as_ref())
            || self.idp_initiated > after.idp_initiated
            || (!self.force_authn && after.force_authn)
            || self.sha1_until > after.sha1_until
            || (self.unsigned_logout && !after.unsigned_logout)
    }
}

/// Whether all of `before` is among `after`; where there is no list, that is everything.
fn is_within(before: Option<&BTreeSet<String>>, after: Option<&BTreeSet<String>>) -> bool {
    match (before, after) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(before), Some(after)) => before.is_subset(after),
    }
}

fn digest(kind: &str, endpoint: &Endpoint) -> String {
    let Endpoint { binding, location, response_location } = endpoint;
    let answers = response_location.as_ref().map_or("", |it| it.as_str());
    // No address has white space in it.
    base64url_encode(&Sha256::digest(format!("{kind} {binding:?} {location} {answers}")))
}
