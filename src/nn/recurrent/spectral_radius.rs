//! The spectral radius of a matrix: what a product with it multiplies a length by in the long run.

use ndarray::ArrayView2;

/// The largest |eigenvalue| of a square matrix: by Gelfand, the limit of ‖Aⁿ‖^(1/n), at n = 2^16.
pub fn spectral_radius(matrix: ArrayView2<f64>) -> f64 {
    let mut power = matrix.to_owned();
    // ‖Aⁿ‖ = e^log, where Aⁿ is kept at norm 1.
    let mut log = 0.0;
    for squarings in 0..=16 {
        let norm = power.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
        if norm == 0.0 || !norm.is_finite() {
            return norm;
        }
        log += norm.ln();
        if squarings == 16 {
            break;
        }
        power.mapv_inplace(|entry| entry / norm);
        power = power.dot(&power);
        log *= 2.0;
    }
    (log / 65_536.0).exp()
}
