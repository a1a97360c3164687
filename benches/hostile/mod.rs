//! Messages that nobody sends in good faith, each about as large as the limit lets it be.

use saml_edge::limits::MESSAGE_OCTETS;

/// The document of the other bench, in which every trap is set.
const RESPONSE: &str = include_str!("../../tests/vectors/entra/assertion.xml");

/// Messages made to cost more than they weigh, by name.
pub(crate) fn messages() -> Vec<(&'static str, String)> {
    let fill = |piece: &str| piece.repeat(MESSAGE_OCTETS / 2 / piece.len());
    let inside = |text: String| RESPONSE.replacen("<samlp:Status>", &(text + "<samlp:Status>"), 1);
    let numbered = |piece: &dyn Fn(usize) -> String| (0..5_000).map(piece).collect::<String>();
    let (_, from) = RESPONSE.split_once("<Signature ").expect("signed");
    let (inside_signature, _) = from.split_once("</Signature>").expect("closed");
    let signature = format!("<Signature {inside_signature}</Signature>");
    vec![
        ("deep nesting", inside(fill("<a>"))),
        (
            "attributes of one element",
            inside(format!("<a{}/>", numbered(&|n| format!(" a{n}=''")))),
        ),
        (
            "namespaces of one element",
            inside(format!("<a{}/>", numbered(&|n| format!(" xmlns:a{n}='u:{n}'")))),
        ),
        ("namespaces of many elements", inside(numbered(&|n| format!("<a xmlns:a{n}='u:{n}'/>")))),
        ("namespaces of nested elements", inside(numbered(&|n| format!("<a xmlns:a{n}='u:{n}'>")))),
        ("comments", inside(fill("<!---->"))),
        ("signatures", inside(signature.repeat(MESSAGE_OCTETS / 2 / signature.len()))),
        ("entities", format!("<!DOCTYPE a [{}]>{RESPONSE}", fill("<!ENTITY a '&b;&b;'>"))),
        ("angle brackets", fill("<")),
        ("too much", " ".repeat(MESSAGE_OCTETS + 1)),
    ]
}

/// Messages that cost what they weigh: the parser reads them to the end.
pub(crate) fn bulk() -> Vec<(&'static str, String)> {
    let fill = |piece: &str| piece.repeat(MESSAGE_OCTETS / 2 / piece.len());
    let inside = |text: String| RESPONSE.replacen("<samlp:Status>", &(text + "<samlp:Status>"), 1);
    let method = "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"";
    let list = format!(
        "{method}><c:InclusiveNamespaces xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='{}'/></CanonicalizationMethod>",
        fill("a ")
    );
    vec![
        ("elements", inside(fill("<a/>"))),
        ("one long text", inside(format!("<a>{}</a>", fill("x")))),
        ("an open quote", inside(format!("<a b='{}", fill("x")))),
        ("a list of prefixes", RESPONSE.replacen(&format!("{method}/>"), &list, 1)),
    ]
}
