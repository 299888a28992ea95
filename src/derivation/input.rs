//! ∂J^(b)/∂x (2.3.3 for layer 1): what its sign means, and how far a walk has come back to it.

use super::graph::node::letter;
use super::walk::{Playhead, Walk};

/// What its sign means.
pub const MEANING: &str = "raising an input with ∂J/∂x < 0 lowers the cost";

/// The first step, counted from 1, whose ∂J^(b)/∂x a walk inside an update can have: δ of this step and of all after it is computed, in all units
/// and all gates. Of a dense network, which has no steps, it is 0 once all of δ^(2) of the present sample is computed, and 1 before. After the
/// samples the last one's numbers stand.
pub fn first_reached(walk: &Walk, at: Playhead) -> usize {
    let Some((stop, sample)) = walk.block(at.block) else { return usize::MAX };
    let is_done = at.unit + 1 >= stop.units() && at.proof + 1 >= walk.proof(at);
    let to_come = (at.block + usize::from(is_done)..).map_while(|place| walk.block(place));
    let of_sample = to_come.take_while(|(_, of)| of.is_some() && *of == sample);
    let needed =
        of_sample.filter(|(stop, _)| stop.key.letter == letter::DELTA && (stop.t > 0 || stop.is(letter::DELTA, 2)));
    needed.map(|(stop, _)| stop.t + 1).max().unwrap_or(0)
}
