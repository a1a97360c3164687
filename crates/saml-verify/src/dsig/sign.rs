//! Makes an enveloped signature, in two steps: the octets to sign go out to wherever the private
//! key is, and the document comes out once the value is back.

use crate::c14n::canonicalize;
use crate::c14n::method::Canonicalization;
use crate::dsig::algorithm::{Digest, ENVELOPED_SIGNATURE, RSA_SHA256, SHA256};
use crate::encoding::base64_encode;
use crate::error::Refusal;
use crate::limits::MESSAGE_XML;
use crate::xml::document::Document;
use crate::xml::name::{DS, EC};
use crate::xml::write::{Markup, element, text};

/// Where the schema has its place for the Signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In front of all other children: metadata (Metadata §2.3.2).
    First,
    /// Behind the Issuer: requests (Core §3.2.1).
    Second,
}

/// A document that is to be signed by the service provider. It comes out signed or not at all:
///
/// ```compile_fail,E0616
/// fn send(document: saml_verify::dsig::UnsignedDocument) -> String {
///     document.before
/// }
/// ```
#[derive(Debug)]
pub struct UnsignedDocument {
    before: String,
    behind: String,
    signed_info: Markup,
    key_info: Option<Markup>,
}

impl UnsignedDocument {
    /// Prepares the document `xml`, whose root has an ID and a child. `certificate` is that of the
    /// key that will sign, in DER.
    pub(crate) fn new(
        xml: &str,
        place: Place,
        certificate: Option<&[u8]>,
    ) -> Result<Self, Refusal> {
        let document = Document::parse(xml, &MESSAGE_XML)?;
        let root = document.root();
        let id = root.required_attribute("ID")?;
        let method = Canonicalization::Exclusive { prefix_list: Vec::new(), comments: false };
        // Without its Signature the document is what the enveloped-signature transform leaves of
        // it.
        let canonical = canonicalize(root, None, &method, MESSAGE_XML.octets)?;
        let digest = Digest::Sha256.of(canonical.as_bytes());
        let first = root.children().next().ok_or(Refusal::ElementMissing)?.range();
        let at = match place {
            Place::First => first.start,
            Place::Second => first.end,
        };
        let (before, behind) = xml.split_at_checked(at).ok_or(Refusal::ElementMissing)?;
        Ok(Self {
            before: before.to_owned(),
            behind: behind.to_owned(),
            signed_info: signed_info(id, &digest),
            key_info: certificate.map(key_info),
        })
    }

    /// The octets to be signed with RSASSA-PKCS1-v1_5 and SHA-256: SignedInfo in canonical form,
    /// exactly as it will be sent.
    pub fn octets(&self) -> &[u8] {
        self.signed_info.as_str().as_bytes()
    }

    /// The document with its Signature. `value` is the signature over [`Self::octets`].
    pub fn signed(self, value: &[u8]) -> String {
        let Self { before, behind, signed_info, key_info } = self;
        let value = element("ds:SignatureValue", &[], &[text(&base64_encode(value))]);
        let mut children = vec![signed_info, value];
        children.extend(key_info);
        let signature = element("ds:Signature", &[("xmlns:ds", DS)], &children);
        format!("{before}{}{behind}", signature.into_document())
    }
}

/// Written as exclusive C14N would write it: its own declaration, every tag in a pair, one
/// attribute a tag, and nothing that needs escaping but in an ID, which is an NCName.
fn signed_info(id: &str, digest: &[u8]) -> Markup {
    let algorithm = |name, uri| element(name, &[("Algorithm", uri)], &[]);
    let transforms =
        [algorithm("ds:Transform", ENVELOPED_SIGNATURE), algorithm("ds:Transform", EC)];
    let reference = [
        element("ds:Transforms", &[], &transforms),
        algorithm("ds:DigestMethod", SHA256),
        element("ds:DigestValue", &[], &[text(&base64_encode(digest))]),
    ];
    let children = [
        algorithm("ds:CanonicalizationMethod", EC),
        algorithm("ds:SignatureMethod", RSA_SHA256),
        element("ds:Reference", &[("URI", &format!("#{id}"))], &reference),
    ];
    element("ds:SignedInfo", &[("xmlns:ds", DS)], &children)
}

/// ds:KeyInfo with one certificate (XML-DSig §4.4.4), in a document that declares the prefix.
pub(crate) fn key_info(certificate: &[u8]) -> Markup {
    let certificate = element("ds:X509Certificate", &[], &[text(&base64_encode(certificate))]);
    element("ds:KeyInfo", &[], &[element("ds:X509Data", &[], &[certificate])])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_signed_info_in_canonical_form() {
        let text = signed_info("_id", &[0xfb; 32]).into_document();
        let document = Document::parse(&text, &MESSAGE_XML).expect("well-formed");
        let method = Canonicalization::from_uri(EC).expect("known");
        let canonical = canonicalize(document.root(), None, &method, text.len());
        assert_eq!(canonical.as_deref(), Ok(&*text));
    }

    #[test]
    fn puts_the_signature_in_its_place() {
        for (place, around) in [
            (Place::First, ("<a ID=\"_1\">", "<b></b><c></c></a>")),
            (Place::Second, ("<a ID=\"_1\"><b></b>", "<c></c></a>")),
        ] {
            let unsigned = UnsignedDocument::new("<a ID=\"_1\"><b></b><c></c></a>", place, None);
            let unsigned = unsigned.expect("well-formed");
            let octets = String::from_utf8(unsigned.octets().to_vec()).expect("UTF-8");
            let signed = unsigned.signed(b"value");
            assert!(signed.contains(&octets) && signed.contains(">dmFsdWU=<"), "{signed}");
            let (start, rest) = signed.split_once("<ds:Signature ").expect("a signature");
            let (_, end) = rest.split_once("</ds:Signature>").expect("its end");
            assert_eq!((start, end), around);
        }
    }

    #[test]
    fn refuses_documents_that_could_not_be_verified() {
        for xml in ["<a><b/></a>", "<a ID='_1'/>", "<a ID='_1'><b></a>"] {
            assert!(UnsignedDocument::new(xml, Place::First, None).is_err(), "{xml}");
        }
    }
}
