//! What an administrator can do about a denial.

use crate::error::Denial;
use crate::http::failure::phrases::SEE_LOG;
/// The roles to choose from, where one is missing or wrong.
pub(crate) fn values(denial: &Denial) -> Vec<String> {
    let (Denial::RoleInsufficient { roles }
    | Denial::RoleMissing { roles, .. }
    | Denial::RoleNotAllowed { roles, .. }
    | Denial::RoleNotListed { roles, .. }) = denial
    else {
        return Vec::new();
    };
    roles.clone()
}

/// What an administrator has to set, by the names they see.
pub(crate) fn mend(denial: &Denial) -> String {
    match denial {
        Denial::AccountClaimMissing { claim } | Denial::AccountMismatch { claim } => format!(
            "Let the identity provider send the claim “{claim}” with exactly this account’s id as \
             its only value."
        ),
        Denial::AccountUnknown => "Let the identity provider send the account’s id in the claim \
                                   that names it, or append # and the id to Identifier and Reply \
                                   URL."
            .to_owned(),
        Denial::AcsMismatch => "Enter the account’s own Reply URL at the identity provider. \
                                Operators can set “acs” in the account’s settings."
            .to_owned(),
        Denial::EmailDomainNotListed { source_of_email } => format!(
            "The domain of the address in “{source_of_email}” is not among “domains” in the \
             account’s settings: those that operators allow, and those that its administrators have \
             chosen of them."
        ),
        Denial::EmailInvalid { source_of_email } => format!(
            "Let the identity provider send the user’s e-mail address as “{source_of_email}”. In \
             Entra ID, the source is user.mail; see that the user has a mail address."
        ),
        Denial::EmailRepeated { claim } => format!(
            "Let the identity provider send a single e-mail address as “{claim}”. The same one twice \
             counts as one."
        ),
        Denial::GroupsOmitted { claim } => format!(
            "Entra ID sends no groups for a user who has more than 150. Let it send only groups \
             assigned to the application as “{claim}”, or an app role."
        ),
        Denial::RoleMissing { roles, .. }
        | Denial::RoleNotAllowed { roles, .. }
        | Denial::RoleNotListed { roles, .. }
            if roles.is_empty() =>
        {
            "This account may grant no role: “roles” in its settings names none of the product’s. \
             Operators can mend that."
                .to_owned()
        }
        Denial::RoleNotAllowed { claim, .. } => format!(
            "The role in “{claim}” is not among those that this account may grant, which are listed \
             below. Operators can set “roles” in the account’s settings."
        ),
        Denial::NotANavigation => {
            "Let a link or a redirect lead the browser to the address of the \
                                   login. No image, frame of a script, or fetch begins one."
                .to_owned()
        }
        Denial::NotSignedIn => {
            "Where it is another site that posts to this address, operators can \
                                list it in PUBLIC_PATHS: browsers send no session with such a post."
                .to_owned()
        }
        Denial::MetadataUrlForbidden
        | Denial::MetadataUrlRedirected
        | Denial::MetadataUrlUnanswered { .. } => format!("{denial}."),
        Denial::PathAmbiguous => {
            "Where PATH_ROLES or PUBLIC_PATHS decide, a path takes no encoded \
                                  slashes, backslashes or percent signs, no empty segments, no \
                                  semicolons, and no dots or spaces at a segment’s end."
                .to_owned()
        }
        Denial::RoleInsufficient { .. } => "Whoever is to open this page needs one of the roles \
                                            below. Operators set them in PATH_ROLES."
            .to_owned(),
        Denial::RoleMissing { claim, .. } | Denial::RoleNotListed { claim, .. } => format!(
            "Let the identity provider send the claim “{claim}” with exactly one of these values:"
        ),
        Denial::RoleRepeated { claim } => format!(
            "Let the identity provider send the claim “{claim}” with one role, not several."
        ),
        Denial::EntityIdTaken => "Give the account an Identifier of its own, with # and its id \
                                  at the end, at the identity provider and as “entity_id” in the \
                                  account’s settings."
            .to_owned(),
        Denial::SettingsForbidden => {
            "The settings are for the roles of ADMIN_ROLES, which operators \
                                      set."
                .to_owned()
        }
        Denial::SetupLinkInvalid => {
            "Operators make setup links by the admin API, for up to 14 days.".to_owned()
        }
        Denial::AccountChanged
        | Denial::AccountNarrowed
        | Denial::CrossSiteForm
        | Denial::CrossSiteRequest
        | Denial::CrossSiteSocket
        | Denial::FormTokenInvalid
        | Denial::NothingToConfirm
        | Denial::ReauthenticationDue => SEE_LOG.to_owned(),
        Denial::IdpInitiatedOff => {
            "Administrators of the account can choose otherwise on its settings page, as far as \
             operators allow it (“idp_initiated”)."
                .to_owned()
        }
        Denial::SessionTooLarge => {
            "Shorten the claims of this user at the identity provider.".to_owned()
        }
        Denial::SsoEndpointMissing => "The stored metadata lists no SingleSignOnService for the \
                                       HTTP-Redirect or HTTP-POST binding."
            .to_owned(),
        Denial::SsoNotEnabled => "Upload the identity provider’s metadata for this account. It \
                                  takes a minute to arrive everywhere."
            .to_owned(),
        Denial::TooManyChanges { .. } => {
            "Operators can make the change by the admin API, where nothing is counted.".to_owned()
        }
        Denial::TooManyLogins => "Operators can raise the limit that wrangler.toml sets for \
                                  LOGIN_LIMIT, if many people share one address."
            .to_owned(),
        Denial::TooManyRequests => "Operators can raise the limits that wrangler.toml sets for \
                                    MESSAGE_LIMIT and SETTINGS_LIMIT, if many people share one address."
            .to_owned(),
        Denial::TooManyUnsolicited => "Operators can raise the limit that wrangler.toml sets for \
                                       ACCOUNT_LIMIT, if so many people start at the identity provider."
            .to_owned(),
        Denial::UpgradeLoop => "The identity provider answers our request without its \
                                       InResponseTo. Operators can set “idp_initiated” to “on”."
            .to_owned(),
    }
}
