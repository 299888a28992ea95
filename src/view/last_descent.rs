//! The last descent that was computed, and whether the weight panel shows it.

use crate::train::Descended;

/// The descent from the present Θ, t ↦ J(Θ − t ∂J/∂Θ).
#[derive(Clone, Debug, Default)]
pub struct LastDescent {
    /// Whether the weight panel shows it.
    pub open: bool,
    /// The last one that was computed of this run.
    pub(super) last: Option<Descended>,
}
