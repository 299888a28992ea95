//! Symbols and equations of the derivation as LaTeX: δ^(2)_4 as \delta^{(2)}_{4}, ∂J/∂Θ as a fraction.

/// A symbol, an equation or a number, as the screen writes it in one line, in LaTeX's mathematics; words stay words.
pub fn latex(text: &str) -> String {
    let mut scanner = Scanner { chars: text.chars().collect(), at: 0, out: String::with_capacity(2 * text.len()) };
    while let Some(c) = scanner.next() {
        scanner.part(c);
    }
    scanner.out.trim().to_string()
}

/// Numbers, each by its name and what it is equal to, as one `aligned` environment.
pub fn aligned<'a, S: IntoIterator<Item = String>>(all: impl IntoIterator<Item = (&'a str, S)>) -> String {
    let line = |(name, sides): (&str, S)| {
        let mut left = latex(name);
        let lines = sides.into_iter().map(|side| format!("{} &= {side}", std::mem::take(&mut left)));
        lines.collect::<Vec<_>>().join(" \\\\\n")
    };
    let lines: Vec<String> = all.into_iter().map(line).collect();
    format!("\\begin{{aligned}}\n{}\n\\end{{aligned}}\n", lines.join(" \\\\\n"))
}

/// A text that is read from left to right, and what has come out so far.
struct Scanner {
    chars: Vec<char>,
    at: usize,
    out: String,
}

impl Scanner {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    /// Adds a piece; a command that ends with a letter is kept apart from one that begins with one.
    fn push(&mut self, piece: &str) {
        let command = self.out.rfind('\\').is_some_and(|start| self.out[start + 1..].chars().all(char::is_alphabetic));
        if command && piece.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.out.push(' ');
        }
        self.out.push_str(piece);
    }

    /// The part of a text that begins with a character.
    fn part(&mut self, c: char) {
        match c {
            '∂' => {
                let over = self.derivative();
                let goes_on = self.peek() == Some('/') && self.chars.get(self.at + 1) == Some(&'∂');
                if !goes_on {
                    return self.push(&over);
                }
                self.at += 2;
                let under = self.derivative();
                self.push(&format!(r"\frac{{{over}}}{{{under}}}"));
            }
            _ if c.is_ascii_digit() => {
                let number = self.number(c);
                self.push(&number);
            }
            _ if c.is_alphabetic() && sign(c).is_none() => {
                let symbol = self.symbol(c);
                self.push(&symbol);
            }
            ')' => {
                let marks = self.marks();
                self.push(&format!("){marks}"));
            }
            _ => match sign(c) {
                Some(sign) => {
                    let marks = if "Σ‖".contains(c) { self.marks() } else { String::new() };
                    self.push(&format!("{sign}{marks}"));
                }
                None if c == '|' => {
                    let marks = self.marks();
                    self.push(&format!("|{marks}"));
                }
                None if matches!(c, '{' | '}' | '%' | '&' | '#' | '$' | '_') => self.push(&format!(r"\{c}")),
                None if c.is_ascii() && c != '\\' && c != '^' && c != '~' => self.push(&c.to_string()),
                None => self.push(r"\text{?}"),
            },
        }
    }

    /// ∂ and the symbol behind it.
    fn derivative(&mut self) -> String {
        let symbol = match self.next() {
            Some(c) if c.is_alphabetic() => self.symbol(c),
            Some(c) => c.to_string(),
            None => String::new(),
        };
        format!(r"\partial {symbol}")
    }

    /// A letter or a word, with its marks.
    fn symbol(&mut self, first: char) -> String {
        let started_after_blank = self.at >= 2 && self.chars[self.at - 2] == ' ';
        let mut word = first.to_string();
        while first.is_ascii() && self.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
            word.extend(self.next());
        }
        let base = match word.as_str() {
            "log" | "exp" | "tanh" | "max" | "sin" | "cos" => return format!(r"\{word} "),
            _ if !first.is_ascii() => greek(first).map_or_else(|| r"\text{?}".into(), |name| format!(r"\{name}")),
            _ if word.len() == 1 => word,
            // dx of the chain rule.
            _ if word.len() == 2 && first == 'd' => format!(r"\mathrm{{d}}{}", &word[1..]),
            _ => {
                let blank = |there: bool| if there { " " } else { "" };
                let ends_before_blank = self.peek() == Some(' ');
                format!(r"\text{{{}{word}{}}}", blank(started_after_blank), blank(ends_before_blank))
            }
        };
        let base = if self.peek() == Some('\u{302}') {
            self.at += 1;
            format!(r"\hat{{{base}}}")
        } else {
            base
        };
        format!("{base}{}", self.marks())
    }

    /// What stands above and below a symbol, in the order of LaTeX: first all of what is below.
    fn marks(&mut self) -> String {
        let (mut above, mut below, mut primes) = (String::new(), String::new(), String::new());
        loop {
            match (self.peek(), self.chars.get(self.at + 1)) {
                (Some('\'' | '′'), _) => {
                    primes.push('\'');
                    self.at += 1;
                }
                (Some(mark @ ('²' | '³' | '¹' | 'ᵀ')), _) => {
                    above.push_str(match mark {
                        '¹' => "1",
                        '²' => "2",
                        '³' => "3",
                        _ => r"\mathsf{T}",
                    });
                    self.at += 1;
                }
                (Some(mark @ '₀'..='₉'), _) => {
                    below.extend(char::from_digit(mark as u32 - '₀' as u32, 10));
                    self.at += 1;
                }
                (Some('['), Some(next)) if next.is_ascii_digit() || next.is_ascii_lowercase() => {
                    let Some(length) = self.chars[self.at..].iter().position(|&c| c == ']') else { break };
                    let inner: String = self.chars[self.at + 1..self.at + length].iter().collect();
                    if inner.contains(' ') {
                        break;
                    }
                    self.at += length + 1;
                    comma(&mut below);
                    below.push_str(&index(&inner));
                }
                (Some(mark @ ('^' | '_')), Some(_)) => {
                    self.at += 1;
                    let inner = self.mark();
                    if mark == '_' {
                        comma(&mut below);
                        below.push_str(&index(&inner));
                    } else {
                        above.push_str(&index(&inner));
                    }
                }
                _ => break,
            }
        }
        let below = if below.is_empty() { below } else { format!("_{{{below}}}") };
        // A prime is a superscript of its own.
        let above = match (above.is_empty(), primes.is_empty()) {
            (true, _) => primes,
            (false, true) => format!("^{{{above}}}"),
            (false, false) => format!(r"^{{\prime {above}}}"),
        };
        format!("{below}{above}")
    }

    /// What is raised or lowered by the mark before it.
    fn mark(&mut self) -> String {
        let closed = match self.peek() {
            Some('(') => Some(')'),
            Some('{') => Some('}'),
            _ => None,
        };
        let start = self.at;
        if let Some(end) = closed.and_then(|end| self.chars[start..].iter().position(|&c| c == end)) {
            self.at += end + 1;
            let inner = if closed == Some('}') { start + 1..start + end } else { start..start + end + 1 };
            return self.chars[inner].iter().collect();
        }
        let is_part = |(place, c): (usize, &char)| {
            let goes_on = self.chars.get(start + place + 1).is_some_and(char::is_ascii_alphanumeric);
            c.is_ascii_alphanumeric()
                || (place == 0 && matches!(c, '-' | '−' | '+'))
                || (place > 0 && *c == ',' && goes_on)
        };
        let rest = self.chars[start..].iter().enumerate();
        let length = rest.take_while(|&(place, c)| is_part((place, c))).count();
        self.at += length;
        self.chars[start..start + length].iter().collect()
    }

    /// A number, with its power of ten written out.
    fn number(&mut self, first: char) -> String {
        let mut digits = first.to_string();
        while self.peek().is_some_and(|c| c.is_ascii_digit())
            || (self.peek() == Some('.') && self.chars.get(self.at + 1).is_some_and(char::is_ascii_digit))
        {
            digits.extend(self.next());
        }
        let rest: String = self.chars[self.at..].iter().take(2).collect();
        let exponent = match rest.strip_prefix('e').map(|rest| rest.chars().next()) {
            Some(Some('-')) => 2,
            Some(Some(c)) if c.is_ascii_digit() => 1,
            _ => return digits,
        };
        let sign = if exponent == 2 { "-" } else { "" };
        self.at += exponent;
        let mut power = String::new();
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            power.extend(self.next());
        }
        format!(r"{digits} \times 10^{{{sign}{power}}}")
    }
}

/// A mark: each of its letters is an index of its own, such as those of Θ_di.
fn index(text: &str) -> String {
    let mut scanner = Scanner { chars: Vec::new(), at: 0, out: String::new() };
    for c in text.chars() {
        match (greek(c), sign(c)) {
            (Some(name), _) => scanner.push(&format!(r"\{name}")),
            (None, Some(sign)) => scanner.push(sign),
            (None, None) if c.is_ascii_alphanumeric() || "()+-,=".contains(c) => scanner.push(&c.to_string()),
            (None, None) => scanner.push(r"\text{?}"),
        }
    }
    scanner.out
}

fn comma(below: &mut String) {
    if !below.is_empty() {
        below.push(',');
    }
}

fn greek(c: char) -> Option<&'static str> {
    Some(match c {
        'Θ' => "Theta",
        'Δ' => "Delta",
        'Φ' => "Phi",
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' => "varepsilon",
        'ϵ' => "epsilon",
        'η' => "eta",
        'λ' => "lambda",
        'μ' => "mu",
        'π' => "pi",
        'ρ' => "rho",
        'σ' => "sigma",
        'φ' => "varphi",
        _ => return None,
    })
}

fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        'Σ' => r"\sum",
        '−' => "-",
        '×' => r" \times ",
        '·' => r" \cdot ",
        '⊙' => r" \odot ",
        '→' => r" \to ",
        '←' => r" \leftarrow ",
        '≥' => r" \ge ",
        '≤' => r" \le ",
        '≠' => r" \ne ",
        '±' => r" \pm ",
        '∞' => r"\infty",
        '√' => r"\surd",
        '…' => r" \dots ",
        '‖' => r"\|",
        '½' => r"\tfrac{1}{2}",
        '²' => "^{2}",
        'ᵀ' => r"^{\mathsf{T}}",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_and_equations_are_latex() {
        for (plain, set) in [
            ("δ^(2)_4", r"\delta_{4}^{(2)}"),
            ("Θ^(1)[1,37]", r"\Theta_{1,37}^{(1)}"),
            ("∂J/∂Θ^(1)[3,2]", r"\frac{\partial J}{\partial \Theta_{3,2}^{(1)}}"),
            (
                "δ_i^(l) = g'(z_i) Σ_d δ_d^(l+1) Θ_di",
                r"\delta_{i}^{(l)} = g'(z_{i}) \sum_{d} \delta_{d}^{(l+1)} \Theta_{di}",
            ),
            ("Σ_j Σ_{i≥1} Θ_ji²", r"\sum_{j} \sum_{i \ge 1} \Theta_{ji}^{2}"),
            ("z^(l+1) = Θ^(l) [1; a^(l)]", r"z^{(l+1)} = \Theta^{(l)} [1; a^{(l)}]"),
            ("Θ^hᵀ δ_{t+1}", r"\Theta^{h\mathsf{T}} \delta_{t+1}"),
            ("δ(g^f)_3,2", r"\delta(g^{f})_{3,2}"),
            ("1 / (1 + e^−z)", r"1 / (1 + e^{-z})"),
            ("δ^(L), then δ^(L−1) … δ^(2)", r"\delta^{(L)},\text{ then } \delta^{(L-1)} \dots \delta^{(2)}"),
            (
                "dz/dx = dz/dy · dy/dx",
                r"\mathrm{d}z/\mathrm{d}x = \mathrm{d}z/\mathrm{d}y \cdot \mathrm{d}y/\mathrm{d}x",
            ),
            ("-1.5e-7", r"-1.5 \times 10^{-7}"),
            ("50 %_x", r"50 \%\_x"),
            ("‖D‖ αδ", r"\|D\| \alpha\delta"),
            ("α x", r"\alpha x"),
            ("αx", r"\alpha x"),
            ("β₂ Σ|Θ|^(1)_2", r"\beta_{2} \sum|\Theta|_{2}^{(1)}"),
        ] {
            // Blanks are nothing in LaTeX's mathematics.
            let close = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(close(&latex(plain)), close(set), "{plain}");
        }
    }
}
