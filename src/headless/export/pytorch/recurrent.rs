//! The script of a recurrent net: nn.RNN, nn.GRU or nn.LSTM with nn.Linear after it.

use std::fmt::Write;

use super::python::{numbers, texts};
use crate::nn::Named;
use crate::nn::recurrent::{OutputSteps, Recurrent, RecurrentLayer};
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
    let layer = network.cell.pytorch();
    out.push_str(&layer.definition);
    build(&mut out, network, &layer);
    let _ = write!(
        out,
        "def cost(h, y):\n    # The data term: the mean over the sequences, summed over the steps and the outputs.\n    {}\n\n\n",
        network.output.pytorch_cost()
    );
    main(&mut out, is_every);
    out
}

/// The module, and the function that puts the weights in it.
fn build(out: &mut String, network: &Recurrent<f64>, of_pytorch: &RecurrentLayer) {
    let (inputs, units, outputs) = network.sizes();
    let layer = format!("{}({inputs}, {units}{})", of_pytorch.class, of_pytorch.arguments);
    let read = if network.reads == OutputSteps::All { "states" } else { "states[:, -1]" };
    let _ = write!(
        out,
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = {layer}\n        \
         self.fc = nn.Linear({units}, {outputs})\n        self.output = {}\n\n    def forward(self, x):\n        \
         # x has the axes sequence, step, input.\n        states, _ = self.rnn(x)\n        return self.output(self.fc({read}))\n\n\n",
        network.output.pytorch(-1),
    );
    out.push_str(
        "def net():\n    model = Net()\n    x, h, o = (torch.tensor(theta) for theta in (THETA_X, THETA_H, THETA_O))\n",
    );
    if let Some((words, gates)) = of_pytorch.gates {
        let (count, gates) = (gates.len(), gates.iter().map(usize::to_string).collect::<Vec<_>>().join(", "));
        let _ = write!(
            out,
            "    # {words}\n    \
             x, h = (torch.cat([theta.chunk({count})[gate] for gate in ({gates})]) for theta in (x, h))\n",
        );
    }
    out.push_str("    with torch.no_grad():\n        model.rnn.weight_ih_l0.copy_(x[:, 1:])\n        model.rnn.bias_ih_l0.copy_(x[:, 0])\n");
    out.push_str(match network.cell.has_second_bias() {
        true => "        model.rnn.weight_hh_l0.copy_(h[:, 1:])\n        model.rnn.bias_hh_l0.copy_(h[:, 0])\n",
        false => "        model.rnn.weight_hh_l0.copy_(h)\n        model.rnn.bias_hh_l0.zero_()\n",
    });
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
