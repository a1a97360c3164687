//! Which of the flows an accepted response ends: a request of ours, a test sign-in, or none.

use saml_verify::error::Refusal;
use saml_verify::saml::{Accepted, Skew};
use saml_verify::time::UnixTime;

use crate::account::load::Account;
use crate::error::Error;
use crate::error::denial::SignInDenial;
use crate::model::settings::IdpInitiated;
use crate::signin::pending::{Pending, Purpose};

/// The number of upgrades without an answer within [`ROUND_SECONDS`] that make a loop.
const ROUNDS: usize = 3;

/// No user starts that many sign-ins in this time, and a loop takes seconds.
const ROUND_SECONDS: i64 = 120;

/// What an accepted response means for this browser and account.
pub(super) enum Flow<'a> {
    /// The response answers a request of ours.
    Answer(&'a Pending),
    /// The response answers a request of a test sign-in, which ends in a report.
    Test(&'a Pending),
    /// The response is unsolicited, which the account allows.
    Unsolicited,
    /// The response is unsolicited, so a request of ours replaces it (row F4).
    Upgrade,
}

impl<'a> Flow<'a> {
    pub(super) fn of(
        accepted: &Accepted,
        account: &Account,
        pending: &'a [Pending],
        skew: Skew,
        now: UnixTime,
    ) -> Result<Self, Error> {
        if let Some(id) = accepted.in_response_to() {
            let answered = pending.iter().find(|pending| pending.request_id == id);
            let answered = answered.ok_or(Refusal::InResponseToUnknown)?;
            if Self::Answer(answered).proves_anew(account) {
                accepted.require_authn_since(answered.issued(), skew)?;
            }
            return Ok(match answered.purpose {
                Purpose::Test => Self::Test(answered),
                Purpose::SignIn | Purpose::Upgrade => Self::Answer(answered),
            });
        }
        match account.settings.idp_initiated() {
            IdpInitiated::Off => Err(SignInDenial::IdpInitiatedOff.into()),
            IdpInitiated::On => Ok(Self::Unsolicited),
            IdpInitiated::Upgrade => {
                account.sso_endpoint()?;
                if goes_round(pending, now) {
                    return Err(SignInDenial::UpgradeLoop.into());
                }
                Ok(Self::Upgrade)
            }
        }
    }

    /// Whether the request demanded a fresh sign-in at the IdP (ForceAuthn).
    pub(super) const fn proves_anew(&self, account: &Account) -> bool {
        match self {
            Self::Answer(pending) | Self::Test(pending) => {
                pending.force_authn || account.settings.force_authn
            }
            Self::Unsolicited | Self::Upgrade => false,
        }
    }

    /// The request that the response answers, and until when the ledger remembers that.
    pub(super) fn answered(&self) -> Option<(String, i64)> {
        match self {
            Self::Answer(pending) | Self::Test(pending) => {
                Some((pending.request_id.clone(), pending.answered_until()))
            }
            Self::Unsolicited | Self::Upgrade => None,
        }
    }
}

/// Whether the IdP answers our requests with unsolicited responses. A single unanswered upgrade
/// does not show that: the user may have opened a second tab, or closed a prompt and started again.
fn goes_round(pending: &[Pending], now: UnixTime) -> bool {
    let is_recent =
        |it: &&Pending| it.purpose == Purpose::Upgrade && now < it.issued().plus(ROUND_SECONDS);
    pending.iter().filter(is_recent).count() >= ROUNDS
}
