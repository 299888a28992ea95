//! Every number explained: the printed equation, worked out again from its text, is the number within its rounding.

use std::sync::Arc;

use deltascope::data::{self, Preparation, Prepared, Source};
use deltascope::derivation::{OfCost, OfSample, OfWeight, Quantity, Sample, Subject, Weight, explain};
use deltascope::nn::activation::normal;
use deltascope::nn::{Activation, Named, Optimizer, Output, Penalty};
use deltascope::train::{BatchSize, Config, DenseTrainer, DenseView, Schedule, Snapshot};

use crate::dense;
use crate::trainer::iris;

/// A value with a bound of the error that rounding may have given it.
#[derive(Clone, Copy, Debug)]
struct Rounded {
    value: f64,
    error: f64,
}

impl Rounded {
    fn of(value: f64, error: f64) -> Self {
        Self { value, error: error + f64::EPSILON * value.abs() }
    }
}

/// Reads an equation's right side as it is printed: numbers, + × / −, parentheses and functions.
struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn worked_out(text: &str) -> Rounded {
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

/// Everything that can be asked about in a snapshot, with one sample.
fn subjects(snapshot: DenseView<'_>, sample: Sample) -> Vec<Subject> {
    let sizes = snapshot.network.sizes();
    let last = sizes.len();
    let units = |l: usize| 0..sizes[l - 1];
    let of = |number: OfSample| Subject::Sample(sample, number);
    let mut all = vec![of(OfSample::Cost), Subject::Cost(OfCost::Data), Subject::Cost(OfCost::Total)];
    all.extend(units(1).map(|unit| of(OfSample::A(1, unit))));
    all.extend(units(last).map(|unit| of(OfSample::CostTerm(unit))));
    for l in 2..=last {
        all.extend(
            units(l).flat_map(|unit| [OfSample::Z(l, unit), OfSample::A(l, unit), OfSample::Delta(l, unit)].map(of)),
        );
    }
    for l in 2..last {
        all.extend(units(l).flat_map(|unit| [OfSample::GradA(l, unit), OfSample::Slope(l, unit)].map(of)));
    }
    for (l, theta) in (1..).zip(&snapshot.network.theta) {
        all.extend([Subject::Cost(OfCost::Reg(l)), Subject::Cost(OfCost::Share(l))]);
        for ((j, i), _) in theta.indexed_iter() {
            let weight = Weight { l, j, i };
            all.push(of(OfSample::Gradient(weight)));
            let there_are = Quantity::ALL.into_iter().filter(|quantity| quantity.matrix(&snapshot, l).is_some());
            all.extend(there_are.map(|quantity| Subject::Weight(weight, OfWeight::Is(quantity))));
            all.push(Subject::Weight(weight, OfWeight::Next));
        }
    }
    all
}

#[track_caller]
fn assert_explained(snapshot: &Snapshot, sample: Sample) {
    let snapshot = dense(snapshot);
    for subject in subjects(snapshot, sample) {
        let explanation = explain(subject, snapshot).unwrap_or_else(|| panic!("{subject:?} is there"));
        let Some(expr) = explanation.expr else {
            assert!(matches!(subject, Subject::Weight(_, OfWeight::Is(Quantity::Theta))), "{subject:?}");
            assert!(!explanation.note.is_empty());
            continue;
        };
        let full = Reader::worked_out(&expr.numbers());
        // The number was rounded on its own way to the screen, by as much again.
        let close = 2.0 * full.error + f64::MIN_POSITIVE;
        let off = (full.value - explanation.value).abs();
        assert!(
            off <= close,
            "{}: {} is {:e}, not {:e}",
            explanation.name,
            expr.numbers(),
            full.value,
            explanation.value
        );
        let short = Reader::worked_out(&expr.shortened(3).numbers());
        assert!((short.value - explanation.value).abs() <= 2.0 * close, "{} in short", explanation.name);
        assert!(
            close <= 1e-10 * (1.0 + explanation.value.abs()),
            "{}: the bound says nothing: {close:e}",
            explanation.name
        );
        for operand in expr.operands() {
            if let Some(subject) = operand.subject {
                let inner = explain(subject, snapshot).unwrap_or_else(|| panic!("{subject:?} is there"));
                assert!(inner.value == operand.value, "{}: {:e} or {:e}", operand.name, inner.value, operand.value);
            }
        }
    }
}

fn snapshot(config: Config, steps: usize) -> Box<Snapshot> {
    let data = iris(&config);
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), data).expect("the options fit");
    (0..steps).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer.snapshot(None)
}

fn digits() -> Arc<Prepared> {
    let dataset = data::load(&Source::named("digits")).expect("it is built in");
    let options = Preparation { test_split: 0.2, seed: 1, ..Preparation::default() };
    Arc::new(data::prepare(Arc::new(dataset), &options).expect("it is finite"))
}

#[test]
fn every_number_recomputes_for_every_activation_output_and_penalty() {
    for &activation in Activation::ALL {
        for &output in Output::ALL {
            for &penalty in Penalty::ALL {
                let config = Config {
                    layers: vec![4, 3],
                    activation: vec![activation],
                    alpha: 0.05,
                    batch: BatchSize::Size(6),
                    output,
                    penalty,
                    ..Config::default()
                };
                let snapshot = snapshot(config, 3);
                assert_explained(&snapshot, Sample { held_out: false, row: snapshot.batch[1] });
                assert_explained(&snapshot, Sample { held_out: true, row: 2 });
            }
        }
    }
}

#[test]
fn every_number_recomputes_where_units_are_left_out() {
    for &activation in Activation::ALL {
        let net = Config { layers: vec![6, 5], activation: vec![activation], dropout: 0.4, ..Config::default() };
        let snapshot = snapshot(Config { batch: BatchSize::Size(6), alpha: 0.05, ..net }, 3);
        let masks = [2, 3].map(|l| dense(&snapshot).mask(l).expect("there is dropout"));
        assert!(masks.iter().all(|mask| mask.iter().any(|&r| r == 0.0) && mask.iter().any(|&r| r > 1.0)));
        assert_explained(&snapshot, Sample { held_out: false, row: snapshot.batch[1] });
        assert_explained(&snapshot, Sample { held_out: true, row: 2 });
    }
}

#[test]
fn every_number_recomputes_for_every_optimizer() {
    for &optimizer in Optimizer::ALL {
        for (steps, clip) in [(0, None), (5, None), (5, Some(0.1))] {
            let schedule = Schedule::Inverse { epochs: 3 };
            let config =
                Config { layers: vec![3], batch: BatchSize::Size(60), optimizer, alpha: 0.05, ..Config::default() };
            let config = Config { schedule, clip, ..config };
            let snapshot = snapshot(config, steps);
            assert_explained(&snapshot, Sample { held_out: false, row: snapshot.batch[1] });
            let (v, s) = optimizer.remembers();
            let there_is = |quantity: Quantity| quantity.matrix(&snapshot, 1).is_some();
            assert_eq!((there_is(Quantity::Velocity), there_is(Quantity::Squares)), (v, s));
        }
    }
}

#[test]
fn saturated_and_untouched_nets_recompute_too() {
    for (alpha, steps) in [(30.0, 40), (0.1, 0)] {
        let config = Config { layers: vec![4], alpha, lambda: 0.0, batch: BatchSize::Size(8), ..Config::default() };
        let snapshot = snapshot(config, steps);
        assert_explained(&snapshot, Sample { held_out: false, row: snapshot.batch[0] });
    }
}

#[test]
fn every_number_of_a_digits_net_recomputes() {
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(Config::default()), digits()).expect("the options fit");
    (0..45).for_each(|_| trainer.step().expect("it does not diverge"));
    let snapshot = trainer.snapshot(None);
    assert_explained(&snapshot, Sample { held_out: false, row: snapshot.batch[7] });
}

#[test]
fn a_number_of_another_moment_says_of_which_and_that_its_theta_is_gone() {
    let snapshot = snapshot(Config::default(), 9);
    let past = snapshot.latest;
    assert_eq!((past.epoch, past.step), (2, 8));
    let explanation = explain(Subject::Epoch(past), dense(&snapshot)).expect("it is there");
    assert_eq!((explanation.name.as_str(), explanation.value), ("J after epoch 2", past.total()));
    assert!(explanation.note.contains("at the Θ of step 8, which is gone"), "{}", explanation.note);
    let expr = explanation.expr.expect("its two parts");
    assert_eq!((expr.symbols().as_str(), expr.value()), ("data + reg", past.total()));
    assert!(expr.operands().iter().all(|operand| operand.subject.is_none()), "the chain ends here");
}

#[test]
fn a_large_batch_has_its_uncarried_samples_in_one_remainder() {
    let config = Config { batch: BatchSize::Full, ..Config::default() };
    let snapshot = DenseTrainer::<f64>::new(Arc::new(config), digits()).expect("the options fit").snapshot(None);
    let weight = Weight { l: 2, j: 3, i: 5 };
    for subject in [Subject::Weight(weight, OfWeight::Is(Quantity::D)), Subject::Cost(OfCost::Data)] {
        let explanation = explain(subject, dense(&snapshot)).expect("it is there");
        let expr = explanation.expr.expect("it has an equation");
        assert!(expr.symbols().contains("[1182 samples not carried]"), "{}", expr.symbols());
        let value = Reader::worked_out(&expr.numbers()).value;
        assert!((value - explanation.value).abs() <= 1e-13 * explanation.value.abs().max(1e-3));
    }
}

#[test]
fn the_names_are_the_derivations() {
    let snapshot = snapshot(Config { layers: vec![4, 3], ..Config::default() }, 0);
    let sample = Sample { held_out: false, row: snapshot.batch[0] };
    let symbols = |subject: Subject| {
        let explanation = explain(subject, dense(&snapshot)).expect("it is there");
        (explanation.name, explanation.equation.number, explanation.expr.map(|expr| expr.symbols()).unwrap_or_default())
    };
    let of = |number| symbols(Subject::Sample(sample, number));
    let (name, number, text) = of(OfSample::Z(2, 0));
    assert_eq!((name.as_str(), number), ("z^(2)_1", "1.1.2"));
    assert!(text.starts_with("Θ^(1)[1,0] × 1 + Θ^(1)[1,1] × a^(1)_1 + Θ^(1)[1,2] × a^(1)_2"), "{text}");
    assert_eq!(of(OfSample::A(2, 0)).2, "1 / (1 + exp(-z^(2)_1))");
    assert_eq!(of(OfSample::Delta(4, 1)).2, "a^(4)_2 − y_2");
    assert_eq!(of(OfSample::Delta(2, 3)).2, "∂J/∂a^(2)_4 × g'(z^(2)_4)");
    assert_eq!(of(OfSample::GradA(3, 0)).2, "δ^(4)_1 × Θ^(3)[1,1] + δ^(4)_2 × Θ^(3)[2,1] + δ^(4)_3 × Θ^(3)[3,1]");
    let weight = Weight { l: 1, j: 0, i: 2 };
    assert_eq!(symbols(Subject::Weight(weight, OfWeight::Is(Quantity::Penalty))).2, "(λ / m) × Θ^(1)[1,2]");
    assert_eq!(symbols(Subject::Weight(weight, OfWeight::Is(Quantity::Update))).2, "-α × ∂J/∂Θ^(1)[1,2]");
}
