//! Weights in files of each format.

use deltascope::kept::Kept;

use crate::{check, packed, scratch};

/// Weights in the format that the first bytes are of: an archive, arrays to make one of, MATLAB 5, or else safetensors.
pub fn weights(data: &[u8]) {
    let made;
    let (ending, bytes) = match data {
        [b'P', b'K', ..] => ("npz", data),
        [0x93, ..] => {
            made = packed::npz(data, &["Theta1", "Theta2", "deltascope"]);
            ("npz", made.as_slice())
        }
        [b'M', ..] => ("mat", data),
        data => ("safetensors", data),
    };
    match Kept::read(&scratch::file(&format!("t.{ending}"), bytes)) {
        Ok(kept) => accepted(&kept),
        Err(wrong) => check::error(&wrong),
    }
}

/// Asserts that weights are those of one net, and finite.
fn accepted(kept: &Kept) {
    let sizes = kept.sizes();
    assert!(sizes.len() >= 2 && sizes.iter().all(|&size| size > 0), "{sizes:?}");
    for (theta, pair) in kept.theta.iter().zip(sizes.windows(2)) {
        assert_eq!(theta.dim(), (pair[1], pair[0] + 1));
        assert!(theta.iter().all(|value| value.is_finite()));
    }
    kept.check(&sizes).expect("they are of their own net");
    if let Some(about) = &kept.about {
        assert_eq!(about.hidden().len(), sizes.len() - 2);
        let (scaling, targets) = kept.scalings().expect("it was looked at");
        assert_eq!((scaling.divisor.len(), targets.divisor.len()), (sizes[0], sizes[sizes.len() - 1]));
    }
}
