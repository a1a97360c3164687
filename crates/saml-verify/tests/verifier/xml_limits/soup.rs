//! Markup in every place where it is none, the same documents every time.

use std::fmt::Write as _;

const NAMES: [&str; 8] =
    ["a", "b", "p:a", "p:Signature", "Signature", "Signatures", "xmlnsa", "\u{e9}"];

/// What could pass for something else: in a comment, a section, an instruction, a value or a text.
const BAIT: [&str; 24] = [
    ">",
    "->",
    "- ",
    "->x",
    "/>",
    "?",
    "]]",
    "]",
    "\"",
    "'",
    "=",
    "a='",
    "a=\"",
    " xmlns:q='u'",
    "!",
    "[CDATA[",
    "x",
    " ",
    "\n",
    "\u{e9}",
    "&#",
    "&lt;",
    "Signature",
    "xmlns",
];
/// Further bait, for places where `<` may stand.
const SHARP_BAIT: [&str; 12] = [
    "<",
    "<a",
    "<a b='",
    "<a b=\"",
    "</a>",
    "<a>",
    "<!",
    "<?p",
    "<![CDATA[",
    "<Signature>",
    "<a xmlns='u'>",
    "<a/>",
];
const DECLARATIONS: [&str; 7] = [
    "",
    "",
    "",
    "\u{feff}",
    "<?xml version='1.0'?>",
    "<?xml version=\"1.0\" encoding='UTF-8' ?>\n",
    "\u{feff}<?xml version='1.0' standalone='no'?>",
];
const GAPS: [&str; 5] = [" ", "  ", "\n", "\t ", " \r\n"];

/// What breaks a document, or nearly does.
const SPLINTERS: [&str; 22] = [
    "<",
    ">",
    "/",
    "\"",
    "'",
    "=",
    "-",
    "--",
    "<!--",
    "<!-->",
    "<!--->",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<a>",
    "</a>",
    "<b xmlns='u'/>",
    " c='d'",
    " xmlns:q='u'",
    "&#x41;",
];

/// The document of `seed`; one in three has a fault or two, or none after all.
pub(crate) fn document(seed: u64) -> String {
    let mut soup = Soup { state: seed, text: String::new(), elements: 0 };
    let declaration = soup.pick(&DECLARATIONS);
    soup.text.push_str(declaration);
    soup.asides();
    soup.element(0);
    soup.asides();
    for _ in 0..soup.below(3) {
        if soup.below(2) == 0 {
            soup.splinter();
        }
    }
    soup.text
}

struct Soup {
    state: u64,
    text: String,
    elements: usize,
}

impl Soup {
    /// SplitMix64, below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).expect("31 bits") % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *from.get(self.below(from.len())).expect("not empty")
    }

    /// Up to five pieces of bait, without what must not stand there.
    fn bait(&mut self, is_sharp: bool, without: &[&str]) -> String {
        let mut bait = String::new();
        for _ in 0..self.below(6) {
            let piece = if is_sharp && self.below(2) == 0 {
                self.pick(&SHARP_BAIT)
            } else {
                self.pick(&BAIT)
            };
            if !without.iter().any(|it| format!("{bait}{piece}").contains(it)) {
                bait.push_str(piece);
            }
        }
        bait
    }

    fn comment(&mut self) {
        let inside = self.bait(true, &["--"]);
        let inside = inside.trim_end_matches('-');
        write!(self.text, "<!--{inside}-->").expect("a string takes all");
    }

    fn instruction(&mut self) {
        let (target, gap) = (self.pick(&["p", "xml-p", "p-", "\u{e9}"]), self.pick(&GAPS));
        let told = self.bait(true, &["?>"]);
        let gap = if told.is_empty() { "" } else { gap };
        write!(self.text, "<?{target}{gap}{told}?>").expect("a string takes all");
    }

    fn section(&mut self) {
        let inside = self.bait(true, &["]]>"]);
        write!(self.text, "<![CDATA[{inside}]]>").expect("a string takes all");
    }

    /// What may stand outside the root.
    fn asides(&mut self) {
        for _ in 0..self.below(3) {
            match self.below(3) {
                0 => self.comment(),
                1 => self.instruction(),
                _ => self.text.push('\n'),
            }
        }
    }

    fn element(&mut self, depth: usize) {
        self.elements += 1;
        let name = self.pick(&NAMES);
        write!(self.text, "<{name}").expect("a string takes all");
        if depth == 0 {
            self.text.push_str(" xmlns:p='u:p'");
        }
        for attribute in ["a", "xmlnsb", "p:b", "xmlns", "xmlns:q", "xmlns:r", "Signature"] {
            if self.below(4) == 0 {
                self.attribute(attribute);
            }
        }
        let gap = self.pick(&["", "", " ", "\n"]);
        self.text.push_str(gap);
        if self.below(4) == 0 {
            self.text.push_str("/>");
            return;
        }
        self.text.push('>');
        for _ in 0..self.below(5) {
            match self.below(8) {
                0 => self.comment(),
                1 => self.instruction(),
                2 => self.section(),
                3 | 4 if depth < 6 && self.elements < 16 => self.element(depth + 1),
                _ => {
                    let text = self.bait(false, &["]]>", "&#"]);
                    self.text.push_str(&text);
                }
            }
        }
        write!(self.text, "</{name}{gap}>").expect("a string takes all");
    }

    fn attribute(&mut self, name: &str) {
        let (gap, equals) = (self.pick(&GAPS), self.pick(&["=", "=", " =", "= ", "\n=\t"]));
        let quote = self.pick(&["\"", "'"]);
        let value = self.bait(false, &[quote, "&#"]);
        let value = if name.starts_with("xmlns:") { format!("u:{value}") } else { value };
        write!(self.text, "{gap}{name}{equals}{quote}{value}{quote}").expect("a string takes all");
    }

    /// Adds or removes something somewhere.
    fn splinter(&mut self) {
        let places: Vec<usize> = self.text.char_indices().map(|(at, _)| at).collect();
        let at = self.pick(&places);
        if self.below(4) == 0 {
            self.text.remove(at);
        } else {
            let splinter = self.pick(&SPLINTERS);
            self.text.insert_str(at, splinter);
        }
    }
}
