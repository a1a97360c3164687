//! Messages to take apart, and the places where their parts can go.

use crate::common::{Scenario, Signed};

/// How the names of the message are written. Each way keeps it in canonical form.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    Prefixed,
    DefaultNamespace,
    /// One prefix, bound to the protocol outside of the Assertion and to assertions in it.
    Redeclared,
}

impl Style {
    pub(crate) fn write(self, text: &str) -> String {
        let (declaration, prefix) = match self {
            Self::Prefixed => return text.to_owned(),
            Self::DefaultNamespace => (" xmlns=", ""),
            Self::Redeclared => (" xmlns:s=", "s:"),
        };
        let text = text.replace(" xmlns:samlp=", declaration).replace(" xmlns:saml=", declaration);
        let text = text.replace("<samlp:", "<saml:").replace("</samlp:", "</saml:");
        text.replace("<saml:", &format!("<{prefix}")).replace("</saml:", &format!("</{prefix}"))
    }

    /// `element` with `signatures` behind its first Issuer.
    pub(crate) fn signed(self, element: &str, signatures: &str) -> String {
        let end = self.write("</saml:Issuer>");
        element.replacen(&end, &format!("{end}{signatures}"), 1)
    }
}

/// A login in parts, none of them signed; the Response has `{}` where its Assertion stands.
pub(crate) struct Parts {
    pub(crate) response: String,
    pub(crate) assertion: String,
}

impl Parts {
    pub(crate) fn new(style: Style) -> Self {
        let message = style.write(&Scenario::valid().signed(Signed::Nothing).xml());
        let from = message.find(&style.write("<saml:Assertion ")).expect("an Assertion");
        let end = style.write("</saml:Assertion>");
        let to = message.find(&end).expect("its end") + end.len();
        let assertion = message.get(from..to).expect("whole").to_owned();
        Self { response: message.replace(&assertion, "{}"), assertion }
    }

    /// What an attacker would rather say: with the original's IDs, with others, with none, and with
    /// an Assertion in another namespace (row B5).
    pub(crate) fn forgeries(&self) -> [Self; 4] {
        let mut foreign = self.forged(Some("_forged"));
        foreign.assertion = foreign.assertion.replace("SAML:2.0:assertion", "SAML:2.0:other");
        [self.forged(Some("_")), self.forged(Some("_forged")), self.forged(None), foreign]
    }

    pub(crate) fn forged(&self, id: Option<&str>) -> Self {
        let forge = |text: &str| {
            let text = text.replace("ada@acme.example", "eve@evil.example");
            let text = text.replace(">developer<", ">account_administrator<");
            match id {
                Some(id) => text.replace(" ID=\"_", &format!(" ID=\"{id}")),
                None => text.replace(" ID=\"_assertion\"", "").replace(" ID=\"_response\"", ""),
            }
        };
        Self { response: forge(&self.response), assertion: forge(&self.assertion) }
    }
}

/// Where a Signature ends up: in the original, in the forged element, beside the one that moves, in
/// the Response around both.
pub(crate) struct Placed<'s> {
    pub(crate) original: &'s str,
    pub(crate) forged: &'s str,
    pub(crate) beside: &'s str,
    pub(crate) around: &'s str,
}

pub(crate) fn places(signature: &str) -> [Placed<'_>; 6] {
    let none = Placed { original: "", forged: "", beside: "", around: "" };
    [
        Placed { original: signature, ..none },
        Placed { forged: signature, ..none },
        Placed { original: signature, forged: signature, ..none },
        Placed { beside: signature, ..none },
        Placed { around: signature, ..none },
        none,
    ]
}

/// Elements that the schema or a careless reader lets hold others, and before which text of a
/// message they go.
const HOLDERS: [(&str, &str, &str); 12] = [
    ("<samlp:Status>", "<samlp:Extensions>", "</samlp:Extensions>"),
    ("</samlp:Status>", "<samlp:StatusDetail>", "</samlp:StatusDetail>"),
    ("</samlp:Response>", "<saml:EncryptedAssertion>", "</saml:EncryptedAssertion>"),
    ("</samlp:Response>", "<samlp:Response>", "</samlp:Response>"),
    ("</samlp:Response>", "<x:x xmlns:x=\"urn:x\">", "</x:x>"),
    ("<saml:AuthnStatement ", "<saml:Advice>", "</saml:Advice>"),
    ("</saml:Subject>", "<saml:SubjectConfirmation>", "</saml:SubjectConfirmation>"),
    ("</saml:Conditions>", "<saml:Condition>", "</saml:Condition>"),
    ("</saml:AttributeStatement>", "<saml:Attribute Name=\"x\">", "</saml:Attribute>"),
    ("</saml:Attribute>", "<saml:AttributeValue>", "</saml:AttributeValue>"),
    ("</ds:Signature>", "<ds:Object>", "</ds:Object>"),
    ("</ds:Signature>", "<ds:KeyInfo>", "</ds:KeyInfo>"),
];

/// `moved` at every tag of `host` and in every holder.
pub(crate) fn wrapped(style: Style, host: &str, moved: &str) -> Vec<String> {
    let insert = |at: usize, text: &str| {
        let (before, behind) = host.split_at(at);
        [before, text, behind].concat()
    };
    let tags = host.match_indices('>').map(|(at, _)| insert(at + 1, moved));
    let holders = HOLDERS.iter().filter_map(|(before, open, close)| {
        let at = host.find(&style.write(before))?;
        Some(insert(at, &[&style.write(open), moved, &style.write(close)].concat()))
    });
    tags.chain(holders).chain([insert(0, moved)]).collect()
}

/// Every element of `text`, each with all it holds.
pub(crate) fn elements(text: &str) -> Vec<&str> {
    let mut open = Vec::new();
    let mut elements = Vec::new();
    for (at, _) in text.match_indices('<') {
        let rest = text.get(at..).expect("within");
        if rest.starts_with("</") {
            let from = open.pop().expect("well-formed");
            let to = at + rest.find('>').expect("well-formed") + 1;
            elements.push(text.get(from..to).expect("within"));
        } else {
            open.push(at);
        }
    }
    elements
}
