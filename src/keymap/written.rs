//! Keys as a user writes them, such as `n*3 Enter`, read back into key presses by the names in the table of keys.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{BINDINGS, PLAIN};

/// A press of a key with what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// How the key was written.
    pub name: String,
    /// The press.
    pub event: KeyEvent,
}

/// The presses that a text of keys asks for: names of keys or single characters with blanks between them, each with `*N` behind it if it is pressed
/// N times.
///
/// # Errors
/// The word that is no key, and what a key can be.
pub fn presses(text: &str) -> Result<Vec<Press>, String> {
    let mut all = Vec::new();
    for word in text.split_whitespace() {
        let (name, count) = match word.rsplit_once('*').filter(|(name, count)| !name.is_empty() && !count.is_empty()) {
            Some((name, count)) => (name, count.parse().ok().filter(|count| (1..=1000).contains(count))),
            None => (word, Some(1)),
        };
        let count: usize =
            count.ok_or_else(|| format!("{word:?}: a key is pressed 1 to 1000 times, as in {name}*3"))?;
        let (code, modifiers) = of_name(name).ok_or_else(|| unknown(name))?;
        let press = Press { name: name.into(), event: KeyEvent::new(code, modifiers) };
        all.extend(std::iter::repeat_n(press, count));
    }
    Ok(all)
}

/// A key by its name in the table, whatever its case, or by the one character that it types.
fn of_name(name: &str) -> Option<(KeyCode, KeyModifiers)> {
    let mut characters = name.chars();
    if let (Some(c), None) = (characters.next(), characters.next()) {
        return Some((KeyCode::Char(c), PLAIN));
    }
    named().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, key)| key)
}

/// The keys that have a name, in the order of the table.
fn named() -> impl Iterator<Item = (&'static str, (KeyCode, KeyModifiers))> {
    let all = BINDINGS.iter().flat_map(|binding| binding.shown.split(' ').zip(binding.keys.iter().copied()));
    all.filter(|(name, _)| name.len() > 1)
}

fn unknown(name: &str) -> String {
    let mut names: Vec<&str> = named().map(|(name, _)| name).collect();
    names.dedup();
    format!("{name:?} is no key: a single character, {}; with *N behind it, N times", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::{Action, Direction, action};

    fn actions(text: &str) -> Vec<Option<Action>> {
        presses(text).expect("keys").into_iter().map(|press| action(press.event)).collect()
    }

    #[test]
    fn keys_are_read_by_character_by_name_and_so_many_times() {
        let moves = |direction| Some(Action::Move(direction));
        assert_eq!(
            actions("n*2 Enter *"),
            [Some(Action::Next), Some(Action::Next), Some(Action::Open), Some(Action::Free)]
        );
        assert_eq!(
            actions("left PGDN space"),
            [moves(Direction::Left), moves(Direction::PageDown), Some(Action::RunPause)]
        );
        assert_eq!(actions("ctrl-c ?"), [Some(Action::Quit), Some(Action::Help)]);
        assert_eq!(actions(""), []);
        assert_eq!(actions("Ω"), [None], "a key that is not bound");
    }

    #[test]
    fn every_key_of_the_table_can_be_written_as_it_is_shown() {
        for binding in BINDINGS {
            for name in binding.shown.split(' ') {
                assert_eq!(actions(name), [Some(binding.action)], "{name}");
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_what_is_one() {
        for (text, mention) in [("ente", "Enter"), ("n*0", "1 to 1000"), ("n*x", "1 to 1000"), ("n*9999", "n*3")] {
            let error = presses(text).expect_err(text);
            assert!(error.contains(mention), "{error}");
        }
    }
}
