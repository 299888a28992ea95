//! Text on a terminal: what of it has a place in a cell, how many columns that takes, how it is cut to fewer, and how it is broken into lines.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// Joins emoji to one picture.
const JOINER: char = '\u{200d}';

/// The text as it is drawn, so that everything that measures it finds the same width: characters without a place of their own that
/// terminals do not agree on are left out (joiners with what they join, selectors of a variant, colours of skin, marks of the
/// direction, controls), combining marks stay on their letter, and separators of lines are blanks.
///
/// ```
/// use deltascope::text::plain;
///
/// assert_eq!(plain("👩\u{200d}🔬 Größe e\u{301}"), "👩 Größe e\u{301}");
/// ```
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    // The last character that has a place of its own, and whether the next one is joined to it.
    let (mut base, mut joined) = (None, false);
    for c in text.chars() {
        match c {
            // Sound marks of half a cell, whose width terminals do not agree on, are drawn as those of a whole one.
            '\u{ff9e}' => out.push('\u{309b}'),
            '\u{ff9f}' => out.push('\u{309c}'),
            JOINER => joined = base.is_some_and(is_emoji),
            '\u{2028}' | '\u{2029}' => out.push(' '),
            _ if is_left_out(c) => {}
            _ if joined && is_emoji(c) => joined = false,
            // A colour of skin by itself would change the sign before it.
            '\u{1f3fb}'..='\u{1f3ff}' if base.is_some_and(is_emoji) => {}
            '\u{1f3fb}'..='\u{1f3ff}' => out.push(char::REPLACEMENT_CHARACTER),
            _ if place(c) > 0 => {
                (base, joined) = (Some(c), false);
                out.push(c);
            }
            // A mark without a letter has no place.
            _ if base.is_some() => out.push(c),
            _ => {}
        }
    }
    Cow::Owned(out)
}

/// The columns that a text takes, as it is drawn.
pub fn columns(text: &str) -> usize {
    plain(text).chars().map(place).sum()
}

/// The text as it is drawn, in at most so many columns: what does not fit is left out, with a mark at the end that says so.
pub fn cut<'t>(text: &'t str, width: usize, mark: char) -> Cow<'t, str> {
    let plain = plain(text);
    if plain.len() <= width || plain.chars().map(place).sum::<usize>() <= width {
        return plain;
    }
    let mut left = width.saturating_sub(1);
    let mut out = String::new();
    for c in plain.chars() {
        let Some(rest) = left.checked_sub(place(c)) else { break };
        left = rest;
        out.push(c);
    }
    if width > 0 {
        out.push(mark);
    }
    Cow::Owned(out)
}

/// The text in lines of at most this width, broken at blanks, but not at those between brackets; a word that is wider than a line is
/// broken where the line ends.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in text.split(' ') {
        let open = |word: &String| word.matches('[').count() > word.matches(']').count();
        match words.last_mut().filter(|word| open(word)) {
            Some(word) => word.push_str(&format!(" {part}")),
            None => words.push(part.to_string()),
        }
    }
    let mut lines = vec![String::new()];
    for word in words.iter().flat_map(|word| broken(word, width)) {
        let line = lines.last_mut().expect("there is a line to write on");
        if line.is_empty() {
            line.push_str(word);
        } else if columns(line) + columns(word) < width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.into());
        }
    }
    lines
}

/// A word in pieces of at most this width, at least a character each.
fn broken(word: &str, width: usize) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), word);
    while columns(rest) > width {
        let ends = rest.char_indices().map(|(at, _)| at).skip(1);
        let Some(end) = ends.take_while(|&end| columns(&rest[..end]) <= width).last() else { break };
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces.push(rest);
    pieces
}

/// The columns of a character by itself; a mark on another one has none.
fn place(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// What has no place, and no agreed effect on its neighbours either.
fn is_left_out(c: char) -> bool {
    let of_format = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}');
    // Two of every plane, and a row of them, are no characters, and have no place in XML.
    let is_none = u32::from(c) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    c.is_control() || of_format || is_none
}

/// Whether a character is a picture that others may be joined to.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn what_is_joined_is_one_picture_and_what_has_no_place_is_left_out() {
        assert_eq!(plain("👩\u{200d}❤\u{fe0f}\u{200d}👨 ok"), "👩 ok");
        assert_eq!(plain("👍\u{1f3fd}\u{200b}!\u{202e}\u{feff}"), "👍!");
        assert_eq!(plain("\u{301}a\u{301}\t\u{1b}[31m\u{2028}b"), "a\u{301}[31m b");
        assert_eq!(plain("क\u{200d}ष"), "कष");
        assert_eq!(plain("a\u{1f3fd}"), "a\u{fffd}");
        assert!(matches!(plain("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn a_text_is_cut_between_characters_and_says_so() {
        assert_eq!(cut("数字数字", 4, '…'), "数…");
        assert_eq!(cut("数字数字", 5, '…'), "数字…");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2, '~'), "e\u{301}~");
        assert_eq!(cut("abc", 3, '~'), "abc");
        assert_eq!(cut("abc", 0, '~'), "");
    }

    #[test]
    fn a_paragraph_is_broken_at_blanks_and_a_word_that_is_too_wide_where_it_must_be() {
        assert_eq!(wrapped("a bc [d e] f", 5), ["a bc", "[d e]", "f"]);
        assert_eq!(wrapped("数字数字数 ab", 5), ["数字", "数字", "数 ab"]);
        assert_eq!(wrapped("abcdefg", 3), ["abc", "def", "g"]);
        assert_eq!(wrapped("数字", 1), ["数字"], "there is no room for half a character");
    }

    /// Letters, marks, pictures, joiners and selectors, mixed as no real name is.
    fn names() -> impl Strategy<Value = String> {
        let odd =
            "数字é\u{301}\u{200d}\u{fe0f}👩🔬❤👍\u{1f3fd}🇩🇪１ﾊ\u{ff9e}\u{202e}לא한\u{1100}\u{1161}क\u{94d}ष\u{93f}";
        let odd: Vec<char> = odd.chars().collect();
        proptest::collection::vec(prop_oneof![any::<char>(), proptest::sample::select(odd)], 0..24)
            .prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn a_text_takes_as_many_cells_as_it_has_columns(name in names(), width in 0..12_usize) {
            let cut = cut(&name, width, '…');
            prop_assert!(columns(&cut) <= width, "{cut:?}");
            let mut buf = Buffer::empty(Rect::new(0, 0, 100, 1));
            let (end, _) = buf.set_stringn(0, 0, plain(&name), 100, ratatui::style::Style::new());
            prop_assert_eq!(usize::from(end), columns(&name), "{:?}", plain(&name));
        }

        #[test]
        fn a_cell_at_a_time_is_as_wide_as_all_together(name in names()) {
            let plain = plain(&name);
            // Letters that are joined into one sign are measured apart, as terminals draw them.
            let apart: usize = plain.chars().map(|c| c.to_string().width()).sum();
            prop_assert_eq!(apart, columns(&name), "{:?}", plain);
        }
    }
}
