//! Colours and signs of numbers: a diverging map about exactly zero, one from nothing to much, grey, and the ink that is readable on them.

use ratatui::style::Color;

use super::color::{self, Rgb};
use super::{Depth, Theme};

/// Steps on either side of zero in a diverging map; a sequential map has twice as many and one.
pub const STEPS: i32 = 16;

const BLUE_ON_DARK: Rgb = (0x56, 0xb4, 0xe9);
const ORANGE_ON_DARK: Rgb = (0xe6, 0x9f, 0x00);
const BLUE_ON_LIGHT: Rgb = (0x2b, 0x8c, 0xd0);
const ORANGE_ON_LIGHT: Rgb = (0xe6, 0x8a, 0x00);

// Of the 256 by hand: nearness would make weak values grey, without a hue, and strong ones teal and lavender.
const BLUES_ON_DARK: [u8; 16] = [235, 236, 17, 17, 24, 24, 24, 24, 31, 31, 67, 67, 74, 74, 74, 74];
const ORANGES_ON_DARK: [u8; 16] = [235, 236, 52, 52, 94, 94, 94, 130, 130, 136, 136, 136, 172, 172, 178, 178];
const BLUES_ON_LIGHT: [u8; 16] = [255, 195, 195, 153, 153, 153, 153, 117, 117, 117, 75, 75, 75, 32, 32, 32];
const ORANGES_ON_LIGHT: [u8; 16] = [255, 224, 224, 223, 223, 223, 223, 216, 216, 215, 215, 215, 208, 208, 172, 172];

/// What colours stand for in a picture of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColorScale {
    /// Negative, zero and positive, from −limit to +limit: orange, the background, blue.
    Signed {
        /// The magnitude that has the full colour.
        limit: f64,
    },
    /// From low to high: from the darkest to the brightest colour on a dark background, the other way round on a light one.
    Sequential {
        /// The value of the colour that is nearest to the background.
        low: f64,
        /// The value of the colour that stands out most.
        high: f64,
    },
    /// From low to high in grey, for pictures.
    Grey {
        /// The value of the background's end.
        low: f64,
        /// The value of the text's end.
        high: f64,
    },
}

impl ColorScale {
    /// The step of `value`: −16 to 16 when signed, else 0 to 32; `None` for what is not finite.
    pub fn step(&self, value: f64) -> Option<i32> {
        if !value.is_finite() {
            return None;
        }
        Some(match *self {
            Self::Signed { limit } => signed_step(value, limit),
            Self::Sequential { low, high } | Self::Grey { low, high } => {
                // Halved first, so that the widest range does not overflow.
                let share = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
                if share.is_finite() { (share.clamp(0.0, 1.0) * f64::from(2 * STEPS)).round() as i32 } else { 0 }
            }
        })
    }

    /// Whether the finite `value` lies beyond the ends, where its colour says too little.
    pub fn clips(&self, value: f64) -> bool {
        let (low, high) = self.ends();
        // Rounding in the last digits of a limit is no clipping.
        let slack = (high.abs().max(low.abs())) * 1e-9;
        value.is_finite() && (value > high + slack || value < low - slack)
    }

    /// The lowest and the highest value that have a colour of their own.
    pub fn ends(&self) -> (f64, f64) {
        match *self {
            Self::Signed { limit } => (-limit, limit),
            Self::Sequential { low, high } | Self::Grey { low, high } => (low, high),
        }
    }
}

fn signed_step(value: f64, limit: f64) -> i32 {
    let share = value / limit.abs();
    if value == 0.0 || share.is_nan() { 0 } else { (share.clamp(-1.0, 1.0) * f64::from(STEPS)).round() as i32 }
}

impl Theme {
    /// The colour of `value` on `scale`; the terminal's own where it is not finite or there is no colour.
    pub fn value(&self, scale: &ColorScale, value: f64) -> Color {
        match (scale, scale.step(value)) {
            (_, None) => Color::Reset,
            (ColorScale::Signed { .. }, Some(step)) => self.signed_color(step),
            (ColorScale::Sequential { .. }, Some(step)) => self.sequential(step),
            (ColorScale::Grey { .. }, Some(step)) => self.grey(step),
        }
    }

    /// Orange for −limit over the background for exactly 0 to blue for +limit, in 33 steps.
    pub fn signed(&self, value: f64, limit: f64) -> Color {
        self.value(&ColorScale::Signed { limit }, value)
    }

    /// The colour of a value from `low` to `high`, in 33 steps.
    pub fn activation(&self, value: f64, low: f64, high: f64) -> Color {
        self.value(&ColorScale::Sequential { low, high }, value)
    }

    /// Black or white, whichever can be read on `back`; the terminal's own on its own.
    pub fn ink_on(&self, back: Color) -> Color {
        let Some(rgb) = color::rgb_of(back) else { return Color::Reset };
        let white = color::contrast(rgb, (255, 255, 255)) > color::contrast(rgb, (0, 0, 0));
        match (self.depth, white) {
            (Depth::Mono, _) => Color::Reset,
            (Depth::Ansi16, true) => Color::White,
            (Depth::Ansi16, false) => Color::Black,
            (_, true) => self.drop((255, 255, 255)),
            (_, false) => self.drop((0, 0, 0)),
        }
    }

    /// An ink on `back` for what stands on every cell and must not shout, though it can be read: a sign, a grid mark.
    pub fn quiet_ink_on(&self, back: Color) -> Color {
        let ink = self.ink_on(back);
        match (color::rgb_of(back), color::rgb_of(ink)) {
            (Some(b), Some(i)) if self.depth >= Depth::Indexed => {
                let inks = (9..=20).map(|share| self.drop(color::blend(b, i, f64::from(share) / 20.0)));
                let can_be_read = |quiet: &Color| {
                    color::rgb_of(*quiet).is_some_and(|quiet| color::contrast(quiet, b) >= color::READABLE)
                };
                inks.into_iter().find(can_be_read).unwrap_or(ink)
            }
            _ => ink,
        }
    }

    fn signed_color(&self, step: i32) -> Color {
        let share = f64::from(step.abs()) / f64::from(STEPS);
        let end = match (self.dark, step >= 0) {
            (true, true) => BLUE_ON_DARK,
            (true, false) => ORANGE_ON_DARK,
            (false, true) => BLUE_ON_LIGHT,
            (false, false) => ORANGE_ON_LIGHT,
        };
        match self.depth {
            Depth::Ansi16 => self.signed_of_sixteen(step),
            Depth::Indexed if step != 0 => {
                let side = match (self.dark, step > 0) {
                    (true, true) => BLUES_ON_DARK,
                    (true, false) => ORANGES_ON_DARK,
                    (false, true) => BLUES_ON_LIGHT,
                    (false, false) => ORANGES_ON_LIGHT,
                };
                Color::Indexed(side[step.unsigned_abs().min(16) as usize - 1])
            }
            _ => self.drop(color::blend(self.background(), end, share)),
        }
    }

    fn signed_of_sixteen(&self, step: i32) -> Color {
        match (step, self.dark) {
            // Grey would shine more than the weak colours; the sign in the cell tells weak from nothing.
            (-2..=2, true) => Color::Black,
            (-2..=2, false) => Color::White,
            (3..=10, true) | (11.., false) => Color::Blue,
            (11.., true) | (3..=10, false) => Color::LightBlue,
            (-10..=-3, true) => Color::Yellow,
            (..=-11, true) => Color::LightYellow,
            // Yellow can't be told from white.
            (-10..=-3, false) => Color::LightRed,
            (..=-11, false) => Color::Red,
        }
    }

    /// Viridis on a dark background; on a light one a map from almost white over blue to purple, since viridis ends in yellow.
    fn sequential(&self, step: i32) -> Color {
        const ON_DARK: [Color; 5] = [Color::Black, Color::Blue, Color::Green, Color::LightGreen, Color::LightYellow];
        const ON_LIGHT: [Color; 5] = [Color::White, Color::LightCyan, Color::Cyan, Color::Blue, Color::Black];
        let share = f64::from(step) / f64::from(2 * STEPS);
        let map = if self.dark { colorous::VIRIDIS } else { colorous::BLUE_PURPLE };
        let rgb = map.eval_continuous(share);
        match self.depth {
            Depth::Ansi16 => [ON_LIGHT, ON_DARK][usize::from(self.dark)][((share * 5.0) as usize).min(4)],
            _ => self.drop((rgb.r, rgb.g, rgb.b)),
        }
    }

    fn grey(&self, step: i32) -> Color {
        const OF_SIXTEEN: [Color; 4] = [Color::Black, Color::DarkGray, Color::Gray, Color::White];
        let share = f64::from(step) / f64::from(2 * STEPS);
        let end = if self.dark { (0xee, 0xee, 0xee) } else { (0x12, 0x12, 0x12) };
        match self.depth {
            Depth::Ansi16 => {
                let index = ((share * 4.0) as usize).min(3);
                OF_SIXTEEN[if self.dark { index } else { 3 - index }]
            }
            _ => self.drop(color::blend(self.background(), end, share)),
        }
    }
}

/// The character of a step of a diverging map: strokes that lie for negative, that cross for positive, `.` about zero.
pub fn signed_glyph(step: i32) -> char {
    match step {
        0 => '.',
        1..=4 => ':',
        5..=8 => '+',
        9..=12 => '*',
        13.. => '#',
        -4..=-1 => ',',
        -8..=-5 => '-',
        -12..=-9 => '=',
        ..=-13 => '%',
    }
}

/// The character of a step of a sequential map, darker ink for more.
pub fn sequential_glyph(step: i32) -> char {
    const RAMP: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];
    RAMP[(step.clamp(0, 2 * STEPS) as usize * RAMP.len() / (2 * STEPS as usize + 1)).min(RAMP.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::MathStyle;

    fn themes() -> impl Iterator<Item = Theme> {
        let depths = [Depth::Mono, Depth::Ansi16, Depth::Indexed, Depth::Rgb];
        depths
            .into_iter()
            .flat_map(|depth| [true, false].map(|dark| Theme { depth, dark, ascii: false, math: MathStyle::Plain }))
    }

    #[test]
    fn ink_can_be_read_on_every_step_of_every_map() {
        for theme in themes().filter(|theme| theme.depth > Depth::Mono) {
            for step in 0..=2 * STEPS {
                for back in [theme.signed_color(step - STEPS), theme.sequential(step), theme.grey(step)] {
                    for ink in [theme.ink_on(back), theme.quiet_ink_on(back)] {
                        let contrast = color::contrast(color::rgb_of(ink).unwrap(), color::rgb_of(back).unwrap());
                        assert!(contrast >= color::READABLE, "{theme:?} step {step} {ink:?} on {back:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_nearest_to_the_background_and_more_is_never_nearer() {
        for theme in themes().filter(|theme| theme.depth > Depth::Mono) {
            let light = |step| color::luminance(color::rgb_of(theme.sequential(step)).unwrap());
            for step in 1..=2 * STEPS {
                let [less, more] = [light(step - 1), light(step)];
                // The 256 colours are no finer than this.
                let slack = if theme.depth == Depth::Indexed { 0.06 } else { 1e-9 };
                assert!(if theme.dark { more >= less - slack } else { more <= less + slack }, "{theme:?} {step}");
            }
        }
        let light = Theme { depth: Depth::Rgb, dark: false, ascii: false, math: MathStyle::Plain };
        let nothing = color::rgb_of(light.activation(0.0, 0.0, 1.0)).unwrap();
        assert!(color::contrast(nothing, light.background()) < 1.1, "0 is almost white");
    }

    #[test]
    fn no_colour_on_white_is_yellow() {
        // Much red, as much green, little blue, and light: what a projector does not show on white.
        let is_yellow = |(r, g, b): Rgb| r > 0xc0 && g > 0xc0 && r.abs_diff(g) < 0x28 && b < 0x90;
        for theme in themes().filter(|theme| !theme.dark && theme.depth > Depth::Mono) {
            for step in 0..=2 * STEPS {
                for back in [theme.signed_color(step - STEPS), theme.sequential(step), theme.grey(step)] {
                    assert!(!is_yellow(color::rgb_of(back).unwrap()), "{theme:?} {step} {back:?}");
                }
            }
        }
    }

    #[test]
    fn zero_has_the_background_and_the_ends_have_the_full_colours() {
        let theme = Theme { depth: Depth::Rgb, dark: true, ascii: false, math: MathStyle::Plain };
        assert_eq!(theme.signed(0.0, 2.0), Color::Rgb(0x1c, 0x1c, 0x1c));
        assert_eq!(theme.signed(-0.0, 0.0), Color::Rgb(0x1c, 0x1c, 0x1c));
        assert_eq!(theme.signed(2.0, 2.0), Color::Rgb(0x56, 0xb4, 0xe9));
        assert_eq!(theme.signed(-7.0, 2.0), Color::Rgb(0xe6, 0x9f, 0x00));
        assert_eq!(theme.signed(f64::NAN, 2.0), Color::Reset);
    }

    #[test]
    fn opposite_values_have_opposite_steps() {
        let scale = ColorScale::Signed { limit: 1.3 };
        for i in -40..=40 {
            let value = f64::from(i) / 20.0;
            assert_eq!(scale.step(value).unwrap(), -scale.step(-value).unwrap());
        }
        assert_eq!(ColorScale::Signed { limit: 0.0 }.step(1e-300), Some(STEPS));
        assert_eq!(ColorScale::Signed { limit: f64::MAX }.step(f64::MIN), Some(-STEPS));
        assert_eq!(ColorScale::Sequential { low: f64::MIN, high: f64::MAX }.step(0.0), Some(STEPS));
        assert_eq!(ColorScale::Grey { low: 1.0, high: 1.0 }.step(1.0), Some(0));
    }

    #[test]
    fn large_values_of_either_sign_differ_at_every_depth_with_colour() {
        for theme in themes().filter(|theme| theme.depth > Depth::Mono) {
            for step in 4..=STEPS {
                assert_ne!(theme.signed_color(step), theme.signed_color(-step), "{theme:?} {step}");
            }
        }
    }

    #[test]
    fn glyphs_of_either_sign_never_meet() {
        for step in 1..=STEPS {
            assert!((-STEPS..=0).all(|other| signed_glyph(other) != signed_glyph(step)));
        }
        let ramp: String = (0..=2 * STEPS).map(sequential_glyph).collect();
        assert!(ramp.starts_with(' ') && ramp.ends_with('@'));
        assert_eq!(ramp.chars().filter(|c| *c == '=').count(), 3);
    }

    #[test]
    fn a_value_beyond_the_ends_is_clipped_and_one_on_them_is_not() {
        let scale = ColorScale::Signed { limit: 1.8 };
        assert!(scale.clips(1.9) && scale.clips(-1.9) && !scale.clips(1.8) && !scale.clips(f64::INFINITY));
        assert!(ColorScale::Grey { low: 0.0, high: 1.0 }.clips(-0.1));
    }
}
