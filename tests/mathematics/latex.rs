//! What is copied as LaTeX is LaTeX: braces and delimiters are closed, commands are known and have their arguments.

use deltascope::derivation::Expr;
use deltascope::derivation::equation::{ALL, EXTENSIONS};
use deltascope::derivation::expr::Function;
use deltascope::derivation::latex::latex;

/// Commands of LaTeX's mathematics, and of amsmath, with so many arguments.
const COMMANDS: [(&str, usize); 53] = [
    ("frac", 2),
    ("tfrac", 2),
    ("sqrt", 1),
    ("text", 1),
    ("mathsf", 1),
    ("mathrm", 1),
    ("operatorname", 1),
    ("hat", 1),
    ("begin", 1),
    ("end", 1),
    ("left", 0),
    ("right", 0),
    ("partial", 0),
    ("sum", 0),
    ("times", 0),
    ("cdot", 0),
    ("odot", 0),
    ("to", 0),
    ("leftarrow", 0),
    ("ge", 0),
    ("le", 0),
    ("ne", 0),
    ("pm", 0),
    ("infty", 0),
    ("surd", 0),
    ("dots", 0),
    ("prime", 0),
    ("log", 0),
    ("exp", 0),
    ("tanh", 0),
    ("max", 0),
    ("sin", 0),
    ("cos", 0),
    ("Theta", 0),
    ("Delta", 0),
    ("Phi", 0),
    ("alpha", 0),
    ("beta", 0),
    ("gamma", 0),
    ("delta", 0),
    ("varepsilon", 0),
    ("epsilon", 0),
    ("eta", 0),
    ("lambda", 0),
    ("mu", 0),
    ("pi", 0),
    ("rho", 0),
    ("sigma", 0),
    ("varphi", 0),
    ("{", 0),
    ("}", 0),
    ("|", 0),
    ("\\", 0),
];

/// A text in mathematics, with the place that it is read from.
struct Tex<'a> {
    text: &'a str,
    chars: Vec<char>,
    at: usize,
}

impl Tex<'_> {
    #[track_caller]
    fn wrong(&self, why: &str) -> ! {
        panic!("{why} at {} of {}", self.at, self.text)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Reads up to a closing brace, `\right`, `\end` or the end of the text, and returns which of them it was.
    fn sequence(&mut self) -> String {
        let (mut above, mut below) = (false, false);
        while let Some(c) = self.peek() {
            assert!(c.is_ascii(), "{c:?} in {}", self.text);
            match c {
                '}' => return "}".into(),
                '^' | '_' => {
                    let twice = if c == '^' { &mut above } else { &mut below };
                    if std::mem::replace(twice, true) {
                        self.wrong("two marks at one symbol");
                    }
                    self.at += 1;
                    self.group();
                    continue;
                }
                '\'' => {
                    above = true;
                    self.at += 1;
                    continue;
                }
                '{' => self.group(),
                '\\' => {
                    let name = self.command();
                    match name.as_str() {
                        "right" | "end" => return name,
                        "left" => {
                            self.delimiter();
                            assert_eq!(self.sequence(), "right", "{}", self.text);
                            self.delimiter();
                        }
                        "begin" => {
                            self.group();
                            assert_eq!(self.sequence(), "end", "{}", self.text);
                            self.group();
                        }
                        "text" => self.words(),
                        _ => {
                            let known = COMMANDS.iter().find(|(known, _)| *known == name);
                            let Some((_, arguments)) = known else { self.wrong(&format!("\\{name}")) };
                            (0..*arguments).for_each(|_| self.group());
                        }
                    }
                }
                '%' | '#' | '$' | '~' => self.wrong("a character that means something else"),
                _ => self.at += 1,
            }
            (above, below) = (false, false);
        }
        String::new()
    }

    fn command(&mut self) -> String {
        self.at += 1;
        let rest = &self.chars[self.at..];
        let letters = rest.iter().take_while(|c| c.is_ascii_alphabetic()).count();
        let length = letters.max(1);
        let name: String = rest.iter().take(length).collect();
        self.at += length;
        if name.len() == 1 && "%_#&$".contains(&name) { "{".into() } else { name }
    }

    fn delimiter(&mut self) {
        if !matches!(self.peek(), Some('(' | ')' | '|')) {
            self.wrong("no delimiter");
        }
        self.at += 1;
    }

    fn group(&mut self) {
        if self.peek() != Some('{') {
            self.wrong("no group");
        }
        self.at += 1;
        if self.sequence() != "}" {
            self.wrong("a group that is not closed");
        }
        self.at += 1;
    }

    fn words(&mut self) {
        let Some(length) = self.chars[self.at..].iter().position(|&c| c == '}') else { self.wrong("no end of words") };
        let words: String = self.chars[self.at..self.at + length].iter().collect();
        if !words[1..].chars().all(|c| c.is_ascii_alphanumeric() || c == ' ') {
            self.wrong("more than words");
        }
        self.at += length + 1;
    }
}

/// That a text is LaTeX's mathematics; a line that begins with % is a comment.
#[track_caller]
pub fn assert_is_latex(text: &str) {
    let lines: String = text.lines().filter(|line| !line.starts_with('%')).map(|line| format!("{line}\n")).collect();
    let mut tex = Tex { text, chars: lines.chars().collect(), at: 0 };
    let end = tex.sequence();
    assert!(end.is_empty(), "{end} closes nothing in {text}");
}

#[test]
fn every_equation_of_the_derivation_is_latex() {
    for equation in ALL.iter().chain(EXTENSIONS) {
        let text = latex(equation.symbols);
        assert_is_latex(&text);
        assert!(!text.contains("?"), "({}) {text}", equation.number);
    }
}

#[test]
fn every_form_of_an_expression_is_latex() {
    let x = || Expr::given("Θ^(1)[2,1]", -1.5e-7, "a test");
    let functions = [
        Function::Exp,
        Function::Log,
        Function::Tanh,
        Function::Abs,
        Function::Positive,
        Function::Sign,
        Function::Root,
        Function::Sin,
        Function::Cos,
        Function::Normal,
        Function::Power(12),
    ];
    for function in functions {
        let sum = Expr::Sum(vec![Expr::Number(1.0), x().call(function).minus()]);
        for text in Expr::Product(vec![sum.clone().over(x()), sum.minus()]).latex() {
            assert_is_latex(&text);
        }
    }
    let quotient = Expr::Sum(vec![x(), x().minus().over(Expr::Sum(vec![x(), x()]))]);
    let [symbols, numbers] = quotient.latex();
    assert_eq!(symbols, r"\Theta_{2,1}^{(1)} - \frac{\Theta_{2,1}^{(1)}}{\Theta_{2,1}^{(1)} + \Theta_{2,1}^{(1)}}");
    let with_sign =
        r"-1.5 \times 10^{-7} - \frac{\left(-1.5 \times 10^{-7}\right)}{-1.5 \times 10^{-7} - 1.5 \times 10^{-7}}";
    assert_eq!(numbers, with_sign);
}

#[test]
fn what_is_no_latex_is_found() {
    for text in ["{", "a}", r"\frac{a}", r"\unknown", "a^b", "x_{1}_{2}", r"\left(a", "δ", "a%"] {
        assert!(std::panic::catch_unwind(|| assert_is_latex(text)).is_err(), "{text}");
    }
}
