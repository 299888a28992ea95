//! The descent from a snapshot's Θ: J of the next batch along −∂J/∂Θ (1.3.2), and after the update that the optimiser makes of it.

use std::sync::Arc;

use ndarray::{Array2, Axis};

use super::any::of_options;
use super::changes::Change;
use super::checker::Moment;
use super::config::Config;
use super::moment::Cost;
use super::snapshot::Snapshot;
use super::team::InTurn;
use super::trainable::Trainable;
use super::trainer::write_cost;
use crate::data::Data;
use crate::nn::subnormal::flushed;
use crate::nn::{AnyModel, Batch, Optimizer, Rates, Real, Regularisation};

/// Points from one α to the next, so that α/2, α and 2α are points themselves.
const IN_ALPHA: usize = 16;
/// The last point, in such parts of α: 2.5 α.
const LAST: usize = 40;

/// Which picture a descent is of: a change by hand makes another picture of the same step.
#[derive(Clone, Debug, PartialEq)]
pub struct DescentOrigin {
    /// The moment.
    pub moment: Moment,
    changes: Vec<Change>,
}

impl DescentOrigin {
    /// That of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        Self { moment: Moment::of(snapshot), changes: snapshot.changes.clone() }
    }

    /// Whether the same was changed by hand before both.
    pub fn is_as_changed(&self, other: &Self) -> bool {
        self.changes == other.changes
    }
}

/// A point of the descent.
#[derive(Clone, Debug, PartialEq)]
pub struct DescentPoint {
    /// How far along −∂J/∂Θ.
    pub t: f64,
    /// J of the batch at Θ − t ∂J/∂Θ.
    pub cost: Cost,
}

/// t ↦ J(Θ − t ∂J/∂Θ) of one batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// α of the next update.
    pub alpha: f64,
    /// The rule that makes the update of the gradient.
    pub optimizer: Optimizer,
    /// What the rule multiplies the gradient by first: less than 1 where it is longer than allowed.
    pub cut: f64,
    /// J from t = 0 to 2.5 α, 16 points in each α.
    pub points: Vec<DescentPoint>,
    /// J of the same batch at the Θ that the next update leads to.
    pub after: Cost,
    /// −‖∂J/∂Θ‖², the slope at t = 0; absent where the gradient goes back through a part of the steps alone, and is not that of J.
    pub slope: Option<f64>,
}

impl Descent {
    fn at(&self, parts: usize) -> &DescentPoint {
        &self.points[parts]
    }

    /// The point at t = 0, where Θ is now.
    pub fn here(&self) -> &DescentPoint {
        self.at(0)
    }

    /// The points at α/2, α and 2α.
    pub fn marked(&self) -> [&DescentPoint; 3] {
        [self.at(IN_ALPHA / 2), self.at(IN_ALPHA), self.at(2 * IN_ALPHA)]
    }

    /// The point with the least J of those whose J is a finite number, the first of equals.
    pub fn lowest(&self) -> Option<&DescentPoint> {
        let finite = self.points.iter().filter(|point| point.cost.total().is_finite());
        finite.min_by(|a, b| a.cost.total().total_cmp(&b.cost.total()))
    }

    /// The t at which the next update ends, where the update goes along −∂J/∂Θ.
    pub fn reached(&self) -> Option<f64> {
        (self.optimizer == Optimizer::GradientDescent).then_some(self.alpha * self.cut)
    }
}

/// What a descent is computed of: a copy of everything that it needs of a snapshot.
#[derive(Clone, Debug)]
pub struct DescentTask {
    /// Which picture it is of.
    pub of: DescentOrigin,
    config: Arc<Config>,
    data: Data,
    model: AnyModel,
    regularisation: Regularisation,
    rates: Rates,
    cut: f64,
    batch: Vec<usize>,
    /// ∂J/∂Θ and the next update of each Θ.
    gradients: Vec<Array2<f64>>,
    updates: Vec<Array2<f64>>,
}

impl DescentTask {
    /// That of a snapshot's Θ, on its batch.
    pub fn of(snapshot: &Snapshot) -> Self {
        Self {
            of: DescentOrigin::of(snapshot),
            config: Arc::clone(&snapshot.config),
            data: snapshot.data.clone(),
            model: snapshot.model.clone(),
            regularisation: snapshot.regularisation,
            rates: snapshot.config.rates(&snapshot.position),
            cut: snapshot.cut,
            batch: snapshot.batch.clone(),
            gradients: snapshot.parameters.iter().map(|parameter| parameter.gradient.clone()).collect(),
            updates: snapshot.parameters.iter().map(|parameter| parameter.update.clone()).collect(),
        }
    }

    /// Computes it by the pass that the trainer makes an update with, in its precision and with the units that dropout leaves out of this
    /// update; `None` where `goes_on` says no before one of its points.
    pub fn run(&self, goes_on: impl Fn() -> bool) -> Option<Descent> {
        of_options!(self.config, <T, M> => self.follow::<T, M>(goes_on))
    }

    fn follow<T: Real, M: Trainable<T>>(&self, goes_on: impl Fn() -> bool) -> Option<Descent> {
        let in_precision = |of: &[Array2<f64>]| -> Vec<Array2<T>> { of.iter().map(|of| of.mapv(T::of)).collect() };
        let theta = in_precision(self.model.parameters());
        let (gradients, updates) = (in_precision(&self.gradients), in_precision(&self.updates));
        let (x, y) = self.gathered::<T>();
        let batch = Batch { x: x.view(), y: y.view(), samples: self.batch.len() };
        let conditions = self.config.conditions(&self.rates);
        let mut model = M::begin(&self.config, &self.data);
        let (mut workspace, mut threads) = (M::Workspace::default(), InTurn(self.config.threads));
        // J at Θ plus so many times a direction.
        let mut cost = |times: T, direction: &[Array2<T>]| {
            let mut cost = Cost::default();
            goes_on().then(|| {
                flushed(|| {
                    for ((to, theta), by) in model.parameters_mut().iter_mut().zip(&theta).zip(direction) {
                        to.assign(theta);
                        if times != T::zero() {
                            to.zip_mut_with(by, |theta, &by| *theta += times * by);
                        }
                    }
                    model.make(batch, &conditions, &mut threads, &mut workspace);
                    write_cost(&model, (&workspace, batch.samples), &self.regularisation, &mut cost);
                });
                cost
            })
        };
        let alpha = self.rates.alpha;
        let t = |part: usize| alpha * (part as f64 / IN_ALPHA as f64);
        let points = (0..=LAST).map(|part| Some(DescentPoint { t: t(part), cost: cost(-T::of(t(part)), &gradients)? }));
        let points = points.collect::<Option<Vec<_>>>()?;
        let after = cost(T::one(), &updates)?;
        let (cut, optimizer) = (self.cut, self.config.optimizer);
        Some(Descent { alpha, optimizer, cut, points, after, slope: self.slope() })
    }

    /// −‖∂J/∂Θ‖².
    fn slope(&self) -> Option<f64> {
        let truncate = self.config.recurrence.and_then(|recurrence| recurrence.truncate);
        let is_whole = match &self.data {
            Data::Rows(_) => true,
            Data::Sequences(parts) => truncate.is_none_or(|steps| steps >= parts.sequences.steps),
        };
        is_whole.then(|| -self.gradients.iter().flatten().map(|slope| slope * slope).sum::<f64>())
    }

    /// Inputs and targets of the batch.
    fn gathered<T: Real>(&self) -> (Array2<T>, Array2<T>) {
        match &self.data {
            Data::Rows(rows) => {
                let part = &rows.train;
                [&part.x, &part.y]
                    .map(|of| of.select(Axis(0), &self.batch).mapv(T::of).as_standard_layout().into_owned())
                    .into()
            }
            Data::Sequences(parts) => {
                let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
                parts.sequences.fill(&self.batch, (&mut x, &mut y));
                (x, y)
            }
        }
    }
}
