//! Which samples are held out: a share of every class, chosen by the seed.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

/// Rows of the training part and of the held-out part, each in the order of the data.
///
/// As near to `share` of all samples as their number allows is held out, each class by its share, the largest remainders
/// rounded up; at least one sample of every class is left to learn from. `class` has an index below `classes` for each row.
pub fn stratified(class: &[usize], classes: usize, share: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut rows = vec![Vec::new(); classes];
    class.iter().enumerate().for_each(|(row, &class)| rows[class].push(row));
    let sizes: Vec<usize> = rows.iter().map(Vec::len).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    // The streams from 0 on belong to the weights and to the order of each epoch.
    rng.set_stream(u64::MAX);
    let mut held_out = vec![false; class.len()];
    for (rows, count) in rows.iter_mut().zip(quotas(&sizes, share)) {
        rows.shuffle(&mut rng);
        rows[..count].iter().for_each(|&row| held_out[row] = true);
    }
    (0..class.len()).partition(|&row| !held_out[row])
}

/// How many samples of each class are held out.
fn quotas(sizes: &[usize], share: f64) -> Vec<usize> {
    let all: usize = sizes.iter().sum();
    let mut left = (all as f64 * share).round() as usize;
    let most = |size: usize| size.saturating_sub(1);
    let mut quotas: Vec<usize> =
        sizes.iter().map(|&size| ((size as f64 * share).floor() as usize).min(most(size))).collect();
    left = left.saturating_sub(quotas.iter().sum());
    let remainder = |index: &usize| (sizes[*index] as f64 * share).fract();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|one, other| remainder(other).total_cmp(&remainder(one)));
    while left > 0 {
        let before = left;
        for &index in &order {
            if left > 0 && quotas[index] < most(sizes[index]) {
                quotas[index] += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    quotas
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn remainders_decide_which_classes_give_one_more() {
        assert_eq!(quotas(&[10, 10, 10], 0.25), [3, 3, 2]);
        assert_eq!(quotas(&[50, 50, 50], 0.2), [10, 10, 10]);
        assert_eq!(quotas(&[1, 1, 1], 0.9), [0, 0, 0]);
        assert_eq!(quotas(&[100, 2], 0.99), [99, 1]);
        assert_eq!(quotas(&[5, 5], 0.0), [0, 0]);
        assert_eq!(quotas(&[], 0.5), [0; 0]);
    }

    proptest! {
        #[test]
        fn parts_are_disjoint_whole_ordered_and_leave_every_class(
            class in proptest::collection::vec(0..5_usize, 1..200), share in 0.0..0.999_f64, seed: u64,
        ) {
            let (train, test) = stratified(&class, 5, share, seed);
            prop_assert_eq!(stratified(&class, 5, share, seed), (train.clone(), test.clone()));
            prop_assert!(train.windows(2).chain(test.windows(2)).all(|pair| pair[0] < pair[1]));
            let mut all = [train.clone(), test.clone()].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..class.len()).collect::<Vec<_>>());
            for wanted in 0..5 {
                let count = |rows: &[usize]| rows.iter().filter(|&&row| class[row] == wanted).count();
                let size = count(&train) + count(&test);
                prop_assert!(size == 0 || count(&train) > 0);
                let exact = size as f64 * share;
                prop_assert!((count(&test) as f64) <= exact + 2.0);
            }
        }
    }
}
