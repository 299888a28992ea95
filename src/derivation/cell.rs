//! The equations of each recurrent cell in symbols: a step forwards, and how δ comes back through time.

use crate::nn::Cell;

/// The number of a cell's equations.
pub fn number(cell: Cell) -> &'static str {
    match cell {
        Cell::Plain(_) => "3.2 recurrent",
        Cell::Gru => "3.2 GRU",
        Cell::Lstm => "3.2 LSTM",
    }
}

/// What the layer computes at each step.
pub fn equations(cell: Cell) -> &'static [&'static str] {
    match cell {
        Cell::Plain(_) => &["z_t = Θ^x [1; x_t] + Θ^h h_{t−1}", "h_t = g(z_t)", "o_t = output(Θ^o [1; h_t])"],
        Cell::Gru => &[
            "r = σ(W_r x + b_r + U_r h + c_r)",
            "u = σ(W_u x + b_u + U_u h + c_u)",
            "n = tanh(W_n x + b_n + r ⊙ (U_n h + c_n))",
            "h_t = (1 − u) ⊙ n + u ⊙ h_{t−1}",
        ],
        Cell::Lstm => &[
            "i, f, o = σ(W x + b + U h + c) each",
            "n = tanh(W_n x + b_n + U_n h + c_n)",
            "s_t = f ⊙ s_{t−1} + i ⊙ n",
            "h_t = o ⊙ tanh(s_t)",
        ],
    }
}

/// How δ comes back through time.
pub fn recursion(cell: Cell) -> &'static str {
    match cell {
        Cell::Plain(_) => "δ_t = g'(z_t) ⊙ ∂J/∂h_t,  ∂J/∂h_t = Θ^oᵀ δ^o_t + Θ^hᵀ δ_{t+1}  (3.2 recurrent)",
        Cell::Gru => {
            "∂J/∂h_t = Θ^oᵀ δ^o_t + u_{t+1} ⊙ ∂J/∂h_{t+1} + Θ^hᵀ δ^h_{t+1};  δ^n = ∂J/∂h_t ⊙ (1 − u) ⊙ (1 − n²), δ^h of n = δ^n ⊙ r  (3.2 GRU)"
        }
        Cell::Lstm => {
            "∂J/∂s_t = ∂J/∂h_t ⊙ o ⊙ (1 − tanh² s_t) + f_{t+1} ⊙ ∂J/∂s_{t+1};  ∂J/∂h_t = Θ^oᵀ δ^o_t + Θ^hᵀ δ_{t+1}  (3.2 LSTM)"
        }
    }
}
