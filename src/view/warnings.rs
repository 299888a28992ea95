//! Warnings about the data and the weights: what is said, and whether it has been read.

use crate::error::printable;
use crate::keymap::Direction;

/// The warnings of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    /// A sentence each, every one once.
    pub said: Vec<String>,
    /// Whether the list has not been opened since they were said.
    pub unread: bool,
}

impl Warnings {
    /// Takes in the warnings of a run; if they are new, they are unread.
    pub fn take(&mut self, said: &[String]) {
        let said = counted(said);
        if said != self.said {
            self.unread = !said.is_empty();
            self.said = said;
        }
    }

    /// The warning under the cursor after a key.
    pub fn moved(&self, from: usize, direction: Direction) -> usize {
        direction.along(from, self.said.len().saturating_sub(1))
    }
}

/// Every sentence once, as it may be printed, with how often it was said.
fn counted(said: &[String]) -> Vec<String> {
    let mut counts: Vec<(&String, usize)> = Vec::new();
    for sentence in said {
        match counts.iter_mut().find(|(other, _)| *other == sentence) {
            Some((_, count)) => *count += 1,
            None => counts.push((sentence, 1)),
        }
    }
    let told = |(sentence, count): (&String, usize)| match count {
        1 => printable(sentence),
        count => format!("{} ({count} times)", printable(sentence)),
    };
    counts.into_iter().map(told).collect()
}

#[cfg(test)]
impl Warnings {
    /// Unread warnings.
    pub(crate) fn of(said: &[&str]) -> Self {
        let mut warnings = Self::default();
        warnings.take(&said.iter().map(ToString::to_string).collect::<Vec<_>>());
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_twice_is_one_line_with_a_count_and_only_news_are_unread() {
        let mut warnings = Warnings::of(&["a", "b", "a"]);
        assert_eq!((warnings.said.join(" "), warnings.unread), ("a (2 times) b".into(), true));
        warnings.unread = false;
        warnings.take(&["a".into(), "b".into(), "a".into()]);
        assert!(!warnings.unread);
        warnings.take(&["c".into()]);
        assert!(warnings.unread);
        assert!(!Warnings::of(&[]).unread);
    }
}
