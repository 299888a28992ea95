//! A script that builds the net of a snapshot in PyTorch, with its weights, its scaler and its cost.

mod python;
mod recurrent;

use std::fmt::Write;

use crate::data::{Extra, Task};
use crate::train::{DenseView, Snapshot};
use python::{numbers, texts};

/// The script.
pub(super) fn script(snapshot: &Snapshot) -> String {
    match (snapshot.dense(), snapshot.recurrent()) {
        (Some(net), _) => of_dense(net),
        (None, Some(net)) => recurrent::script(net),
        (None, None) => unreachable!("a network learns data of its own kind"),
    }
}

fn of_dense(snapshot: DenseView<'_>) -> String {
    let network = snapshot.network;
    let dataset = &snapshot.data.dataset;
    let sizes = network.sizes();
    let net = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
    let mut out = format!(
        "\"\"\"A net of {net} after {} updates, with its weights, in PyTorch.\n\nRows of features, separated by commas, on stdin become rows of outputs on stdout.\n\"\"\"\n\n\
         # Made by: {}\n\nimport sys\n\nimport torch\nfrom torch import nn\n\ntorch.set_default_dtype(torch.float64)\n\n",
        snapshot.position.step,
        snapshot.command_line().replace('\n', " "),
    );
    let _ = writeln!(out, "FEATURES = {}", texts(&dataset.features[..dataset.plain()]));
    let _ = writeln!(out, "OUTPUTS = {}", texts(dataset.targets.outputs()));
    out.push_str("# Features are scaled as (x - SHIFT) / DIVISOR, those made from others too.\n");
    let _ = writeln!(out, "SHIFT = {}", numbers(&snapshot.data.scaling.shift));
    let _ = writeln!(out, "DIVISOR = {}", numbers(&snapshot.data.scaling.divisor));
    if dataset.targets.task() == Task::Regression {
        out.push_str("# An output h is the number h * TARGET_DIVISOR + TARGET_SHIFT.\n");
        let _ = writeln!(out, "TARGET_SHIFT = {}", numbers(&snapshot.data.target_scaling.shift));
        let _ = writeln!(out, "TARGET_DIVISOR = {}", numbers(&snapshot.data.target_scaling.divisor));
    }
    let _ = writeln!(out, "# {}", crate::weights::Kind::Dense.convention());
    out.push_str("THETA = [\n");
    for theta in &network.theta {
        out.push_str("    [\n");
        theta.rows().into_iter().for_each(|row| _ = writeln!(out, "        {},", numbers(&row.to_vec())));
        out.push_str("    ],\n");
    }
    out.push_str("]\n\n\n");
    let mut classes: Vec<&str> = network.hidden.iter().filter_map(|g| g.pytorch_class()).collect();
    classes.sort_unstable();
    classes.dedup();
    out.extend(classes);
    build(&mut out, snapshot, &sizes);
    inputs(&mut out, &dataset.extras);
    let _ = write!(
        out,
        "def cost(h, y):\n    # The data term: the mean over the samples, summed over the outputs.\n    {}\n\n\n",
        network.output.pytorch_cost()
    );
    out.push_str("if __name__ == \"__main__\":\n    rows = [[float(x) for x in line.split(\",\")] for line in sys.stdin if line.strip()]\n");
    out.push_str("    with torch.no_grad():\n        h = net().eval()(inputs(torch.tensor(rows)))\n");
    if dataset.targets.task() == Task::Regression {
        out.push_str("        h = h * torch.tensor(TARGET_DIVISOR) + torch.tensor(TARGET_SHIFT)\n");
    }
    out.push_str("    for row in h.tolist():\n        print(\",\".join(map(repr, row)))\n");
    out
}

fn build(out: &mut String, snapshot: DenseView<'_>, sizes: &[usize]) {
    let network = &snapshot.network;
    out.push_str("def net():\n    model = nn.Sequential(\n");
    for (index, pair) in sizes.windows(2).enumerate() {
        let _ = writeln!(out, "        nn.Linear({}, {}),", pair[0], pair[1]);
        match network.hidden.get(index) {
            Some(&g) => {
                let _ = writeln!(out, "        {},", g.pytorch());
                if snapshot.config.dropout > 0.0 {
                    let _ = writeln!(out, "        nn.Dropout({:?}),", snapshot.config.dropout);
                }
            }
            None => _ = writeln!(out, "        {},", network.output.pytorch(1)),
        }
    }
    out.push_str("    )\n    linear = [layer for layer in model if isinstance(layer, nn.Linear)]\n");
    out.push_str("    with torch.no_grad():\n        for layer, theta in zip(linear, THETA):\n            theta = torch.tensor(theta)\n");
    out.push_str("            layer.bias.copy_(theta[:, 0])\n            layer.weight.copy_(theta[:, 1:])\n    return model\n\n\n");
}

/// The function that makes the inputs of rows of features.
fn inputs(out: &mut String, extras: &[Extra]) {
    out.push_str("def inputs(x):\n");
    if !extras.is_empty() {
        let made = extras.iter().map(|extra| match extra {
            Extra::Squares => "x * x",
            Extra::Sines => "torch.sin(x)",
            Extra::Products => "torch.stack([x[:, i] * x[:, j] for i in range(n) for j in range(i + 1, n)], 1)",
        });
        let made = made.collect::<Vec<_>>().join(", ");
        let _ = write!(out, "    n = x.shape[1]\n    x = torch.cat([x, {made}], 1)\n");
    }
    out.push_str("    return (x - torch.tensor(SHIFT)) / torch.tensor(DIVISOR)\n\n\n");
}
