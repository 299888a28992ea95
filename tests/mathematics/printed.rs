//! The right side of an equation as it is printed, worked out again from its text with a bound of what rounding may have changed.

use deltascope::nn::activation::normal;

/// A value with a bound of the error that rounding may have given it.
#[derive(Clone, Copy, Debug)]
pub struct Rounded {
    /// The value.
    pub value: f64,
    /// The bound.
    pub error: f64,
}

impl Rounded {
    fn of(value: f64, error: f64) -> Self {
        Self { value, error: error + f64::EPSILON * value.abs() }
    }
}

/// Reads an equation's right side as it is printed: numbers, + × / −, parentheses and functions.
pub struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    /// What it comes to.
    pub fn worked_out(text: &str) -> Rounded {
        let mut reader = Reader { text };
        let value = reader.sum();
        assert!(reader.text.is_empty(), "left over: {}", reader.text);
        value
    }

    fn eat(&mut self, token: &str) -> bool {
        let rest = self.text.strip_prefix(token);
        self.text = rest.unwrap_or(self.text);
        rest.is_some()
    }

    fn sum(&mut self) -> Rounded {
        let mut terms = vec![self.product()];
        loop {
            if self.eat(" + ") {
                terms.push(self.product());
            } else if self.eat(" − ") {
                let term = self.product();
                terms.push(Rounded { value: -term.value, ..term });
            } else {
                break;
            }
        }
        if terms.len() == 1 {
            return terms[0];
        }
        let magnitudes: f64 = terms.iter().map(|term| term.value.abs()).sum();
        let errors: f64 = terms.iter().map(|term| term.error).sum();
        let rounding = terms.len() as f64 * f64::EPSILON * magnitudes;
        Rounded::of(terms.iter().map(|term| term.value).sum(), errors + rounding)
    }

    fn product(&mut self) -> Rounded {
        let mut product = self.atom();
        loop {
            let (one, divides) = match (self.eat(" × "), self.eat(" / ")) {
                (true, _) => (self.atom(), false),
                (_, true) => (self.atom(), true),
                _ => return product,
            };
            product = if divides {
                let error = product.error / one.value.abs() + one.error * product.value.abs() / one.value.powi(2);
                Rounded::of(product.value / one.value, error)
            } else {
                let error = product.error * one.value.abs() + one.error * product.value.abs();
                Rounded::of(product.value * one.value, error)
            };
        }
    }

    fn atom(&mut self) -> Rounded {
        if self.eat("(") {
            let inner = self.sum();
            assert!(self.eat(")"), "no ) before {}", self.text);
            return inner;
        }
        for name in ["exp", "log", "tanh", "abs", "max", "sign", "sqrt", "sin", "cos", "Phi"] {
            if self.eat(&format!("{name}(")) {
                let _ = name == "max" && self.eat("0, ");
                let inner = self.sum();
                assert!(self.eat(")"), "no ) before {}", self.text);
                return function(name, inner);
            }
        }
        if self.eat("-") {
            let inner = self.atom();
            return Rounded { value: -inner.value, ..inner };
        }
        let number = |c: char| c.is_ascii_digit() || c == '.' || c == 'e' || c == 'E';
        let mut end = self.text.find(|c| !number(c)).unwrap_or(self.text.len());
        if self.text[..end].ends_with('e') {
            // The sign of an exponent.
            end += 1 + self.text[end + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(self.text.len() - end - 1);
        }
        let (digits, rest) = self.text.split_at(end);
        self.text = rest;
        let base =
            Rounded { value: digits.parse().unwrap_or_else(|_| panic!("{digits:?} before {rest:?}")), error: 0.0 };
        if !self.eat("^") {
            return base;
        }
        let end = self.text.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.text.len());
        let (power, rest) = self.text.split_at(end);
        self.text = rest;
        let value = base.value.powi(power.parse().expect("a power is a whole number"));
        Rounded::of(value, 2.0 * f64::EPSILON * value)
    }
}

fn function(name: &str, x: Rounded) -> Rounded {
    match name {
        "exp" => Rounded::of(x.value.exp(), x.value.exp() * (x.error + f64::EPSILON)),
        "log" => Rounded::of(x.value.ln(), x.error / x.value.abs() + f64::EPSILON),
        "sin" => Rounded::of(x.value.sin(), x.error + f64::EPSILON * (1.0 + x.value.abs())),
        "cos" => Rounded::of(x.value.cos(), x.error + f64::EPSILON * (1.0 + x.value.abs())),
        "Phi" => Rounded::of(normal(x.value), x.error + 2.0 * f64::EPSILON),
        "tanh" => Rounded::of(x.value.tanh(), x.error + f64::EPSILON),
        "abs" => Rounded { value: x.value.abs(), ..x },
        // Near 0 a root moves by the root of what moves below it.
        "sqrt" => Rounded::of(x.value.sqrt(), (x.error / x.value.sqrt().max(f64::MIN_POSITIVE)).min(x.error.sqrt())),
        "max" => Rounded { value: x.value.max(0.0), ..x },
        _ => Rounded { value: if x.value == 0.0 { 0.0 } else { x.value.signum() }, ..x },
    }
}
