//! Weights in files of each format, of dense and of recurrent nets.

use deltascope::weights::{WeightFile, Kind};
use deltascope::nn::Output;
use deltascope::nn::recurrent::OutputSteps;

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
        // A recurrent net, by its own names and by PyTorch's.
        [0x94, rest @ ..] => {
            made = packed::npz(rest, &["Theta_x", "Theta_h", "Theta_o", "deltascope"]);
            ("npz", made.as_slice())
        }
        [0x95, rest @ ..] => {
            let names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "fc.weight", "fc.bias"];
            made = packed::npz(rest, &names);
            ("npz", made.as_slice())
        }
        [b'M', ..] => ("mat", data),
        data => ("safetensors", data),
    };
    match WeightFile::read(&scratch::file(&format!("t.{ending}"), bytes)) {
        Ok(weights) => accepted(&weights),
        Err(wrong) => check::error(&wrong),
    }
}

/// Asserts that weights are those of one net, and finite.
fn accepted(weights: &WeightFile) {
    let sizes = weights.sizes();
    assert!(sizes.len() >= 2 && sizes.iter().all(|&size| size > 0), "{sizes:?}");
    assert!(weights.theta.iter().flatten().all(|value| value.is_finite()));
    let cells = weights.cells();
    assert_eq!(cells.is_empty(), weights.kind == Kind::Dense);
    weights.check(&sizes, cells.first().copied()).expect("they are of their own net");
    for cell in cells {
        weights.recurrent(cell, Output::Linear, OutputSteps::Last).expect("it is one of its cells");
    }
    if let Some(about) = &weights.about {
        let layers = about.hidden().len() + usize::from(about.cell().is_some());
        assert_eq!(layers, sizes.len() - 2);
        let (scaling, targets) = weights.scalings().expect("it was looked at");
        assert_eq!((scaling.divisor.len(), targets.divisor.len()), (sizes[0], sizes[sizes.len() - 1]));
    }
}
