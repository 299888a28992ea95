//! A step of a plain cell: h_t = g(z_t), and δ from what comes back.

use super::pytorch::RecurrentLayer;
use super::rows::{rows, rows_mut, two_steps};
use crate::nn::fast::activate;
use crate::nn::recurrent::bptt::{BpttBackward, BpttForward};
use crate::nn::{Activation, Named, Real};

/// h_t of a plain cell, and g'(z_t) in the place of its gate.
pub(super) fn step<T: Real>(g: Activation, to: &mut BpttForward<T>, step: usize) {
    let samples = to.samples;
    let (_, h) = two_steps(&mut to.h, step, samples);
    activate::all(g, rows(&to.z, step, samples), (h, rows_mut(&mut to.gate, step, samples)));
}

/// δ_t of a plain cell.
pub(super) fn step_back<T: Real>(forward: &BpttForward<T>, to: &mut BpttBackward<T>, step: usize) {
    let samples = forward.samples;
    let (grad_h, slope) = (rows(&to.grad_h, step + 1, samples), rows(&forward.gate, step, samples));
    let delta = rows_mut(&mut to.delta, step, samples);
    for ((&grad_h, &slope), delta) in grad_h.iter().zip(slope).zip(delta) {
        *delta = grad_h * slope;
    }
}

/// Its layer in PyTorch, which has two activations for it.
pub(super) fn pytorch(g: Activation) -> RecurrentLayer {
    match g {
        Activation::Tanh | Activation::Relu => {
            RecurrentLayer::of("nn.RNN", &format!(", nonlinearity=\"{}\"", g.name()))
        }
        g => RecurrentLayer {
            class: "Plain",
            arguments: String::new(),
            definition: format!("{}{}", g.pytorch_class().unwrap_or_default(), PLAIN.replace("MODULE", g.pytorch())),
            gates: None,
        },
    }
}

/// A plain layer with an activation that nn.RNN does not have, with the names of nn.RNN.
const PLAIN: &str = "\
class Plain(nn.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.weight_ih_l0 = nn.Parameter(torch.zeros(units, inputs))
        self.weight_hh_l0 = nn.Parameter(torch.zeros(units, units))
        self.bias_ih_l0 = nn.Parameter(torch.zeros(units))
        self.bias_hh_l0 = nn.Parameter(torch.zeros(units))
        self.g = MODULE

    def forward(self, x):
        h = x.new_zeros(x.shape[0], len(self.bias_hh_l0))
        states = []
        for step in x.unbind(1):
            z = step @ self.weight_ih_l0.T + self.bias_ih_l0 + h @ self.weight_hh_l0.T + self.bias_hh_l0
            h = self.g(z)
            states.append(h)
        return torch.stack(states, 1), h


";
