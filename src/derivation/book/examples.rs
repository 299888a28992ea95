//! The nets whose numbers stand beside the equations of the book: the one of its page A, and for each extension one that has it.

use std::sync::{Arc, LazyLock, OnceLock};

use ndarray::Array2;

use super::example::{self, built, cell};
use crate::data::sequences::Sequences;
use crate::data::{Loaded, Making, Source};
use crate::derivation::equation;
use crate::derivation::graph::{activation_equations, output_equations, penalty_equations, update_equations};
use crate::error::Result;
use crate::nn::recurrent::Recurrent;
use crate::nn::{Activation, Cell, Init, Named, Optimizer, Output, Penalty};
use crate::train::{BatchSize, Config, Recurrence, RecurrentTrainer, Schedule, Snapshot};

/// A net with numbers.
pub(super) struct ExampleNet {
    /// The number of the extension that it has; empty for the one of page A.
    number: &'static str,
    /// How it is called in a sentence.
    pub(super) name: String,
    make: Box<dyn Fn() -> Result<Box<Snapshot>> + Send + Sync>,
    made: OnceLock<Box<Snapshot>>,
}

impl ExampleNet {
    fn new(
        number: &'static str,
        name: String,
        make: impl Fn() -> Result<Box<Snapshot>> + Send + Sync + 'static,
    ) -> Self {
        Self { number, name, make: Box::new(make), made: OnceLock::new() }
    }

    /// The net of page A with an option.
    fn with(number: &'static str, option: String, config: Config) -> Self {
        let updates = u64::from(config.schedule != Schedule::Constant);
        Self::new(number, format!("{MAIN} with {option}"), move || built(config.clone(), updates))
    }

    /// Its next update.
    pub(super) fn snapshot(&self) -> &Snapshot {
        self.made.get_or_init(|| (self.make)().expect("its options fit its samples"))
    }

    /// Whether it is the one of page A as it stands there.
    pub(super) fn is_the_main_one(&self) -> bool {
        self.number.is_empty()
    }
}

/// How the net of page A is called.
const MAIN: &str = "the book's 3-3-3-3 net";

/// The next update of the net of page A.
pub fn example() -> &'static Snapshot {
    ALL[0].snapshot()
}

/// The nets that may have an equation.
pub(super) fn examples(number: &str) -> impl Iterator<Item = &'static ExampleNet> {
    let of_extension = ALL.iter().any(|net| net.number == number);
    ALL.iter().filter(move |net| if of_extension { net.number == number } else { net.is_the_main_one() })
}

static ALL: LazyLock<Vec<ExampleNet>> = LazyLock::new(|| {
    let main = example::config;
    let mut all = vec![ExampleNet::new("", MAIN.into(), move || built(main(), 0))];
    for output in [Output::Softmax, Output::Linear, Output::SigmoidMse] {
        let number = output_equations(output).delta.number;
        all.push(ExampleNet::with(number, format!("--output {}", output.name()), Config { output, ..main() }));
    }
    for &rule in Activation::ALL.iter().filter(|rule| **rule != Activation::Sigmoid) {
        let [of_g, _] = activation_equations(rule);
        let config = Config { activation: vec![rule], ..main() };
        all.push(ExampleNet::with(of_g.number, format!("--activation {}", rule.name()), config));
    }
    for penalty in [Penalty::L1, Penalty::None] {
        let number = penalty_equations(penalty).slope.number;
        all.push(ExampleNet::with(number, format!("--penalty {}", penalty.name()), Config { penalty, ..main() }));
    }
    for &init in Init::ALL {
        let config = Config { init, weights: None, ..main() };
        all.push(ExampleNet::with(equation::START.number, format!("--init {}", Named::name(init)), config));
    }
    for &optimizer in Optimizer::ALL.iter().filter(|optimizer| **optimizer != Optimizer::GradientDescent) {
        let number = update_equations(optimizer).update.number;
        all.push(ExampleNet::with(number, format!("--optimizer {}", optimizer.name()), Config { optimizer, ..main() }));
    }
    let schedule = Schedule::Step { epochs: 1, factor: 0.5 };
    let option = format!("--schedule {schedule}, after one update");
    all.push(ExampleNet::with(equation::SCHEDULE.number, option, Config { schedule, ..main() }));
    all.push(ExampleNet::with(equation::CLIP.number, "--clip 0.1".into(), Config { clip: Some(0.1), ..main() }));
    let config = Config { dropout: 0.25, ..main() };
    all.push(ExampleNet::with(equation::DROPOUT.number, "--dropout 0.25".into(), config));
    for (number, cell) in
        [("3.2 recurrent", Cell::Plain(Activation::Tanh)), ("3.2 GRU", Cell::Gru), ("3.2 LSTM", Cell::Lstm)]
    {
        let name = format!("the book's recurrent net 1-2-1 with --cell {}", cell.name());
        all.push(ExampleNet::new(number, name, move || recurrent(cell)));
    }
    all
});

/// The weights of the recurrent examples, over and over, row by row.
const WEIGHTS: [f64; 5] = [0.5, -0.3, 0.2, -0.4, 0.1];

/// Two sequences of three steps: at each of them whether the number of ones so far is odd.
fn source() -> Source {
    let source = Source::sequences("parity", 3, 2);
    // Those of this seed are not alike, and no input of the first one is 0.
    Source { making: Making { seed: 2, ..source.making }, ..source }
}

/// The sequences of the recurrent examples, as lines.
pub(super) fn table_of_sequences() -> Vec<String> {
    let sequences = Sequences::load(&source()).expect("it can be made");
    let (mut x, mut y) = (Array2::<f64>::zeros((0, 0)), Array2::zeros((0, 0)));
    sequences.fill(&[0, 1], (&mut x, &mut y));
    let row = |of: &Array2<f64>, b: usize| (0..sequences.steps).map(|t| cell(of[[2 * t + b, 0]])).collect::<String>();
    let head = ["sequence b  x_1 … x_3             y_1 … y_3".to_string()];
    head.into_iter().chain((0..2).map(|b| format!("{:<7}{}  {}", b + 1, row(&x, b), row(&y, b)))).collect()
}

/// One input, two units and one output.
fn recurrent(cell: Cell) -> Result<Box<Snapshot>> {
    let source = source();
    let sequences = Sequences::load(&source)?;
    let (reads, output) = (sequences.reads, sequences.usual_output());
    let config = Config {
        source,
        test_split: 0.0,
        layers: vec![2],
        recurrence: Some(Recurrence { cell, truncate: None }),
        output,
        lambda: 0.0,
        alpha: 0.5,
        batch: BatchSize::Full,
        shuffle: false,
        ..Config::default()
    };
    let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation())?;
    let (rows, second) = (2 * cell.gates().len(), usize::from(cell.has_second_bias()));
    let theta = [(rows, 2), (rows, 2 + second), (1, 3)]
        .map(|shape| Array2::from_shape_fn(shape, |(j, i)| WEIGHTS[(j * shape.1 + i) % WEIGHTS.len()]));
    let network = Recurrent { cell, theta, output, reads };
    Ok(RecurrentTrainer::<f64>::with_model(Arc::new(config), data, network)?.snapshot(None))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::derivation::Graph;

    #[test]
    fn no_letter_means_two_things() {
        let mut known: BTreeMap<(&str, bool), &str> = BTreeMap::new();
        for net in ALL.iter() {
            for definition in Graph::of(net.snapshot()).definitions() {
                let letter = definition.shown;
                if letter.chars().count() > 1 {
                    continue;
                }
                // c without an index is the factor of a clipped gradient, c_t is the state of an LSTM.
                let has_steps = letter == "c" && definition.axes.steps.is_some();
                let of = *known.entry((letter, has_steps)).or_insert(definition.key.letter);
                assert_eq!(of, definition.key.letter, "{letter} in {}", net.name);
            }
        }
        for letter in ["s", "v", "γ", "c", "α", "λ", "r", "y", "z", "a", "h"] {
            assert!(known.contains_key(&(letter, false)), "{letter}");
        }
    }
}
