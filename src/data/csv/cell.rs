//! What a cell holds: a number, nothing, or something else.

/// Whether a cell says that there is no value.
pub fn is_missing(cell: &str) -> bool {
    ["", "?", "na", "n/a", "nan", "null", "none"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// The number in a cell, or what was found and what was expected instead.
pub fn number(cell: &str) -> std::result::Result<f64, (String, &'static str)> {
    match cell.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err((format!("\"{cell}\""), "a finite number")),
        Err(_) if cell.is_empty() => Err(("an empty cell".into(), "a number")),
        Err(_) if cell.contains(',') && cell.replace(',', "").parse::<f64>().is_ok() => {
            Err((format!("\"{cell}\""), "a number without commas, its decimals behind a point"))
        }
        Err(_) if is_sign(cell) && plain(cell).parse::<f64>().is_ok() => Err((
            format!("\"{cell}\""),
            "a number of the digits 0 to 9 with the sign - or +, without currency or percent",
        )),
        Err(_) => Err((format!("\"{cell}\""), "a number")),
    }
}

/// Whether a whole number has more digits than the float that it was read as holds.
pub fn is_rounded(cell: &str, value: f64) -> bool {
    // All whole numbers of up to 15 digits are floats.
    cell.len() > 15 && cell.parse::<i128>().is_ok_and(|whole| value as i128 != whole)
}

/// Signs that stand at numbers where people read them: dashes for a minus, brackets for less than 0, currencies, percent.
const SIGNS: [char; 10] = ['−', '–', '—', '(', ')', '$', '€', '£', '¥', '%'];

fn is_sign(cell: &str) -> bool {
    cell.contains(SIGNS)
}

/// A number without these.
fn plain(cell: &str) -> &str {
    cell.trim_matches(|c: char| SIGNS.contains(&c) || c.is_whitespace())
}

/// Whether a text begins as numbers do, as dates, amounts of money and numbers with commas are written.
pub fn is_like_a_number(cell: &str) -> bool {
    plain(cell).trim_start_matches(['+', '-', '.']).starts_with(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_sign_that_is_not_read_is_like_a_number_and_is_refused_with_what_is() {
        for cell in ["−2.5", "–2.5", "(2.5)", "$2.5", "2.5 €", "2.5%"] {
            assert!(is_like_a_number(cell), "{cell}");
            let (_, expected) = number(cell).expect_err(cell);
            assert!(expected.contains("currency or percent"), "{cell}: {expected}");
        }
        assert!(is_like_a_number("١") && is_like_a_number("1d5") && !is_like_a_number("red (2)"));
    }

    #[test]
    fn a_whole_number_that_no_float_holds_is_rounded() {
        let rounded = |cell: &str| is_rounded(cell, number(cell).expect("a number"));
        assert!(rounded("9007199254740993") && rounded("-9007199254740993") && rounded("12345678901234567890"));
        assert!(!rounded("9007199254740992") && !rounded("0.12345678901234567890") && !rounded("1e20"));
    }
}
