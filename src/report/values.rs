//! What each check of a report expects, and what was received.

use saml_verify::error::Step;
use saml_verify::saml::Requests;
use saml_verify::time::UnixTime;

use crate::account::load::Account;
use crate::config::parse::Config;
use crate::report::check::Check;
use crate::report::comparison::Terms;
use crate::report::test_run::TestRun;

/// A test run, and what it was judged by.
pub(super) struct Values<'a> {
    pub(super) test_run: &'a TestRun,
    pub(super) account: &'a Account,
    pub(super) config: &'a Config,
    pub(super) now: UnixTime,
}

impl Values<'_> {
    /// What `check` expects, from our configuration alone.
    pub(super) fn expected(&self, check: Check) -> Vec<String> {
        match check {
            Check::Verify(step) => self.expected_at(step),
            Check::AccountClaim => vec![format!("{} = {}", self.account_claim(), self.account.id)],
            Check::Role => {
                let ceiling = self.account.settings.roles.as_ref();
                let may_grant = |role: &&String| ceiling.is_none_or(|it| it.contains(role));
                let roles = self.config.roles.all.iter().filter(may_grant);
                roles.map(|role| format!("{} = {role}", self.role_claim())).collect()
            }
            Check::Email => {
                let source = self.account.settings.claims.email.as_deref().unwrap_or("NameID");
                match self.account.settings.domains() {
                    Some(domains) => {
                        domains.iter().map(|domain| format!("{source} = …@{domain}")).collect()
                    }
                    None => vec![format!("{source}, one plain e-mail address")],
                }
            }
            Check::Session => one("Name, e-mail address and role that fit into a cookie"),
        }
    }

    /// What was received: what an accepted message says, and otherwise what the message claims.
    pub(super) fn actual(&self, check: Check) -> Option<Vec<String>> {
        match check {
            Check::Verify(step) => self.compared(step).map(|(_, claimed)| claimed.to_vec()),
            Check::AccountClaim => Some(self.attribute(self.account_claim())),
            Check::Role => Some(self.attribute(self.role_claim())),
            Check::Email => Some(match &self.account.settings.claims.email {
                Some(claim) => self.attribute(claim),
                None => {
                    let name_id =
                        self.test_run.contents.iter().filter_map(|it| it.name_id.as_ref());
                    name_id.map(|it| format!("NameID = {}", it.value)).collect()
                }
            }),
            Check::Session => None,
        }
    }

    fn expected_at(&self, step: Step) -> Vec<String> {
        let is_dry_run = self.test_run.request_id.is_none();
        let is_unique = self.account.addresses.is_unique;
        match step {
            Step::Metadata => one("Metadata of the identity provider that is in use"),
            Step::Message => one("One SAML 2.0 Response, within the limits"),
            Step::Assertion => one("Exactly one assertion"),
            Step::Encryption if is_unique => {
                one("Nothing that is encrypted, or encrypted to this service")
            }
            Step::Encryption => one("Nothing that is encrypted, or an assertion that is signed \
                                     itself and encrypted to this service"),
            Step::Signature => {
                one("Response or assertion signed with a key of the stored metadata")
            }
            Step::Contents => {
                one("A subject with a NameID, conditions, and a statement of the sign-in")
            }
            Step::Request if is_dry_run => one("Not checked for a pasted response"),
            Step::Once if is_dry_run && is_unique => one("Not checked for a pasted response"),
            Step::Once if is_dry_run => one("No other account with this Identifier at this \
                                             identity provider; the rest is not checked for a \
                                             pasted response"),
            Step::Once => one("Neither response nor request used before"),
            Step::Status
            | Step::Destination
            | Step::Issuer
            | Step::Recipient
            | Step::Request
            | Step::Time
            | Step::Audience
            | Step::Logout => self.compared(step).map(|(expected, _)| expected).unwrap_or_default(),
        }
    }

    /// What the verifier compares at `step`, and what the message claims there.
    fn compared(&self, step: Step) -> Option<(Vec<String>, &[String])> {
        let known: Vec<_> = self.test_run.request_id.as_deref().into_iter().collect();
        let terms = Terms {
            acs_url: &self.account.addresses.acs_url,
            entity_id: &self.account.addresses.entity_id,
            issuer: self.account.idp.entity_id(),
            requests: Requests::Only(&known),
            skew: self.config.sessions.skew,
            now: self.now,
        };
        terms.compare(step, &self.test_run.claimed)
    }

    /// The values of the attribute `name`.
    fn attribute(&self, name: &str) -> Vec<String> {
        let contents = self.test_run.contents.iter();
        let values = contents.flat_map(|it| it.attributes.values(name));
        values.map(|value| format!("{name} = {value}")).collect()
    }

    fn account_claim(&self) -> &str {
        let own = self.account.settings.claims.account.as_ref();
        own.unwrap_or(&self.config.claims.account)
    }

    fn role_claim(&self) -> &str {
        let own = self.account.settings.claims.role.as_ref();
        own.unwrap_or(&self.config.claims.role)
    }
}

fn one(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}
