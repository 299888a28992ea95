//! Every equation once, and the numbers that follow from a snapshot by them.

pub mod equation;
pub mod layer;
pub mod quantity;
pub mod trace;

pub use equation::Equation;
pub use layer::LayerNorms;
pub use quantity::Quantity;
pub use trace::{Sample, Trace};
