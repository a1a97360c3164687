//! Documents of a given size in the shapes that cost canonicalization most.

/// As many `piece`s as fit into `octets` between `before` and `after`.
fn filled(octets: usize, before: &str, piece: &str, after: &str, most: usize) -> String {
    let room = octets - before.len() - after.len();
    format!("{before}{}{after}", piece.repeat((room / piece.len()).min(most)))
}

/// Names and texts.
pub(crate) fn documents(octets: usize) -> Vec<(&'static str, String)> {
    let declarations = |count: usize| -> String {
        (0..count).map(|n| format!(" xmlns:p{n}='urn:p{n}'")).collect()
    };
    let attributes: String = (0..22).map(|n| format!(" p{n}:a='{}'", "x".repeat(20))).collect();
    vec![
        ("text to escape", filled(octets, "<a>", "&amp;", "</a>", usize::MAX)),
        ("an attribute to escape", filled(octets, "<a b='", "&quot;", "'/>", usize::MAX)),
        (
            "elements and nothing else",
            filled(octets, "<a>", "<bcdefghijklmnopqrstuvwxyz/>", "</a>", 4_900),
        ),
        (
            "every namespace in scope everywhere",
            filled(
                octets,
                &format!("<a{}>", declarations(22)),
                &format!("<b{attributes}/>"),
                "</a>",
                200,
            ),
        ),
        (
            "a namespace declared at every element",
            filled(
                octets,
                &format!("<a{}>", declarations(8)),
                &format!("<b xmlns:p0='urn:{}'/>", "x".repeat(80)),
                "</a>",
                1_200,
            ),
        ),
        (
            "a namespace declared where most are in scope",
            filled(
                octets,
                &format!("<a{}>", declarations(22)),
                &format!("<b xmlns:p0='urn:{}'/>", "x".repeat(600)),
                "</a>",
                180,
            ),
        ),
        (
            "siblings that repeat what their parent does not use",
            filled(
                octets,
                &format!("<a xmlns:n='urn:{}'>", "x".repeat(60)),
                "<n:bcdefghijklmnopqrstuvw/>",
                "</a>",
                4_900,
            ),
        ),
        (
            "deep",
            filled(
                octets,
                &format!("<a xmlns:x='u:1'>{}", "<a>".repeat(59)),
                "<x:bcdefghijkl y='mnopqrstuvwxyz0123456789ABCDEFG'/>",
                &"</a>".repeat(60),
                2_300,
            ),
        ),
    ]
}
