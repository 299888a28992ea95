//! deltascope: the oscilloscope for backpropagation, in a terminal.
//!
//! The program is the screen; this library is what it is made of, from the mathematics up. A reader begins with [`nn`]
//! and follows the modules in the order below, each of which names only those before it.
//!
//! # Letters
//!
//! They are the derivation's. Layers are counted 1 … L; layer 1 is the input and layer L the output. Units are counted
//! from 1 on the screen and from 0 in the code; unit 0 of a layer on the screen is its bias unit, which is always 1.
//!
//! | letter | what | shape |
//! |---|---|---|
//! | S_l | units of layer l, without the bias unit | |
//! | Θ^(l) | weights from layer l to l+1, the bias in column 0 | S_{l+1} × (S_l + 1) |
//! | z^(l) | weighted input of layer l, Θ^(l−1) [1; a^(l−1)] | S_l |
//! | a^(l) | activation, g(z^(l)); a^(1) = x and a^(L) = h | S_l |
//! | J^(b) | cost of sample b, without the penalty | |
//! | J | data + reg: the mean of J^(b), and the penalty | |
//! | δ^(l) | ∂J^(b)/∂z^(l) of one sample, l = 2 … L | S_l |
//! | Δ^(l) | one sample's gradient, δ^(l+1) [1; a^(l)]ᵀ | as Θ^(l) |
//! | D^(l) | the mean of Δ^(l) over a batch, the gradient of the data term | as Θ^(l) |
//! | λ, α | strength of the penalty, learning rate | |
//! | m, B | samples in the whole training part, in a batch | |
//!
//! A *step* is one update of Θ; an *epoch* is one pass over the training part.
//!
//! # Example
//!
//! A network learns the exclusive or:
//!
//! ```
//! use deltascope::nn::{Activation, Init, Network, Output, network::is_right};
//! use ndarray::array;
//!
//! let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
//! let y = array![[0.0], [1.0], [1.0], [0.0]];
//! let theta = Init::Uniform.theta(&[2, 3, 1], 1);
//! let mut network = Network { theta, hidden: vec![Activation::Tanh], output: Output::Sigmoid };
//! for _ in 0..500 {
//!     let forward = network.forward(x.view());
//!     let backprop = network.backward(&forward, y.view());
//!     for (theta, d) in network.theta.iter_mut().zip(&backprop.d) {
//!         theta.scaled_add(-1.0, d); // 1.3.2 with α = 1
//!     }
//! }
//! let h = network.forward(x.view()).a.pop().unwrap();
//! assert!((0..4).all(|b| is_right(h.row(b), y.row(b))));
//! ```

pub mod text;
pub mod number;
pub mod error;
pub mod nn;
pub mod data;
pub mod weights;
pub mod train;
pub mod derivation;
pub mod keymap;
pub mod theme;
pub mod view;
pub mod ui;
pub mod app;
pub mod tui;
pub mod headless;
pub mod cli;
