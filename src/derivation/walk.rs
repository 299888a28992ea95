//! The order of backpropagation (3.1.4, 3.1.5): every number of one update, one after the other, and how far a walk has come.

use super::Sample;
use super::subject::{OfSample, OfWeight, Subject};
use super::{Quantity, Trace};
use crate::nn::Weight;
use crate::train::DenseView;

/// A layer's worth of numbers that are computed together, unit by unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// a^(1) (1.1.1).
    Input,
    /// z^(l) (1.1.2).
    WeightedInput(usize),
    /// a^(l) (1.1.3, 1.1.7).
    Activation(usize),
    /// J^(b), output unit by output unit (1.2.1).
    Cost,
    /// δ^(L) (2.4.6).
    OutputDelta,
    /// ∂J/∂a^(l) (2.3.3).
    Back(usize),
    /// g'(z^(l)) (2.5.6).
    Slope(usize),
    /// δ^(l) (2.5.8).
    Delta(usize),
    /// Δ^(l), row by row (3.1.1).
    SampleGradient(usize),
    /// D^(l), row by row (3.1.2).
    DataGradient(usize),
    /// ∂J/∂Θ^(l), row by row (2.6.1, 3.1.3).
    Gradient(usize),
    /// v of Θ^(l), row by row, where the optimiser has one.
    Velocity(usize),
    /// s of Θ^(l), row by row, where the optimiser has one.
    Squares(usize),
    /// Θ^(l) after the update, row by row (1.3.2).
    Update(usize),
}

/// What a walk goes on by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stride {
    /// One unit, or one row of a matrix.
    #[default]
    Unit,
    /// One layer.
    Layer,
    /// Forwards, cost, backwards, gradients; then mean, gradient and update.
    Phase,
    /// One sample.
    Sample,
    /// The whole batch.
    Batch,
}

impl Stride {
    /// The next larger one, the smallest after the largest.
    pub fn next(self) -> Self {
        match self {
            Self::Unit => Self::Layer,
            Self::Layer => Self::Phase,
            Self::Phase => Self::Sample,
            Self::Sample => Self::Batch,
            Self::Batch => Self::Unit,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Layer => "layer",
            Self::Phase => "phase",
            Self::Sample => "sample",
            Self::Batch => "batch",
        }
    }
}

/// How far a walk has come: this number is computed now, those before it are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Playhead {
    /// Place of the block in the walk, counted from 0.
    pub block: usize,
    /// Unit or row in the block, counted from 0.
    pub unit: usize,
}

/// The walk over one update of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    sizes: Vec<usize>,
    /// The samples that are walked through: rows of the training part.
    batch: Vec<usize>,
    /// Samples of the batch that are not walked through, because the snapshot does not carry them.
    not_walked: usize,
    of_sample: Vec<Block>,
    of_batch: Vec<Block>,
}

impl Walk {
    /// The walk over a snapshot's update; of a large batch over the samples that it carries.
    pub fn of(snapshot: DenseView<'_>) -> Self {
        let sizes = snapshot.network.sizes();
        let not_walked = snapshot.batch.len().saturating_sub(snapshot.samples);
        let batch = snapshot.batch.iter().take(snapshot.samples).copied().collect();
        let last = sizes.len();
        let mut of_sample = vec![Block::Input];
        of_sample.extend((2..=last).flat_map(|l| [Block::WeightedInput(l), Block::Activation(l)]));
        of_sample.extend([Block::Cost, Block::OutputDelta]);
        of_sample.extend((2..last).rev().flat_map(|l| [Block::Back(l), Block::Slope(l), Block::Delta(l)]));
        of_sample.extend((1..last).rev().map(Block::SampleGradient));
        let layers = || (1..last).rev();
        let of_batch = layers().map(Block::DataGradient).chain(layers().map(Block::Gradient));
        let (v, s) = snapshot.config.optimizer.remembers();
        let of_batch = of_batch.chain(layers().filter(|_| v).map(Block::Velocity));
        let of_batch = of_batch.chain(layers().filter(|_| s).map(Block::Squares));
        let of_batch = of_batch.chain(layers().map(Block::Update)).collect();
        Self { sizes, batch, not_walked, of_sample, of_batch }
    }

    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.batch.len() * self.of_sample.len() + self.of_batch.len()
    }

    /// Whether there is nothing to walk through, which no network has.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The block at a place, and the sample's index in the batch if it is of one.
    pub fn block(&self, place: usize) -> Option<(Block, Option<usize>)> {
        let per_sample = self.of_sample.len();
        if place < self.batch.len() * per_sample {
            return Some((self.of_sample[place % per_sample], Some(place / per_sample)));
        }
        let block = *self.of_batch.get(place - self.batch.len() * per_sample)?;
        Some((block, None))
    }

    /// The sample that a walk is at, if it is at one.
    pub fn sample(&self, at: Playhead) -> Option<Sample> {
        let (_, index) = self.block(at.block)?;
        Some(Sample { held_out: false, row: *self.batch.get(index?)? })
    }

    /// Units or rows of a block.
    pub fn units(&self, block: Block) -> usize {
        let of_layer = |l: usize| self.sizes[l - 1];
        match block {
            Block::Input => of_layer(1),
            Block::WeightedInput(l) | Block::Activation(l) | Block::Back(l) | Block::Slope(l) | Block::Delta(l) => {
                of_layer(l)
            }
            Block::Cost | Block::OutputDelta => of_layer(self.sizes.len()),
            Block::SampleGradient(l)
            | Block::DataGradient(l)
            | Block::Gradient(l)
            | Block::Velocity(l)
            | Block::Squares(l)
            | Block::Update(l) => of_layer(l + 1),
        }
    }

    /// The number that a walk is at; of a matrix the one in column i.
    pub fn subject(&self, at: Playhead, i: usize) -> Option<Subject> {
        let (block, _) = self.block(at.block)?;
        let of_sample = |number| self.sample(at).map(|sample| Subject::Sample(sample, number));
        let weight = |l: usize| Weight { l, j: at.unit, i: i.min(self.sizes[l - 1]) };
        let of_weight = |l: usize, number| Some(Subject::Weight(weight(l), number));
        match block {
            Block::Input => of_sample(OfSample::A(1, at.unit)),
            Block::WeightedInput(l) => of_sample(OfSample::Z(l, at.unit)),
            Block::Activation(l) => of_sample(OfSample::A(l, at.unit)),
            Block::Cost => of_sample(OfSample::CostTerm(at.unit)),
            Block::OutputDelta => of_sample(OfSample::Delta(self.sizes.len(), at.unit)),
            Block::Back(l) => of_sample(OfSample::GradA(l, at.unit)),
            Block::Slope(l) => of_sample(OfSample::Slope(l, at.unit)),
            Block::Delta(l) => of_sample(OfSample::Delta(l, at.unit)),
            Block::SampleGradient(l) => of_sample(OfSample::Gradient(weight(l))),
            Block::DataGradient(l) => of_weight(l, OfWeight::Is(Quantity::D)),
            Block::Gradient(l) => of_weight(l, OfWeight::Is(Quantity::Gradient)),
            Block::Velocity(l) => of_weight(l, OfWeight::Is(Quantity::Velocity)),
            Block::Squares(l) => of_weight(l, OfWeight::Is(Quantity::Squares)),
            Block::Update(l) => of_weight(l, OfWeight::Next),
        }
    }

    /// L, the input layer counted.
    pub fn depth(&self) -> usize {
        self.sizes.len()
    }

    /// Samples that are walked through.
    pub fn samples(&self) -> usize {
        self.batch.len()
    }

    /// Samples of the batch that are not walked through; ΣΔ has them all the same.
    pub fn not_walked(&self) -> usize {
        self.not_walked
    }

    /// Place of the last block of the last sample.
    pub fn samples_end(&self) -> usize {
        (self.batch.len() * self.of_sample.len()).saturating_sub(1)
    }

    /// The last place of the walk.
    pub fn end(&self) -> Playhead {
        let block = self.len().saturating_sub(1);
        Playhead { block, unit: self.last_unit(block) }
    }

    fn last_unit(&self, place: usize) -> usize {
        self.block(place).map_or(0, |(block, _)| self.units(block).saturating_sub(1))
    }

    /// The place after a stride: in the next one of its kind, all of it computed where it is more than a unit.
    pub fn forward(&self, at: Playhead, by: Stride) -> Playhead {
        let next = match by {
            Stride::Unit if at.unit < self.last_unit(at.block) => return Playhead { unit: at.unit + 1, ..at },
            Stride::Unit => {
                return if at.block + 1 < self.len() { Playhead { block: at.block + 1, unit: 0 } } else { at };
            }
            // What is begun is done first.
            _ if at < self.end_of(at, by) => at,
            _ => Playhead { block: (self.end_of(at, by).block + 1).min(self.len() - 1), unit: 0 },
        };
        self.end_of(next, by)
    }

    /// The place before a stride: the end of the one of its kind before this.
    pub fn back(&self, at: Playhead, by: Stride) -> Playhead {
        if by == Stride::Unit && at.unit > 0 {
            return Playhead { unit: at.unit - 1, ..at };
        }
        let begin = if by == Stride::Unit { at.block } else { self.begin_of(at, by) };
        match begin.checked_sub(1) {
            Some(block) => Playhead { block, unit: self.last_unit(block) },
            None => Playhead::default(),
        }
    }

    /// Whether two blocks belong to one stride of a kind.
    fn is_one(&self, one: usize, other: usize, by: Stride) -> bool {
        let (Some((block, sample)), Some((next, of))) = (self.block(one), self.block(other)) else { return false };
        match by {
            Stride::Unit | Stride::Layer => one == other,
            Stride::Phase => sample == of && phase(block) == phase(next),
            Stride::Sample => sample == of,
            Stride::Batch => true,
        }
    }

    fn end_of(&self, at: Playhead, by: Stride) -> Playhead {
        let mut block = at.block;
        while self.is_one(at.block, block + 1, by) {
            block += 1;
        }
        Playhead { block, unit: self.last_unit(block) }
    }

    fn begin_of(&self, at: Playhead, by: Stride) -> usize {
        let mut block = at.block;
        while block > 0 && self.is_one(at.block, block - 1, by) {
            block -= 1;
        }
        block
    }

    /// Whether all outputs of the present sample are computed, so that there is an answer.
    pub fn has_answered(&self, at: Playhead) -> bool {
        let last = Block::Activation(self.depth());
        self.latest(at, self.depth()).is_some_and(|(block, known)| match block {
            Block::WeightedInput(_) => false,
            block => block != last || known == self.units(last),
        })
    }

    /// The column nearest to i in the matrix that a walk is at; i where it is at none.
    pub fn column(&self, at: Playhead, i: usize) -> usize {
        let of = self.block(at.block).and_then(|(block, _)| block.matrix_of());
        of.map_or(i, |l| i.min(self.sizes[l - 1]))
    }

    /// What has been computed last in layer l of the present sample, and in how many of its units: `None` before anything. While
    /// Δ^(l) is made, it is a^(l), which that is a product of.
    pub fn latest(&self, at: Playhead, l: usize) -> Option<(Block, usize)> {
        let begin = self.begin_of(at, Stride::Sample);
        // After the samples the last one's numbers stand.
        let begin = if self.block(at.block)?.1.is_some() { begin } else { begin.checked_sub(self.of_sample.len())? };
        let is_factor = self.block(at.block).is_some_and(|(block, _)| block == Block::SampleGradient(l));
        let of_layer = |block: Block| match block {
            Block::Input => l == 1,
            Block::WeightedInput(of)
            | Block::Activation(of)
            | Block::Back(of)
            | Block::Slope(of)
            | Block::Delta(of) => of == l && (!is_factor || matches!(block, Block::Activation(_))),
            Block::OutputDelta => l == self.sizes.len(),
            _ => false,
        };
        let place =
            (begin..=at.block).rev().find(|&place| self.block(place).is_some_and(|(block, _)| of_layer(block)))?;
        let block = self.block(place)?.0;
        Some((block, if place == at.block { at.unit + 1 } else { self.units(block) }))
    }
}

/// Which of the parts of the algorithm a block belongs to.
fn phase(block: Block) -> u8 {
    match block {
        Block::Input | Block::WeightedInput(_) | Block::Activation(_) => 0,
        Block::Cost => 1,
        Block::OutputDelta | Block::Back(_) | Block::Slope(_) | Block::Delta(_) => 2,
        Block::SampleGradient(_) => 3,
        Block::DataGradient(_) => 4,
        Block::Gradient(_) => 5,
        Block::Velocity(_) | Block::Squares(_) => 6,
        Block::Update(_) => 7,
    }
}

impl Block {
    /// What happens in it, in words.
    pub fn words(self) -> &'static str {
        match phase(self) {
            0 => "forwards",
            1 => "cost",
            2 => "backwards",
            3 => "the sample's gradient, added to ΣΔ",
            4 => "mean over the batch",
            5 => "penalty added",
            6 => "what the optimiser remembers",
            _ => "update",
        }
    }

    /// Its symbol.
    pub fn symbol(self, depth: usize) -> String {
        match self {
            Self::Input => "a^(1)".into(),
            Self::WeightedInput(l) => format!("z^({l})"),
            Self::Activation(l) => format!("a^({l})"),
            Self::Cost => "J^(b)".into(),
            Self::OutputDelta => format!("δ^({depth})"),
            Self::Back(l) => format!("∂J/∂a^({l})"),
            Self::Slope(l) => format!("g'(z^({l}))"),
            Self::Delta(l) => format!("δ^({l})"),
            Self::SampleGradient(l) => format!("Δ^({l})"),
            Self::DataGradient(l) => format!("D^({l})"),
            Self::Gradient(l) => format!("∂J/∂Θ^({l})"),
            Self::Velocity(l) => format!("v^({l})"),
            Self::Squares(l) => format!("s^({l})"),
            Self::Update(l) => format!("Θ^({l})"),
        }
    }

    /// Its numbers for one sample, one a unit; `None` for a matrix.
    pub fn values(self, trace: &Trace, snapshot: DenseView<'_>) -> Option<Vec<f64>> {
        let last = snapshot.depth();
        let values = match self {
            Self::Input => trace.a(1)?.to_vec(),
            Self::WeightedInput(l) => trace.z(l)?.to_vec(),
            Self::Activation(l) => trace.a(l)?.to_vec(),
            Self::Cost => {
                let (z, h) = (trace.z(last)?.view(), trace.a(last)?.view());
                snapshot.network.output.terms(z, h, trace.y.view()).to_vec()
            }
            Self::OutputDelta => trace.delta(last)?.to_vec(),
            Self::Back(l) => trace.grad_a(l)?.to_vec(),
            Self::Slope(l) => {
                let g = *snapshot.network.hidden.get(l.checked_sub(2)?)?;
                trace.z(l)?.iter().map(|&z| g.g_prime(z)).collect()
            }
            Self::Delta(l) => trace.delta(l)?.to_vec(),
            Self::SampleGradient(_) | Self::DataGradient(_) | Self::Gradient(_) => return None,
            Self::Velocity(_) | Self::Squares(_) | Self::Update(_) => return None,
        };
        Some(values)
    }

    /// The layer l of the Θ^(l) that a matrix is shaped like.
    pub fn matrix_of(self) -> Option<usize> {
        match self {
            Self::SampleGradient(l) | Self::DataGradient(l) | Self::Gradient(l) => Some(l),
            Self::Velocity(l) | Self::Squares(l) | Self::Update(l) => Some(l),
            _ => None,
        }
    }
}
