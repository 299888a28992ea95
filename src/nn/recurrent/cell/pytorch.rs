//! What PyTorch has for a recurrent layer: a class with the parameters of nn.RNN, and the order that it has the gates in.

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

impl RecurrentLayer {
    /// A class of PyTorch that takes these arguments and has the gates in the order here.
    pub(super) fn of(class: &'static str, arguments: &str) -> Self {
        Self { class, arguments: format!("{arguments}, batch_first=True"), definition: String::new(), gates: None }
    }
}
