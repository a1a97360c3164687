//! The accent colour, made readable.

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

const BLACK: Colour = Colour([0; 3]);
const WHITE: Colour = Colour([255; 3]);

/// `--sheet` of the style, in light and in dark mode.
const LIGHT_SHEET: Colour = WHITE;
const DARK_SHEET: Colour = Colour([0x1c, 0x1e, 0x21]);

/// Least contrast of text: 4.5 (WCAG 2.2 §1.4.3), and the error of [`Colour::luminance`].
const READABLE: f64 = 4.6;

impl Colour {
    /// Reads `ACCENT_COLOR`: `#` and six hexadecimal digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let is_hex = digits.len() == 6 && digits.bytes().all(|octet| octet.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// The style rules that make this the accent. In light mode the accent stays as it is, text on
    /// it is black or white, and links are darkened until they are readable. In dark mode the
    /// accent itself is lightened until it is readable.
    pub(super) fn rules(self) -> String {
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

    /// Black or white, whichever has more contrast.
    fn text_on_it(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }

    /// This colour, with as much of `other` mixed in as it needs to be readable on `ground`.
    fn readable_on(self, ground: Self, other: Self) -> Self {
        let mixed = (0..=20).map(|share| self.mixed(other, share));
        mixed.into_iter().find(|colour| colour.contrast(ground) >= READABLE).unwrap_or(other)
    }

    /// This colour, with `share` twentieths of `other` mixed in.
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

    /// The relative luminance (WCAG 2.2). A polynomial stands for the power of 2.4, since wasm has
    /// no `powf`. It is off by less than 0.003.
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
    use crate::config::brand::STYLE;

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
