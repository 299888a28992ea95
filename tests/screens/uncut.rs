//! Equations on a sheet are whole while rows are empty: at every size, of every kind of network.

use crossterm::event::KeyCode::{Char, Enter, Esc};
use deltascope::app::{App, Request};
use deltascope::nn::{Cell, Named};
use deltascope::train::Config;

use crate::{RGB, app, drawn, press, text, through_time, trainer};

const SIZES: [(u16, u16); 5] = [(80, 24), (80, 40), (100, 30), (120, 40), (200, 60)];

/// The rows of the sheet that is shown, without its frame.
fn sheet(app: &App, size: (u16, u16)) -> Vec<String> {
    let screen = text(&drawn(&app.view, size));
    let inside = |row: &str| {
        let row = row.strip_prefix(['│', '┃'])?;
        Some(row.trim_end().trim_end_matches(['│', '┃']).trim_end().to_string())
    };
    screen.lines().filter_map(inside).collect()
}

#[track_caller]
fn assert_nothing_is_cut_above_an_empty_row(rows: &[String], what: &str) {
    let cut = rows.iter().position(|row| row.ends_with('…'));
    let free = rows.iter().rposition(|row| row.is_empty());
    assert!(cut.is_none() || free.is_none(), "{what}\n{}", rows.join("\n"));
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

/// What is copied of a sheet.
fn copied(app: &mut App) -> Vec<String> {
    let Some(Request::Copy(text)) = press(app, &[Char('y')]) else { panic!("a copy was asked for") };
    text.lines().map(without_blanks).collect()
}

#[test]
fn an_explanation_takes_the_rows_that_are_free_and_is_whole_where_it_has_room() {
    for (panel, moves) in [('1', 0), ('2', 0), ('3', 0), ('3', 2), ('4', 0), ('5', 0), ('6', 0), ('7', 0)] {
        let mut app = app(trainer("digits", Config::default()), 3, RGB);
        press(&mut app, &[Char(panel)]);
        (0..moves).for_each(|_| _ = press(&mut app, &[Char('v')]));
        press(&mut app, &[Enter]);
        for all in [false, true] {
            for size in SIZES {
                let rows = sheet(&app, size);
                assert_nothing_is_cut_above_an_empty_row(&rows, &format!("{panel} {all} {size:?}"));
                let told = copied(&mut app);
                if size.0 >= 120 && !all {
                    let shown = without_blanks(&rows.join(" "));
                    // The equation's right side in symbols and in numbers, behind its name.
                    let right = told[2].split_once('=').map_or("", |(_, right)| right);
                    assert!(shown.contains(right) && shown.contains(&told[3]), "{panel} {size:?} {told:?}\n{shown}");
                }
            }
            press(&mut app, &[Char('v')]);
        }
        press(&mut app, &[Esc]);
    }
}

#[test]
fn the_cost_of_a_sample_is_whole_on_the_smallest_screen() {
    let mut app = app(trainer("digits", Config::default()), 3, RGB);
    press(&mut app, &[Char('5'), Enter]);
    let (rows, told) = (sheet(&app, (80, 24)), copied(&mut app));
    assert!(without_blanks(&rows.join(" ")).contains(&told[3]), "{}", rows.join("\n"));
}

/// The rows of the frame that has this in its upper edge, without the frame.
fn framed(screen: &str, edge: &str) -> Vec<String> {
    let rows: Vec<Vec<char>> = screen.lines().map(|row| row.chars().collect()).collect();
    let Some(top) = rows.iter().position(|row| row.iter().collect::<String>().contains(edge)) else {
        return Vec::new();
    };
    let upper: String = rows[top].iter().collect();
    let before = upper[..upper.find(edge).expect("it is in this row")].chars().collect::<Vec<_>>();
    let left = before.iter().rposition(|c| "┏┌╭┓┐╮".contains(*c)).expect("a corner");
    let right = rows[top].iter().skip(before.len()).position(|c| "┓┐╮".contains(*c)).expect("a corner") + before.len();
    let inside = rows.iter().skip(top + 1).take_while(|row| row.get(left).is_some_and(|c| "┃│".contains(*c)));
    inside.map(|row| row[left + 1..right.min(row.len())].iter().collect::<String>().trim_end().to_string()).collect()
}

#[test]
fn a_walk_cuts_nothing_above_an_empty_row() {
    let mut app = app(trainer("digits", Config::default()), 3, RGB);
    press(&mut app, &[Char('n'), Char('u')]);
    let mut seen = 0;
    for _ in 0..60 {
        press(&mut app, &[Char('n')]);
        for size in SIZES {
            let rows = framed(&text(&drawn(&app.view, size)), "Enter explain");
            seen += usize::from(!rows.is_empty());
            assert_nothing_is_cut_above_an_empty_row(&rows, &format!("{size:?}"));
        }
    }
    assert!(seen > 100, "the frame of the equation is found: {seen}");
}

#[test]
fn sheets_of_recurrent_nets_wrap_what_is_long() {
    for &cell in Cell::ALL {
        for panel in ["2 Enter", "4 Enter"] {
            let mut app = through_time::app(through_time::trainer("remember", cell, through_time::quick()), 5, RGB);
            through_time::press(&mut app, panel);
            for size in SIZES {
                let rows = sheet(&app, size);
                assert_nothing_is_cut_above_an_empty_row(&rows, &format!("{} {panel} {size:?}", cell.name()));
                assert!(!rows.iter().any(|row| row.ends_with('…')), "{size:?}\n{}", rows.join("\n"));
            }
            let shown = without_blanks(&sheet(&app, (200, 60)).join(" "));
            // What follows from a sum over time has columns of its own.
            for line in copied(&mut app).iter().skip(1).take_while(|line| !line.starts_with('Θ')) {
                assert!(shown.contains(line.as_str()), "{line}\n{shown}");
            }
        }
    }
}

/// The numbers of a text that have many digits, without their signs.
fn long_numbers(text: &str) -> Vec<&str> {
    let is_of_a_number = |c: char| c.is_ascii_digit() || ".e-".contains(c);
    let numbers = text.split(|c| !is_of_a_number(c)).map(|number| number.trim_start_matches('-'));
    numbers.filter(|number| number.len() > 12 && number.parse::<f64>().is_ok()).collect()
}

#[track_caller]
fn assert_one_text_for_a_number(text: &str) {
    // The same cost by another way has a rounding of its own.
    let numbers: Vec<&str> = text.lines().filter(|line| !line.contains("as printed:")).flat_map(long_numbers).collect();
    let value = |number: &str| number.parse::<f64>().expect("a number");
    for (index, one) in numbers.iter().enumerate() {
        for other in &numbers[index + 1..] {
            let is_near = (value(one) - value(other)).abs() < 1e-13 * value(one).abs();
            assert!(one == other || !is_near, "{one} and {other}\n{text}");
        }
    }
}

#[test]
fn a_number_is_the_same_text_wherever_it_stands_on_a_sheet() {
    for &cell in Cell::ALL {
        for keys in ["2 Enter", "2 j j Enter", "2 h h h Enter", "4 Enter", "4 PgDn Enter"] {
            let mut app = through_time::app(through_time::trainer("adding", cell, through_time::quick()), 20, RGB);
            through_time::press(&mut app, keys);
            let Some(Request::Copy(text)) = press(&mut app, &[Char('y')]) else { panic!("{keys} shows a sheet") };
            assert_one_text_for_a_number(&text);
        }
    }
    for panel in ['1', '2', '3', '4', '5', '6', '7'] {
        let mut app = app(trainer("digits", Config::default()), 3, RGB);
        press(&mut app, &[Char(panel), Enter]);
        for _ in 0..4 {
            let Some(Request::Copy(text)) = press(&mut app, &[Char('y')]) else { panic!("{panel} shows a sheet") };
            assert_one_text_for_a_number(&text);
            press(&mut app, &[Enter]);
        }
    }
}
