//! The screen: every panel a pure function of one `View`, and nothing here changes anything.

pub mod book;
pub mod check;
mod curve;
mod distribution;
pub mod explain;
pub mod glossary;
pub mod header;
pub mod help;
pub mod options;
pub mod paint;
mod panel;
pub mod panels;
pub mod screen;
pub mod step;
pub mod table;
pub mod svg;
pub mod warnings;
pub mod widgets;
