//! What the fuzz targets share: how bytes become the input of a parser, and what must hold of whatever it answers.

pub mod arrays;
pub mod check;
pub mod keys;
pub mod options;
pub mod packed;
pub mod rows;
pub mod scratch;
pub mod sequences;
pub mod weights;
