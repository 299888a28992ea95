//! Marks of the derivation's symbols as real superscripts and subscripts: δ^(2)_4 as δ⁽²⁾₄, `Θ^(1)[1,37]` as `Θ⁽¹⁾[1,37]`.

use std::borrow::Cow;

/// `text` with every mark above or below a symbol raised or lowered, if all of it can be; a mark with a character that has no such
/// form stays as it is, and so does all that is no symbol, such as the name of a file.
pub fn typeset(text: &str) -> Cow<'_, str> {
    if !text.contains(['^', '_']) {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while at < chars.len() {
        match marked(&chars, at) {
            Some((mark, end)) => {
                out.push_str(&mark);
                at = end;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// The mark that begins at a place, raised or lowered, and where it ends.
fn marked(chars: &[char], at: usize) -> Option<(String, usize)> {
    let form = match chars[at] {
        '^' => raised,
        '_' => lowered,
        _ => return None,
    };
    // Words have a layer, too: reg^(1).
    let of_layer = chars[at..].starts_with(&['^', '(']) && at > 0 && chars[at - 1].is_alphabetic();
    if !of_layer && !is_symbol(&chars[..at]) {
        return None;
    }
    let content = chars.get(at + 1..)?;
    let (inner, length) = match content.first()? {
        '(' if chars[at] == '^' => {
            let end = content.iter().position(|&c| c == ')')?;
            (&content[..=end], end + 1)
        }
        '{' => {
            let end = content.iter().position(|&c| c == '}')?;
            (&content[1..end], end + 1)
        }
        _ => {
            let is_part = |(place, &c): (usize, &char)| {
                // A step and a unit: h_3,2.
                let is_comma = c == ',' && chars[at] == '_' && place > 0;
                let goes_on = content.get(place + 1).is_some_and(char::is_ascii_alphanumeric);
                c.is_ascii_alphanumeric() || (place == 0 && is_sign(c)) || (is_comma && goes_on)
            };
            let end = content.iter().enumerate().position(|(place, c)| !is_part((place, c))).unwrap_or(content.len());
            (&content[..end], end)
        }
    };
    let end = at + 1 + length;
    // What goes on is a name and no mark.
    let goes_on = match (chars.get(end), chars.get(end + 1)) {
        (Some('.'), Some(next)) => next.is_alphanumeric(),
        (Some(&next), _) => next.is_ascii_alphanumeric(),
        (None, _) => false,
    };
    if inner.is_empty() || goes_on {
        return None;
    }
    let mark: Option<String> = inner.iter().map(|&c| form(c)).collect();
    mark.map(|mark| (mark, end))
}

fn is_sign(c: char) -> bool {
    matches!(c, '-' | '−' | '+')
}

/// Whether a text ends with a symbol: one letter, what stands in parentheses, or either with another mark.
fn is_symbol(before: &[char]) -> bool {
    let mut rest = before;
    // A mark before this one, such as the (l) of δ^(l)_i or the i of δ_i^(l).
    if let Some(start) = rest.iter().rposition(|&c| c == '^' || c == '_').filter(|&start| start > 0) {
        let mark = &rest[start + 1..];
        let in_parentheses = mark.first() == Some(&'(') && mark.iter().position(|&c| c == ')') == Some(mark.len() - 1);
        if in_parentheses || (!mark.is_empty() && mark.iter().all(|c| c.is_ascii_alphanumeric())) {
            rest = &rest[..start];
        }
    }
    match rest {
        [.., ')'] => true,
        // A hat stands behind its letter.
        [.., letter, '\u{302}'] | [.., letter, '\''] => letter.is_alphabetic(),
        [.., before, letter] => letter.is_alphabetic() && !before.is_ascii_alphanumeric() && *before != '_',
        [letter] => letter.is_alphabetic(),
        [] => false,
    }
}

fn raised(c: char) -> Option<char> {
    Some(match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '+' => '⁺',
        '-' | '−' => '⁻',
        '(' => '⁽',
        ')' => '⁾',
        'b' => 'ᵇ',
        'c' => 'ᶜ',
        'f' => 'ᶠ',
        'g' => 'ᵍ',
        'h' => 'ʰ',
        'i' => 'ⁱ',
        'j' => 'ʲ',
        'k' => 'ᵏ',
        'l' => 'ˡ',
        'm' => 'ᵐ',
        'n' => 'ⁿ',
        'o' => 'ᵒ',
        'r' => 'ʳ',
        's' => 'ˢ',
        't' => 'ᵗ',
        'u' => 'ᵘ',
        'x' => 'ˣ',
        'z' => 'ᶻ',
        'L' => 'ᴸ',
        'T' => 'ᵀ',
        _ => return None,
    })
}

fn lowered(c: char) -> Option<char> {
    Some(match c {
        '0' => '₀',
        '1' => '₁',
        '2' => '₂',
        '3' => '₃',
        '4' => '₄',
        '5' => '₅',
        '6' => '₆',
        '7' => '₇',
        '8' => '₈',
        '9' => '₉',
        '+' => '₊',
        '-' | '−' => '₋',
        'h' => 'ₕ',
        'i' => 'ᵢ',
        'j' => 'ⱼ',
        'k' => 'ₖ',
        'l' => 'ₗ',
        'm' => 'ₘ',
        'n' => 'ₙ',
        'o' => 'ₒ',
        't' => 'ₜ',
        'x' => 'ₓ',
        ',' => ',',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_symbols_are_raised_and_lowered() {
        for (plain, set) in [
            ("δ^(2)_4 = +0.0166", "δ⁽²⁾₄ = +0.0166"),
            ("Θ^(1)[1,37]", "Θ⁽¹⁾[1,37]"),
            ("∂J/∂Θ^(1)", "∂J/∂Θ⁽¹⁾"),
            ("a_12^(L−1), δ_i^(l)", "a₁₂⁽ᴸ⁻¹⁾, δᵢ⁽ˡ⁾"),
            ("z^(l+1) = Θ^(l) [1; a^(l)]", "z⁽ˡ⁺¹⁾ = Θ⁽ˡ⁾ [1; a⁽ˡ⁾]"),
            ("J^(b), S_1, ‖D^(1)‖", "J⁽ᵇ⁾, S₁, ‖D⁽¹⁾‖"),
            ("g^f_3,2 and h_{t−1}, h_t, Θ^x", "gᶠ₃,₂ and hₜ₋₁, hₜ, Θˣ"),
            ("δ(g^f)_3,2", "δ(gᶠ)₃,₂"),
            ("1 / (1 + e^−z)", "1 / (1 + e⁻ᶻ)"),
            ("(Θ^(l))ᵀ", "(Θ⁽ˡ⁾)ᵀ"),
            ("g'_1", "g'₁"),
            ("reg^(1) of J", "reg⁽¹⁾ of J"),
            ("Θ^hᵀ δ_{t+1}, x_t,i, h_t, i", "Θʰᵀ δₜ₊₁, xₜ,ᵢ, hₜ, i"),
        ] {
            assert_eq!(typeset(plain), set);
        }
    }

    #[test]
    fn what_is_no_symbol_or_has_no_such_form_stays() {
        for text in [
            "theta_1.csv",
            "x_1.csv",
            "my_data_1",
            "sepal_length",
            "δ_d",
            "0.9^12",
            "e^(−0.83)",
            "Σ_{i≥1}",
            "^",
            "a^",
            "_1",
            "a_",
            "x_train",
        ] {
            assert_eq!(typeset(text), text);
        }
    }

    #[test]
    fn what_has_no_mark_is_not_copied() {
        assert!(matches!(typeset("δ = ∂J/∂z"), Cow::Borrowed(_)));
    }
}
