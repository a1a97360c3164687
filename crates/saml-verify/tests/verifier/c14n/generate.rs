//! Odd documents, generated from a seed.

use std::fmt::Write as _;

const PREFIXES: [&str; 5] = ["", "p", "q", "r", "xs"];
const URIS: [&str; 4] = ["u:1", "u:2", "urn:x:y", "https://h.example/?q=1#f"];
/// Rare, since libxml2 has nothing to say about a document that has it.
const ESCAPED_URI: &str = "u:a&amp;b";
const LOCALS: [&str; 6] = ["a", "b", "c", "élan", "x-1.y", "xmlish"];

const VALUES: [&str; 20] = [
    "x",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "&#9;",
    "&#xA;",
    "&#13;",
    "&lt;",
    "&amp;",
    "&quot;",
    "&apos;",
    "&gt;",
    ">",
    "]]",
    "é",
    "🦀",
    "&#x1F980;",
    "e\u{301}",
];
const TEXTS: [&str; 28] = [
    "x",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "&#9;",
    "&#xA;",
    "&#13;",
    "&lt;",
    "&amp;",
    "&quot;",
    "&apos;",
    "]]&gt;",
    "\"",
    "'",
    "é",
    "🦀",
    "&#x1F980;",
    "e\u{301}",
    "<![CDATA[]]>",
    "<![CDATA[a<b>&amp;\r\n]]]>",
    "<![CDATA[]]]]><![CDATA[>]]>",
    "<!-- c\r\n -->",
    "<!--> <c d=\"-->",
    "<!--->c' -->",
    "<?pi?>",
    "<?pi  d = \"é\"  ?>",
];
const PROLOGS: [&str; 8] = [
    "",
    "",
    "\u{feff}",
    "<?xml version='1.0'?>",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n",
    "<!-- before --><?pi before?>\n",
    "<!--> before <a b='--><?pi <!-- ?>",
    "<?xml version='1.0' standalone=\"yes\" ?><?x y?>",
];
const EPILOGS: [&str; 4] = ["", "\n", "<!-- after -->", "\n<?pi after?>\r\n"];
const GAPS: [&str; 4] = [" ", "  ", "\n", "\t\r\n "];

/// The document that belongs to `seed`.
pub(crate) fn document(seed: u64) -> String {
    let mut generator = Generator { state: seed, text: String::new(), elements: 0 };
    let prolog = generator.pick(&PROLOGS);
    generator.text.push_str(prolog);
    generator.element(&[("", "")], 0);
    let epilog = generator.pick(&EPILOGS);
    generator.text.push_str(epilog);
    generator.text
}

/// One element in `seed`'s way, and the dice for what is to be done with it.
pub(crate) fn element(seed: u64) -> (String, Generator) {
    let mut generator = Generator { state: !seed, text: String::new(), elements: 20 };
    generator.element(&[("", "")], 5);
    (std::mem::take(&mut generator.text), generator)
}

pub(crate) struct Generator {
    state: u64,
    text: String,
    elements: usize,
}

type Scope<'s> = Vec<(&'s str, &'s str)>;

impl Generator {
    /// SplitMix64, below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).expect("31 bits") % bound
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *from.get(self.below(from.len())).expect("not empty")
    }

    fn element(&mut self, outer: &[(&'static str, &'static str)], depth: usize) {
        self.elements += 1;
        let mut scope: Scope<'static> = outer.to_vec();
        let declared = self.declarations(&mut scope);
        let (prefix, _) = self.pick(&scope);
        let name = qualified(prefix, self.pick(&LOCALS));
        let mut tag = declared;
        tag.extend(self.attributes(&scope));
        // Declarations among the attributes, in any order.
        for index in 1..tag.len() {
            let other = self.below(index + 1);
            tag.swap(index, other);
        }
        write!(self.text, "<{name}").expect("a string takes all");
        for attribute in tag {
            let gap = self.pick(&GAPS);
            self.text.push_str(gap);
            self.text.push_str(&attribute);
        }
        if self.below(5) == 0 {
            self.text.push_str("/>");
            return;
        }
        let gap = self.pick(&["", "", " ", "\n"]);
        write!(self.text, "{gap}>").expect("a string takes all");
        for _ in 0..self.below(5) {
            if depth < 6 && self.elements < 24 && self.below(2) == 0 {
                self.element(&scope, depth + 1);
            } else {
                let piece = self.pick(&TEXTS);
                self.text.push_str(piece);
            }
        }
        write!(self.text, "</{name}{gap}>").expect("a string takes all");
    }

    /// Declares up to two prefixes anew, or takes back the default namespace.
    fn declarations(&mut self, scope: &mut Scope<'static>) -> Vec<String> {
        let mut declared: Vec<(&str, String)> = Vec::new();
        for _ in 0..self.below(3) {
            let prefix = self.pick(&PREFIXES);
            if declared.iter().any(|(known, _)| *known == prefix) {
                continue;
            }
            let uri = match self.below(24) {
                0 => ESCAPED_URI,
                1..12 if prefix.is_empty() => "",
                _ => self.pick(&URIS),
            };
            let name = if prefix.is_empty() { "xmlns".into() } else { format!("xmlns:{prefix}") };
            declared.push((prefix, self.quoted(&name, uri)));
            scope.retain(|(known, _)| *known != prefix);
            scope.push((prefix, uri));
        }
        declared.into_iter().map(|(_, text)| text).collect()
    }

    fn attributes(&mut self, scope: &Scope<'static>) -> Vec<String> {
        let mut taken: Vec<(&str, &str)> = Vec::new();
        let mut attributes = Vec::new();
        for _ in 0..self.below(4) {
            let is_xml = self.below(4) == 0;
            let (prefix, mut uri) = if is_xml { ("xml", "xml") } else { self.pick(scope) };
            if prefix.is_empty() {
                uri = "";
            }
            let local = if is_xml {
                self.pick(&["lang", "lang", "space", "space", "note", "base"])
            } else {
                self.pick(&LOCALS)
            };
            if taken.contains(&(uri, local)) {
                continue;
            }
            taken.push((uri, local));
            let value: String = (0..self.below(5)).map(|_| self.pick(&VALUES)).collect();
            attributes.push(self.quoted(&qualified(prefix, local), &value));
        }
        attributes
    }

    fn quoted(&mut self, name: &str, value: &str) -> String {
        let (quote, equals) = (self.pick(&['"', '\'']), self.pick(&["=", "=", " = ", "\n="]));
        format!("{name}{equals}{quote}{value}{quote}")
    }
}

fn qualified(prefix: &str, local: &str) -> String {
    if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") }
}
