//! The script of a recurrent net: nn.RNN, nn.GRU or nn.LSTM with nn.Linear after it.

use std::fmt::Write;

use super::python::{cost, module, numbers, output, texts};
use crate::nn::recurrent::{OutputSteps, Recurrent};
use crate::nn::{Activation, Cell, Named};
use crate::train::RecurrentView;
use crate::weights::Kind;

/// The script.
pub(super) fn script(snapshot: RecurrentView<'_>) -> String {
    let network = snapshot.network;
    let (inputs, units, outputs) = network.sizes();
    let (cell, is_every) = (network.cell.name(), network.reads == OutputSteps::All);
    let rows = if is_every { "a row of outputs for each step" } else { "a row of outputs for each sequence" };
    let mut out = format!(
        "\"\"\"A {cell} net of {inputs}-{units}-{outputs} after {} updates, with its weights, in PyTorch.\n\n\
         Steps of inputs, separated by commas, with an empty line between sequences, on stdin become {rows} on stdout.\n\"\"\"\n\n\
         # Made by: {}\n\nimport sys\n\nimport torch\nfrom torch import nn\n\ntorch.set_default_dtype(torch.float64)\n\n",
        snapshot.position.step,
        snapshot.command_line().replace('\n', " "),
    );
    let _ = writeln!(out, "INPUTS = {}", texts(&snapshot.sequences.inputs));
    let _ = writeln!(out, "OUTPUTS = {}", texts(&snapshot.sequences.outputs));
    let _ = writeln!(out, "# {}", Kind::Recurrent.convention());
    for (name, theta) in ["THETA_X", "THETA_H", "THETA_O"].into_iter().zip(&network.theta) {
        let _ = writeln!(out, "{name} = [");
        theta.rows().into_iter().for_each(|row| _ = writeln!(out, "    {},", numbers(&row.to_vec())));
        out.push_str("]\n");
    }
    out.push_str("\n\n");
    if let Cell::Plain(g) = network.cell
        && !is_of_pytorch(g)
    {
        plain(&mut out, g);
    }
    build(&mut out, network);
    let _ = write!(
        out,
        "def cost(h, y):\n    # The data term: the mean over the sequences, summed over the steps and the outputs.\n    {}\n\n\n",
        cost(network.output)
    );
    main(&mut out, is_every);
    out
}

/// Whether nn.RNN has this activation.
fn is_of_pytorch(g: Activation) -> bool {
    matches!(g, Activation::Tanh | Activation::Relu)
}

/// A plain layer with an activation that nn.RNN does not have, with the names of nn.RNN.
fn plain(out: &mut String, g: Activation) {
    let _ = write!(
        out,
        "class Plain(nn.Module):\n    def __init__(self, inputs, units):\n        super().__init__()\n        \
         self.weight_ih_l0 = nn.Parameter(torch.zeros(units, inputs))\n        \
         self.weight_hh_l0 = nn.Parameter(torch.zeros(units, units))\n        \
         self.bias_ih_l0 = nn.Parameter(torch.zeros(units))\n        self.bias_hh_l0 = nn.Parameter(torch.zeros(units))\n        \
         self.g = {}\n\n    def forward(self, x):\n        h = x.new_zeros(x.shape[0], len(self.bias_hh_l0))\n        states = []\n        \
         for step in x.unbind(1):\n            z = step @ self.weight_ih_l0.T + self.bias_ih_l0 + h @ self.weight_hh_l0.T + self.bias_hh_l0\n            \
         h = self.g(z)\n            states.append(h)\n        return torch.stack(states, 1), h\n\n\n",
        module(g)
    );
}

/// The module, and the function that puts the weights in it.
fn build(out: &mut String, network: &Recurrent<f64>) {
    let (inputs, units, outputs) = network.sizes();
    let layer = match network.cell {
        Cell::Plain(g) if !is_of_pytorch(g) => format!("Plain({inputs}, {units})"),
        Cell::Plain(g) => format!("nn.RNN({inputs}, {units}, nonlinearity=\"{}\", batch_first=True)", g.name()),
        Cell::Gru => format!("nn.GRU({inputs}, {units}, batch_first=True)"),
        Cell::Lstm => format!("nn.LSTM({inputs}, {units}, batch_first=True)"),
    };
    let read = if network.reads == OutputSteps::All { "states" } else { "states[:, -1]" };
    let _ = write!(
        out,
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = {layer}\n        \
         self.fc = nn.Linear({units}, {outputs})\n        self.output = {}\n\n    def forward(self, x):\n        \
         # x has the axes sequence, step, input.\n        states, _ = self.rnn(x)\n        return self.output(self.fc({read}))\n\n\n",
        output(network.output, -1),
    );
    out.push_str(
        "def net():\n    model = Net()\n    x, h, o = (torch.tensor(theta) for theta in (THETA_X, THETA_H, THETA_O))\n",
    );
    if network.cell == Cell::Lstm {
        out.push_str(
            "    # The gates are i, f, o, n here, and i, f, g, o in PyTorch, where g is n.\n    \
             x, h = (torch.cat([theta.chunk(4)[gate] for gate in (0, 1, 3, 2)]) for theta in (x, h))\n",
        );
    }
    out.push_str("    with torch.no_grad():\n        model.rnn.weight_ih_l0.copy_(x[:, 1:])\n        model.rnn.bias_ih_l0.copy_(x[:, 0])\n");
    match network.cell {
        Cell::Plain(_) => {
            out.push_str("        model.rnn.weight_hh_l0.copy_(h)\n        model.rnn.bias_hh_l0.zero_()\n")
        }
        _ => out
            .push_str("        model.rnn.weight_hh_l0.copy_(h[:, 1:])\n        model.rnn.bias_hh_l0.copy_(h[:, 0])\n"),
    }
    out.push_str(
        "        model.fc.weight.copy_(o[:, 1:])\n        model.fc.bias.copy_(o[:, 0])\n    return model\n\n\n",
    );
}

/// What is done where the script is run.
fn main(out: &mut String, is_every: bool) {
    out.push_str(
        "if __name__ == \"__main__\":\n    parts = sys.stdin.read().strip().split(\"\\n\\n\")\n    model = net().eval()\n    \
         for number, part in enumerate(parts):\n        steps = [[float(x) for x in line.split(\",\")] for line in part.split(\"\\n\") if line.strip()]\n        \
         with torch.no_grad():\n            h = model(torch.tensor([steps])).reshape(-1, len(OUTPUTS))\n",
    );
    if is_every {
        out.push_str("        if number > 0:\n            print()\n");
    }
    out.push_str("        for row in h.tolist():\n            print(\",\".join(map(repr, row)))\n");
}
