//! Colours as numbers: contrast, blending, and what becomes of a colour on a terminal that shows fewer of them.

use ratatui::style::Color;

/// Red, green and blue, 0 to 255 each.
pub type Rgb = (u8, u8, u8);

/// The sixteen colours as xterm shows them; other terminals come near.
const SIXTEEN: [Rgb; 16] = [
    (0x00, 0x00, 0x00),
    (0xcd, 0x00, 0x00),
    (0x00, 0xcd, 0x00),
    (0xcd, 0xcd, 0x00),
    (0x00, 0x00, 0xee),
    (0xcd, 0x00, 0xcd),
    (0x00, 0xcd, 0xcd),
    (0xe5, 0xe5, 0xe5),
    (0x7f, 0x7f, 0x7f),
    (0xff, 0x00, 0x00),
    (0x00, 0xff, 0x00),
    (0xff, 0xff, 0x00),
    (0x5c, 0x5c, 0xff),
    (0xff, 0x00, 0xff),
    (0x00, 0xff, 0xff),
    (0xff, 0xff, 0xff),
];

/// The six steps of each channel in the 6 × 6 × 6 cube of 256 colours.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Relative luminance of the web's accessibility guidelines, 0 for black to 1 for white.
pub fn luminance((r, g, b): Rgb) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// The contrast that text needs.
pub const READABLE: f64 = 4.5;

/// Contrast of two colours, 1 (the same) to 21 (black on white).
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colour a share `t` of the way from `a` to `b`, in gamma space.
pub fn blend(a: Rgb, b: Rgb, t: f64) -> Rgb {
    let t = if t.is_finite() { t.clamp(0.0, 1.0) } else { 0.0 };
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
    (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

/// What a terminal shows for `color`; `None` for its own default, which only it knows.
pub fn rgb_of(color: Color) -> Option<Rgb> {
    let index = match color {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => return Some((r, g, b)),
        Color::Indexed(index) => index,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    Some(rgb_of_index(index))
}

/// The colour number 16 to 255 that lies nearest; the first sixteen are the user's own and never taken.
pub fn nearest_index(color: Rgb) -> u8 {
    let step = |channel: u8| (0..6).min_by_key(|&i| CUBE[i].abs_diff(channel)).expect("six steps are not none");
    let (r, g, b) = (step(color.0), step(color.1), step(color.2));
    let cube = 16 + 36 * r + 6 * g + b;
    let mean = (u16::from(color.0) + u16::from(color.1) + u16::from(color.2)) / 3;
    let grey = 232 + usize::from((mean.saturating_sub(3) / 10).min(23));
    let nearer = [cube, grey].into_iter().min_by_key(|&i| distance(color, rgb_of_index(i as u8)));
    nearer.expect("two candidates are not none") as u8
}

fn rgb_of_index(index: u8) -> Rgb {
    let i = usize::from(index);
    match index {
        0..16 => SIXTEEN[i],
        16..232 => (CUBE[(i - 16) / 36], CUBE[(i - 16) / 6 % 6], CUBE[(i - 16) % 6]),
        232.. => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

fn distance(a: Rgb, b: Rgb) -> u32 {
    let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    // Eyes weigh green most and blue least.
    3 * square(a.0, b.0) + 4 * square(a.1, b.1) + 2 * square(a.2, b.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_white_has_the_largest_contrast() {
        assert!((contrast((0, 0, 0), (255, 255, 255)) - 21.0).abs() < 1e-9);
        assert!((contrast((9, 9, 9), (9, 9, 9)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_colour_of_the_256_is_its_own_nearest() {
        for index in 16..=255 {
            let color = rgb_of_index(index);
            assert_eq!(rgb_of_index(nearest_index(color)), color, "{index}");
        }
    }

    #[test]
    fn only_the_default_colour_is_unknown() {
        assert_eq!(rgb_of(Color::Reset), None);
        assert_eq!(rgb_of(Color::White), Some((255, 255, 255)));
        assert_eq!(rgb_of(Color::Indexed(16)), Some((0, 0, 0)));
        assert_eq!(rgb_of(Color::Rgb(1, 2, 3)), Some((1, 2, 3)));
    }
}
