//! Which users a change would lock out, among them the one who makes it.

use crate::model::settings::IdpInitiated;
use crate::session::issue::Session;
use crate::settings::review::side::Side;

/// Why sign-ins that work before a change would fail after it, in sentences.
pub(crate) fn lockouts(before: &Side, after: &Side, user: Option<&Session>) -> Vec<String> {
    let mut found = of_everybody(before, after);
    if user.is_some() && !found.is_empty() {
        found.push(
            "This includes you: once your session is over, you need a setup link from this \
             product’s operators.",
        );
    }
    if user.is_some_and(|user| !is_listed(&user.email, after.settings.domains().as_deref())) {
        found.push(
            "Your own e-mail address is in none of these domains, so you could not sign in \
             yourself.",
        );
    }
    found.into_iter().map(str::to_owned).collect()
}

fn of_everybody(before: &Side, after: &Side) -> Vec<&'static str> {
    let Some(idp) = &after.idp else {
        return vec!["Nobody can sign in to this account any more."];
    };
    let starts_nowhere = idp.single_sign_on_services().is_empty()
        && after.settings.idp_initiated() != IdpInitiated::On;
    let mut found = vec![(
        starts_nowhere,
        "This identity provider has no address where sign-ins can start. Nobody can sign in unless \
         sign-ins that start there are accepted as they are.",
    )];
    if let Some(known) = &before.idp {
        let keys = idp.signing_keys();
        found.extend([
            (
                known.entity_id() != idp.entity_id(),
                "This is another identity provider. From now on, nobody can sign in who has no \
                 account there.",
            ),
            (
                !known.signing_keys().iter().any(|key| keys.contains(key)),
                "None of the keys that sign today stays. Nobody can sign in until the identity \
                 provider signs with one of the new ones.",
            ),
            (
                before.addresses.entity_id != after.addresses.entity_id,
                "Nobody can sign in until the identity provider has the new Identifier.",
            ),
            (
                before.addresses.acs_url != after.addresses.acs_url,
                "Nobody can sign in until the identity provider has the new Reply URL.",
            ),
            (
                before.addresses.is_unique && !after.addresses.is_unique,
                "Other accounts can have this Identifier too. Where one of them has it at the same \
                 identity provider with the same signing key, nobody can sign in here.",
            ),
        ]);
    }
    found.into_iter().filter(|(holds, _)| *holds).map(|(_, sentence)| sentence).collect()
}

fn is_listed(email: &str, domains: Option<&[String]>) -> bool {
    let domain = email.split_once('@').map(|(_, domain)| domain);
    domains.is_none_or(|domains| domains.iter().any(|it| Some(&**it) == domain))
}
