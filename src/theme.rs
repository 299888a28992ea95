//! Every colour and every symbol of the screen, by what it means.

use std::borrow::Cow;

use ratatui::style::{Color, Modifier, Style};

pub mod ascii;
pub mod background;
pub mod color;
mod depth;
mod typeset;
pub mod values;

use crate::nn::Named;
pub use background::Background;
use color::Rgb;
pub use depth::{ColorChoice, Depth};

/// How marks above and below a symbol are written, `--math`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MathStyle {
    /// As superscripts and subscripts, δ⁽²⁾₄, where all characters can be shown.
    #[default]
    Typeset,
    /// In one line, δ^(2)_4.
    Plain,
}

impl Named for MathStyle {
    const ALL: &'static [Self] = &[Self::Typeset, Self::Plain];

    fn name(self) -> &'static str {
        match self {
            Self::Typeset => "typeset",
            Self::Plain => "plain",
        }
    }
}

/// The colours and symbols of one terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// How many colours may be used.
    pub depth: Depth,
    /// Whether the terminal's background is dark.
    pub dark: bool,
    /// Whether every character must be ASCII.
    pub ascii: bool,
    /// How marks above and below a symbol are written.
    pub math: MathStyle,
}

/// One colour of the chrome: for dark and light backgrounds, in 24 bits and of the sixteen.
struct Hue {
    dark: Rgb,
    light: Rgb,
    dark16: Color,
    light16: Color,
}

const FAINT: Hue =
    Hue { dark: (0x94, 0x94, 0x94), light: (0x62, 0x62, 0x62), dark16: Color::Gray, light16: Color::Reset };
const BORDER: Hue =
    Hue { dark: (0x6c, 0x6c, 0x6c), light: (0x8a, 0x8a, 0x8a), dark16: Color::DarkGray, light16: Color::DarkGray };
const GOOD: Hue =
    Hue { dark: (0x00, 0xaf, 0x87), light: (0x00, 0x66, 0x4c), dark16: Color::Green, light16: Color::Blue };
const BAD: Hue =
    Hue { dark: (0xff, 0x87, 0x5f), light: (0xaf, 0x00, 0x00), dark16: Color::LightRed, light16: Color::Red };
const WARN: Hue =
    Hue { dark: (0xf0, 0xd8, 0x42), light: (0x75, 0x5c, 0x00), dark16: Color::LightYellow, light16: Color::Magenta };
const DATA_TERM: Hue =
    Hue { dark: (0x2e, 0xc4, 0x9f), light: (0x00, 0x66, 0x4c), dark16: Color::Cyan, light16: Color::Blue };
const REG_TERM: Hue =
    Hue { dark: (0xd7, 0x87, 0xc8), light: (0x9a, 0x2f, 0x78), dark16: Color::LightMagenta, light16: Color::Magenta };
const TEST_TERM: Hue =
    Hue { dark: (0xf0, 0xd8, 0x42), light: (0x9a, 0x48, 0x00), dark16: Color::Yellow, light16: Color::Red };

impl Theme {
    /// Whether only ASCII may be shown: unless the first non-empty of `LC_ALL`, `LC_CTYPE` and `LANG` names UTF-8.
    pub fn ascii_by_locale(env: &dyn Fn(&str) -> Option<String>) -> bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(env).find(|value| !value.is_empty());
        let locale = locale.unwrap_or_default().to_ascii_lowercase();
        !(locale.contains("utf-8") || locale.contains("utf8"))
    }

    /// The background that the theme's colours are made for; the cell of an exact zero has it.
    pub fn background(&self) -> Rgb {
        if self.dark { (0x1c, 0x1c, 0x1c) } else { (0xff, 0xff, 0xff) }
    }

    /// `text` as this terminal can show it: with its marks raised and lowered, unchanged, or with every sign spelt out in ASCII.
    pub fn spell<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.math {
            _ if self.ascii => ascii::spelt(text),
            MathStyle::Typeset => typeset::typeset(text),
            MathStyle::Plain => Cow::Borrowed(text),
        }
    }

    /// Plain text and numbers, in the terminal's own colour.
    pub fn text(&self) -> Style {
        Style::new().fg(Color::Reset)
    }

    /// What is less important: units, hints, axes.
    pub fn faint(&self) -> Style {
        self.hue(&FAINT)
    }

    /// The title of a panel without focus.
    pub fn title(&self) -> Style {
        self.text()
    }

    /// The title of the panel with focus; its frame also says `>`.
    pub fn title_focused(&self) -> Style {
        self.text().add_modifier(Modifier::BOLD)
    }

    /// The border of a panel without focus.
    pub fn border(&self) -> Style {
        if self.depth == Depth::Mono { self.text().add_modifier(Modifier::DIM) } else { self.hue(&BORDER) }
    }

    /// The border of the panel with focus.
    pub fn border_focused(&self) -> Style {
        self.text().add_modifier(Modifier::BOLD)
    }

    /// What went well; beside a word or sign that says so.
    pub fn good(&self) -> Style {
        self.hue(&GOOD)
    }

    /// What went wrong; beside a word or sign that says so.
    pub fn bad(&self) -> Style {
        self.hue(&BAD).add_modifier(Modifier::BOLD)
    }

    /// What wants a look; beside a word or sign that says so.
    pub fn warn(&self) -> Style {
        self.hue(&WARN).add_modifier(Modifier::BOLD)
    }

    /// The ground of a unit's card, with what stands on it beside its value.
    pub fn card(&self) -> Style {
        let (ink, ground) = if self.dark { (0xd0, 0x33) } else { (0x3a, 0xe4) };
        match self.depth {
            Depth::Mono | Depth::Ansi16 => self.faint(),
            _ => Style::new().fg(self.drop((ink, ink, ink))).bg(self.drop((ground, ground, ground))),
        }
    }

    /// The name of a key.
    pub fn key(&self) -> Style {
        self.text().add_modifier(Modifier::BOLD)
    }

    /// What the cursor is on, at every depth.
    pub fn selected(&self) -> Style {
        self.text().add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    /// The mark `!` in the place of a number that is not finite.
    pub fn not_finite(&self) -> Style {
        Style::new().fg(Color::Reset).bg(Color::Reset).add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    /// The cost's data term.
    pub fn data_term(&self) -> Style {
        self.hue(&DATA_TERM)
    }

    /// The cost's regularisation term.
    pub fn reg_term(&self) -> Style {
        self.hue(&REG_TERM)
    }

    /// The cost on the test part.
    pub fn test_term(&self) -> Style {
        self.hue(&TEST_TERM)
    }

    /// The whole cost J.
    pub fn total(&self) -> Style {
        self.text().add_modifier(Modifier::BOLD)
    }

    /// The same style so that it can be read as text on the theme's background: its colour, or as much of it as can be.
    pub fn readable(&self, style: Style) -> Style {
        let Some(rgb) = style.fg.and_then(color::rgb_of).filter(|_| self.depth >= Depth::Indexed) else { return style };
        let plain = if self.dark { (0xff, 0xff, 0xff) } else { (0, 0, 0) };
        let can_be_read = |ink: &Rgb| color::contrast(*ink, self.background()) >= color::READABLE;
        let inks = (0..=10).map(|share| color::blend(rgb, plain, f64::from(share) / 10.0));
        let shown = |ink: Rgb| color::rgb_of(self.drop(ink)).unwrap_or(ink);
        let ink = inks.map(shown).find(can_be_read).unwrap_or(plain);
        style.fg(self.drop(ink))
    }

    /// The same style half way to the background, for the band under a line of means.
    pub fn dimmed(&self, style: Style) -> Style {
        self.shaded(style, 0.5)
    }

    /// A background that is hardly more than the terminal's own, of the same hue as a style.
    pub fn tint(&self, style: Style) -> Color {
        let plain = if self.dark { (0xd0, 0xd0, 0xd0) } else { (0x30, 0x30, 0x30) };
        let ink = style.fg.and_then(color::rgb_of).unwrap_or(plain);
        self.drop(color::blend(self.background(), ink, 0.16))
    }

    /// The same style with this share of its own colour, the rest the background's.
    pub fn shaded(&self, style: Style, share: f64) -> Style {
        let foreground = style.fg.unwrap_or(Color::Reset);
        match color::rgb_of(foreground) {
            _ if self.depth < Depth::Indexed => style.remove_modifier(Modifier::BOLD).add_modifier(Modifier::DIM),
            None => self.hue(&BORDER),
            Some(rgb) => Style::new().fg(self.drop(color::blend(self.background(), rgb, share))),
        }
    }

    fn hue(&self, hue: &Hue) -> Style {
        let (rgb, sixteen) = if self.dark { (hue.dark, hue.dark16) } else { (hue.light, hue.light16) };
        Style::new().fg(if self.depth == Depth::Ansi16 { sixteen } else { self.drop(rgb) })
    }

    /// `rgb` at this depth, the sixteen apart, which are never taken by nearness.
    fn drop(&self, (r, g, b): Rgb) -> Color {
        match self.depth {
            Depth::Rgb => Color::Rgb(r, g, b),
            Depth::Indexed => Color::Indexed(color::nearest_index((r, g, b))),
            Depth::Ansi16 | Depth::Mono => Color::Reset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<String> {
        |name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_string())
    }

    #[test]
    fn only_a_utf8_locale_shows_more_than_ascii() {
        assert!(Theme::ascii_by_locale(&environment(&[])));
        assert!(Theme::ascii_by_locale(&environment(&[("LANG", "C")])));
        assert!(!Theme::ascii_by_locale(&environment(&[("LANG", "en_GB.UTF-8")])));
        assert!(!Theme::ascii_by_locale(&environment(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")])));
        assert!(Theme::ascii_by_locale(&environment(&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")])));
    }

    #[test]
    fn every_text_style_can_be_read_on_both_backgrounds() {
        for dark in [true, false] {
            for depth in [Depth::Ansi16, Depth::Indexed, Depth::Rgb] {
                let theme = Theme { depth, dark, ascii: false, math: MathStyle::Plain };
                let dimmed = [theme.data_term(), theme.reg_term()].map(|style| theme.readable(theme.dimmed(style)));
                let styles = [theme.faint(), theme.good(), theme.bad(), theme.warn(), dimmed[0], dimmed[1]];
                let lines = [theme.data_term(), theme.reg_term(), theme.test_term(), theme.total(), theme.text()];
                let assumed = match (dark, depth) {
                    // The sixteen stand on the black of their own palette.
                    (true, Depth::Ansi16) => vec![(0, 0, 0)],
                    (true, _) => vec![(0, 0, 0), theme.background()],
                    (false, _) => vec![theme.background()],
                };
                for (style, back) in styles.iter().chain(&lines).flat_map(|s| assumed.iter().map(move |b| (s, *b))) {
                    // The terminal's own colour is readable on its own background.
                    let Some(ink) = color::rgb_of(style.fg.unwrap()) else { continue };
                    assert!(color::contrast(ink, back) >= 4.5, "{theme:?} {style:?} on {back:?}");
                }
            }
        }
    }

    #[test]
    fn what_stands_on_a_card_can_be_read() {
        for (dark, depth) in [true, false].into_iter().flat_map(|dark| [Depth::Indexed, Depth::Rgb].map(|d| (dark, d)))
        {
            let card = Theme { depth, dark, ascii: false, math: MathStyle::Plain }.card();
            let [ink, ground] = [card.fg, card.bg].map(|color| color::rgb_of(color.unwrap()).unwrap());
            assert!(color::contrast(ink, ground) >= 4.5, "{dark} {depth:?}");
        }
    }

    #[test]
    fn no_style_of_a_terminal_without_colour_has_one() {
        let theme = Theme { depth: Depth::Mono, dark: true, ascii: false, math: MathStyle::Plain };
        let styles = [theme.faint(), theme.border(), theme.good(), theme.bad(), theme.warn(), theme.selected()];
        let lines = [theme.data_term(), theme.reg_term(), theme.test_term(), theme.total(), theme.not_finite()];
        assert!(styles.iter().chain(&lines).all(|style| style.fg == Some(Color::Reset)));
        assert!(theme.selected().add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn the_four_lines_of_the_cost_differ() {
        for (dark, depth) in [(true, Depth::Rgb), (false, Depth::Rgb), (true, Depth::Ansi16), (false, Depth::Ansi16)] {
            let theme = Theme { depth, dark, ascii: false, math: MathStyle::Plain };
            let lines = [theme.data_term(), theme.reg_term(), theme.test_term(), theme.total()];
            for (i, line) in lines.iter().enumerate() {
                assert!(lines[..i].iter().all(|other| other.fg != line.fg), "{theme:?} {i}");
            }
        }
    }
}
