//! What PyTorch has for the same: the modules of activations and outputs, the costs, and the recurrent layers with the order of their gates.

use crate::nn::{Activation, Cell, Named, Output};

/// The module of an activation.
pub fn module(g: Activation) -> &'static str {
    match g {
        Activation::Sigmoid => "nn.Sigmoid()",
        Activation::Tanh => "nn.Tanh()",
        Activation::Relu => "nn.ReLU()",
        Activation::LeakyRelu => "nn.LeakyReLU(0.01)",
        Activation::Linear => "nn.Identity()",
        // Beyond the threshold it is taken as z; from 40 on that is exact.
        Activation::Softplus => "nn.Softplus(threshold=40)",
        Activation::Gelu => "nn.GELU()",
        Activation::Elu => "nn.ELU()",
        Activation::Sine => "Sine()",
        Activation::HardSigmoid => "nn.Hardsigmoid()",
    }
}

/// The module of an output, whose units are along this axis.
pub fn output(output: Output, axis: i8) -> String {
    match output {
        Output::Sigmoid | Output::SigmoidMse => "nn.Sigmoid()".into(),
        Output::Softmax => format!("nn.Softmax({axis})"),
        Output::Linear => "nn.Identity()".into(),
    }
}

/// The line that computes the data term of h and y.
pub fn cost(output: Output) -> &'static str {
    match output {
        Output::Sigmoid => "return nn.functional.binary_cross_entropy(h, y, reduction=\"sum\") / len(y)",
        Output::Softmax => "return -(y * torch.log(h)).sum() / len(y)",
        Output::Linear | Output::SigmoidMse => "return ((h - y) ** 2).sum() / 2 / len(y)",
    }
}

/// A recurrent layer of PyTorch, with the parameters `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0` and `bias_hh_l0`.
#[derive(Clone, Debug)]
pub struct RecurrentLayer {
    /// Its class.
    pub class: &'static str,
    /// What the class takes after inputs and units.
    pub arguments: String,
    /// The definition of the class where PyTorch has none.
    pub definition: String,
    /// Where PyTorch has the gates in another order: a sentence that says so, and the places of its gates among those here.
    pub gates: Option<(&'static str, &'static [usize])>,
}

/// The layer that computes what a cell does.
pub fn layer(cell: Cell) -> RecurrentLayer {
    const LSTM: &str = "The gates are g^i, g^f, g^o, g^n here, and i, f, g, o in PyTorch, whose g is g^n.";
    let of_pytorch = |class, arguments: &str, gates| RecurrentLayer {
        class,
        arguments: format!("{arguments}, batch_first=True"),
        definition: String::new(),
        gates,
    };
    match cell {
        Cell::Plain(g @ (Activation::Tanh | Activation::Relu)) => {
            of_pytorch("nn.RNN", &format!(", nonlinearity=\"{}\"", g.name()), None)
        }
        Cell::Plain(g) => RecurrentLayer {
            class: "Plain",
            arguments: String::new(),
            definition: PLAIN.replace("MODULE", module(g)),
            gates: None,
        },
        // Its r, z, n are g^r, g^u, g^n.
        Cell::Gru => of_pytorch("nn.GRU", "", None),
        Cell::Lstm => of_pytorch("nn.LSTM", "", Some((LSTM, &[0, 1, 3, 2]))),
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
