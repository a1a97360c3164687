//! The effects of a change, shown before it is made (row G6).

pub(crate) mod lockout;
pub(crate) mod side;

use saml_verify::saml::{Endpoint, IdpMetadata};
use saml_verify::time::UnixTime;

use crate::config::parse::Config;
use crate::error::Fault;
use crate::http::elapsed::at_most;
use crate::model::account_id::AccountId;
use crate::model::new_certificates::NewCertificates;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;
use crate::model::trust::Trust;
use crate::session::issue::Session;
use crate::settings::edit::Edit;
use crate::settings::review::lockout::lockouts;
use crate::settings::review::side::Side;
use crate::settings::view::certificate_change::{CertificateChange, certificates};
use crate::settings::view::idp::{endpoint, warnings};
use crate::settings::view::words;
use crate::settings::view::words::idp_initiated;

/// A value that changes.
#[derive(Debug)]
pub(crate) struct ChangeLine {
    pub(crate) what: &'static str,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// What the page shows before it asks for confirmation.
#[derive(Debug)]
pub(crate) struct Review {
    pub(crate) question: &'static str,
    pub(crate) button: &'static str,
    pub(crate) changes: Vec<ChangeLine>,
    pub(crate) certificates: Vec<CertificateChange>,
    pub(crate) warnings: Vec<String>,
    /// Which users could not sign in any more.
    pub(crate) lockouts: Vec<String>,
    /// The sessions and setup links that the change ends.
    pub(crate) ends: Vec<String>,
}

/// The account before and after a change.
#[derive(Clone, Copy)]
pub(crate) struct Proposal<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) before: &'a Stored,
    pub(crate) after: &'a Stored,
    /// `None` for the holder of a setup link.
    pub(crate) user: Option<&'a Session>,
    /// How many sessions the account has.
    pub(crate) sessions: usize,
}

impl Review {
    pub(crate) fn of(
        edit: &Edit,
        proposal: Proposal<'_>,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Fault> {
        let before = Side::of(proposal.account, proposal.before, config)?;
        let after = Side::of(proposal.account, proposal.after, config)?;
        let (question, button) = match edit {
            Edit::Choices { .. } => ("Change these choices?", "Save"),
            Edit::Delete => ("Switch single sign-on off?", "Delete the metadata"),
            Edit::EntityId(_) => ("Change the Entity ID?", "Save"),
            Edit::Follow { .. } if proposal.after.metadata == proposal.before.metadata => {
                ("Change the metadata address?", "Save")
            }
            _ if before.idp.is_none() => ("Switch single sign-on on?", "Save"),
            Edit::Approve(_) | Edit::Follow { .. } | Edit::Metadata(_) | Edit::Restore(_) => {
                ("Change the identity provider?", "Save")
            }
        };
        let of_idp = match &after.idp {
            Some(idp) if proposal.after.metadata != proposal.before.metadata => warnings(idp, now),
            _ => Vec::new(),
        };
        let of_address = accepts_more(&before.settings, &after.settings).then(|| {
            "from now on, anyone who controls the server at the metadata address decides who can \
             sign in"
                .to_owned()
        });
        Ok(Self {
            question,
            button,
            changes: changes(&before, &after),
            certificates: certificates(before.idp.as_ref(), after.idp.as_ref(), now),
            warnings: of_idp.into_iter().chain(of_address).collect(),
            lockouts: lockouts(&before, &after, proposal.user),
            ends: ends(&proposal, config.sessions.renew_seconds),
        })
    }
}

/// The sessions and setup links that the change ends, in sentences. The ledger follows the same
/// rules.
fn ends(proposal: &Proposal<'_>, delay: i64) -> Vec<String> {
    let (before, after) = (Trust::of(proposal.before), Trust::of(proposal.after));
    let (account, delay) = (proposal.account, at_most(delay));
    if !before.is_narrowed_by(&after) {
        return vec!["Nobody is signed out by this.".to_owned()];
    }
    let mut ends = vec![match proposal.sessions {
        0 => format!("Nobody is signed in to {account} now."),
        1 => format!("This ends the one session that {account} has now, within {delay}."),
        count => format!("This ends all {count} sessions that {account} has now, within {delay}."),
    }];
    if proposal.user.is_some() {
        ends.push("Yours is among them: you will have to sign in again.".to_owned());
    }
    if before.is_switched_off_by(&after) {
        let sentence = "All setup links are revoked too. Operators can make new ones.";
        ends.push(sentence.to_owned());
    }
    ends
}

/// Whether another server than before is trusted without approval.
fn accepts_more(before: &AccountSettings, after: &AccountSettings) -> bool {
    let accepted = |it: &AccountSettings| {
        it.metadata_url.clone().filter(|_| it.new_certificates == NewCertificates::Accept)
    };
    accepted(after).is_some_and(|url| accepted(before) != Some(url))
}

pub(crate) fn changes(before: &Side, after: &Side) -> Vec<ChangeLine> {
    let line = |what, read: &dyn Fn(&Side) -> String| ChangeLine {
        what,
        before: read(before),
        after: read(after),
    };
    let of_idp = |read: &dyn Fn(&IdpMetadata) -> String, side: &Side| {
        side.idp.as_ref().map_or_else(|| "none".to_owned(), read)
    };
    let lines = [
        line("Identity provider", &|it| of_idp(&|idp| idp.entity_id().to_owned(), it)),
        line("Sign-in address", &|it| of_idp(&|idp| listed(idp.single_sign_on_services()), it)),
        line("Sign-out address", &|it| of_idp(&|idp| listed(idp.single_logout_services()), it)),
        line("Wants requests signed", &|it| {
            let wants = |idp: &IdpMetadata| idp.want_authn_requests_signed();
            if it.idp.as_ref().is_some_and(wants) { "yes" } else { "no" }.to_owned()
        }),
        line("Metadata address", &|it| {
            it.settings.metadata_url.clone().unwrap_or_else(|| "none".to_owned())
        }),
        line("New certificates there", &|it| new_certificates(&it.settings).to_owned()),
        line("Our Identifier (Entity ID)", &|it| it.addresses.entity_id.clone()),
        line("Our Reply URL", &|it| it.addresses.acs_url.clone()),
        line("Sign-ins that start at the identity provider", &|it| {
            idp_initiated(it.settings.idp_initiated()).to_owned()
        }),
        line("E-mail domains", &|it| {
            it.settings.domains().map_or_else(|| "any".to_owned(), |it| it.join(", "))
        }),
    ];
    lines.into_iter().filter(|line| line.before != line.after).collect()
}

/// What becomes of new certificates at the metadata address, in words.
fn new_certificates(settings: &AccountSettings) -> &'static str {
    match settings.metadata_url {
        Some(_) => words::new_certificates(settings.new_certificates),
        None => "none",
    }
}

fn listed(endpoints: &[Endpoint]) -> String {
    let all: Vec<_> = endpoints.iter().map(endpoint).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}
