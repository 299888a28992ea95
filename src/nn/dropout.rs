//! Dropout: units of the hidden layers that are left out of an update, drawn anew for each sample of each batch.

use ndarray::Array2;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use super::draw::share_of;
use super::{Real, fast};

/// What sets these draws apart from those of the weights, the split and the order.
const OWN: u64 = 0x0064_726f_706f_7574;

/// The masks r^(2) … r^(L−1) of one batch, each B × S_l: 0 where a unit is left out, which it is with the chance p, and
/// 1/(1 − p) where it stays, so that a = r ⊙ g(z) has the mean that it has without. None where p is 0.
///
/// They are a function of the seed and of the updates done alone.
pub fn masks<T: Real>(p: f64, hidden: &[usize], samples: usize, draw: (u64, u64)) -> Vec<Array2<T>> {
    let mut masks = Vec::new();
    if p > 0.0 {
        draw_masks(p, hidden.iter().copied(), samples, draw, &mut masks);
    }
    masks
}

/// The same for p > 0, into the memory of other masks.
pub fn draw_masks<T: Real>(
    p: f64,
    hidden: impl ExactSizeIterator<Item = usize>,
    samples: usize,
    (seed, step): (u64, u64),
    masks: &mut Vec<Array2<T>>,
) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ OWN);
    rng.set_stream(step);
    let stays = T::of(1.0 / (1.0 - p));
    masks.resize_with(hidden.len(), || Array2::zeros((0, 0)));
    for (mask, units) in masks.iter_mut().zip(hidden) {
        fast::fit(mask, (samples, units));
        mask.map_inplace(|r| {
            let chance = share_of(rng.next_u64());
            *r = if chance >= p { stays } else { T::zero() };
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_and_the_step_decide_and_the_share_left_out_is_p() {
        let drawn = |seed, step| masks::<f64>(0.3, &[50, 20], 100, (seed, step));
        assert_eq!(drawn(1, 7), drawn(1, 7));
        assert_ne!(drawn(1, 7), drawn(1, 8));
        assert_ne!(drawn(1, 7), drawn(2, 7));
        let first = &drawn(1, 0)[0];
        let out = first.iter().filter(|&&r| r == 0.0).count() as f64 / first.len() as f64;
        assert!((out - 0.3).abs() < 0.02, "{out}");
        assert!(first.iter().all(|&r| r == 0.0 || r == 1.0 / 0.7));
        assert!(masks::<f64>(0.0, &[50], 100, (1, 0)).is_empty());
    }
}
