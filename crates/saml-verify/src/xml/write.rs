//! Writes the documents that a service provider sends.

/// XML that was escaped when it was made, so that it cannot be escaped twice or not at all.
#[derive(Debug)]
pub(crate) struct Markup(String);

impl Markup {
    /// As it will be written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The document that has this as its root.
    pub(crate) fn into_document(self) -> String {
        self.0
    }
}

/// Character data. Control characters have no place in XML 1.0: callers keep them out.
pub(crate) fn text(value: &str) -> Markup {
    Markup(escape(value))
}

/// An element. Names and prefixes are constants of this crate; values may be any text.
pub(crate) fn element(
    name: &'static str,
    attributes: &[(&'static str, &str)],
    children: &[Markup],
) -> Markup {
    let attributes: String =
        attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escape(value))).collect();
    let content: String = children.iter().map(|child| &*child.0).collect();
    Markup(format!("<{name}{attributes}>{content}</{name}>"))
}

/// White space is escaped too, or attribute-value normalisation would turn it into spaces (XML
/// §3.3.3).
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_whatever_could_end_a_value() {
        let child = text("a & b ]]> <c/>\r");
        let written = element("p:x", &[("v", "\"> '\n\t")], &[child, element("y", &[], &[])]);
        assert_eq!(
            written.into_document(),
            "<p:x v=\"&quot;&gt; '&#10;&#9;\">a &amp; b ]]&gt; &lt;c/&gt;&#13;<y></y></p:x>"
        );
    }
}
