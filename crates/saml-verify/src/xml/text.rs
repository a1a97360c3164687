//! Text and white space.

use std::borrow::Cow;

use roxmltree::{Node, NodeType};

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// White space collapsed (XML Schema part 2 §4.3.6). Most values have none, which takes no copy.
pub(super) fn collapsed(value: Cow<'_, str>) -> Cow<'_, str> {
    let is_collapsed = value.split(' ').all(|word| !word.is_empty() && !word.contains(SPACE));
    if is_collapsed || value.is_empty() {
        return value;
    }
    let words: Vec<_> = value.split(SPACE).filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" "))
}

/// The text of a text node. Given anything else roxmltree would hand out a first child's text.
pub(super) fn text_of<'d>(node: Node<'d, 'd>) -> &'d str {
    if node.node_type() != NodeType::Text {
        return "";
    }
    node.text_storage().map_or("", |text| text.as_str())
}
