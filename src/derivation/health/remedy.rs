//! What helps against what is wrong: each remedy knows when it is in force already, or without effect, and is not given then.

use super::facts::HealthFacts;
use crate::data::sequences::MADE;
use crate::data::{GENERATED, Scale, Task};
use crate::nn::{Activation, AnyModel, Cell, Init, Named, Penalty};
use crate::number::exact;
use crate::train::setting::MOST;
use crate::train::{Config, Origin, Schedule};

/// Something that helps.
#[derive(Clone, Copy, Debug)]
pub(super) enum Remedy {
    SmallerAlpha,
    /// The same, only after the first update: before it α has had no effect.
    SmallerSteps,
    LargerAlpha,
    /// A constant α, where the schedule has made it very small.
    SteadyAlpha,
    Clip,
    SmallerLambda,
    LargerLambda,
    Dropout,
    Patience,
    MoreData,
    ScaledFeatures,
    ScaledTargets,
    /// Weights that are smaller at the start.
    SmallerStart,
    /// Weights that differ at the start.
    UnlikeStart,
    /// Weights from another seed.
    OtherStart,
    He,
    LeakyRelu,
    Relu,
    FewerLayers,
    /// The panel that shows where δ becomes small.
    WhyPanel,
    OtherCell,
    Shorter,
    Truncate,
}

/// The norm that a gradient is cut down to.
const CLIP: f64 = 1.0;
/// A factor of a schedule below which α is too small to matter.
const HARDLY: f64 = 0.1;
/// A J that is at most so many times its lowest is steady.
const STEADY: f64 = 1.05;
/// Weights at the start count as smaller from this share of the present deviation down.
const SMALLER: f64 = 0.9;
/// The most samples that a set is made of.
const MOST_SAMPLES: usize = 1_000_000;

impl Remedy {
    /// The remedy for this run, or for its layer of units, with the value in force and one to try; `None` where it is in force
    /// already, or where these options make no use of it.
    pub(super) fn said(self, facts: &HealthFacts<'_>, l: Option<usize>) -> Option<String> {
        let config: &Config = &facts.snapshot.config;
        // A recurrent net has no activations but its cell.
        let dense = facts.snapshot.dense().map(|_| config);
        match self {
            Self::SmallerAlpha => smaller_alpha(facts),
            Self::SmallerSteps => smaller_alpha(facts).filter(|_| facts.snapshot.position.step > 0),
            Self::LargerAlpha => larger_alpha(facts),
            Self::SteadyAlpha => steady_alpha(facts),
            Self::Clip => clip(facts),
            Self::SmallerLambda => smaller_lambda(facts),
            Self::LargerLambda => larger_lambda(facts),
            Self::Dropout => dropout(facts),
            Self::Patience => (config.patience.is_none() && facts.snapshot.latest.test.is_some())
                .then(|| "an earlier end, while the held-out cost is low: --patience 5".into()),
            Self::MoreData => Some(more_data(facts)),
            Self::ScaledFeatures => scaled_features(facts),
            Self::ScaledTargets => scaled_targets(facts),
            Self::SmallerStart => smaller_start(facts, l?),
            Self::UnlikeStart => unlike_start(config),
            Self::OtherStart => other_start(config),
            Self::He => he(dense?),
            Self::LeakyRelu => other_than_relu(facts),
            Self::Relu => relu(dense?),
            Self::FewerLayers => (config.layers.len() > 1)
                .then(|| format!("fewer hidden layers than the present {}: --layers", config.layers.len())),
            Self::WhyPanel => dense.map(|_| "on the screen, v in panel 2 shows where δ becomes small".into()),
            Self::OtherCell => other_cell(facts),
            Self::Shorter => shorter(facts),
            Self::Truncate => truncate(facts),
        }
    }
}

/// α of the next update, and the schedule that makes it from the α of the options.
fn alpha_in_force(facts: &HealthFacts<'_>) -> String {
    let run = facts.snapshot;
    let config = &run.config;
    let now = exact(config.alpha_after(run.position.epochs_done));
    match config.schedule {
        Schedule::Constant => now,
        schedule => format!("{now} ({} by {schedule})", exact(config.alpha)),
    }
}

/// The flags that change α alone: where the optimiser is left open, `--alpha` alone would change it.
fn alpha_flags(facts: &HealthFacts<'_>, alpha: f64) -> String {
    let config = &facts.snapshot.config;
    match config.origins.of("optimizer") {
        Origin::Default => format!("--alpha {} --optimizer {}", exact(alpha), config.optimizer.name()),
        _ => format!("--alpha {}", exact(alpha)),
    }
}

fn smaller_alpha(facts: &HealthFacts<'_>) -> Option<String> {
    let (now, half) = (alpha_in_force(facts), facts.snapshot.config.alpha / 2.0);
    let flags = alpha_flags(facts, half);
    (half > 0.0).then(|| format!("a smaller α than {now}, such as half: {flags} (on the screen o, then r)"))
}

fn larger_alpha(facts: &HealthFacts<'_>) -> Option<String> {
    let run = facts.snapshot;
    let double = 2.0 * run.config.alpha;
    // A J that was lower before says that α is not too small.
    let is_steady = facts.epochs.lowest().is_none_or(|lowest| run.latest.total() <= STEADY * lowest.total());
    let is_of_use = is_steady && !is_spent(facts) && double <= MOST;
    is_of_use
        .then(|| format!("a larger α than {}: {} (on the screen o)", alpha_in_force(facts), alpha_flags(facts, double)))
}

/// Whether the schedule has made α very small.
fn is_spent(facts: &HealthFacts<'_>) -> bool {
    let run = facts.snapshot;
    run.config.schedule.factor(run.position.epochs_done) < HARDLY
}

fn steady_alpha(facts: &HealthFacts<'_>) -> Option<String> {
    is_spent(facts).then(|| format!("a constant α: --schedule constant; α is {} now", alpha_in_force(facts)))
}

/// The length of the gradient of the next update before it is cut.
fn length(facts: &HealthFacts<'_>) -> f64 {
    let gradients = facts.snapshot.parameters.iter().map(|parameter| &parameter.gradient);
    gradients.flatten().map(|slope| slope * slope).sum::<f64>().sqrt()
}

fn clip(facts: &HealthFacts<'_>) -> Option<String> {
    let config = &facts.snapshot.config;
    // A rule that divides by the root of s takes the same step whatever the gradient's length is.
    let is_heeded = !config.optimizer.remembers().1 && length(facts) > CLIP;
    match config.clip.filter(|&clip| clip.is_finite()) {
        _ if !is_heeded => None,
        None => Some(format!("a bound on the gradient's length: --clip {}", exact(CLIP))),
        Some(clip) if clip > CLIP => {
            Some(format!("a lower bound on the gradient's length than {}: --clip {}", exact(clip), exact(CLIP)))
        }
        Some(_) => None,
    }
}

fn smaller_lambda(facts: &HealthFacts<'_>) -> Option<String> {
    let config = &facts.snapshot.config;
    // Units that begin the same stay the same, whatever λ is.
    let begins_at_0 = config.init == Init::Zeros && config.weights.is_none();
    (config.lambda > 0.0 && config.penalty != Penalty::None && !begins_at_0)
        .then(|| format!("a smaller λ than {}, such as --lambda 0 (on the screen o)", exact(config.lambda)))
}

fn larger_lambda(facts: &HealthFacts<'_>) -> Option<String> {
    let run = facts.snapshot;
    let lambda = run.config.lambda;
    if run.config.penalty == Penalty::None {
        let strength = if lambda == 0.0 { " --lambda 1" } else { "" };
        return Some(format!("a penalty on the weights: --penalty l2{strength}"));
    }
    let larger = match lambda {
        0.0 if run.regularisation.m < 100 => 0.1,
        0.0 => 1.0,
        lambda => 3.0 * lambda,
    };
    (larger <= MOST).then(|| {
        let (now, larger) = (exact(lambda), exact(larger));
        format!("a larger λ than {now}, such as --lambda {larger} (on the screen o)")
    })
}

fn dropout(facts: &HealthFacts<'_>) -> Option<String> {
    let config = &facts.snapshot.config;
    let is_possible = facts.snapshot.dense().is_some() && !config.layers.is_empty() && config.dropout == 0.0;
    is_possible.then(|| "units left out at random: --dropout 0.2".into())
}

fn more_data(facts: &HealthFacts<'_>) -> String {
    let source = &facts.snapshot.config.source;
    let mut rules = GENERATED.iter().map(|set| set.name).chain(MADE.iter().map(|set| set.name));
    let made = rules.any(|name| source.name == name).then_some(source.making.samples);
    match made.filter(|&samples| samples <= MOST_SAMPLES / 2) {
        Some(samples) => format!("more data: --samples {} in place of {samples}", 2 * samples),
        None => "more data".into(),
    }
}

fn is_unscaled(scale: Scale) -> bool {
    matches!(scale, Scale::None | Scale::By(_))
}

fn scaled_features(facts: &HealthFacts<'_>) -> Option<String> {
    let snapshot = facts.snapshot.dense()?;
    // Weights from a file come with the scale that they were learnt in.
    let is_open = snapshot.config.weights.is_none() && is_unscaled(snapshot.data.scaling.scale);
    is_open.then(|| "scaled features: --scale standard".into())
}

fn scaled_targets(facts: &HealthFacts<'_>) -> Option<String> {
    let snapshot = facts.snapshot.dense()?;
    let is_open = snapshot.config.weights.is_none()
        && snapshot.config.source.task() == Task::Regression
        && is_unscaled(snapshot.data.target_scaling.scale);
    is_open.then(|| "scaled targets: --target-scale standard".into())
}

/// The units that a Θ, counted from 1, leads from and to; of a recurrent layer those of one gate, which is drawn like a layer.
fn sizes(model: &AnyModel, l: usize) -> Option<(usize, usize)> {
    let (index, theta) = (l.checked_sub(1)?, model.theta(l)?);
    let to = *model.sizes().get(model.symbol(index).layer() - 1)?;
    Some((theta.ncols() - model.biases(index), to))
}

fn smaller_start(facts: &HealthFacts<'_>, l: usize) -> Option<String> {
    let config = &facts.snapshot.config;
    let (from, to) = sizes(&facts.snapshot.model, l)?;
    let now = config.init.deviation(from, to);
    let smaller = [Init::Uniform, Init::Course].into_iter().find(|init| init.deviation(from, to) < SMALLER * now);
    let init = smaller.filter(|_| config.weights.is_none())?;
    Some(format!("smaller first weights: --init {}", init.name()))
}

fn unlike_start(config: &Config) -> Option<String> {
    match (&config.weights, config.init) {
        (Some(_), _) => Some("first weights that differ from unit to unit, in place of those of the file".into()),
        (None, Init::Zeros) => Some("first weights that differ from unit to unit: --init uniform".into()),
        (None, _) => None,
    }
}

fn other_start(config: &Config) -> Option<String> {
    let seed = config.seed.wrapping_add(1);
    Some(match (&config.weights, config.init) {
        (Some(_), _) => "another start, without the file of weights (on the screen R)".into(),
        (None, Init::Zeros | Init::Sin) => "another start: --init uniform".into(),
        (None, _) => format!("another start: --seed {seed} (on the screen R)"),
    })
}

fn he(config: &Config) -> Option<String> {
    // With units that saturate it comes along with relu.
    let is_for_them = !has_ends(config) && config.init != Init::He && config.weights.is_none();
    is_for_them.then(|| "weights whose spread suits relu: --init he".into())
}

/// Whether some hidden layer's activation is flat far from 0.
fn has_ends(config: &Config) -> bool {
    let has_ends = |g: &Activation| g.is_saturated(0.0).is_some();
    config.activations().iter().any(has_ends)
}

fn relu(config: &Config) -> Option<String> {
    let with = if config.init == Init::He || config.weights.is_some() { "" } else { " --init he" };
    has_ends(config).then(|| format!("units that do not saturate: --activation relu{with}"))
}

/// Units that can't die, in the place of those that can.
fn other_than_relu(facts: &HealthFacts<'_>) -> Option<String> {
    match &facts.snapshot.model {
        AnyModel::Dense(network) => (network.hidden.iter().any(|g| g.can_die()))
            .then(|| "units whose slope is never 0: --activation leaky-relu".into()),
        AnyModel::Recurrent(network) => (network.cell.activation().is_some_and(Activation::can_die))
            .then(|| "units whose slope is never 0: --cell tanh".into()),
    }
}

fn other_cell(facts: &HealthFacts<'_>) -> Option<String> {
    let cell = facts.snapshot.recurrent()?.network.cell;
    let (keeps, what): (fn(Cell) -> bool, _) =
        if cell.has_gates() { (Cell::has_cell_state, "a separate state c") } else { (Cell::has_gates, "a state") };
    let others = Cell::ALL.iter().filter(|&&other| keeps(other));
    let flags: Vec<String> = others.map(|other| format!("--cell {}", other.name())).collect();
    let verb = if flags.len() == 1 { "keeps" } else { "keep" };
    (!keeps(cell)).then(|| format!("{}, which {verb} {what}", flags.join(" or ")))
}

fn shorter(facts: &HealthFacts<'_>) -> Option<String> {
    let net = facts.snapshot.recurrent()?;
    let steps = net.sequences.steps;
    // Those of a table are as long as they are.
    let can_be_cut = net.config.source.steps.as_ref().is_some_and(|steps| steps.id.is_none()) && steps > 3;
    can_be_cut.then(|| format!("shorter sequences: --length {} in place of {steps}", steps / 2))
}

fn truncate(facts: &HealthFacts<'_>) -> Option<String> {
    let net = facts.snapshot.recurrent()?;
    let steps = net.sequences.steps;
    let can_be_cut = net.config.recurrence.is_some_and(|recurrence| recurrence.truncate.is_none()) && steps > 3;
    can_be_cut.then(|| format!("fewer steps back: --truncate {}", steps / 2))
}
