//! Who changes an account.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who changes an account, as the audit log names them: `operator`, or `user:` and a `sub`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Actor {
    /// Not this service: KV was written to directly, so it is unknown who did.
    Elsewhere,
    /// A holder of `ADMIN_TOKEN`.
    Operator,
    /// This service, from the metadata that the IdP publishes.
    Refresh,
    /// The holder of the setup link with this id.
    SetupLink(String),
    /// A round over all accounts.
    Upkeep,
    /// The user with this `sub`.
    User(String),
    /// An actor that only a newer release knows.
    Other(String),
}

impl From<String> for Actor {
    fn from(text: String) -> Self {
        match text.split_once(':') {
            Some(("setup_link", id)) => Self::SetupLink(id.to_owned()),
            Some(("user", sub)) => Self::User(sub.to_owned()),
            Some(_) => Self::Other(text),
            None => [Self::Elsewhere, Self::Operator, Self::Refresh, Self::Upkeep]
                .into_iter()
                .find(|it| it.to_string() == text)
                .unwrap_or(Self::Other(text)),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elsewhere => formatter.write_str("elsewhere"),
            Self::Operator => formatter.write_str("operator"),
            Self::Refresh => formatter.write_str("refresh"),
            Self::SetupLink(id) => write!(formatter, "setup_link:{id}"),
            Self::Upkeep => formatter.write_str("upkeep"),
            Self::User(sub) => write!(formatter, "user:{sub}"),
            Self::Other(text) => formatter.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_actor_is_read_back_from_its_text() {
        for text in
            ["elsewhere", "operator", "refresh", "setup_link:ab", "upkeep", "user:a:b", "x", "x:y"]
        {
            assert_eq!(Actor::from(text.to_owned()).to_string(), text);
        }
        assert_eq!(Actor::from("user:a:b".to_owned()), Actor::User("a:b".to_owned()));
        assert_eq!(Actor::from("x:y".to_owned()), Actor::Other("x:y".to_owned()));
    }
}
