//! What mends a sign-in, by its code: what to click, in each product's own words.

/// A product that is known by its entity ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    Adfs,
    Entra,
    Google,
    Keycloak,
    Okta,
}

/// Where to click, a product a line. An empty line says no more than the first.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mend {
    anyone: &'static str,
    entra: &'static str,
    okta: &'static str,
    google: &'static str,
    adfs: &'static str,
    keycloak: &'static str,
}

impl Product {
    const ALL: [Self; 5] = [Self::Entra, Self::Okta, Self::Google, Self::Adfs, Self::Keycloak];

    /// The product that gives out such entity ids, if it is known.
    pub(crate) fn of(entity_id: &str) -> Option<Self> {
        if entity_id.starts_with("https://sts.windows.net/") {
            Some(Self::Entra)
        } else if entity_id.starts_with("http://www.okta.com/") {
            Some(Self::Okta)
        } else if entity_id.starts_with("https://accounts.google.com/o/saml2") {
            Some(Self::Google)
        } else if entity_id.ends_with("/adfs/services/trust") {
            Some(Self::Adfs)
        } else {
            entity_id.contains("/realms/").then_some(Self::Keycloak)
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Adfs => "AD FS",
            Self::Entra => "Entra ID",
            Self::Google => "Google Workspace",
            Self::Keycloak => "Keycloak",
            Self::Okta => "Okta",
        }
    }
}

impl Mend {
    /// The remedy that does not depend on the IdP's product.
    pub(crate) const fn anyone(&self) -> &'static str {
        self.anyone
    }

    /// Where to click: in `product`, or in each where that is not known.
    pub(crate) fn steps(&self, product: Option<Product>) -> Vec<(&'static str, &'static str)> {
        let is_meant = |it: &Product| product.is_none_or(|product| product == *it);
        let meant = Product::ALL.into_iter().filter(is_meant);
        let steps = meant.map(|it| (it.name(), self.step(it)));
        steps.filter(|(_, step)| !step.is_empty()).collect()
    }

    const fn step(&self, product: Product) -> &'static str {
        match product {
            Product::Adfs => self.adfs,
            Product::Entra => self.entra,
            Product::Google => self.google,
            Product::Keycloak => self.keycloak,
            Product::Okta => self.okta,
        }
    }

    const fn told(anyone: &'static str) -> Self {
        Self { anyone, entra: "", okta: "", google: "", adfs: "", keycloak: "" }
    }
}

/// What mends a sign-in that ends with `code`; `None` for a code of something else.
pub(crate) fn remedy(code: &str) -> Option<Mend> {
    of_message(code)
        .or_else(|| of_signature(code))
        .or_else(|| of_address(code))
        .or_else(|| of_contents(code))
        .or_else(|| of_claims(code))
        .or_else(|| of_metadata(code))
}

fn of_message(code: &str) -> Option<Mend> {
    Some(match code {
        "attribute_missing"
        | "comment_forbidden"
        | "dtd_forbidden"
        | "element_missing"
        | "element_unexpected"
        | "encryption_malformed"
        | "extensions_forbidden"
        | "id_duplicate"
        | "id_forbidden"
        | "instruction_forbidden"
        | "namespace_relative"
        | "signature_misplaced"
        | "text_unexpected"
        | "time_malformed"
        | "xml_encoding_unsupported"
        | "xml_malformed"
        | "xml_version_unsupported" => Mend::told(
            "No product sends such messages by itself. See what changes the message on its way: a \
             proxy, a plug-in, a template written by hand. If you have pasted it, paste it whole \
             and unchanged.",
        ),
        "time_not_utc" => Mend::told("Let the identity provider write its times in UTC, with a Z."),
        "base64_malformed" | "not_utf8" => Mend::told(
            "Paste the whole value of SAMLResponse as it was posted, or the XML. An identity \
             provider that sends this itself must post base64 of UTF-8, without deflating it.",
        ),
        "form_field_count"
        | "form_malformed"
        | "relay_state_repeated"
        | "response_absent"
        | "response_repeated" => {
            Mend::told("Let the identity provider use the HTTP-POST binding for the Reply URL.")
        }
        "canonical_form_too_large"
        | "message_too_large"
        | "xml_too_deep"
        | "xml_too_many_attributes"
        | "xml_too_many_namespaces"
        | "xml_too_many_nodes" => Mend {
            entra: "Attributes & Claims, the group claim: choose Groups assigned to the \
                    application, or remove it.",
            okta: "Attribute Statements: let the filter of a Group Attribute Statement match fewer \
                   groups.",
            adfs: "Claim Issuance Policy: remove the rule that sends all groups.",
            ..Mend::told("Let the identity provider send fewer claims.")
        },
        "not_a_response" | "version_unsupported" => Mend::told(
            "Let the identity provider send SAML 2.0 to the Reply URL, not WS-Federation.",
        ),
        "status_not_success" => Mend {
            entra: "Users and groups: assign the user. The Sign-in logs say why it failed.",
            okta: "Assignments: assign the user. The System Log says why it failed.",
            google: "User access: turn the app on for the user. The SAML log events say why.",
            adfs: "Access Control Policy: permit the user. The event log says why it failed.",
            keycloak: "Events of the realm, Login events, say why it failed.",
            ..Mend::told(
                "The identity provider itself reports a failure; its own log says why. Most often \
                 the user is not assigned to the application. It may also be unable to do what the \
                 account’s settings ask for: force_authn, is_passive, authn_context, name_id_format.",
            )
        },
        "assertion_count" => Mend::told("Let the identity provider send exactly one assertion."),
        "issuer_format" => Mend::told("Let the identity provider leave the Issuer’s Format out."),
        _ => return None,
    })
}

fn of_signature(code: &str) -> Option<Mend> {
    Some(match code {
        "signature_invalid" => Mend {
            entra: "SAML Certificates: download the Federation Metadata XML from this very \
                    application’s page.",
            okta: "Sign On tab: open the Metadata URL and save it.",
            google: "The app’s page: see which certificate it uses, then Download metadata.",
            adfs: "Download FederationMetadata.xml again: AD FS renews its certificates by itself.",
            keycloak: "Download the realm’s SAML descriptor again: the realm signs with another key.",
            ..Mend::told(
                "Save the identity provider’s current metadata here; it most often has a new \
                 certificate.",
            )
        },
        "signature_missing" => Mend {
            entra: "SAML Certificates, Signing Option: any of the three.",
            okta: "Advanced settings: Response and Assertion Signature are Signed.",
            adfs: "Set-AdfsRelyingPartyTrust -SamlResponseSignature MessageAndAssertion",
            keycloak: "Settings: Sign documents or Sign assertions on.",
            ..Mend::told("Let the identity provider sign the response or the assertion.")
        },
        "digest_method_unsupported" | "sha1_refused" | "signature_method_unsupported" => Mend {
            entra: "SAML Certificates, Signing Algorithm: SHA-256.",
            okta: "Advanced settings: Signature Algorithm RSA-SHA256, Digest Algorithm SHA256.",
            adfs: "Advanced tab, Secure hash algorithm: SHA-256.",
            keycloak: "Settings, Signature algorithm: RSA_SHA256.",
            ..Mend::told(match code {
                "sha1_refused" => {
                    "Let the identity provider sign with SHA-256, its digest too. Until it can, \
                     operators can set “allow_sha1_until” in the account’s settings."
                }
                _ => "Let the identity provider sign with SHA-256.",
            })
        },
        "canonical_form_empty"
        | "canonicalization_unsupported"
        | "reference_count"
        | "reference_not_parent"
        | "signature_malformed"
        | "transform_forbidden" => Mend::told(
            "Let the identity provider sign as SAML Core §5.4 says: one reference to the element \
             that holds the signature, enveloped, with exclusive canonicalization.",
        ),
        "digest_mismatch" => Mend::told(
            "Something has changed the message after it was signed. Let nothing reformat it; if you \
             have pasted it, paste it unchanged, best as base64.",
        ),
        "assertion_encrypted" => Mend {
            entra: "Token encryption: deactivate the certificate.",
            okta: "Advanced settings, Assertion Encryption: Unencrypted.",
            adfs: "Encryption tab: remove the certificate.",
            keycloak: "Keys tab: Encrypt assertions off.",
            ..Mend::told(
                "This service has no key to decrypt with. Turn encryption off; or its operators set \
                 SP_KEYS.",
            )
        },
        "cbc_without_signature" => Mend {
            entra: "SAML Certificates, Signing Option: Sign SAML response and assertion.",
            adfs: "Set-AdfsRelyingPartyTrust -SamlResponseSignature MessageAndAssertion",
            keycloak: "Settings: Sign documents on.",
            ..Mend::told("Sign the response as well, or encrypt with AES-GCM.")
        },
        "data_encryption_unsupported"
        | "encrypted_key_count"
        | "key_transport_unsupported"
        | "oaep_digests_differ" => Mend {
            okta: "Advanced settings: Encryption Algorithm AES256-GCM, Key Transport Algorithm \
                   RSA-OAEP.",
            ..Mend::told("Encrypt to this service alone, with AES-256-GCM and RSA-OAEP.")
        },
        "decryption_failed" | "encrypted_assertion_unsigned" => Mend {
            entra: "Token encryption: import the certificate anew and activate it.",
            okta: "Advanced settings, Encryption Certificate: upload it anew.",
            adfs: "Encryption tab: replace the certificate.",
            keycloak: "Keys tab: import the encryption certificate anew. Where accounts share the \
                       Reply URL: Settings, Sign assertions on.",
            ..Mend::told(
                "Encrypt to the certificate in this service’s metadata, and where accounts share the \
                 Reply URL, sign the assertion itself before it is encrypted. For a test, turn \
                 encryption off: then this report says more.",
            )
        },
        _ => return None,
    })
}

fn of_address(code: &str) -> Option<Mend> {
    Some(match code {
        "destination_mismatch"
        | "destination_missing"
        | "recipient_mismatch"
        | "recipient_missing" => Mend {
            entra: "Basic SAML Configuration, Reply URL (Assertion Consumer Service URL).",
            okta: "Configure SAML, Single sign-on URL, with Use this for Recipient URL and \
                   Destination URL ticked.",
            google: "Service provider details, ACS URL.",
            adfs: "Endpoints tab, SAML Assertion Consumer endpoint.",
            keycloak: "Advanced tab, Assertion Consumer Service POST Binding URL.",
            ..Mend::told(
                "Enter the account’s Reply URL at the identity provider, letter by letter.",
            )
        },
        "audience_mismatch" | "audience_missing" => Mend {
            entra: "Basic SAML Configuration, Identifier (Entity ID).",
            okta: "Configure SAML, Audience URI (SP Entity ID).",
            google: "Service provider details, Entity ID.",
            adfs: "Identifiers tab, Relying party identifier.",
            keycloak: "Settings, Client ID.",
            ..Mend::told(
                "Enter the account’s Identifier at the identity provider, letter by letter. Or save \
                 here, as the Entity ID, what the identity provider sends.",
            )
        },
        "issuer_mismatch" | "issuer_missing" => Mend {
            entra: "Download the Federation Metadata XML of this very application. Do not append the \
                    application ID to the issuer.",
            okta: "Sign On tab: open this very application’s Metadata URL and save it.",
            google: "The app’s page: Download metadata.",
            adfs: "Download FederationMetadata.xml from this very server.",
            keycloak: "Download the SAML descriptor of this very realm.",
            ..Mend::told(
                "Save the metadata of the identity provider that sends this, if it is yours.",
            )
        },
        "in_response_to_mismatch"
        | "in_response_to_missing"
        | "in_response_to_unknown"
        | "idp_initiated_off"
        | "upgrade_loop" => Mend::told(
            "Sign in once more, in one and the same browser, within ten minutes. If it stays: allow \
             this site’s cookies, and let the identity provider answer requests with their \
             InResponseTo.",
        ),
        "assertion_replayed" | "request_used" => {
            Mend::told("Start again: a reload posts the same response a second time.")
        }
        "entity_id_taken" => Mend {
            entra: "Basic SAML Configuration: append # and the account’s id to Identifier and Reply \
                    URL.",
            ..Mend::told(
                "Another account has this Identifier at the same identity provider. Give this account \
                 one of its own.",
            )
        },
        _ => return None,
    })
}

fn of_contents(code: &str) -> Option<Mend> {
    Some(match code {
        "name_id_missing" | "subject_missing" => Mend {
            entra: "Attributes & Claims, Unique User Identifier: source user.mail. See that the user \
                    has a mail address.",
            okta: "Configure SAML: Name ID format EmailAddress, Application username Email.",
            google: "Service provider details: Name ID format EMAIL, Basic Information > Primary \
                     email.",
            adfs: "Claim Issuance Policy: a rule that sends E-Mail-Addresses as Name ID.",
            keycloak: "Settings: Name ID format email, Force name ID format on.",
            ..Mend::told(
                "Let the identity provider send the user’s e-mail address as NameID. Where it \
                 sends none, operators can name the claim that holds the address.",
            )
        },
        "authn_statement_missing" => Mend {
            keycloak: "Settings: Include AuthnStatement on.",
            ..Mend::told("Let the identity provider say when the user signed in.")
        },
        "advice_forbidden" | "condition_unknown" | "conditions_missing" => Mend::told(
            "Let the identity provider send Conditions with an audience and times, and no Advice.",
        ),
        "confirmation_missing" | "confirmation_not_before" | "confirmation_without_expiry" => {
            Mend::told("Let the identity provider use SAML’s Web Browser SSO profile.")
        }
        "assertion_too_old" | "conditions_expired" | "confirmation_expired" | "session_expired" => {
            Mend::told(
                "Sign in once more. If it stays, set the identity provider’s clock. A response that \
                 you paste is judged at the time that you give.",
            )
        }
        "conditions_not_yet_valid" | "issued_in_future" => Mend::told(
            "Set the identity provider’s clock, which is ahead. Operators can allow for up to 300 \
             seconds.",
        ),
        "authn_too_old" => Mend {
            okta: "Configure SAML, Honor Force Authentication: Yes.",
            ..Mend::told(
                "Let the identity provider honour ForceAuthn, and say when the user signed in.",
            )
        },
        _ => return None,
    })
}

fn of_claims(code: &str) -> Option<Mend> {
    Some(match code {
        "account_claim_missing" | "account_mismatch" => Mend {
            entra: "Attributes & Claims: a claim of that name, Namespace empty, its value typed in \
                    as a constant.",
            okta: "Attribute Statements: that name, Unspecified, and the value as a constant.",
            google: "SAML attribute mapping: a custom attribute that holds the value for every user.",
            adfs: "Claim Issuance Policy: => issue(Type = \"NAME\", Value = \"ACCOUNT\");",
            keycloak: "Client scopes, the dedicated scope: a Hardcoded attribute mapper.",
            ..Mend::told(
                "Let the identity provider send the claim with exactly the expected value.",
            )
        },
        "role_missing" | "role_not_allowed" | "role_not_listed" | "role_repeated" => Mend {
            entra: "Attributes & Claims: a claim of that name, Namespace empty, from an attribute \
                    that holds one role, or user.assignedroles with one app role a user.",
            okta: "Attribute Statements: that name, from an attribute of the user that holds one \
                   role.",
            google: "SAML attribute mapping: a custom attribute that holds one role.",
            adfs: "Claim Issuance Policy: an outgoing claim of that type, from an attribute that \
                   holds one role.",
            keycloak: "Client scopes, the dedicated scope: a User Attribute mapper, or a Role list \
                       with that name.",
            ..Mend::told(
                "Let the identity provider send the claim with exactly one of the expected values, in \
                 this spelling.",
            )
        },
        "groups_omitted" => Mend {
            entra: "Attributes & Claims, the group claim: Groups assigned to the application. Or \
                    send user.assignedroles.",
            ..Mend::told("The user is in too many groups to be sent. Send fewer, or an app role.")
        },
        "email_invalid" => Mend {
            entra: "Attributes & Claims, Unique User Identifier: source user.mail. See that the user \
                    has a mail address; a guest’s principal name is none.",
            okta: "Configure SAML, Application username: Email.",
            google: "Service provider details, Name ID: Basic Information > Primary email.",
            adfs: "Claim Issuance Policy: send E-Mail-Addresses as Name ID.",
            keycloak: "Settings: Name ID format email, Force name ID format on. See that the user \
                       has an e-mail address.",
            ..Mend::told("Let the identity provider send one plain e-mail address.")
        },
        "email_repeated" => Mend::told(
            "Let the identity provider send one e-mail address of the user in this claim: the one that \
             stays theirs.",
        ),
        "email_domain_not_listed" => Mend::told(
            "Let the identity provider send an address of one of the expected domains; or add the \
             domain to the account’s settings, if it is yours.",
        ),
        "session_too_large" => Mend::told("Let the identity provider send a shorter name or role."),
        _ => return None,
    })
}

fn of_metadata(code: &str) -> Option<Mend> {
    Some(match code {
        "certificate_count"
        | "certificate_malformed"
        | "endpoint_count"
        | "entity_ambiguous"
        | "entity_id_invalid"
        | "entity_id_placeholder"
        | "entity_unknown"
        | "idp_role_missing"
        | "idp_role_repeated"
        | "metadata_expired"
        | "metadata_unsigned"
        | "name_id_format_count"
        | "not_metadata"
        | "signing_key_count"
        | "signing_key_missing"
        | "signing_key_unsupported"
        | "sso_endpoint_missing"
        | "sso_not_enabled" => Mend {
            entra: "SAML Certificates: Federation Metadata XML.",
            okta: "Sign On tab: Metadata URL.",
            google: "The app’s page: Download metadata.",
            adfs: "https://ADFS-HOST/FederationMetadata/2007-06/FederationMetadata.xml",
            keycloak: "https://KEYCLOAK-HOST/realms/REALM/protocol/saml/descriptor",
            ..Mend::told("Download the identity provider’s metadata and save it here as it is.")
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use saml_verify::error::Refusal;
    use strum::VariantNames as _;

    use super::*;
    use crate::error::Denial;

    /// Codes of other things than signing in.
    const ELSEWHERE: [&str; 33] = [
        "account_changed",
        "account_narrowed",
        "account_unknown",
        "acs_mismatch",
        "cross_site_form",
        "cross_site_request",
        "cross_site_socket",
        "deflate_malformed",
        "form_token_invalid",
        "logout_expired",
        "logout_replayed",
        "message_absent",
        "message_ambiguous",
        "metadata_url_forbidden",
        "metadata_url_redirected",
        "metadata_url_unanswered",
        "name_id_encrypted",
        "name_id_unknown",
        "not_a_logout_message",
        "not_a_navigation",
        "not_signed_in",
        "nothing_to_confirm",
        "parameter_repeated",
        "path_ambiguous",
        "reauthentication_due",
        "role_insufficient",
        "saml_encoding_unsupported",
        "settings_forbidden",
        "setup_link_invalid",
        "too_many_changes",
        "too_many_logins",
        "too_many_requests",
        "too_many_unsolicited",
    ];

    /// The codes of refusals and denials.
    fn codes() -> Vec<&'static str> {
        [Refusal::CODES, Denial::VARIANTS].concat()
    }

    #[test]
    fn every_code_of_a_sign_in_has_what_mends_it() {
        let codes = codes();
        assert!(codes.len() > 100, "{codes:?}");
        for code in codes {
            let is_elsewhere = ELSEWHERE.contains(&code);
            assert_eq!(remedy(code).is_none(), is_elsewhere, "{code}");
            assert!(remedy(code).is_none_or(|it| !it.anyone().is_empty()), "{code}");
        }
    }

    #[test]
    fn knows_products_by_their_entity_ids() {
        for (entity_id, product) in [
            ("https://sts.windows.net/3f1c/", Some(Product::Entra)),
            ("http://www.okta.com/exk1", Some(Product::Okta)),
            ("https://accounts.google.com/o/saml2?idpid=C01", Some(Product::Google)),
            ("http://adfs.acme.example/adfs/services/trust", Some(Product::Adfs)),
            ("https://sso.acme.example/realms/acme", Some(Product::Keycloak)),
            ("https://idp.example/metadata", None),
        ] {
            assert_eq!(Product::of(entity_id), product, "{entity_id}");
        }
        let mend = remedy("audience_mismatch").unwrap();
        assert_eq!(mend.steps(None).len(), 5);
        assert_eq!(mend.steps(Some(Product::Keycloak)), [("Keycloak", "Settings, Client ID.")]);
    }
}
