//! What the column of a layer shows: which of its vectors, how much of it is known, and what the colours stand for.

use crate::derivation::{Graph, Playhead, QuantityKey, Trace, Values, Walk, letter, unit_values};
use crate::theme::values::ColorScale;
use crate::train::DenseView;
use crate::view::{Activity, View};

/// A walk and the place that it is at.
pub(super) type Stepped = (Walk, Playhead);

/// What a column shows: which vector, how much of it is known, and what its colours stand for.
pub(super) struct Shows {
    pub(super) symbol: String,
    pub(super) values: Vec<f64>,
    pub(super) known: usize,
    pub(super) scale: ColorScale,
    /// Whether dropout leaves units of it out.
    pub(super) leaves_out: bool,
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
        let leaves_out = is_masked && trace.mask(l, 0).is_some();
        let scale = scale(view, snapshot, (l, key), &values, leaves_out);
        Self { symbol, values, known, scale, leaves_out }
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
            let (low, high) = match (l, snapshot.network.hidden.get(l.wrapping_sub(2))) {
                (1, _) => (finite().fold(0.0, f64::min), f64::INFINITY),
                (_, Some(g)) => g.range(),
                (_, None) => snapshot.network.output.range(),
            };
            // Units that stay count more.
            let high = if leaves_out { high / (1.0 - snapshot.config.dropout) } else { high };
            let high = if high.is_finite() { high } else { largest };
            if low < 0.0 { ColorScale::Signed { limit: high } } else { ColorScale::Sequential { low: 0.0, high } }
        }
        Some(letter::SLOPE) => ColorScale::Sequential { low: 0.0, high: largest },
        _ => ColorScale::Signed { limit: largest },
    }
}
