//! `PRODUCT_NAME`, `LOGO_URL` and `ACCENT_COLOR`: the product's brand on our pages.

mod colour;
pub(crate) mod csp;
mod logo;

use crate::config::brand::colour::Colour;
use crate::config::brand::csp::source_of;
use crate::config::brand::logo::Logo;
use crate::config::vars::Vars;

const COLOUR: &str = "a colour such as #1f5fbf";
const LOGO: &str = "an https address, or a data: URL of an image of up to 5000 octets";
const NAME: &str = "a name of up to 60 characters";

/// The style of all pages, before a brand's colour.
pub(crate) const STYLE: &str = include_str!("../../pages/style.css");

/// Longest name. It is in the title and the heading of every page.
const NAME_CHARACTERS: usize = 60;

/// What pages show of the product, and what they may load for it.
#[derive(Debug)]
pub(crate) struct Brand {
    pub(crate) name: Option<String>,
    pub(crate) logo: Option<Logo>,
    /// The style of all pages. Each page contains it, so that no page depends on a second request.
    pub(crate) style: String,
    /// The source of the style in a content security policy.
    pub(crate) style_source: String,
}

impl Brand {
    pub(crate) fn read(vars: &mut Vars<'_>) -> Self {
        let accent = vars.take_optional("ACCENT_COLOR", COLOUR, Colour::parse);
        let logo = vars.take_optional("LOGO_URL", LOGO, Logo::parse);
        let name = vars.take_optional("PRODUCT_NAME", NAME, product_name);
        Self::new(name, logo, accent)
    }

    fn new(name: Option<String>, logo: Option<Logo>, accent: Option<Colour>) -> Self {
        let accent = accent.map(Colour::rules).unwrap_or_default();
        let style = format!("{STYLE}{accent}");
        let style_source = source_of(&style);
        Self { name, logo, style, style_source }
    }
}

impl Default for Brand {
    fn default() -> Self {
        Self::new(None, None, None)
    }
}

/// Reads `PRODUCT_NAME`.
fn product_name(text: &str) -> Option<String> {
    let name = text.trim();
    let fits = (1..=NAME_CHARACTERS).contains(&name.chars().count());
    (fits && !name.contains(char::is_control)).then(|| name.to_owned())
}
