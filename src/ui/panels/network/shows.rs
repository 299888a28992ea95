//! What the column of a layer shows: which of its vectors, how much of it is known, and what the colours stand for.

use crate::derivation::{Block, Playhead, Trace, Walk};
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
        (snapshot, trace): (DenseView<'_>, &Trace),
        (l, stepped): (usize, Option<&Stepped>),
    ) -> Self {
        let (block, known) = match stepped {
            Some((walk, at)) => match walk.latest(*at, l) {
                Some((block, known)) => (Some(block), known),
                None => (None, 0),
            },
            None => (block(view.activity, l, snapshot.depth()), usize::MAX),
        };
        let symbol = match block {
            Some(block) => block.symbol(snapshot.depth()),
            None if stepped.is_some() => format!("layer {l}"),
            None => format!("{}^({l})", view.activity.letter()),
        };
        let values = block.and_then(|block| block.values(trace, snapshot)).unwrap_or_default();
        let leaves_out = matches!(block, Some(Block::Activation(_) | Block::Delta(_))) && trace.mask(l, 0).is_some();
        let scale = scale(view, snapshot, (l, block), &values, leaves_out);
        Self { symbol, values, known, scale, leaves_out }
    }
}

/// The vector of layer l that the panel shows of the three that a layer has; layer 1 has only a.
fn block(activity: Activity, l: usize, last: usize) -> Option<Block> {
    match activity {
        Activity::A if l == 1 => Some(Block::Input),
        Activity::A => Some(Block::Activation(l)),
        _ if l == 1 => None,
        Activity::Z => Some(Block::WeightedInput(l)),
        Activity::Delta if l == last => Some(Block::OutputDelta),
        Activity::Delta => Some(Block::Delta(l)),
    }
}

/// What the colours of one layer's values stand for.
fn scale(
    view: &View,
    snapshot: DenseView<'_>,
    (l, block): (usize, Option<Block>),
    values: &[f64],
    leaves_out: bool,
) -> ColorScale {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let largest = finite().fold(f64::MIN_POSITIVE, |top, value| top.max(value.abs()));
    match block {
        Some(Block::Delta(_) | Block::OutputDelta) if view.playhead.is_none() => {
            ColorScale::Signed { limit: view.delta_limit(l) }
        }
        Some(Block::Input | Block::Activation(_)) => {
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
        Some(Block::Slope(_)) => ColorScale::Sequential { low: 0.0, high: largest },
        _ => ColorScale::Signed { limit: largest },
    }
}
