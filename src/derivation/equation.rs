//! The equations of the derivation, by the numbers that the screen cites.

/// An equation: its number in the derivation, its symbols, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Equation {
    /// Number in the derivation.
    pub number: &'static str,
    /// The equation in symbols.
    pub symbols: &'static str,
    /// What it says.
    pub words: &'static str,
}

macro_rules! equations {
    ($(#[$doc:meta])* $all:ident: $($name:ident = $number:literal, $symbols:literal, $words:literal;)*) => {
        $(#[doc = concat!("(", $number, ") ", $symbols, " — ", $words, ".")]
        pub const $name: Equation = Equation { number: $number, symbols: $symbols, words: $words };)*

        $(#[$doc])*
        pub const $all: &[Equation] = &[$($name),*];
    };
}

equations! {
    /// The equations of the derivation, in its order.
    ALL:
    INPUT = "1.1.1", "a^(1) = x", "the input is the first layer's activation";
    WEIGHTED_INPUT = "1.1.2", "z^(2) = Θ^(1) [1; a^(1)]", "the weighted input of the first hidden layer";
    ACTIVATION = "1.1.3", "a^(2) = g(z^(2))", "the activation of the first hidden layer";
    WEIGHTED_INPUT_ON = "1.1.4", "z^(l+1) = Θ^(l) [1; a^(l)]", "the weighted input of the next hidden layer";
    ACTIVATION_ON = "1.1.5", "a^(l+1) = g(z^(l+1))", "the activation of the next hidden layer";
    WEIGHTED_INPUT_LAST = "1.1.6", "z^(L) = Θ^(L−1) [1; a^(L−1)]", "the weighted input of the output layer";
    OUTPUT = "1.1.7", "h = a^(L) = g(z^(L))", "the output";
    SAMPLE_COST = "1.2.1", "J^(b) = −Σ_k [y_k log h_k + (1 − y_k) log(1 − h_k)]", "the cost of one sample";
    DATA_TERM = "1.2.2", "data = (1/B) Σ_b J^(b)", "the cost without the penalty";
    LAYER_SQUARES = "1.2.3", "Σ_j Σ_{i≥1} Θ_ji²", "one layer's squares, the bias column left out";
    REGULARISATION = "1.2.4", "reg = (λ/2m) Σ_l ΣΘ²", "the penalty, the bias column left out";
    COST = "1.2.5", "J = data + reg", "the cost";
    COST_WHOLE = "1.2.6", "J = (1/B) Σ_b J^(b) + (λ/2m) Σ_l ΣΘ²", "the cost with both parts written out";
    SOUGHT = "1.3.1", "∂J/∂Θ_ji", "the derivative that an update needs of each weight; (3.1.3) gives it";
    UPDATE = "1.3.2", "Θ ← Θ − α ∂J/∂Θ", "the update";
    SIGMOID = "2.1.1", "g(z) = 1 / (1 + e^−z)", "the sigmoid";
    SIGMOID_SLOPE = "2.1.2", "g'(z) = g(z) (1 − g(z))", "the slope of the sigmoid";
    CHAIN = "2.1.3", "d g(f(x))/dx = dg/df · df/dx", "the chain rule";
    CHAIN_OF_TWO = "2.1.4", "dz/dx = dz/dy · dy/dx", "the chain rule for z = g(y) and y = f(x)";
    FUNCTIONS = "2.1.5", "y_i = f_i(x_1 … x_n)", "numbers that depend on several variables";
    FUNCTION_OF_FUNCTIONS = "2.1.6", "z = g(y_1 … y_m)", "a number that depends on all of those";
    CHAIN_OVER_PATHS = "2.1.7", "∂z/∂x_j = Σ_i ∂g/∂y_i · ∂y_i/∂x_j", "the chain rule over several paths: their products are added";
    DATA_AGAIN = "2.2.1", "data = (1/B) Σ_b J^(b)", "the cost without its penalty, over all samples";
    SAMPLE_COST_AGAIN = "2.2.2", "J^(b)", "the cost of one sample is enough to derive from: several samples are a mean";
    ONE_UNIT_Z = "2.2.3", "z_j^(l+1) = Θ_j0 + Σ_i Θ_ji a_i^(l)", "the weighted input of one unit";
    ONE_UNIT_A = "2.2.4", "a_j^(l+1) = g(z_j^(l+1))", "the activation of one unit";
    ONE_WEIGHT = "2.2.5", "∂J/∂Θ^(1)_21 = ∂J/∂z_2^(2) · ∂z_2^(2)/∂Θ^(1)_21", "the chain rule for one weight: its cost depends on it through z_2 alone";
    THAT_IS = "2.2.6", "from Θ^(1)_21 to Θ^(l)_ji", "what holds for this weight holds for each: a weight acts through the z that it is part of";
    WEIGHT_CHAIN = "2.2.7", "∂J/∂Θ_ji = ∂J/∂z_j · ∂z_j/∂Θ_ji", "the chain rule for any weight";
    Z_BY_THETA = "2.2.8", "∂z_j^(l+1)/∂Θ_ji = a_i^(l)", "what a weight is multiplied by, which is 1 for a bias";
    UNIT_CHAIN = "2.3.1", "∂J/∂z_i = ∂J/∂a_i · ∂a_i/∂z_i", "the chain rule through one unit";
    UNIT_A = "2.3.2", "a_i = g(z_i)", "the function that its second factor is the slope of";
    GRAD_A = "2.3.3", "∂J/∂a_i = Σ_d δ_d Θ_di", "what comes back into a unit, over every path into the next layer";
    SAMPLE_COST_OF_A = "2.4.1", "J^(b) with a^(L) in the place of h", "the cost as a function of the output layer's activation";
    OUTPUT_CHAIN = "2.4.2", "δ_i^(L) = ∂J/∂a_i · ∂a_i/∂z_i", "δ of an output as the product of two factors";
    COST_SLOPE = "2.4.3", "∂J/∂a_i = −y_i/a_i + (1 − y_i)/(1 − a_i)", "what a change of the output does to the cost";
    OUTPUT_AGAIN = "2.4.4", "a_i^(L) = g(z_i^(L))", "the function that the second factor is the slope of";
    OUTPUT_SLOPE = "2.4.5", "∂a_i/∂z_i = a_i (1 − a_i)", "the slope of the output";
    OUTPUT_DELTA = "2.4.6", "δ^(L) = a^(L) − y", "δ of the output layer";
    DELTA = "2.5.1", "δ_i^(l) = ∂J^(b)/∂z_i^(l)", "what δ is: how much the cost of the sample grows with this z";
    DELTA_OVER_PATHS = "2.5.2", "δ_i^(l) = Σ_d δ_d^(l+1) · ∂z_d^(l+1)/∂z_i^(l)", "every path from z_i to J leads through a z_d of the next layer";
    PATHS_OVER_UNITS = "2.5.3", "∂z_d/∂z_i = Σ_c ∂z_d/∂a_c · ∂a_c/∂z_i", "z_d depends on z_i through the activations, of which ∂a_c/∂z_i = 0 for c ≠ i";
    ONE_PATH = "2.5.4", "∂z_d/∂z_i = ∂z_d/∂a_i · ∂a_i/∂z_i", "what remains of the sum";
    Z_BY_A = "2.5.5", "∂z_d/∂a_i = Θ_di", "what an activation is multiplied by";
    SLOPE = "2.5.6", "∂a_i/∂z_i = g'(z_i)", "the slope of the activation, a_i (1 − a_i) for a sigmoid";
    DELTA_WRITTEN_OUT = "2.5.7", "δ_i^(l) = Σ_d δ_d Θ_di g'(z_i)", "both factors put in";
    HIDDEN_DELTA = "2.5.8", "δ_i^(l) = g'(z_i) Σ_d δ_d^(l+1) Θ_di", "the factor that all terms have is taken out";
    DELTA_AS_PRODUCT = "2.5.9", "δ^(l) = g'(z^(l)) ⊙ Θᵀδ^(l+1)", "the sum as a row of Θᵀ times the column δ, for all units at once";
    PENALTY_GRADIENT = "2.6.1", "∂reg/∂Θ = (λ/m)Θ", "the penalty's gradient, 0 in the bias column";
    SAMPLE_GRADIENT = "3.1.1", "Δ^(l) = δ^(l+1) [1; a^(l)]ᵀ", "one sample's gradient";
    DATA_GRADIENT = "3.1.2", "D = (1/B) Σ_b Δ", "the gradient of the data term";
    GRADIENT = "3.1.3", "∂J/∂Θ = D + (λ/m)Θ", "the gradient";
    ORDER = "3.1.4", "δ^(L), then δ^(L−1) … δ^(2)", "the order: each δ is made once, from the one after it";
    THEN_GRADIENTS = "3.1.5", "then Δ^(1) … Δ^(L−1)", "the gradients follow from the δ, none of which is made again";
}

equations! {
    /// What the derivation names as next; the equations of other outputs, penalties, rules and cells stand beside their forms in `graph`.
    EXTENSIONS:
    BIAS_PENALTY = "2.6.1", "∂reg/∂Θ_j0 = 0", "the bias column is not penalised";
    OWN_SLOPE = "2.5.6", "∂a_c/∂z_i = 0 for c ≠ i", "an activation depends on its own z alone";
    SHARE = "1.2.5", "reg^(l) / J", "a layer's share of the cost";
    BIAS_GRADIENT = "3.1.3", "∂J/∂Θ_j0 = D_j0", "the gradient of a bias, which is not penalised";
    START = "3.2 start", "Θ", "a weight that no update has made";
    SCHEDULE = "3.2 schedule", "α = α₀ γ(epochs done)", "the learning rate of this epoch";
    CLIP = "3.2 clip", "c = clip / ‖∂J/∂Θ‖", "what a gradient that is too long is multiplied by";
    DROPOUT = "3.2 dropout", "a^(l) = r ⊙ g(z^(l))", "the activation of a layer with units left out";
    DROPOUT_DELTA = "3.2 dropout", "δ^(l) = r ⊙ g'(z^(l)) ⊙ Θᵀδ^(l+1)", "δ of a hidden layer with units left out";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_stand_in_the_order_of_the_derivation_each_once() {
        let numbers: Vec<Vec<u32>> = ALL
            .iter()
            .map(|equation| equation.number.split('.').map(|part| part.parse().expect("a number")).collect())
            .collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
