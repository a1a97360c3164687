//! Document order without recursion, for those who must see every node.

use roxmltree::{Node, NodeType};

use crate::xml::element::Element;
use crate::xml::text::text_of;

/// What a [`Walk`] meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'d> {
    /// A start tag.
    Start(Element<'d>),
    /// The end tag of an element whose start was met.
    End(Element<'d>),
    /// Character data, CDATA sections included.
    Text(&'d str),
    /// A comment.
    Comment,
    /// A processing instruction.
    Instruction {
        /// Its target.
        target: &'d str,
        /// What follows the target, if anything does.
        data: Option<&'d str>,
    },
}

/// The nodes of one element in document order. Depth costs nothing: the place is kept as a node
/// and a direction, not on the stack.
#[derive(Debug)]
pub struct Walk<'d> {
    apex: Node<'d, 'd>,
    omitted: Option<Node<'d, 'd>>,
    step: Option<Step<'d>>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'d> {
    Enter(Node<'d, 'd>),
    Leave(Node<'d, 'd>),
}

impl<'d> Walk<'d> {
    /// Walks over `apex` and everything below it.
    pub const fn over(apex: Element<'d>) -> Self {
        Self { apex: apex.node(), omitted: None, step: Some(Step::Enter(apex.node())) }
    }

    /// Walks over `apex` and everything below it but `omitted` with its content.
    pub const fn without(apex: Element<'d>, omitted: Element<'d>) -> Self {
        Self { omitted: Some(omitted.node()), ..Self::over(apex) }
    }

    fn behind(&self, node: Node<'d, 'd>) -> Option<Step<'d>> {
        if node == self.apex {
            return None;
        }
        node.next_sibling().map(Step::Enter).or_else(|| node.parent().map(Step::Leave))
    }
}

impl<'d> Iterator for Walk<'d> {
    type Item = Event<'d>;

    fn next(&mut self) -> Option<Event<'d>> {
        loop {
            let node = match self.step? {
                Step::Leave(node) => {
                    self.step = self.behind(node);
                    return Some(Event::End(Element::new(node)));
                }
                Step::Enter(node) => node,
            };
            if node.node_type() == NodeType::Element && Some(node) != self.omitted {
                self.step = node.first_child().map(Step::Enter).or(Some(Step::Leave(node)));
                return Some(Event::Start(Element::new(node)));
            }
            self.step = self.behind(node);
            match node.node_type() {
                NodeType::Text => return Some(Event::Text(text_of(node))),
                NodeType::Comment => return Some(Event::Comment),
                NodeType::PI => {
                    if let Some(pi) = node.pi() {
                        return Some(Event::Instruction { target: pi.target, data: pi.value });
                    }
                }
                NodeType::Element | NodeType::Root => {}
            }
        }
    }
}
