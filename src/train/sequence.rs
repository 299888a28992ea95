//! Runs on sequences: their options, and what is seen of a recurrent network in training.

mod look;
mod plan;
mod scene;

pub use plan::Plan;
pub(in crate::train) use plan::parts;
pub use scene::{Flow, Scene};
