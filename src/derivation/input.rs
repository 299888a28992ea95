//! ∂J^(b)/∂x (2.3.3 for layer 1): what its sign means, that of a sequence step by step, and whether a walk has come back to that of a sample.

use ndarray::{Array2, s};

use super::walk::{Block, Playhead, Walk};
use crate::train::RecurrentView;

/// What its sign means.
pub const MEANING: &str = "raising an input with ∂J/∂x < 0 lowers the cost";

/// ∂J^(b)/∂x_t of one sequence of those that a snapshot carries, T × inputs: of each step Σ_d δ_td Θ^x_di over the rows of all gates.
///
/// δ_t is what Θ^x [1; x_t] is multiplied by in ΣΔ^x; of a GRU's gate n what Θ^h is multiplied by is another one. Where the gradient is cut
/// after so many steps, J^(b) counts as far as the last step of the block that t is in.
pub fn gradient_over_time(net: RecurrentView<'_>, b: usize) -> Array2<f64> {
    let delta = net.delta().slice(s![b..; net.samples.max(1), ..]);
    delta.dot(&net.network.theta[0].slice(s![.., 1..]))
}

/// Whether a walk has computed all of δ^(2) of the sample that it is at, so that there is a ∂J^(b)/∂x; after the samples that of the last one
/// stands.
pub fn is_reached(walk: &Walk, at: Playhead) -> bool {
    match walk.block(at.block) {
        None => false,
        Some((Block::SampleGradient(_), _) | (_, None)) => true,
        Some(_) => walk.latest(at, 2).is_some_and(|(block, known)| {
            matches!(block, Block::Delta(_) | Block::OutputDelta) && known == walk.units(block)
        }),
    }
}
