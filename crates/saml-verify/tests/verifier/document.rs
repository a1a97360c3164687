//! XML that is refused before it is read as SAML: rows A7, B6, B8, C1, C10, H7.

use crate::common::said::inspect;
use crate::common::{NOW, Scenario, Signed, code, expected};
use saml_verify::internals::{Canonicalization, Document, canonicalize};
use saml_verify::limits::MESSAGE_XML;

fn outcome(message: &str) -> &'static str {
    code(&inspect(message, &expected(), NOW))
}

/// The passing message with `text` in front.
fn behind(text: &str) -> String {
    text.to_owned() + &Scenario::valid().xml()
}

#[test]
fn accepts_a_declaration_and_a_byte_order_mark() {
    for text in ["<?xml version=\"1.0\"?>", "<?xml version='1.0' encoding='utf-8'?>\n", "\u{feff}"]
    {
        assert_eq!(outcome(&behind(text)), "accepted", "{text:?}");
    }
}

/// XML §2.11: a parser that kept a carriage return here would digest another text than was signed.
#[test]
fn reads_every_line_end_as_a_line_feed() {
    let signed = Scenario::valid().in_assertion("Ada Lovelace", "Ada\n&amp; Lovelace\n");
    for (line_end, end) in [("\n", "\n"), ("\r\n", "\n"), ("\r", "\r"), ("\n", "\r")] {
        let text = format!("Ada{line_end}&amp; Lovelace{end}");
        let scenario = signed.clone().in_message("Ada\n&amp; Lovelace\n", &text);
        let names = scenario.outcome().map(|it| it.attributes.values("full_name").to_owned());
        assert_eq!(names, Ok(vec!["Ada\n& Lovelace\n".to_owned()]), "{text:?}");
    }
    let reference = signed.in_message("Ada\n&amp;", "Ada&#13;&amp;");
    assert_eq!(reference.code(), "digest_mismatch");
}

/// Row B6: entity bombs and external entities come with a DTD.
#[test]
fn refuses_a_document_type() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    let external = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">";
    for text in
        ["<!DOCTYPE x>", bomb, external, "<!doctype x>", "<?xml version='1.0'?><!DOCTYPE x>"]
    {
        assert_eq!(outcome(&behind(text)), "dtd_forbidden", "{text}");
    }
}

/// Row B8.
#[test]
fn refuses_other_versions_and_encodings() {
    for text in ["<?xml version='1.1'?>", "<?xml version='1.00'?>", "<?xml version='2.0'?>"] {
        assert_eq!(outcome(&behind(text)), "xml_version_unsupported", "{text}");
    }
    for name in ["UTF-16", "ISO-8859-1", "UTF-7", "utf8", ""] {
        let text = format!("<?xml version='1.0' encoding='{name}'?>");
        assert_eq!(outcome(&behind(&text)), "xml_encoding_unsupported", "{text}");
    }
}

/// Row A7 and the rest of well-formedness.
#[test]
fn refuses_what_is_not_one_document() {
    let valid = Scenario::valid().xml();
    for text in [
        String::new(),
        "SAMLResponse".to_owned(),
        valid.replace("</samlp:Response>", ""),
        format!("{valid}{valid}"),
        format!("{valid}<x/>"),
        format!("text{valid}"),
        format!(" <?xml version='1.0'?>{valid}"),
        valid.replace("Ada", "&ada;"),
        valid.replace("Ada", "&#0;"),
        valid.replace("Ada", "&#xD800;"),
        valid.replace("Ada", "\u{1}"),
        valid.replace("<saml:Subject>", "<undeclared:Subject>"),
        valid.replace("<saml:Subject>", "<saml:Subject xmlns='u:1' xmlns='u:2'>"),
        valid.replace("<saml:Subject>", "<saml:Subject xmlns:p=''>"),
        valid.replace("<saml:Subject>", "<saml:Subject saml:xmlns='u:1'>"),
        valid.replace("ID=\"_response\"", "ID=\"_response\" ID=\"_other\""),
    ] {
        assert_eq!(outcome(&text), "xml_malformed");
    }
}

#[test]
fn refuses_text_between_elements() {
    let scenario = Scenario::valid().in_message("<samlp:Status>", "text<samlp:Status>");
    assert_eq!(scenario.code(), "text_unexpected");
    let scenario = Scenario::valid().in_assertion("<saml:Conditions", "text<saml:Conditions");
    assert_eq!(scenario.code(), "text_unexpected");
}

#[test]
fn refuses_elements_out_of_order() {
    let scenario = Scenario::valid()
        .in_response("<samlp:Status>", "<samlp:Other></samlp:Other><samlp:Status>");
    assert_eq!(scenario.code(), "element_missing");
    let scenario =
        Scenario::valid().in_response("{assertion}", "{assertion}<samlp:Other></samlp:Other>");
    assert_eq!(scenario.code(), "element_unexpected");
}

/// Row H7.
#[test]
fn refuses_large_messages() {
    let valid = Scenario::valid().xml();
    let padded = |length: usize| valid.clone() + &" ".repeat(length - valid.len());
    assert_eq!(outcome(&padded(192 * 1024)), "accepted");
    assert_eq!(outcome(&padded(192 * 1024 + 1)), "message_too_large");
}

/// Row C10: nothing that costs more than its length gets as far as the parser.
#[test]
fn refuses_shapes_that_cost_more_than_their_length() {
    let inside = |text: String| {
        Scenario::valid().in_message("<samlp:Status>", &format!("{text}<samlp:Status>"))
    };
    let deep = "<a>".repeat(64) + &"</a>".repeat(64);
    assert_eq!(inside(deep).code(), "xml_too_deep");
    let attributes: String = (0..25).map(|n| format!(" a{n}=''")).collect();
    assert_eq!(inside(format!("<a{attributes}/>")).code(), "xml_too_many_attributes");
    assert_eq!(inside("<a/>".repeat(5_000)).code(), "xml_too_many_nodes");
    let declarations =
        |level: u32| (0..12).map(|n| format!(" xmlns:n{level}x{n}='u:{n}'")).collect();
    let declarations: [String; 2] = [declarations(0), declarations(1)];
    let [outer, inner] = declarations;
    assert_eq!(inside(format!("<a{outer}><b{inner}/></a>")).code(), "xml_too_many_namespaces");
    let siblings = "<a xmlns:n='u:n'/>".repeat(MESSAGE_XML.namespaces);
    assert_eq!(inside(siblings).code(), "xml_too_many_namespaces");
    let brackets = format!("<![CDATA[{}]]>", "<".repeat(MESSAGE_XML.angle_brackets));
    assert_eq!(inside(brackets).code(), "xml_too_many_nodes");
    assert_eq!(inside("=".repeat(MESSAGE_XML.equals_signs)).code(), "xml_too_many_attributes");
}

/// XML §2.5: `<!-->` and `<!--->` only begin a comment. A reader that takes them for whole ones
/// takes what follows for something else, and counts nothing.
#[test]
fn reads_on_behind_the_end_of_a_comment_and_no_sooner() {
    let attributes: String = (0..25).map(|n| format!(" a{n}=''")).collect();
    for comment in ["<!--><a b=\"-->", "<!---><a b=\"-->", "<!--> <!DOCTYPE x> -->", "<?p <!-- ?>"]
    {
        assert_eq!(outcome(&behind(comment)), "accepted", "{comment}");
        for (markup, code) in [
            ("<!---->".to_owned(), "comment_forbidden"),
            ("<!--> -->".to_owned(), "comment_forbidden"),
            ("<?p?>".to_owned(), "instruction_forbidden"),
            (format!("<a{attributes}/>"), "xml_too_many_attributes"),
            ("<a>".repeat(64) + &"</a>".repeat(64), "xml_too_deep"),
        ] {
            let message = behind(comment).replace("<saml:Subject>", &(markup + "<saml:Subject>"));
            assert_eq!(outcome(&message), code, "{comment}");
        }
    }
}

const XS: &str = " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";
const XSI: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

/// The passing message with `count` groups, which stand there as `written` and are signed as
/// `canonical`; `around` is declared on the Response.
fn with_groups(count: usize, written: &str, canonical: &str, around: &str) -> Scenario {
    let end = "</saml:AttributeStatement>";
    let statement = |declarations: &str| {
        let value = format!(
            "<saml:AttributeValue{declarations} xsi:type=\"xs:string\">Group 1234\
            </saml:AttributeValue>"
        );
        let values = value.repeat(count);
        format!("<saml:Attribute Name=\"groups\">{values}</saml:Attribute>{end}")
    };
    Scenario::valid()
        .in_assertion(end, &statement(canonical))
        .in_message(&statement(canonical), &statement(written))
        .in_message("<samlp:Response", &format!("<samlp:Response{around}"))
}

/// Honest messages with more groups than any real one: each with its namespaces, as Okta writes
/// them; and each without, as Shibboleth does, so that canonicalization must add one.
#[test]
fn accepts_a_thousand_wordy_groups() {
    for (count, scenario) in [
        (1_000, with_groups(1_000, &format!("{XS}{XSI}"), XSI, "")),
        (1_800, with_groups(1_800, "", XSI, &format!("{XS}{XSI}"))),
    ] {
        let groups = scenario.outcome().map(|it| it.attributes.values("groups").len());
        assert_eq!(groups, Ok(count));
    }
}

/// Row C1: canonicalization fails, and fails closed.
#[test]
fn refuses_relative_namespaces() {
    let scenario = Scenario::valid()
        .signed(Signed::Response)
        .in_response("<samlp:StatusCode Value", "<samlp:StatusCode xmlns=\"1\" Value");
    // Unused, the declaration is not written: C14N drops it, and the digest no longer fits.
    assert_eq!(scenario.code(), "digest_mismatch");
    let scenario = Scenario::valid().in_assertion(
        "</saml:AttributeStatement>",
        "<n:x xmlns:n=\"1\"></n:x></saml:AttributeStatement>",
    );
    assert_eq!(scenario.code(), "namespace_relative");
}

/// Row C1: an empty text has a digest that everybody knows, and someone may have signed it.
#[test]
fn refuses_an_empty_canonical_form() {
    let document = Document::parse("<a/>", &MESSAGE_XML).expect("well-formed");
    let method = Canonicalization::Exclusive { prefix_list: Vec::new(), comments: false };
    let nothing = canonicalize(document.root(), Some(document.root()), &method, usize::MAX);
    assert_eq!(code(&nothing), "canonical_form_empty");
}

/// Row C10: declarations that every sibling repeats make the output larger than the input.
#[test]
fn refuses_canonical_forms_that_outgrow_their_message() {
    let uri = format!("u:{}", "x".repeat(4_000));
    let scenario = Scenario::valid()
        .in_message("<samlp:Response ", &format!("<samlp:Response xmlns:n=\"{uri}\" "))
        .in_message(
            "</saml:AttributeStatement>",
            &("<n:x/>".repeat(2_000) + "</saml:AttributeStatement>"),
        );
    assert_eq!(scenario.code(), "canonical_form_too_large");
}
