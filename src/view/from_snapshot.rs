//! What follows from a snapshot and is made when it is first asked for: its equations, and the maps of its units.

use std::sync::OnceLock;

use crate::derivation::{Graph, UnitMaps};
use crate::train::{DenseView, Snapshot};

/// What is kept of the present snapshot until the view changes.
#[derive(Clone, Debug, Default)]
pub(super) struct FromSnapshot {
    graph: OnceLock<Graph>,
    maps: OnceLock<Option<UnitMaps>>,
}

impl FromSnapshot {
    /// Its equations.
    pub(super) fn graph(&self, snapshot: &Snapshot) -> &Graph {
        self.graph.get_or_init(|| Graph::of(snapshot))
    }

    /// What its units compute over the plane of the inputs.
    pub(super) fn maps(&self, snapshot: DenseView<'_>) -> Option<&UnitMaps> {
        self.maps.get_or_init(|| UnitMaps::of(snapshot)).as_ref()
    }
}
