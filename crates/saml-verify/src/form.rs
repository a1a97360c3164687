//! The HTML form that carries a Response (Bindings §3.5.4).

use std::borrow::Cow;

use form_urlencoded::Parse;
use memchr::memchr_iter;

use crate::encoding::base64_decode;
use crate::error::Refusal;
use crate::limits::FORM_FIELDS;

/// The form that an IdP posts through the browser, decoded but not verified.
#[derive(Debug)]
pub struct ResponseForm {
    /// The SAMLResponse field: XML text that is not verified.
    pub response_xml: String,
    /// The RelayState field as it came.
    pub relay_state: Option<String>,
}

impl ResponseForm {
    /// Reads `application/x-www-form-urlencoded` with exactly one SAMLResponse, in base64, and at
    /// most one RelayState (row F10). Other fields are passed over. The caller has bounded `body`
    /// by [`crate::limits::FORM_OCTETS`].
    ///
    /// # Errors
    ///
    /// A [`Refusal`]: of another media type, more than [`FORM_FIELDS`] fields, a field that is
    /// missing or repeated, or a value that is not UTF-8 in base64.
    pub fn parse(content_type: Option<&str>, body: &[u8]) -> Result<Self, Refusal> {
        let mut response = None;
        let mut relay_state = None;
        for (name, value) in fields(content_type, body)? {
            let (field, repeated) = match &*name {
                "SAMLResponse" => (&mut response, Refusal::ResponseRepeated),
                "RelayState" => (&mut relay_state, Refusal::RelayStateRepeated),
                // Browsers and IdPs add fields of their own.
                _ => continue,
            };
            if field.replace(value).is_some() {
                return Err(repeated);
            }
        }
        let response_xml = message_xml(&response.ok_or(Refusal::ResponseAbsent)?)?;
        Ok(Self { response_xml, relay_state: relay_state.map(Cow::into_owned) })
    }
}

/// The fields of a posted message, of which there are few (row H7).
pub(crate) fn fields<'b>(content_type: Option<&str>, body: &'b [u8]) -> Result<Parse<'b>, Refusal> {
    if !content_type.is_some_and(is_form) {
        return Err(Refusal::FormMalformed);
    }
    if memchr_iter(b'&', body).count() >= FORM_FIELDS {
        return Err(Refusal::FormFieldCount);
    }
    Ok(form_urlencoded::parse(body))
}

/// The XML text in the field of a message: base64, without DEFLATE (Bindings §3.5.4).
pub fn message_xml(field: &str) -> Result<String, Refusal> {
    String::from_utf8(base64_decode(field)?).map_err(|_| Refusal::NotUtf8)
}

/// Media types compare without case; a charset parameter changes nothing (RFC 9110 §8.3.1).
fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

    fn refusal(content_type: Option<&str>, body: &[u8]) -> Refusal {
        ResponseForm::parse(content_type, body).unwrap_err()
    }

    #[test]
    fn reads_both_fields() {
        let body = b"SAMLResponse=PHgv%0D%0APg%3D%3D&RelayState=%2Fa%3Fb&other=1&other=2";
        for content_type in [
            "application/x-www-form-urlencoded",
            "Application/X-WWW-form-urlencoded ; charset=UTF-8",
        ] {
            let form = ResponseForm::parse(Some(content_type), body).unwrap();
            assert_eq!(form.response_xml, "<x/>");
            assert_eq!(form.relay_state.as_deref(), Some("/a?b"));
        }
        assert_eq!(
            ResponseForm::parse(FORM, b"SAMLResponse=PHgvPg%3D%3D").unwrap().relay_state,
            None
        );
    }

    #[test]
    fn refuses_other_media_types() {
        for content_type in
            [None, Some(""), Some("text/xml"), Some("multipart/form-data; boundary=x")]
        {
            assert_eq!(refusal(content_type, b"SAMLResponse=PHgvPg%3D%3D"), Refusal::FormMalformed);
        }
    }

    #[test]
    fn refuses_absent_and_repeated_fields() {
        for body in [&b""[..], b"RelayState=x", b"samlresponse=PHgvPg%3D%3D", b"\xff%zz&&=&="] {
            assert_eq!(refusal(FORM, body), Refusal::ResponseAbsent);
        }
        let twice = b"SAMLResponse=PHgvPg%3D%3D&%53AMLResponse=PHgvPg%3D%3D";
        assert_eq!(refusal(FORM, twice), Refusal::ResponseRepeated);
        let twice = b"SAMLResponse=PHgvPg%3D%3D&RelayState=&RelayState=";
        assert_eq!(refusal(FORM, twice), Refusal::RelayStateRepeated);
    }

    #[test]
    fn refuses_what_is_not_text_in_base64() {
        assert_eq!(refusal(FORM, b"SAMLResponse=%3Cx%2F%3E"), Refusal::Base64Malformed);
        assert_eq!(refusal(FORM, b"SAMLResponse=%2F%2F%2F%2F"), Refusal::NotUtf8);
    }

    #[test]
    fn refuses_more_fields_than_a_page_of_an_idp_has() {
        let body = |fields: usize| "a&".repeat(fields - 1) + "SAMLResponse=PHgvPg%3D%3D";
        assert!(ResponseForm::parse(FORM, body(FORM_FIELDS).as_bytes()).is_ok());
        assert_eq!(refusal(FORM, body(FORM_FIELDS + 1).as_bytes()), Refusal::FormFieldCount);
    }
}
