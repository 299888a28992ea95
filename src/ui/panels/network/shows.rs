//! What the column of a layer shows: which of its vectors, how much of it is known, and what the colours stand for.

use crate::derivation::{Graph, Playhead, QuantityKey, Trace, Values, Walk, letter, unit_values};
use crate::theme::values::ColorScale;
use crate::train::DenseView;
use crate::ui::panels::decision::layer_scale;
use crate::view::{Activity, View};

/// A walk and the place that it is at.
pub(super) type Stepped = (Walk, Playhead);

/// What a column shows: which vector, how much of it is known, and what its colours stand for.
pub(super) struct Shows {
    pub(super) symbol: String,
    pub(super) values: Vec<f64>,
    pub(super) known: usize,
    pub(super) scale: ColorScale,
    /// What dropout multiplies its units by, where it leaves some out.
    pub(super) masks: Vec<f64>,
}

impl Shows {
    pub(super) fn of(
        view: &View,
        (snapshot, trace, graph): (DenseView<'_>, &Trace, &Graph),
        (l, stepped): (usize, Option<&Stepped>),
    ) -> Self {
        let (key, known) = match stepped {
            Some((walk, at)) => match walk.latest(*at, l) {
                Some((stop, known)) => (Some(stop.key), known),
                None => (None, 0),
            },
            None => (key(view.activity, l), usize::MAX),
        };
        let symbol = match key.and_then(|key| graph.get(key)) {
            Some(definition) => definition.symbol(),
            None if stepped.is_some() => format!("layer {l}"),
            None => format!("{}^({l})", view.activity.letter()),
        };
        let of = (graph, &Values::of(&snapshot, trace.sample, Some(trace)));
        let values = key.and_then(|key| unit_values((key, 0), of, trace.sample)).unwrap_or_default();
        let is_masked = key.is_some_and(|key| [letter::A, letter::DELTA].contains(&key.letter));
        let masks: Vec<f64> = (0..values.len()).map_while(|unit| trace.mask(l, unit).filter(|_| is_masked)).collect();
        let scale = scale(view, snapshot, (l, key), &values, !masks.is_empty());
        Self { symbol, values, known, scale, masks }
    }

    /// Whether dropout leaves a unit out.
    pub(super) fn is_left_out(&self, unit: usize) -> bool {
        self.masks.get(unit) == Some(&0.0)
    }
}

/// The vector of layer l that the panel shows of the three that a layer has; layer 1 has only a.
fn key(activity: Activity, l: usize) -> Option<QuantityKey> {
    match activity {
        Activity::A => Some(QuantityKey::layer(letter::A, l)),
        _ if l == 1 => None,
        Activity::Z => Some(QuantityKey::layer(letter::Z, l)),
        Activity::Delta => Some(QuantityKey::layer(letter::DELTA, l)),
    }
}

/// What the colours of one layer's values stand for.
fn scale(
    view: &View,
    snapshot: DenseView<'_>,
    (l, key): (usize, Option<QuantityKey>),
    values: &[f64],
    leaves_out: bool,
) -> ColorScale {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let largest = finite().fold(f64::MIN_POSITIVE, |top, value| top.max(value.abs()));
    match key.map(|key| key.letter) {
        Some(letter::DELTA) if view.playhead.is_none() => ColorScale::Signed { limit: view.delta_limit(l) },
        Some(letter::A) => {
            // Units that stay count more.
            let times = if leaves_out { 1.0 / (1.0 - snapshot.config.dropout) } else { 1.0 };
            match view.unit_maps().filter(|_| l == 1) {
                // Over the whole plane, as on the maps of the inputs.
                Some(maps) => layer_scale(snapshot.network, (l, 1.0), maps.layer(l).iter()),
                None => layer_scale(snapshot.network, (l, times), values.iter()),
            }
        }
        Some(letter::SLOPE) => ColorScale::Sequential { low: 0.0, high: largest },
        _ => ColorScale::Signed { limit: largest },
    }
}
