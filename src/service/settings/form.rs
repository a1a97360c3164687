//! Forms of the settings, and what must hold before anything in them counts (row H12).

use super::authorise::{Administrator, Barred};
use super::setup_link;
use crate::limits::SETTINGS_FORM_OCTETS;
use crate::service::account::AccountId;
use crate::service::body::Body;
use crate::service::ledger::Ledger;
use crate::service::own_form::{OwnForm, require_own};
use crate::service::private_keys::PrivateKeys;
use crate::service::store::Accounts;
use crate::service::{Answer, Entropy, Reply, Request, Service};
use crate::time::UnixTime;

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    /// A form that a page of ours has shown to this very browser, and who posts it. Nothing of a
    /// stranger's body is read.
    pub(crate) async fn settings_form(
        &self,
        account: &AccountId,
        request: &Request<'_>,
        body: impl Body,
        now: UnixTime,
    ) -> Result<(Administrator, OwnForm), Barred> {
        require_own(request, self.config)?;
        let administrator = self.administrator(account, request, now).await?;
        let form = OwnForm::read_within(SETTINGS_FORM_OCTETS, request, body).await?;
        administrator.require_form_token(form.field("form_token"), account, self.config)?;
        Ok((administrator, form))
    }

    pub(super) async fn reply_to_settings_form(
        &self,
        account: &AccountId,
        request: &Request<'_>,
        body: impl Body,
        entropy: &Entropy,
        now: UnixTime,
    ) -> Reply {
        let (_, form) = match self.settings_form(account, request, body, now).await {
            Ok(read) => read,
            Err(barred) => return Reply::barred(&barred, account, entropy),
        };
        match form.field("action") {
            Some("leave") => Answer::see_other("/sso/").with_cookies([setup_link::clear()]).into(),
            _ => Answer::see_other(&super::page(account)).into(),
        }
    }
}
