//! Letting a recurrent network write a text on.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use super::App;
use crate::nn::draw::share_of;
use crate::nn::recurrent::{BpttForward, Recurrent, RecurrentState};
use crate::view::Written;

/// Characters that the network writes at a time.
const WRITTEN: usize = 160;
/// Units from which on it writes fewer, so that a key does not wait.
const WIDE: usize = 512;

impl App {
    /// Lets the network of the present picture write on from the step under the cursor.
    pub(super) fn write_on(&mut self) {
        let (t, temperature) = (self.view.cursor.t, self.view.temperature);
        let Some(net) = self.view.recurrent().filter(|net| net.sequences.is_text()) else {
            self.view.message = Some("only in a text does the network write on".into());
            return;
        };
        let drawn = self.drawn + 1;
        let state = |array: &ndarray::Array2<f64>| match array.is_empty() {
            true => array.clone(),
            false => array.slice(ndarray::s![t..=t, ..]).to_owned(),
        };
        let start = RecurrentState { h: state(net.h()), c: state(net.c()) };
        let z_o = net.z_o().row(t - 1).to_owned();
        let count = if net.network.sizes().1 > WIDE { WRITTEN / 4 } else { WRITTEN };
        let symbols = written(net.network, start, z_o, (temperature, drawn, count));
        let text = symbols.into_iter().map(|k| match net.sequences.outputs[k].as_str() {
            "␣" => " ".into(),
            symbol => symbol.into(),
        });
        let step = net.position.step;
        let text = text.collect();
        self.drawn = drawn;
        self.view.written = Some(Written { text, temperature, step });
    }
}

/// Symbols drawn one after the other, each fed back as the next input; at temperature 0 the likeliest.
fn written(
    network: &Recurrent<f64>,
    mut state: RecurrentState<f64>,
    mut z_o: ndarray::Array1<f64>,
    (temperature, seed, count): (f64, u64, usize),
) -> Vec<usize> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut forward = BpttForward::default();
    let mut symbols = Vec::with_capacity(count);
    for _ in 0..count {
        let top = z_o.fold(f64::NEG_INFINITY, |top, &z| top.max(z));
        let likeliest = z_o.iter().position(|&z| z == top).unwrap_or(0);
        let weight = |z: f64| ((z - top) / temperature).exp();
        let share = share_of(rng.next_u64());
        let mut left = share * z_o.iter().map(|&z| weight(z)).sum::<f64>();
        let drawn = z_o.iter().position(|&z| {
            left -= weight(z);
            left < 0.0
        });
        let symbol = if temperature > 0.0 { drawn.unwrap_or(likeliest) } else { likeliest };
        symbols.push(symbol);
        let mut x = ndarray::Array2::zeros((1, network.sizes().0));
        x[[0, symbol]] = 1.0;
        network.forward(x.view(), &state, &mut forward);
        z_o = forward.z_o.row(0).to_owned();
        state.h.assign(&forward.at(&forward.h, 1));
        if !state.c.is_empty() {
            state.c.assign(&forward.at(&forward.c, 1));
        }
    }
    symbols
}
