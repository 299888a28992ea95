//! Every equation once, and the numbers that follow from a snapshot by them.

pub mod book;
pub mod confusion;
pub mod curve;
pub mod decision;
pub mod edited;
pub mod equation;
pub mod explain;
pub mod expr;
pub mod gain;
pub mod glossary;
pub mod graph;
pub mod health;
pub mod histogram;
pub mod input;
pub mod latex;
pub mod layer;
pub mod quantity;
pub mod subject;
pub mod time;
pub mod trace;
pub mod unrolled;
pub mod walk;

pub use confusion::{AnsweredSample, Confusion, PartAnswers, worst};
pub use curve::ActivationAt;
pub use decision::{Plane, UnitMaps};
pub use edited::EditedSample;
pub use equation::Equation;
pub use explain::{Explanation, explain, explain_by, of_node};
pub use expr::{Expr, Operand};
pub use gain::Gain;
pub use glossary::GlossaryEntry;
pub use graph::Graph;
pub use graph::node::{Mark, Node, QuantityKey, letter};
pub use graph::values::Values;
pub use health::{Alarm, AlarmRule, HealthFacts, Kinds, OfLayer, RULES, alarms, rules};
pub use histogram::{Bins, Counted, Histogram};
pub use layer::{LayerNorms, UnitNorms};
pub use quantity::Quantity;
pub use subject::Subject;

pub use crate::nn::Weight;
pub use graph::definition::Phase;
pub use time::{RecurrentParameter, Term, radius, terms, whole_gain};
pub use trace::{Sample, Trace};
pub use unrolled::{UnitAt, UnitLine, cell_equations, cell_number, unit_lines};
pub use walk::{Detail, Playhead, Stop, Stride, Walk, unit_values};
