//! The whole screen at three sizes, from a fixed seed, as text.

use deltascope::keymap::Panel;

use crate::{ASCII, RGB, digits, drawn, text};

/// Another machine's last digits may differ by rounding: a number of more than 8 digits is cut to 6, and the columns that
/// it took with the blanks before it stay.
pub(crate) fn rounded(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let mut rest = line;
        while let Some(start) = rest.find(|c: char| c == ' ' || c == '+' || c == '-' || c.is_ascii_digit()) {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            let token = &rest[blanks..];
            let end = token.find(|c: char| !(c.is_ascii_digit() || "+-.e".contains(c))).unwrap_or(token.len());
            let (number, width) = (&token[..end], blanks + end);
            if number.chars().filter(char::is_ascii_digit).count() > 8 {
                let power = number.find('e').map_or("", |at| &number[at..]);
                let digits: String = number.chars().take(8).collect();
                out.push_str(&format!("{:>width$}", format!("{digits}…{power}")));
            } else {
                out.push_str(&rest[..width]);
            }
            rest = &rest[width..];
            if width == 0 {
                break;
            }
        }
        out.push_str(rest);
    }
    out
}

#[test]
fn at_80_by_24() {
    insta::assert_snapshot!(rounded(&text(&drawn(&digits(50, RGB), (80, 24)))));
}

#[test]
fn at_120_by_40() {
    insta::assert_snapshot!(rounded(&text(&drawn(&digits(50, RGB), (120, 40)))));
}

#[test]
fn at_200_by_60() {
    insta::assert_snapshot!(rounded(&text(&drawn(&digits(50, RGB), (200, 60)))));
}

#[test]
fn in_ascii_with_the_weights_alone() {
    let mut view = digits(50, ASCII);
    (view.focus, view.zoomed) = (Panel::Weights, true);
    insta::assert_snapshot!(rounded(&text(&drawn(&view, (80, 24)))));
}

#[test]
fn a_picture_that_has_not_arrived_whole_says_so_at_every_size() {
    let mut view = digits(40, RGB);
    view.behind = true;
    for size in [(60, 16), (80, 24), (120, 40), (200, 60)] {
        let header = text(&drawn(&view, size)).lines().next().expect("a header").to_string();
        assert!(header.contains("slow link") && header.contains("step 40"), "{header}");
    }
}
