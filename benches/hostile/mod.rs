//! Messages that nobody sends in good faith, each about as large as the limit lets it be.

use miniz_oxide::deflate::compress_to_vec;
use saml_edge::encoding::base64_encode;
use saml_edge::limits::{FORM_OCTETS, MESSAGE_OCTETS, MESSAGE_XML, REDIRECT_OCTETS};

/// The document of the other bench, in which every trap is set.
const RESPONSE: &str = include_str!("../../tests/vectors/entra/assertion.xml");

/// Messages made to cost more than they weigh, by name.
pub(crate) fn messages() -> Vec<(&'static str, String)> {
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

/// Messages within every ceiling, which are parsed to the end before they are refused.
pub(crate) fn heavy() -> Vec<(&'static str, String)> {
    let inside = |text: String| RESPONSE.replacen("<samlp:Status>", &(text + "<samlp:Status>"), 1);
    let numbered =
        |count: usize, piece: &dyn Fn(usize) -> String| (0..count).map(piece).collect::<String>();
    let element =
        |name: &str, start: &str, content: String| format!("<{name}{start}>{content}</{name}>");
    let attributes = |prefix: &str| numbered(23, &|n| format!(" {prefix}a{n}=''"));
    let namespaces = |count: usize| numbered(count, &|n| format!(" xmlns:n{n}='u:{n}'"));
    let many = usize::try_from(MESSAGE_XML.nodes).expect("32 bits") - 300;
    let full = many / 24;
    let method = "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"";
    let list = format!(
        "{method}><c:InclusiveNamespaces xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#' PrefixList='{}'/></CanonicalizationMethod>",
        fill("a ")
    );
    vec![
        ("elements", inside("<a/>".repeat(many))),
        ("elements and texts", inside("<a/>x".repeat(many / 2))),
        ("nested elements", inside((element("a", "", String::new())).repeat(many / 2))),
        ("attributes", inside(format!("<a{}/>", attributes("")).repeat(full))),
        (
            "attributes with a prefix",
            inside(element("s", " xmlns:p='u'", format!("<a{}/>", attributes("p:")).repeat(full))),
        ),
        ("long attributes", inside(format!("<a b='{}'/>", "x".repeat(60)).repeat(many / 2))),
        ("IDs", inside(numbered(many / 2, &|n| format!("<a ID='i{n}'/>")))),
        ("namespaces", inside(numbered(1_900, &|n| format!("<a xmlns:n{n}='u:{n}'/>")))),
        (
            "namespaces in scope",
            inside(element("s", &namespaces(20), "<n19:a b=''/>".repeat(many / 2))),
        ),
        ("references", inside(element("s", "", fill("&amp;")))),
        ("CDATA", inside(element("s", "", "<![CDATA[x]]>".repeat(many)))),
        ("line breaks", inside(element("s", "", fill("\r\n")))),
        ("one long text", inside(element("s", "", fill("x")))),
        ("an open quote", inside(format!("<a b='{}", fill("x")))),
        ("a list of prefixes", RESPONSE.replacen(&format!("{method}/>"), &list, 1)),
    ]
}

/// Forms around such messages, and around none.
pub(crate) fn forms() -> Vec<(&'static str, String)> {
    let form = |value: &str, count: usize| format!("SAMLResponse={}", value.repeat(count));
    vec![
        ("huge base64", form("A", FORM_OCTETS - 13)),
        ("huge base64, percent-encoded", form("%41", (FORM_OCTETS - 13) / 3)),
        ("white space in base64", form("+", FORM_OCTETS - 13)),
        ("no base64", form("A", FORM_OCTETS - 14) + "!"),
        ("no text", form("%2F%2F%2F%2F", (FORM_OCTETS - 13) / 12)),
        ("many fields", "a&".repeat(FORM_OCTETS / 2)),
    ]
}

/// SAMLRequest parameters that unfold to more than they may.
pub(crate) fn bombs() -> Vec<(&'static str, String)> {
    let bomb = |text: Vec<u8>| base64_encode(&compress_to_vec(&text, 9));
    vec![
        ("deflate bomb", bomb(vec![b' '; 16 * 1024 * 1024])),
        ("deflate bomb below its cap", bomb(vec![b' '; REDIRECT_OCTETS])),
        ("deflated twice", bomb(compress_to_vec(&vec![b' '; 64 * 1024 * 1024], 9))),
    ]
}

/// Half of what a message may hold.
fn fill(piece: &str) -> String {
    piece.repeat(MESSAGE_OCTETS / 2 / piece.len())
}
