//! What every network has of each Θ: its gradient over the batch, the penalty, and the update with what the optimiser remembers.

use super::definition::{Definition, EquationForm, NodeAxes, Phase, Stored, When};
use super::formula::{D, Formula, ROW, number, of, over_samples, sigma};
use super::given;
use super::node::{QuantityKey, letter};
use super::optimizer::{StepParts, UpdateEquations, update_equations};
use super::penalty::{self, Summand, penalty_equations};
use crate::derivation::Quantity;
use crate::derivation::equation::{self, Equation};
use crate::nn::{Optimizer, Penalty, Symbol};
use crate::train::{Schedule, Snapshot};

/// One Θ of a network.
#[derive(Clone, Copy)]
struct Theta<'a> {
    snapshot: &'a Snapshot,
    /// Which it is, counted from 0.
    index: usize,
    symbol: Symbol,
    /// Its leading columns of biases.
    biases: usize,
    axes: NodeAxes,
}

/// The axes of a Θ of a snapshot, which are counted from 0.
pub(super) fn axes(snapshot: &Snapshot, index: usize) -> NodeAxes {
    let (rows, columns) = snapshot.model.parameters()[index].dim();
    let biases = snapshot.parameters[index].biases;
    NodeAxes::matrix(rows, (usize::from(biases == 0), columns - biases.min(columns)))
}

/// What a Θ is.
fn theta_words(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Of("x") => {
            "the matrix of the weights from the input of a step to the cell, whose gates have their rows below each other; column 0 has the biases b^x"
        }
        Symbol::Of("h") => {
            "the matrix of the weights from the state of the step before to the cell; column 0 has the biases b^h, of which a plain cell has none"
        }
        Symbol::Of(_) => "the matrix of the weights from the state of a step to the output; column 0 has the biases",
        Symbol::Layer(_) => {
            "the matrix of the weights from layer l to layer l+1: Θ_ji joins unit i of layer l to unit j of layer l+1, and column 0 has the biases"
        }
    }
}

/// Every Θ of a snapshot.
fn all(snapshot: &Snapshot) -> impl Iterator<Item = Theta<'_>> + Clone {
    snapshot.parameters.iter().enumerate().map(move |(index, parameter)| Theta {
        snapshot,
        index,
        symbol: parameter.symbol,
        biases: parameter.biases,
        axes: axes(snapshot, index),
    })
}

/// Θ of all layers, at which the chain ends.
pub(super) fn thetas(snapshot: &Snapshot, to: &mut Vec<Definition>) {
    to.extend(all(snapshot).map(|theta| theta.theta()));
}

/// The gradients over the batch and the update, in the order of the algorithm: the last layer first.
pub(super) fn updates(snapshot: &Snapshot, to: &mut Vec<Definition>) {
    let backwards = || all(snapshot).collect::<Vec<_>>().into_iter().rev();
    to.extend(backwards().map(|theta| theta.sum()));
    to.extend(backwards().map(|theta| theta.mean()));
    to.extend(backwards().map(|theta| theta.penalty()));
    to.extend(backwards().map(|theta| theta.gradient()));
    let UpdateEquations { velocity, squares, .. } = update_equations(snapshot.config.optimizer);
    to.extend(velocity.into_iter().flat_map(|v| backwards().flat_map(move |theta| theta.velocity(v))));
    to.extend(squares.into_iter().flat_map(|s| backwards().flat_map(move |theta| theta.squares(s))));
    to.extend(backwards().map(|theta| theta.update()));
    to.extend(backwards().map(|theta| theta.next()));
}

impl Theta<'_> {
    fn key(&self, letter: &'static str) -> QuantityKey {
        QuantityKey::parameter(letter, self.symbol)
    }

    fn of(&self, letter: &'static str) -> Formula {
        of(self.key(letter))
    }

    /// What is printed as the letter of a matrix that is shaped like it.
    fn shown(&self, letter: &'static str) -> &'static str {
        match letter {
            letter::PENALTY => penalty_equations(self.snapshot.regularisation.penalty).symbol,
            letter::UPDATE => update_equations(self.optimizer()).symbols[usize::from(self.snapshot.cut < 1.0)],
            _ => letter,
        }
    }

    fn optimizer(&self) -> Optimizer {
        self.snapshot.config.optimizer
    }

    /// A matrix of the snapshot that is shaped like it.
    fn stored(&self, letter: &'static str, quantity: Quantity, words: &'static str) -> Definition {
        let stored = Stored::Parameter { index: self.index, quantity, biases: self.biases };
        let shown = self.shown(letter);
        Definition { stored, ..Definition::of(self.key(letter), self.axes, words).shown(shown) }
    }

    fn theta(&self) -> Definition {
        let made = self.snapshot.position.step > 0;
        let equation = if made { update_equations(self.optimizer()).update } else { equation::START };
        let theta = self.stored(letter::THETA, Quantity::Theta, theta_words(self.symbol));
        let form = EquationForm { when: When::Always, equation, right: None, note: String::new(), is_result: true };
        Definition { forms: vec![form], ..theta }
    }

    /// ΣΔ, of which the snapshot has the whole.
    fn sum(&self) -> Definition {
        let sum = Definition::of(self.key(letter::SUM), self.axes, "the sum of Δ over the samples of the batch");
        let stored = Stored::Sum { index: self.index, biases: self.biases };
        let right = over_samples(self.of(letter::SAMPLE_GRADIENT).called("Δ"), self.of(letter::SUM));
        Definition { stored, ..sum.is(equation::DATA_GRADIENT, right) }
    }

    /// D = (1/B) Σ_b Δ (3.1.2).
    fn mean(&self) -> Definition {
        let sum = over_samples(self.of(letter::SAMPLE_GRADIENT).called("Δ"), self.of(letter::SUM));
        let d = self
            .stored(letter::D, Quantity::D, "the gradient of the data term: the mean of Δ over the batch")
            .walked(Phase::Mean);
        d.is_noted(equation::DATA_GRADIENT, sum / of(given::B), "Δ(b) is sample b's")
    }

    /// ∂reg/∂Θ (2.6.1).
    fn penalty(&self) -> Definition {
        let rule = self.snapshot.regularisation.penalty;
        let note = if rule == Penalty::None { "no penalty was asked for" } else { "" };
        let right = penalty::slope(rule, self.of(letter::THETA), [given::LAMBDA, given::M].map(of));
        let penalty = self
            .stored(letter::PENALTY, Quantity::Penalty, "the gradient of the penalty, 0 in the columns of biases")
            .walked(Phase::Penalty);
        let by_rule = "0 by rule: the bias column is never penalised";
        let penalty = penalty.when(When::Bias, equation::BIAS_PENALTY, number(0.0), by_rule);
        penalty.is_noted(penalty_equations(rule).slope, right, note)
    }

    /// ∂J/∂Θ = D + ∂reg/∂Θ (3.1.3).
    fn gradient(&self) -> Definition {
        let equation = penalty_equations(self.snapshot.regularisation.penalty).gradient;
        let sum = || self.of(letter::D) + self.of(letter::PENALTY);
        let gradient = self
            .stored(
                letter::GRADIENT,
                Quantity::Gradient,
                "the gradient of the cost: D with the gradient of the penalty added",
            )
            .walked(Phase::Penalty);
        let gradient = gradient.when(When::Bias, equation::BIAS_GRADIENT, sum(), "");
        let gradient = gradient.is(equation, sum()).said(equation::SOUGHT);
        gradient.proved([(None, equation::SOUGHT.number), (None, equation.number)])
    }

    /// The gradient as the optimiser sees it: times c where the whole of it is longer than allowed.
    fn seen(&self) -> Formula {
        let gradient = self.of(if self.optimizer().goes_by_data() { letter::D } else { letter::GRADIENT });
        if self.snapshot.cut < 1.0 { of(QuantityKey::plain(letter::CUT)) * gradient } else { gradient }
    }

    fn velocity(&self, equation: Equation) -> [Definition; 2] {
        let key = self.key("v before");
        let before = Definition::of(key, self.axes, "v as the last update left it").given(given::velocity_before);
        let new = if self.optimizer().gathers_whole() { self.seen() } else { of(given::BETA).rest() * self.seen() };
        let v = self
            .stored(
                letter::VELOCITY,
                Quantity::Velocity,
                "what the optimiser gathers of the gradients, of which β stays at each update",
            )
            .walked(Phase::Memory);
        [before, v.is(equation, of(given::BETA) * of(key) + new)]
    }

    fn squares(&self, equation: Equation) -> [Definition; 2] {
        let key = self.key("s before");
        let before = Definition::of(key, self.axes, "s as the last update left it").given(given::squares_before);
        let new = of(given::BETA2).rest() * self.seen() * self.seen();
        let s = self
            .stored(
                letter::SQUARES,
                Quantity::Squares,
                "the mean of the squared gradients that the optimiser keeps, of which β₂ stays at each update",
            )
            .walked(Phase::Memory);
        [before, s.is(equation, of(given::BETA2) * of(key) + new)]
    }

    /// What α is a factor of.
    fn step(&self) -> Formula {
        let [v, s, penalty] = [letter::VELOCITY, letter::SQUARES, letter::PENALTY].map(|letter| self.of(letter));
        let k = self.snapshot.config.rates(&self.snapshot.position).k;
        let (betas, epsilon) = ([given::BETA, given::BETA2], given::EPSILON_OF_OPTIMIZER);
        StepParts { seen: self.seen(), v, s, penalty, betas, epsilon, k }.step(self.optimizer())
    }

    fn update(&self) -> Definition {
        let update = self.stored(letter::UPDATE, Quantity::Update, "what the next update adds to Θ");
        update.is(update_equations(self.optimizer()).update, -of(QuantityKey::plain(letter::ALPHA)) * self.step())
    }

    fn next(&self) -> Definition {
        let next = Definition::of(self.key(letter::NEXT), self.axes, "Θ after the next update").walked(Phase::Update);
        let equation = update_equations(self.optimizer()).update;
        let next = next.is(equation, self.of(letter::THETA) + self.of(letter::UPDATE));
        // What of the update is not of this Θ alone.
        let of = |letter: &'static str| Some(of(QuantityKey::plain(letter)));
        let changes = self.snapshot.config.schedule != Schedule::Constant;
        let alpha = changes.then(|| (of(letter::ALPHA), equation::SCHEDULE.number));
        let cut = is_cut(self.snapshot).then(|| (of(letter::CUT), equation::CLIP.number));
        let before: Vec<_> = alpha.into_iter().chain(cut).collect();
        if before.is_empty() { next } else { next.proved(before.into_iter().chain([(None, equation.number)])) }
    }
}

/// The batch's cost: the data term, each layer's penalty, and J (1.2.2 to 1.2.6).
pub(super) fn cost(snapshot: &Snapshot, to: &mut Vec<Definition>) {
    let sample_cost = of(QuantityKey::plain(letter::SAMPLE_COST)).called("J");
    let data = || of(QuantityKey::plain(letter::DATA));
    let over_batch = over_samples(sample_cost, of(given::B) * data()) / of(given::B);
    let scalar = |key: QuantityKey, words| Definition::of(key, NodeAxes::SCALAR, words);
    let data_is = scalar(
        QuantityKey::plain(letter::DATA),
        "the data term of the cost: the mean of J^(b) over the batch, without the penalty",
    )
    .given(given::data)
    .walked(Phase::Cost);
    let data_is = data_is.is_noted(equation::DATA_TERM, over_batch.clone(), "J(b) is sample b's");
    let again = [(None, equation::DATA_TERM.number), (None, equation::DATA_AGAIN.number)];
    to.push(data_is.also(equation::DATA_AGAIN, over_batch.clone()).proved(again));
    let rule = snapshot.regularisation.penalty;
    let thetas: Vec<Theta<'_>> = all(snapshot).collect();
    for theta in &thetas {
        to.extend(theta.cost(rule));
    }
    let mut terms = vec![data()];
    terms.extend(thetas.iter().map(|theta| theta.of(letter::REG)));
    let mut whole = vec![over_batch];
    whole.extend(thetas.iter().map(|theta| theta.reg(rule)));
    let total =
        scalar(QuantityKey::plain(letter::COST), "the cost of the batch: the data term and the penalty together")
            .given(given::total)
            .walked(Phase::Cost);
    let total = total.is(equation::COST, Formula::Sum(terms)).also(equation::COST_WHOLE, Formula::Sum(whole));
    to.push(total.proved([(None, equation::COST.number), (None, equation::COST_WHOLE.number)]));
    for theta in &thetas {
        let share = scalar(theta.key(letter::SHARE), "the share that the penalty of one Θ has in the cost");
        to.push(share.is(equation::SHARE, theta.of(letter::REG) / of(QuantityKey::plain(letter::COST))));
    }
}

impl Theta<'_> {
    /// Its part of reg from its sum.
    fn reg(&self, rule: Penalty) -> Formula {
        penalty::reg(rule, self.of(letter::LAYER_SQUARES), [given::LAMBDA, given::M].map(of))
    }

    /// Its sum of squares or magnitudes (1.2.3), and its part of reg (1.2.4).
    fn cost(&self, rule: Penalty) -> Vec<Definition> {
        let left_out = "the bias column is left out";
        let summand = penalty::summand(rule);
        let note = if summand.is_some() { left_out } else { "no penalty was asked for" };
        let reg = Definition::of(
            self.key(letter::REG),
            NodeAxes::SCALAR,
            "the part of the penalty that comes from one Θ; reg without a mark is their sum",
        );
        let reg = reg.given(given::reg).walked(Phase::Cost);
        let reg = reg.is_noted(penalty_equations(rule).reg, self.reg(rule), note);
        let Some(Summand { shown, equation, term, .. }) = summand else { return vec![reg] };
        let term = term(self.of(letter::THETA).row(ROW).column(D));
        let (first, last) = self.axes.columns.unwrap_or((1, 0));
        let of_row = NodeAxes { rows: self.axes.rows, ..NodeAxes::SCALAR };
        let row = Definition::of(
            self.key(letter::ROW_SQUARES),
            of_row,
            "the sum of the squares of one row of Θ, of the magnitudes with L1, without the biases",
        )
        .shown(shown);
        let row = row.given(given::row_squares).is_noted(equation, sigma((first.max(1), last), term), left_out);
        let sum = sigma((1, self.axes.rows), self.of(letter::ROW_SQUARES).row(D));
        let squares = Definition::of(
            self.key(letter::LAYER_SQUARES),
            NodeAxes::SCALAR,
            "the sum of the squares of one Θ, of the magnitudes with L1, without the biases",
        )
        .shown(shown);
        let squares = squares.given(given::layer_squares).is_noted(equation, sum, left_out).walked(Phase::Cost);
        vec![row, squares, reg]
    }
}

/// Whether the gradient is longer than is allowed.
fn is_cut(snapshot: &Snapshot) -> bool {
    snapshot.config.clip.is_some() && snapshot.cut < 1.0
}

/// α and c, which the update of every weight has in common.
pub(super) fn common(snapshot: &Snapshot, to: &mut Vec<Definition>) {
    let scalar = |letter: &'static str, words| Definition::of(QuantityKey::plain(letter), NodeAxes::SCALAR, words);
    let schedule = snapshot.config.schedule;
    let alpha = scalar(letter::ALPHA, "the learning rate in this epoch: what the step of an update is multiplied by")
        .given(given::alpha);
    to.push(match schedule {
        Schedule::Constant => alpha,
        _ => {
            let right = of(QuantityKey::plain("α₀")) * of(QuantityKey::plain(letter::SCHEDULE));
            alpha.is_noted(equation::SCHEDULE, right, format!("--schedule {schedule}"))
        }
    });
    to.push(
        scalar("α₀", "the learning rate of the first epoch, before the schedule changes it").given(given::first_alpha),
    );
    to.push(scalar(letter::SCHEDULE, "what the schedule multiplies α₀ by in this epoch").given(given::schedule));
    if let Some(longest) = snapshot.config.clip.filter(|_| is_cut(snapshot)) {
        let note = format!("it is longer than --clip {}", crate::number::exact(longest));
        let length = if snapshot.config.optimizer.goes_by_data() { "‖D‖" } else { "‖∂J/∂Θ‖" };
        let right = of(QuantityKey::plain("clip")) / of(QuantityKey::plain("length"));
        let cut = scalar(letter::CUT, "what the gradient is multiplied by where it is longer than --clip allows")
            .given(given::cut);
        to.push(cut.is_noted(equation::CLIP, right, note));
        to.push(scalar("clip", "the length that the gradient may have at most").given(given::clip));
        to.push(
            scalar(
                "length",
                "the length of the gradient: the root of the sum of its squares over every Θ, with the biases",
            )
            .shown(length)
            .given(given::length),
        );
    }
}
