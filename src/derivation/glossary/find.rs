//! Which entries of the glossary a word asks for, and the names that are nearest to one that asks for none.

use super::entry::GlossaryEntry;

impl GlossaryEntry {
    /// All names that it is found by.
    fn names(&self) -> impl Iterator<Item = &str> {
        let own = [self.name, self.letter].into_iter().chain(self.symbols.iter().map(String::as_str));
        own.chain(self.shown.iter().copied()).chain(self.aliases.iter().copied())
    }
}

/// A name without what is of no account in it: blanks and braces; `spell` spells it in ASCII.
fn plain(name: &str, spell: &dyn Fn(&str) -> String) -> String {
    spell(name).chars().filter(|c| !c.is_whitespace() && !"{}\\$".contains(*c)).collect()
}

/// A name without the places that numbers in it are at: `Theta^(2)[1,3]` is `Theta`, a^(3)_2 is a, h_5,2 is h.
fn without_places(name: &str) -> String {
    let is_place = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == ',');
    let mut rest = name;
    if let Some((before, inside)) = rest.strip_suffix(']').and_then(|rest| rest.rsplit_once('['))
        && is_place(inside)
    {
        rest = before;
    }
    if let Some((before, place)) = rest.rsplit_once('_')
        && !place.is_empty()
        && is_place(place)
    {
        rest = before;
    }
    if let Some((before, layer)) = rest.strip_suffix(')').and_then(|rest| rest.rsplit_once("^("))
        && is_place(layer)
    {
        rest = before;
    }
    rest.into()
}

/// The entries that a word asks for: by name, by spelling (`delta`), in capitals or not, or by the name of one number of them
/// (`Θ^(2)[1,3]`). None if there is no such one.
pub fn found<'e>(asked: &str, all: &'e [GlossaryEntry], spell: &dyn Fn(&str) -> String) -> Vec<&'e GlossaryEntry> {
    let asked = plain(asked.trim(), spell);
    if asked.is_empty() {
        return Vec::new();
    }
    let select = |is_it: &dyn Fn(&str) -> bool| {
        let mut entries: Vec<&GlossaryEntry> =
            all.iter().filter(|entry| entry.names().any(|name| is_it(&plain(name, spell)))).collect();
        // An entry of that very name comes before those that have it as another one.
        entries.sort_by_key(|entry| !is_it(&plain(entry.name, spell)));
        entries
    };
    let short = without_places(&asked);
    let by: [&dyn Fn(&str) -> bool; 4] =
        [&|name| name == asked, &|name| name == short, &|name| name.eq_ignore_ascii_case(&asked), &|name| {
            name.eq_ignore_ascii_case(&short)
        }];
    by.into_iter().map(select).find(|entries| !entries.is_empty()).unwrap_or_default()
}

/// The names that are most like a word, so many at most.
pub fn nearest<'e>(
    asked: &str,
    all: &'e [GlossaryEntry],
    (spell, most): (&dyn Fn(&str) -> String, usize),
) -> Vec<&'e str> {
    let asked = plain(asked.trim(), spell).to_lowercase();
    let of = |entry: &'e GlossaryEntry| {
        let distance = |name: &str| changes(&asked, &plain(name, spell).to_lowercase());
        entry.names().map(distance).min().map(|least| (least, entry.name))
    };
    let mut names: Vec<(usize, &str)> = all.iter().filter_map(of).collect();
    names.sort_by_key(|&(distance, _)| distance);
    let mut seen: Vec<&str> = Vec::new();
    for (_, name) in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.truncate(most);
    seen
}

/// How many letters are to be changed, put in or left out to make one word of another.
fn changes(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (column, &of_other) in other.iter().enumerate() {
            let replaced = before + usize::from(letter != of_other);
            before = row[column + 1];
            row[column + 1] = replaced.min(before + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_a_number_are_left_out_of_its_name() {
        for (name, without) in [
            ("Theta^(2)[1,3]", "Theta"),
            ("a^(3)_2", "a"),
            ("h_5,2", "h"),
            ("g^f_3,1", "g^f"),
            ("Theta^x[4,0]", "Theta^x"),
            ("J^(b)", "J^(b)"),
            ("delta(g^n)", "delta(g^n)"),
            ("S_l", "S_l"),
        ] {
            assert_eq!(without_places(name), without);
        }
    }

    #[test]
    fn the_distance_of_two_words_is_what_is_to_be_changed() {
        for (one, other, count) in [("", "abc", 3), ("delta", "delta", 0), ("delt", "delta", 1), ("teta", "theta", 1)] {
            assert_eq!((changes(one, other), changes(other, one)), (count, count), "{one} {other}");
        }
    }
}
