//! What the values of options may be, and what they become.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::data::Scale;
use crate::keymap::{self, Press};
use crate::nn::{Named, Optimizer};
use crate::theme::ColorChoice;
use crate::train::{BatchSize, Schedule, Speed};

/// The sizes of the hidden layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerSizes(pub Vec<usize>);

/// The keys that are pressed before a picture of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys(pub Vec<Press>);

/// A parser for a closed set of choices, which the help lists.
pub(super) fn named<T: Named + Send + Sync>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(T::ALL.iter().map(|choice| choice.name()))
        .map(|name| T::named(&name).expect("clap lets only the names through"))
}

/// The names of a closed set of choices, for a help text that says more of them.
pub(super) fn names<T: Named>() -> String {
    T::ALL.iter().map(|choice| choice.name()).collect::<Vec<_>>().join(", ")
}

/// The optimisers that go by β, or by β₂, in words.
pub(super) fn rules_by(which: fn((bool, bool)) -> bool) -> String {
    let rules: Vec<_> = Optimizer::ALL.iter().filter(|rule| which(rule.betas())).map(|rule| rule.name()).collect();
    let (last, others) = rules.split_last().expect("some rule does");
    format!("{} and {last}", others.join(", "))
}

pub(super) fn color() -> impl TypedValueParser<Value = ColorChoice> {
    PossibleValuesParser::new(ColorChoice::ALL.iter().map(|choice| choice.name()))
        .map(|name| ColorChoice::named(&name).expect("clap lets only the names through"))
}

pub(super) fn scale(text: &str) -> std::result::Result<Scale, String> {
    Scale::parse(text)
}

pub(super) fn separator(text: &str) -> std::result::Result<char, String> {
    match text {
        "comma" => Ok(','),
        "semicolon" => Ok(';'),
        "tab" | "\\t" => Ok('\t'),
        "bar" => Ok('|'),
        _ => {
            let mut characters = text.chars();
            let alone =
                characters.next().filter(|c| c.is_ascii() && !"\"\r\n".contains(*c) && characters.next().is_none());
            alone.ok_or_else(|| "comma, semicolon, tab, bar, or one ASCII character that is no quote".into())
        }
    }
}

pub(super) fn schedule(text: &str) -> std::result::Result<Schedule, String> {
    Schedule::parse(text)
}

pub(super) fn layers(text: &str) -> std::result::Result<LayerSizes, String> {
    if text == "none" {
        return Ok(LayerSizes(Vec::new()));
    }
    let size = |part: &str| part.trim().parse().map_err(|_| format!("`{part}` is no size: sizes as in 16,8, or none"));
    text.split(',').map(size).collect::<std::result::Result<_, _>>().map(LayerSizes)
}

pub(super) fn batch(text: &str) -> std::result::Result<BatchSize, String> {
    match text {
        "full" => Ok(BatchSize::Full),
        _ => text.parse().map(BatchSize::Size).map_err(|_| "a number of samples, or full".into()),
    }
}

pub(super) fn speed(text: &str) -> std::result::Result<Speed, String> {
    let allowed = || "updates per second from 0.01 to 1000000, or max".to_string();
    if text == "max" {
        return Ok(Speed::Max);
    }
    let rate: f64 = text.parse().map_err(|_| allowed())?;
    if (0.01..=1e6).contains(&rate) { Ok(Speed::PerSecond(rate)) } else { Err(allowed()) }
}

pub(super) fn keys(text: &str) -> std::result::Result<Keys, String> {
    keymap::presses(text).map(Keys)
}

pub(super) fn size(text: &str) -> std::result::Result<(u16, u16), String> {
    let allowed = || "columns and rows from 1x1 to 1000x1000, as in 120x40".to_string();
    let (width, height) = text.split_once('x').ok_or_else(allowed)?;
    match (width.parse(), height.parse()) {
        (Ok(width @ 1..=1000), Ok(height @ 1..=1000)) => Ok((width, height)),
        _ => Err(allowed()),
    }
}
