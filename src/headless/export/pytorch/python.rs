//! What the scripts of all nets are made of: numbers and names in Python, modules and costs of PyTorch.

use crate::error::printable_json;
use crate::nn::{Activation, Output};

/// The module of an activation.
pub(super) fn module(g: Activation) -> &'static str {
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
pub(super) fn output(output: Output, axis: i8) -> String {
    match output {
        Output::Sigmoid | Output::SigmoidMse => "nn.Sigmoid()".into(),
        Output::Softmax => format!("nn.Softmax({axis})"),
        Output::Linear => "nn.Identity()".into(),
    }
}

/// The line that computes the data term of h and y.
pub(super) fn cost(output: Output) -> &'static str {
    match output {
        Output::Sigmoid => "return nn.functional.binary_cross_entropy(h, y, reduction=\"sum\") / len(y)",
        Output::Softmax => "return -(y * torch.log(h)).sum() / len(y)",
        Output::Linear | Output::SigmoidMse => "return ((h - y) ** 2).sum() / 2 / len(y)",
    }
}

/// Numbers as a list of Python, each in the shortest form that reads back exactly.
pub(super) fn numbers(values: &[f64]) -> String {
    format!("[{}]", values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", "))
}

/// Names as a list of Python; JSON's strings are Python's, too.
pub(super) fn texts(names: &[String]) -> String {
    format!(
        "[{}]",
        names.iter().map(|name| printable_json(&serde_json::json!(name).to_string())).collect::<Vec<_>>().join(", ")
    )
}
