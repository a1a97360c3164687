//! Row C10: the limits count what the parser sees, and nothing can hide from them.

mod soup;
mod truth;

use truth::limits_are_exact;

const DOCUMENTS: u64 = 30_000;

#[test]
fn every_limit_counts_what_the_parser_sees() {
    let parsed = (0..DOCUMENTS).filter(|seed| limits_are_exact(&soup::document(*seed))).count();
    println!("the limits of {parsed} documents are exact");
    assert!(parsed > 15_000, "only {parsed} documents could be parsed");
}

/// Each of these was taken for a whole comment, section or instruction by some reader.
#[test]
fn what_has_only_begun_hides_nothing() {
    for opener in ["<!-->", "<!--->", "<!-->-", "<![CDATA[>", "<![CDATA[]>", "<?p >", "<?p ? >"] {
        let end = match opener.as_bytes() {
            [_, b'?', ..] => "?>",
            [_, b'!', b'[', ..] => "]]>",
            _ => "-->",
        };
        for bait in ["<a b=\"", "<a b='", "<!", "<![CDATA[", "</a>", "<Signature>"] {
            let hidden = format!("{opener}{bait}{end}<b xmlns='u' c=''><Signature/></b>");
            assert!(limits_are_exact(&format!("<a>{hidden}</a>")), "{hidden}");
            if end != "]]>" {
                assert!(limits_are_exact(&hidden), "{hidden}");
            }
        }
    }
}
