//! `PUBLIC_PATHS` and `PATH_ROLES`: the paths that are open to everyone, and those that need a
//! role (row H4).
//!
//! Origins read paths in different ways. Some decode twice, some merge slashes, some cut off `;`
//! and what follows, some ignore case, some run `/invoice.php` for `/invoice.php/x`. So a public
//! path is compared letter by letter. A path with a role is compared in every spelling, with all
//! that is below it. A path with more than one reading is refused where the reading matters.

mod lookalike;
mod pattern;
mod reading;
#[cfg(test)]
mod tests;

use crate::config::gate::paths::pattern::Pattern;
use crate::config::gate::paths::reading::canonical;
use crate::config::roles::Roles;
use crate::config::vars::Vars;

const PATH_ROLES: &str =
    "rules such as /reports/* = developer, finance; /invoice = finance, with roles of ROLES";
const PUBLIC_PATHS: &str = "paths separated by commas, such as /robots.txt, /public/*";

/// The rules of `PUBLIC_PATHS` and `PATH_ROLES`.
#[derive(Debug, Default)]
pub(crate) struct PathRules {
    public: Vec<Pattern>,
    roles: Vec<RoleRule>,
}

/// What a request for one path must bring.
#[derive(Default)]
pub(crate) struct Demands<'a> {
    pub(crate) is_public: bool,
    rules: Vec<&'a RoleRule>,
}

impl PathRules {
    pub(crate) fn read(vars: &mut Vars<'_>, roles: Option<&Roles>) -> Self {
        let known = roles.map(|roles| &*roles.all);
        let public = vars.take_optional("PUBLIC_PATHS", PUBLIC_PATHS, public_paths);
        vars.point_out("PUBLIC_PATHS", ',', |path| public_paths(path).is_some());
        let roles = vars.take_beside("PATH_ROLES", PATH_ROLES, known, path_roles);
        vars.point_out("PATH_ROLES", ';', |rule| {
            known.is_some_and(|known| path_roles(rule, known).is_some())
        });
        Self { public: public.unwrap_or_default(), roles: roles.unwrap_or_default() }
    }

    /// What the rules ask of `path`, in the form in which it is forwarded. `None` where an origin
    /// could read it as a path with other rules.
    pub(crate) fn demands(&self, path: &str) -> Option<Demands<'_>> {
        let opened = self.public.iter().any(|pattern| pattern.opens(path));
        // Without rules, every reading of the path needs the same: a session.
        if !opened && self.roles.is_empty() {
            return Some(Demands::default());
        }
        let canonical = canonical(path)?;
        // A public path is plain ASCII: anything else could lead out of it.
        if opened && !canonical.is_ascii() {
            return None;
        }
        let (rules, others): (Vec<_>, Vec<_>) =
            self.roles.iter().partition(|rule| rule.pattern.closes(&canonical));
        let is_disguise = |it: char| !it.is_ascii() || it == '~';
        if canonical.contains(is_disguise)
            && others.iter().any(|rule| rule.pattern.could_close(&canonical))
        {
            return None;
        }
        Some(Demands { is_public: opened && rules.is_empty(), rules })
    }
}

impl<'a> Demands<'a> {
    /// The roles of a rule that `role` does not meet. All rules must hold, so that no rule opens
    /// what another has closed.
    pub(crate) fn unmet_by(&self, role: &str) -> Option<&'a [String]> {
        let unmet = self.rules.iter().find(|rule| !rule.roles.iter().any(|it| it == role));
        unmet.map(|rule| &*rule.roles)
    }
}

/// A path, and the roles of which a user needs one.
#[derive(Debug)]
struct RoleRule {
    pattern: Pattern,
    roles: Vec<String>,
}

/// Reads `PUBLIC_PATHS`.
fn public_paths(text: &str) -> Option<Vec<Pattern>> {
    text.split(',').map(|pattern| Pattern::parse(pattern.trim())).collect()
}

/// Reads `PATH_ROLES`, whose roles are all among `known`.
fn path_roles(text: &str, known: &[String]) -> Option<Vec<RoleRule>> {
    let rule = |text: &str| {
        let (pattern, roles) = text.split_once('=')?;
        let role = |role: &str| known.iter().find(|it| *it == role.trim()).cloned();
        let roles = roles.split(',').map(role).collect::<Option<_>>()?;
        Some(RoleRule { pattern: Pattern::parse(pattern.trim())?, roles })
    };
    text.split(';').map(rule).collect()
}
