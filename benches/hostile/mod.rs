//! Messages made to cost more than they weigh, each as large as the limit lets it be.

use saml_edge::limits::MESSAGE_OCTETS;

/// The document of the other bench, in which every trap is set.
const RESPONSE: &str = include_str!("../../tests/vectors/entra/assertion.xml");

/// Names and messages.
pub(crate) fn messages() -> Vec<(&'static str, String)> {
    let fill = |piece: &str| piece.repeat(MESSAGE_OCTETS / 2 / piece.len());
    let inside = |text: String| RESPONSE.replacen("<samlp:Status>", &(text + "<samlp:Status>"), 1);
    let numbered = |piece: &dyn Fn(usize) -> String| (0..5_000).map(piece).collect::<String>();
    let method = "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"";
    let list = format!(
        "{method}><c:InclusiveNamespaces xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='{}'/></CanonicalizationMethod>",
        fill("a ")
    );
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
        ("elements", inside(fill("<a/>"))),
        ("comments", inside(fill("<!---->"))),
        ("signatures", inside(signature.repeat(MESSAGE_OCTETS / 2 / signature.len()))),
        ("a list of prefixes", RESPONSE.replacen(&format!("{method}/>"), &list, 1)),
        ("entities", format!("<!DOCTYPE a [{}]>{RESPONSE}", fill("<!ENTITY a '&b;&b;'>"))),
        ("one long text", inside(format!("<a>{}</a>", fill("x")))),
        ("an open quote", inside(format!("<a b='{}", fill("x")))),
        ("angle brackets", fill("<")),
        ("too much", " ".repeat(MESSAGE_OCTETS + 1)),
    ]
}
