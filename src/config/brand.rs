//! The product's name, logo and colour on our pages.

use saml_verify::encoding::base64_encode;
use sha2::{Digest, Sha256};
use url::Url;

use crate::config::vars::Vars;

const COLOUR: &str = "a colour such as #1f5fbf";
const LOGO: &str = "an https address, or a data: URL of an image of up to 5000 octets";
const NAME: &str = "a name of up to 60 characters";

/// The style of all pages, before a brand's colour.
pub(crate) const STYLE: &str = include_str!("../pages/style.css");

/// Longest name: it stands in every title and over every page.
const NAME_CHARACTERS: usize = 60;

/// Longest logo in a var. All vars together may have 5 KB each, and every page carries it.
const LOGO_OCTETS: usize = 5_000;

/// What pages show of the product, and what they may load for it.
#[derive(Debug)]
pub(crate) struct Brand {
    pub(crate) name: Option<String>,
    pub(crate) logo: Option<Logo>,
    /// The one style of all pages, kept inside of each: a page is one answer, whatever else is down.
    pub(crate) style: String,
    /// The style, as the policy names it.
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

/// What a style or a script inside of a page is called in a policy (CSP level 3 §2.3.1).
pub(crate) fn source_of(text: &str) -> String {
    format!("'sha256-{}'", base64_encode(&Sha256::digest(text)))
}

/// What the origin of `url` is called in a policy. `None` for a host that CSP has no name for (level 3
/// §2.3.1), such as an IPv6 address: whatever else it holds could end the source or the directive.
pub(crate) fn source_of_url(url: &Url) -> Option<String> {
    let is_of_name =
        |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_');
    let is_plain = url.host_str()?.bytes().all(is_of_name);
    is_plain.then(|| url.origin().ascii_serialization())
}

/// Reads `PRODUCT_NAME`.
fn product_name(text: &str) -> Option<String> {
    let name = text.trim();
    let fits = (1..=NAME_CHARACTERS).contains(&name.chars().count());
    (fits && !name.contains(char::is_control)).then(|| name.to_owned())
}

/// An image that pages show, and the only one they may load.
#[derive(Debug)]
pub(crate) struct Logo {
    pub(crate) address: String,
    /// The image, as the policy names it.
    pub(crate) source: String,
}

impl Logo {
    /// Reads `LOGO_URL`: an address with https, or the image itself.
    fn parse(text: &str) -> Option<Self> {
        // What ends a source in a policy must not stand in its path either.
        let plain = |octet: u8| octet.is_ascii_graphic() && octet != b';' && octet != b',';
        if text.len() > LOGO_OCTETS {
            return None;
        }
        if text.starts_with("data:image/") && text.bytes().all(|octet| octet.is_ascii_graphic()) {
            return Some(Self { address: text.to_owned(), source: "data:".to_owned() });
        }
        let url = Url::parse(text).ok()?;
        // A source has no query (CSP level 3 §2.3.1).
        let source = source_of_url(&url)? + url.path();
        let is_fine = url.scheme() == "https" && url.path().bytes().all(plain);
        is_fine.then(|| Self { address: url.to_string(), source })
    }
}

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Colour([u8; 3]);

const BLACK: Colour = Colour([0; 3]);
const WHITE: Colour = Colour([255; 3]);

/// `--sheet` of the style, in the light and in the dark.
const LIGHT_SHEET: Colour = WHITE;
const DARK_SHEET: Colour = Colour([0x1c, 0x1e, 0x21]);

/// Least contrast of text: 4.5 (WCAG 2.2 §1.4.3), and what [`Colour::luminance`] may be off by.
const READABLE: f64 = 4.6;

impl Colour {
    /// Reads `ACCENT_COLOR`: `#` and six hexadecimal digits.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let is_hex = digits.len() == 6 && digits.bytes().all(|octet| octet.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// The rules that make this the accent. In the light it is what it is and text on it is black or
    /// white, whichever reads better; links are darkened as far as they need. In the dark it is
    /// lightened as a whole.
    fn rules(self) -> String {
        let dark = self.readable_on(DARK_SHEET, WHITE);
        let scheme = |accent: Self, link: Self| {
            let (accent, on, link) = (accent.css(), accent.text_on_it().css(), link.css());
            format!(":root{{--accent:{accent};--on-accent:{on};--link:{link}}}")
        };
        format!(
            "{}@media (prefers-color-scheme:dark){{{}}}",
            scheme(self, self.readable_on(LIGHT_SHEET, BLACK)),
            scheme(dark, dark)
        )
    }

    fn text_on_it(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }

    /// This colour, with as much of `other` in it as makes it readable on `ground`.
    fn readable_on(self, ground: Self, other: Self) -> Self {
        let mixed = (0..=20).map(|share| self.mixed(other, share));
        mixed.into_iter().find(|colour| colour.contrast(ground) >= READABLE).unwrap_or(other)
    }

    /// `share` twentieths of `other`.
    fn mixed(self, other: Self, share: u16) -> Self {
        let mut mixed = self;
        for (channel, other) in mixed.0.iter_mut().zip(other.0) {
            let sum = u16::from(*channel) * (20 - share) + u16::from(other) * share;
            *channel = u8::try_from(sum / 20).unwrap_or(u8::MAX);
        }
        mixed
    }

    /// The contrast ratio (WCAG 2.2, “contrast ratio”).
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(two) / one.min(two)
    }

    /// The relative luminance (WCAG 2.2, “relative luminance”), its power of 2.4 by a polynomial that
    /// is off by less than 0.003: `powf` is not among what wasm can do by itself.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let it = f64::from(channel) / 255.0;
            it * (it * (it * 0.305_306_011 + 0.682_171_111) + 0.012_522_878)
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn css(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever reads the URL has looked at its host, too. No caller need have.
    #[test]
    fn no_host_ends_a_source() {
        let source = |url| source_of_url(&Url::parse(url).unwrap());
        for url in
            ["https://x;script-src/", "https://x,y/", "https://*/", "https://'none'/", "data:,"]
        {
            assert_eq!(source(url), None, "{url}");
        }
        assert_eq!(source("https://[::1]/"), None);
        assert_eq!(
            source("https://a-1.b_c.example:8443/x;y").unwrap(),
            "https://a-1.b_c.example:8443"
        );
    }

    #[test]
    fn the_sheets_are_those_of_the_style() {
        assert!(STYLE.contains("--sheet: #fff;"));
        assert!(STYLE.contains(&format!("--sheet: {};", DARK_SHEET.css())));
    }

    #[test]
    fn knows_contrast() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 0.1);
        let grey = Colour::parse("#767676").unwrap();
        assert!((grey.contrast(WHITE) - 4.54).abs() < 0.1, "{}", grey.contrast(WHITE));
    }

    #[test]
    fn every_accent_can_be_read() {
        let channels = [0, 0x33, 0x66, 0x99, 0xcc, 0xff];
        for red in channels {
            for green in channels {
                for blue in channels {
                    let accent = Colour([red, green, blue]);
                    let (light, dark) = (
                        accent.readable_on(LIGHT_SHEET, BLACK),
                        accent.readable_on(DARK_SHEET, WHITE),
                    );
                    assert!(accent.contrast(accent.text_on_it()) >= 4.5, "{accent:?}");
                    assert!(dark.contrast(dark.text_on_it()) >= 4.5, "{accent:?}");
                    assert!(light.contrast(LIGHT_SHEET) >= READABLE, "{accent:?}");
                    assert!(dark.contrast(DARK_SHEET) >= READABLE, "{accent:?}");
                }
            }
        }
    }
}
