//! What every unit computes over a plane of the inputs, at a snapshot's Θ.

use ndarray::{Array2, ArrayView1};

use crate::data::Dataset;
use crate::nn::Forward;
use crate::train::DenseView;

/// A plane through the inputs along two features; unscaled, as they were read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// The feature that grows to the right, and the one that grows upwards.
    pub axes: (usize, usize),
    /// Their values at the lower left corner.
    pub low: (f64, f64),
    /// Their values at the upper right corner.
    pub high: (f64, f64),
}

impl Plane {
    /// The plane that holds all samples of a data set, with a margin; `None` for features that it does not have.
    pub fn of(dataset: &Dataset, axes: (usize, usize)) -> Option<Self> {
        if axes.0.max(axes.1) >= dataset.plain() {
            return None;
        }
        let range = |feature: usize| {
            let column = dataset.x.column(feature);
            let (low, high) =
                column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)));
            let margin = if high > low { (high - low) * 0.05 } else { 1.0 };
            // No end lies beyond the last finite number.
            let ends = (low - margin.min(f64::MAX), high + margin.min(f64::MAX));
            (ends.0.max(f64::MIN), ends.1.min(f64::MAX))
        };
        let (across, up) = (range(axes.0), range(axes.1));
        Some(Self { axes, low: (across.0, up.0), high: (across.1, up.1) })
    }

    /// The values at the middle of a cell, counted from the upper left, of so many columns and rows.
    pub fn at(&self, (column, row): (usize, usize), (columns, rows): (usize, usize)) -> (f64, f64) {
        let along = |cell: usize, cells: usize, low: f64, high: f64| {
            let width = high - low;
            let share = (cell as f64 + 0.5) / cells as f64;
            if width.is_finite() { low + width * share } else { low * (1.0 - share) + high * share }
        };
        (along(column, columns, self.low.0, self.high.0), along(row, rows, self.high.1, self.low.1))
    }

    /// The cell that a point lies in.
    pub fn cell_of(&self, (x, y): (f64, f64), (columns, rows): (usize, usize)) -> (usize, usize) {
        let cell = |value: f64, from: f64, to: f64, cells: usize| {
            // What lies outside falls into the outermost cell; a share that is no number into the first.
            // Halved first, so that the widest plane does not overflow.
            (((value / 2.0 - from / 2.0) / (to / 2.0 - from / 2.0) * cells as f64) as usize)
                .min(cells.saturating_sub(1))
        };
        (cell(x, self.low.0, self.high.0, columns), cell(y, self.high.1, self.low.1, rows))
    }
}

/// Multiplications that the maps of all units may cost: well below a millisecond.
const CHEAP: usize = 500_000;

/// What every unit computes over the plane of two inputs, in a square of cells.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitMaps {
    plane: Plane,
    /// Cells along each side.
    side: usize,
    /// The pass at the middle of every cell, row by row from the top.
    forward: Forward<f64>,
}

impl UnitMaps {
    /// The maps of a network whose inputs are a plane, with as many cells as are cheap; `None` where even few are dear.
    pub fn of(snapshot: DenseView<'_>) -> Option<Self> {
        let dataset = &snapshot.data.dataset;
        if dataset.plain() != 2 {
            return None;
        }
        let plane = Plane::of(dataset, (0, 1))?;
        let weights = snapshot.model.cells();
        let side = [24, 16, 12, 8].into_iter().find(|side| weights.saturating_mul(side * side) <= CHEAP)?;
        // There are no features off the plane.
        let forward = over(snapshot, &plane, dataset.x.row(0), (side, side));
        Some(Self { plane, side, forward })
    }

    /// The cell that a point lies in, in a picture of so many columns and rows.
    pub fn place_of(&self, point: (f64, f64), size: (usize, usize)) -> (usize, usize) {
        self.plane.cell_of(point, size)
    }

    /// a^(l) at all cells, one row a cell.
    pub fn layer(&self, l: usize) -> &Array2<f64> {
        self.forward.a(l)
    }

    /// a^(l) of a unit at the cell that lies in the middle of a coarser one, in a picture of so many columns and rows.
    pub fn at(&self, (l, unit): (usize, usize), cell: (usize, usize), (columns, rows): (usize, usize)) -> Option<f64> {
        let along = |cell: usize, cells: usize| (2 * cell + 1) * self.side / (2 * cells.max(1));
        self.forward.a(l).get([along(cell.1, rows) * self.side + along(cell.0, columns), unit]).copied()
    }
}

/// The forward pass at the middle of every cell of a plane, row by row from the top; the features off the plane are a sample's, as they were
/// read or set by hand.
pub fn over(
    snapshot: DenseView<'_>,
    plane: &Plane,
    features: ArrayView1<'_, f64>,
    (columns, rows): (usize, usize),
) -> Forward<f64> {
    let (dataset, scaling) = (&snapshot.data.dataset, &snapshot.data.scaling);
    let mut plain = features.slice(ndarray::s![..dataset.plain()]).to_owned();
    let mut x = Array2::zeros((columns * rows, dataset.features.len()));
    for (cell, mut to) in x.rows_mut().into_iter().enumerate() {
        (plain[plane.axes.0], plain[plane.axes.1]) = plane.at((cell % columns, cell / columns), (columns, rows));
        let features = dataset.extended(plain.view());
        let scaled = features
            .iter()
            .zip(&scaling.shift)
            .zip(&scaling.divisor)
            .map(|((x, shift), divisor)| (x - shift) / divisor);
        to.assign(&ArrayView1::from(&scaled.collect::<Vec<_>>()));
    }
    snapshot.network.forward(x.view())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, load};

    #[test]
    fn a_plane_from_end_to_end_of_the_numbers_has_finite_ends_and_cells() {
        let plane = Plane { axes: (0, 1), low: (f64::MIN, -1.0), high: (f64::MAX, 1.0) };
        let size = (7, 5);
        for cell in (0..7).flat_map(|column| (0..5).map(move |row| (column, row))) {
            let at = plane.at(cell, size);
            assert!(at.0.is_finite() && at.1.is_finite());
            assert_eq!(plane.cell_of(at, size), cell);
        }
    }

    #[test]
    fn a_point_lies_in_the_cell_whose_middle_it_is() {
        let dataset = load(&Source::named("moons")).expect("it is made");
        let plane = Plane::of(&dataset, (0, 1)).expect("two features");
        assert!(Plane::of(&dataset, (0, 2)).is_none());
        let size = (7, 5);
        for cell in (0..7).flat_map(|column| (0..5).map(move |row| (column, row))) {
            assert_eq!(plane.cell_of(plane.at(cell, size), size), cell);
        }
        assert!(plane.at((0, 0), size).1 > plane.at((0, 4), size).1, "upwards is more");
        assert_eq!(plane.cell_of((-1e9, -1e9), size), (0, 4));
        assert_eq!(plane.cell_of((f64::NAN, 1e9), size), (0, 0));
    }
}
