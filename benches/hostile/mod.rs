//! Messages that nobody sends in good faith, each about as large as the limit lets it be.

use miniz_oxide::deflate::compress_to_vec;
use saml_edge::limits::STORED_METADATA_OCTETS;
use saml_verify::internals::encoding::base64_encode;
use saml_verify::limits::{
    FORM_OCTETS, MESSAGE_OCTETS, MESSAGE_XML, METADATA_XML, REDIRECT_OCTETS,
};

/// The document of the other bench, in which every trap is set.
const RESPONSE: &str = include_str!("../../tests/vectors/entra/assertion.xml");
const METADATA: &str = include_str!("../../tests/common/idp.metadata.xml");

/// Messages made to cost more than they weigh, by name.
pub(crate) fn messages() -> Vec<(&'static str, String)> {
    let inside = |text: String| RESPONSE.replacen("<samlp:Status>", &(text + "<samlp:Status>"), 1);
    let numbered = |piece: &dyn Fn(usize) -> String| (0..5_000).map(piece).collect::<String>();
    let (_, from) = RESPONSE.split_once("<Signature ").expect("signed");
    let (inside_signature, _) = from.split_once("</Signature>").expect("closed");
    let signature = format!("<Signature {inside_signature}</Signature>");
    let attributes = format!("<a{}/>", numbered(&|n| format!(" a{n}=''")));
    let declarations = numbered(&|n| format!(" xmlns:a{n}='u:{n}'"));
    let declared_anew = format!("<a{declarations}>{}</a>", fill("<a xmlns:a0='u'/>"));
    // What follows was once taken for the end of these, and the rest for a value.
    let unseen = |opener: &str, root: &str| format!("{opener}<a b=\"-->?>{root}");
    vec![
        ("attributes behind a comment that has begun", unseen("<!-->", &attributes)),
        ("namespaces behind a comment that has begun", unseen("<!--->", &declared_anew)),
        ("namespaces behind an instruction", unseen("<?p ", &declared_anew)),
        ("angle brackets in CDATA", inside(format!("<![CDATA[{}]]>", fill("<")))),
        ("equals signs", inside(fill("="))),
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
    let full = (MESSAGE_XML.attributes - 200) / 24;
    let method = "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"";
    let list = format!(
        "{method}><c:InclusiveNamespaces xmlns:c='http://www.w3.org/2001/10/xml-exc-c14n#' \
         PrefixList='{}'/></CanonicalizationMethod>",
        fill("a ")
    );
    vec![
        ("elements", inside("<a/>".repeat(many))),
        ("elements and texts", inside("<a/>x".repeat(many / 2))),
        ("nested elements", inside((element("a", "", String::new())).repeat(many / 2))),
        ("elements within elements", inside("<a>".repeat(many) + &"</a>".repeat(many))),
        ("comments", inside("<!---->".repeat(many))),
        ("signatures", inside("<Signature/>".repeat(many))),
        ("attributes", inside(format!("<a{}/>", attributes("")).repeat(full))),
        (
            "attributes with a prefix",
            inside(element("s", " xmlns:p='u'", format!("<a{}/>", attributes("p:")).repeat(full))),
        ),
        ("long attributes", inside(format!("<a b='{}'/>", "x".repeat(60)).repeat(many / 2))),
        ("IDs", inside(numbered(many / 2, &|n| format!("<a ID='i{n}'/>")))),
        ("namespaces", inside(numbered(2_400, &|n| format!("<a xmlns:n{n}='u:{n}'/>")))),
        (
            "namespaces declared anew",
            inside(element(
                "s",
                &namespaces(20),
                "<a xmlns:n0='u'/>".repeat(MESSAGE_XML.namespace_steps / 24 / 24),
            )),
        ),
        ("angle brackets", inside(format!("<![CDATA[{}]]>", "<".repeat(9_800)))),
        ("equals signs", inside("=".repeat(MESSAGE_XML.equals_signs - 200))),
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

/// Metadata within every ceiling, as large as what is stored may be.
pub(crate) fn metadata() -> Vec<(&'static str, String)> {
    let inside =
        |text: String| METADATA.replacen("<IDPSSODescriptor", &(text + "<md:IDPSSODescriptor"), 1);
    let filled = |start: &str, piece: &str, most: usize| {
        let room = STORED_METADATA_OCTETS - METADATA.len() - start.len() - 16;
        inside(format!("{start}{}</s>", piece.repeat(most.min(room / piece.len()))))
    };
    let namespaces =
        |count: usize| -> String { (0..count).map(|n| format!(" xmlns:n{n}='u:{n}'")).collect() };
    let attributes: String = (0..60).map(|n| format!(" a{n}=''")).collect();
    let many = METADATA_XML.angle_brackets - 400;
    vec![
        (
            "namespaces declared anew",
            filled(
                &format!("<s{}>", namespaces(METADATA_XML.namespaces_in_scope - 6)),
                "<a xmlns:n0='u'/>",
                METADATA_XML.namespace_steps / 64 / 64,
            ),
        ),
        ("elements", filled("<s>", "<a/>", many)),
        ("attributes", filled("<s>", &format!("<a{attributes}/>"), METADATA_XML.equals_signs / 64)),
        ("angle brackets", filled("<s><![CDATA[", "<", many).replace("</s>", "]]></s>")),
        ("equals signs", filled("<s>", "=", METADATA_XML.equals_signs - 200)),
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
