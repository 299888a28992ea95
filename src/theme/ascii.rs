//! How the derivation's signs are spelt where only ASCII can be shown.

use std::borrow::Cow;

/// `text` with every character that is not ASCII spelt out, or as it is if there is none.
pub fn spelt(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.push_str(spelling(c));
        }
    }
    Cow::Owned(out)
}

fn spelling(c: char) -> &'static str {
    greek(c).or_else(|| sign(c)).unwrap_or("?")
}

fn greek(c: char) -> Option<&'static str> {
    Some(match c {
        'Θ' => "Theta",
        'θ' => "theta",
        'δ' => "delta",
        'Δ' => "Delta",
        'λ' => "lambda",
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'η' => "eta",
        'ε' | 'ϵ' => "eps",
        'μ' => "mu",
        'ρ' => "rho",
        'σ' => "sigma",
        'φ' => "phi",
        'π' => "pi",
        'Φ' => "Phi",
        'Σ' | '∑' => "Sum",
        _ => return None,
    })
}

fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        // A hat is a mark of its own behind its letter.
        '\u{302}' => "^",
        '₀' => "0",
        '₂' => "2",
        '½' => "1/2",
        '∂' => "d",
        '∇' => "grad",
        '√' => "sqrt",
        '∞' => "inf",
        '∈' => "in",
        '‖' => "||",
        '−' | '–' | '—' | '─' => "-",
        '×' => "x",
        '⊙' => "o",
        '·' | '•' => ".",
        '›' => ">",
        '→' => "->",
        '←' => "<-",
        '↑' | '▲' | '▴' => "^",
        '↓' | '▼' | '▾' => "v",
        '±' => "+-",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '≈' => "~",
        '¹' => "^1",
        '²' => "^2",
        '³' => "^3",
        'ᵀ' => "^T",
        '′' | '’' | '‘' => "'",
        '“' | '”' => "\"",
        '…' => "...",
        '▸' | '▶' => ">",
        '◂' | '◀' => "<",
        '✓' => "ok",
        '✗' => "x",
        '█' => "#",
        '│' | '┃' => "|",
        '\u{a0}' | '\u{202f}' => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_the_derivation_are_spelt() {
        assert_eq!(spelt("δ^(2) = (Θ^(2))ᵀδ^(3) ⊙ g′(z)"), "delta^(2) = (Theta^(2))^Tdelta^(3) o g'(z)");
        assert_eq!(spelt("λ/m Σ Θ² ± 1 … ‖D‖ ≤ ε"), "lambda/m Sum Theta^2 +- 1 ... ||D|| <= eps");
        assert_eq!(spelt("∂J/∂Θ − α×Δ · 3 → ← ▸ ✓ ✗ ≠ ≥ –"), "dJ/dTheta - alphaxDelta . 3 -> <- > ok x != >= -");
    }

    #[test]
    fn what_has_no_spelling_is_a_question_mark() {
        assert_eq!(spelt("naïve 数"), "na?ve ?");
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(spelt("|d| Theta^(1)"), Cow::Borrowed(_)));
    }
}
