//! Numbers as text, for everything that a person reads: few digits or all, powers of ten for what is large or tiny, zero unsigned.

/// The most characters that a number takes, those of `-2.2250738585072014e-308`.
pub const LONGEST: usize = 24;

/// Four significant digits; beyond 1e-4 to 1e5 in scientific form. A whole part of five digits keeps them all.
pub fn short(v: f64) -> String {
    significant(v, 4)
}

/// `short` without the zeros at its end, for round numbers such as limits and rates: `0.5`, `16`, `1.5e-7`.
pub fn brief(v: f64) -> String {
    let text = short(v);
    let (digits, power) = text.split_at(text.find('e').unwrap_or(text.len()));
    if digits.contains('.') { format!("{}{power}", digits.trim_end_matches('0').trim_end_matches('.')) } else { text }
}

/// `short` with its sign always written; zero, which has none, stays `0`.
pub fn signed_short(v: f64) -> String {
    with_sign(v, short(v))
}

/// The most exact form that fits in `width` columns: fewer digits before no digits, `#` in each column if none fits.
pub fn fixed(v: f64, width: usize) -> String {
    if !v.is_finite() {
        let word = special(v);
        return if word.len() <= width { word.to_string() } else { "!".repeat(width) };
    }
    let fitting = (1..=4).rev().find_map(|n| forms(v, n).into_iter().find(|form| form.len() <= width));
    fitting.unwrap_or_else(|| "#".repeat(width))
}

/// `fixed` with its sign always written.
pub fn signed_fixed(v: f64, width: usize) -> String {
    if v > 0.0 && v.is_finite() && width > 1 { format!("+{}", fixed(v, width - 1)) } else { fixed(v, width) }
}

/// Sign and at most three characters, for the cells of a matrix: `-.42`, `+1.8`, `+12`, `+3e4`; exactly zero is `0`.
///
/// What would round to nothing is `.00`, without a sign; what is too large for the form is `+>>`.
pub fn tiny(v: f64) -> String {
    if !v.is_finite() {
        return special(v).to_string();
    }
    let sign = if v < 0.0 { '-' } else { '+' };
    let size = v.abs();
    if size == 0.0 {
        "0".to_string()
    } else if size < 0.005 {
        ".00".to_string()
    } else if size < 0.995 {
        format!("{sign}{}", &format!("{size:.2}")[1..])
    } else if size < 9.95 {
        format!("{sign}{size:.1}")
    } else if size < 999.5 {
        format!("{sign}{size:.0}")
    } else if size < 9.5e9 {
        format!("{sign}{size:.0e}")
    } else {
        format!("{sign}>>")
    }
}

/// Every digit, so that it reads back as the same bits: plain or scientific, whichever is shorter, and plain where that takes at most
/// seven characters. Zero is `0`, whatever its sign.
pub fn exact(v: f64) -> String {
    if v == 0.0 {
        return "0".to_string();
    }
    if !v.is_finite() {
        return special(v).to_string();
    }
    let (plain, scientific) = (format!("{v}"), scientific(v));
    if scientific.len() < plain.len() && plain.len() > 7 { scientific } else { plain }
}

/// Numbers that are printed already as a sum: `0.5 − 0.2 + 0.1`.
pub fn added(terms: &[String]) -> String {
    let mut sum = String::new();
    for term in terms {
        match term.strip_prefix('-') {
            _ if sum.is_empty() => sum.push_str(term),
            Some(size) => sum.extend([" − ", size]),
            None => sum.extend([" + ", term]),
        }
    }
    sum
}

/// How many times something is something else, in two digits: `2.9`, `40`, `1200`.
pub fn times(factor: f64) -> String {
    if (10.0..1e5).contains(&factor) { format!("{factor:.0}") } else { significant(factor, 2) }
}

/// So many decimals, for numbers such as logarithms and cosines, whose size is known; from 1e5 on as `short`. What rounds to zero
/// has no sign.
pub fn decimals(v: f64, n: usize) -> String {
    if !v.is_finite() || v.abs() >= 1e5 {
        return short(v);
    }
    plain(v, n)
}

/// `decimals` with its sign always written; what rounds to zero has none.
pub fn signed_decimals(v: f64, n: usize) -> String {
    let text = decimals(v, n);
    if text.bytes().any(|digit| digit.is_ascii_digit() && digit != b'0') { with_sign(v, text) } else { text }
}

/// Every digit, as a power of ten.
pub fn scientific(v: f64) -> String {
    if v == 0.0 || !v.is_finite() { exact(v) } else { format!("{v:e}") }
}

/// So many decimals without a power of ten, for the ticks of an axis, whose size is bounded.
pub fn plain(v: f64, n: usize) -> String {
    if v.is_finite() { without_sign_of_zero(format!("{v:.n$}")) } else { special(v).to_string() }
}

fn without_sign_of_zero(text: String) -> String {
    match text.strip_prefix('-') {
        Some(size) if size.bytes().all(|digit| matches!(digit, b'0' | b'.')) => size.to_string(),
        _ => text,
    }
}

/// A share of one as per cent with one decimal: `96.2 %`.
pub fn percent(share: f64) -> String {
    percent_to(share, 1)
}

/// A share of one as per cent with so many decimals. What is not all of it is not `100 %`, and what is not nothing is not `0 %`: they
/// get the digits that show it. From 1e5 per cent on it has a power of ten.
pub fn percent_to(share: f64, n: usize) -> String {
    let (percent, half) = (share * 100.0, 0.5 * 0.1_f64.powi(n as i32));
    let text = match percent.abs() {
        size if !size.is_finite() => special(percent).to_string(),
        size if size > 0.0 && size < half => significant(percent, 1),
        size if share < 1.0 && (100.0 - half..100.0).contains(&size) => {
            decimals(percent, (-(100.0 - size).log10()).ceil().clamp(1.0, 6.0) as usize)
        }
        _ => decimals(percent, n),
    };
    format!("{text} %")
}

fn special(v: f64) -> &'static str {
    match v {
        f64::INFINITY => "+inf",
        f64::NEG_INFINITY => "-inf",
        _ => "NaN",
    }
}

fn with_sign(v: f64, text: String) -> String {
    if v > 0.0 && v.is_finite() { format!("+{text}") } else { text }
}

/// `v` with `n` significant digits, plain from 1e-4 to 1e5.
pub fn significant(v: f64, n: usize) -> String {
    if v == 0.0 {
        return "0".to_string();
    }
    if !v.is_finite() {
        return special(v).to_string();
    }
    let scientific = format!("{v:.*e}", n - 1);
    match exponent(&scientific) {
        power @ -4..=4 => format!("{v:.*}", usize::try_from(n as i32 - 1 - power).unwrap_or(0)),
        _ => scientific,
    }
}

/// The power of ten after rounding, so that 9.9996 counts as 10.
fn exponent(scientific: &str) -> i32 {
    let power = scientific.rsplit('e').next().and_then(|digits| digits.parse().ok());
    power.expect("the scientific form of a finite number ends in its exponent")
}

/// Ways to write `v` with `n` digits, the most readable first.
fn forms(v: f64, n: usize) -> [String; 3] {
    let plain = significant(v, n);
    let bare = plain.replacen("0.", ".", usize::from(v.abs() < 1.0));
    [plain, bare, format!("{v:.*e}", n - 1)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn a_sum_takes_off_what_is_negative() {
        let terms = [-0.5, -0.0, 0.25, -2.0].map(exact);
        assert_eq!(added(&terms), "-0.5 + 0 + 0.25 − 2");
    }

    #[test]
    fn zero_has_no_sign_and_what_rounds_to_it_has_none() {
        for print in [short, signed_short, brief, tiny, exact] {
            assert_eq!(print(-0.0), "0");
        }
        assert_eq!((fixed(-0.0, 9), signed_fixed(-0.0, 9)), ("0".into(), "0".into()));
        assert_eq!((decimals(-0.001, 2), signed_decimals(-0.001, 2)), ("0.00".into(), "0.00".into()));
        assert_eq!((signed_decimals(0.001, 2), percent(-0.0)), ("0.00".into(), "0.0 %".into()));
        assert_eq!((signed_decimals(0.25, 2), signed_decimals(-0.25, 1)), ("+0.25".into(), "-0.2".into()));
    }

    #[test]
    fn large_numbers_turn_to_powers_of_ten() {
        assert_eq!(percent(1.258_328_946_948_901_9e32), "1.258e34 %");
        assert_eq!((percent(12.5), percent(f64::MAX)), ("1250.0 %".into(), "+inf %".into()));
        assert_eq!((decimals(123_456.7, 1), signed_decimals(1e300, 1)), ("1.235e5".into(), "+1.000e300".into()));
        assert_eq!(exact(1e22), "1e22");
        assert_eq!(exact(-f64::MIN_POSITIVE).len(), LONGEST);
    }

    #[test]
    fn what_is_not_all_is_not_100_per_cent_and_what_is_not_nothing_is_not_0() {
        let shown = [59_999.0 / 60_000.0, 0.9996, 0.9994, 1.0, 0.0004, 1e-9, 0.0].map(percent);
        assert_eq!(shown, ["99.998 %", "99.96 %", "99.9 %", "100.0 %", "0.04 %", "1e-7 %", "0.0 %"]);
    }

    #[test]
    fn panels_show_four_significant_digits() {
        for (v, text) in [
            (0.1122, "0.1122"),
            (-0.03268, "-0.03268"),
            (0.352_31, "0.3523"),
            (1.0, "1.000"),
            (9.9996, "10.00"),
            (1234.4, "1234"),
            (12345.0, "12345"),
            (99999.6, "1.000e5"),
            (1.234e-7, "1.234e-7"),
            (0.0001, "0.0001000"),
            (1e308, "1.000e308"),
            (-0.0, "0"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(short(v), text);
        }
    }

    #[test]
    fn a_round_number_has_no_zeros_at_its_end() {
        for (v, text) in
            [(0.5, "0.5"), (16.0, "16"), (1.5e-7, "1.5e-7"), (1e300, "1e300"), (1200.0, "1200"), (0.0, "0")]
        {
            assert_eq!(brief(v), text);
        }
        assert_eq!(brief(f64::NAN), "NaN");
    }

    #[test]
    fn a_signed_number_shows_its_sign_and_zero_has_none() {
        assert_eq!(signed_short(0.1122), "+0.1122");
        assert_eq!(signed_short(-0.1122), "-0.1122");
        assert_eq!(signed_short(-0.0), "0");
        assert_eq!(signed_short(f64::INFINITY), "+inf");
        assert_eq!(signed_short(f64::NAN), "NaN");
    }

    #[test]
    fn a_number_in_a_narrow_column_loses_digits_but_never_its_size() {
        let widths = |v: f64| (0..=7).map(|w| fixed(v, w)).collect::<Vec<_>>();
        assert_eq!(widths(-0.03268), ["", "#", "##", "###", "-.03", "-.033", "-.0327", "-.03268"]);
        assert_eq!(widths(12345.0), ["", "#", "##", "1e4", "1e4", "12345", "12345", "12345"]);
        assert_eq!(widths(1.23456e-7), ["", "#", "##", "###", "1e-7", "1e-7", "1.2e-7", "1.23e-7"]);
        assert_eq!(widths(0.0), ["", "0", "0", "0", "0", "0", "0", "0"]);
        assert_eq!(widths(f64::INFINITY)[..5], ["", "!", "!!", "!!!", "+inf"]);
    }

    #[test]
    fn a_matrix_cell_has_its_sign_and_at_most_four_columns() {
        for (v, text) in [
            (-0.42, "-.42"),
            (1.84, "+1.8"),
            (12.3, "+12"),
            (-123.4, "-123"),
            (0.996, "+1.0"),
            (9.96, "+10"),
            (999.7, "+1e3"),
            (2e12, "+>>"),
            (1e-9, ".00"),
            (-0.004, ".00"),
            (0.0, "0"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(tiny(v), text);
        }
    }

    #[test]
    fn an_exact_number_takes_the_shorter_of_its_forms() {
        assert_eq!(exact(0.1), "0.1");
        assert_eq!(exact(1e300), "1e300");
        assert_eq!([1e3, 1e-3, 1e6, 1e7].map(exact), ["1000", "0.001", "1000000", "1e7"]);
        assert_eq!(exact(-5e-324), "-5e-324");
        assert_eq!(exact(f64::INFINITY), "+inf");
    }

    #[test]
    fn a_share_is_shown_in_per_cent() {
        assert_eq!(percent(0.962), "96.2 %");
        assert_eq!(percent(f64::NAN), "NaN %");
    }

    proptest! {
        #[test]
        fn short_reads_back_within_half_a_thousandth(v in any::<f64>()) {
            // The last few numbers before infinity round to it.
            if v.is_finite() && v.abs() < 1.79e308 {
                let back: f64 = short(v).parse().unwrap();
                prop_assert!((back - v).abs() <= 0.5e-3 * v.abs() + f64::MIN_POSITIVE * f64::EPSILON, "{v:e}");
            }
        }

        #[test]
        fn exact_reads_back_to_the_bit(v in any::<f64>()) {
            if !v.is_nan() {
                let back = exact(v).parse::<f64>().unwrap();
                prop_assert_eq!(back.to_bits(), if v == 0.0 { 0.0_f64.to_bits() } else { v.to_bits() });
                prop_assert!(exact(v).len() <= LONGEST);
            }
        }

        #[test]
        fn fixed_fits_and_what_it_says_is_the_number_rounded(v in any::<f64>(), exponent in -8..9i32, width in 0..12usize) {
            for v in [v, v.signum() * (v.to_bits() % 100_000) as f64 * 10f64.powi(exponent)] {
                let text = fixed(v, width);
                prop_assert!(text.len() <= width);
                if let Ok(back) = text.parse::<f64>() && back.is_finite() {
                    prop_assert!((back - v).abs() <= 0.5 * v.abs() + f64::MIN_POSITIVE * f64::EPSILON, "{v:e} as {text}");
                }
            }
        }

        #[test]
        fn no_number_is_long_and_none_is_a_zero_with_a_sign(v in any::<f64>(), exponent in -330..330i32, n in 0..5usize) {
            for v in [v, v.signum() * 10f64.powi(exponent)] {
                let all = [short(v), signed_short(v), brief(v), tiny(v), exact(v), decimals(v, n), signed_decimals(v, n)];
                for text in all.into_iter().chain([percent(v), fixed(v, 9), signed_fixed(v, 9)]) {
                    prop_assert!(text.trim_end_matches(" %").len() <= LONGEST, "{text}");
                    let zero = text.bytes().all(|c| matches!(c, b'-' | b'+' | b'0' | b'.' | b' ' | b'%'));
                    prop_assert!(!zero || !text.contains(['-', '+']), "{text}");
                }
            }
        }

        #[test]
        fn tiny_never_takes_more_than_four_columns(v in any::<f64>(), exponent in -8..9i32) {
            prop_assert!(tiny(v).len() <= 4);
            prop_assert!(tiny(v.signum() * 10f64.powi(exponent)).len() <= 4);
        }
    }
}
