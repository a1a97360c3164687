//! `ROLES` and `ADMIN_ROLES`: the closed list of roles.

use crate::config::vars::Vars;

/// The role that may change the settings where `ADMIN_ROLES` is not set.
const ADMIN_ROLE: &str = "account_administrator";

/// The roles of a deployment.
pub(crate) struct Roles {
    /// All roles.
    pub(crate) all: Vec<String>,
    /// The roles that may change the settings of an account.
    pub(crate) administrators: Vec<String>,
}

impl Roles {
    pub(crate) fn read(vars: &mut Vars<'_>) -> Option<Self> {
        let all = vars.take("ROLES", "roles, separated by commas", roles);
        vars.point_out("ROLES", ',', |role| roles(role).is_some());
        let known = all.as_deref();
        let expected = "some of ROLES, separated by commas";
        let administrators = vars.take_beside("ADMIN_ROLES", expected, known, some_of);
        vars.point_out("ADMIN_ROLES", ',', |it| {
            known.is_some_and(|all| some_of(it, all).is_some())
        });
        let all = all?;
        let administrators = administrators.unwrap_or_else(|| default_administrators(&all));
        Some(Self { all, administrators })
    }
}

/// Reads roles. They are sent in headers and lists, so they are short words of printable ASCII.
fn roles(text: &str) -> Option<Vec<String>> {
    let role = |role: &str| {
        let role = role.trim();
        let word =
            (1..=64).contains(&role.len()) && role.bytes().all(|octet| octet.is_ascii_graphic());
        word.then(|| role.to_owned())
    };
    text.split(',').map(role).collect()
}

/// Reads roles that are all in `all`: a misspelt role would lock its administrators out.
fn some_of(text: &str, all: &[String]) -> Option<Vec<String>> {
    roles(text).filter(|administrators| administrators.iter().all(|it| all.contains(it)))
}

fn default_administrators(roles: &[String]) -> Vec<String> {
    roles.iter().filter(|role| *role == ADMIN_ROLE).cloned().collect()
}
