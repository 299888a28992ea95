//! Every text of the screen can be read on what it stands on, in every theme: 4.5:1 at least.

use deltascope::keymap::Panel;
use deltascope::nn::Cell;
use deltascope::theme::color::{READABLE, contrast, rgb_of};
use deltascope::theme::{Depth, MathStyle, Theme};
use deltascope::view::{CostView, DeltaView, View};
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::through_time::{quick, trainer as of_sequences};
use crate::{digits, drawn, through_time};

/// What is drawn by lines and areas, not read.
fn is_text(symbol: &str) -> bool {
    symbol.chars().next().is_some_and(|c| c.is_alphanumeric() || "+-=.,:!?%^()[]<>".contains(c))
}

fn each_text_can_be_read(buf: &Buffer, theme: &Theme) {
    // What the terminal shows where no colour is said.
    let (ink, ground) = match (theme.dark, theme.depth) {
        (true, Depth::Ansi16) => ((0xe5, 0xe5, 0xe5), (0, 0, 0)),
        (true, _) => ((0xd0, 0xd0, 0xd0), theme.background()),
        (false, _) => ((0x20, 0x20, 0x20), theme.background()),
    };
    for y in 0..buf.area.height {
        for x in 0..buf.area.width {
            let cell = &buf[(x, y)];
            // A place that the terminal colours alone, in both ways, is its own affair.
            if !is_text(cell.symbol()) || (cell.fg, cell.bg) == (Color::Reset, Color::Reset) {
                continue;
            }
            let colours = [rgb_of(cell.fg).unwrap_or(ink), rgb_of(cell.bg).unwrap_or(ground)];
            let [fg, bg] = if cell.modifier.contains(Modifier::REVERSED) { [colours[1], colours[0]] } else { colours };
            let row: String = (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect();
            assert!(
                contrast(fg, bg) >= READABLE,
                "{theme:?} {:?} at {x},{y}: {fg:?} on {bg:?} in {row}",
                cell.symbol()
            );
        }
    }
}

fn on_every_theme(make: &dyn Fn(Theme) -> View) {
    for (depth, dark) in
        [Depth::Ansi16, Depth::Indexed, Depth::Rgb].into_iter().flat_map(|depth| [(depth, true), (depth, false)])
    {
        let theme = Theme { depth, dark, ascii: false, math: MathStyle::Typeset };
        let mut view = make(theme);
        each_text_can_be_read(&drawn(&view, (200, 60)), &theme);
        each_text_can_be_read(&drawn(&view, (80, 24)), &theme);
        view.zoomed = true;
        for panel in Panel::ALL {
            view.focus = panel;
            each_text_can_be_read(&drawn(&view, (120, 40)), &theme);
        }
    }
}

#[test]
fn the_text_of_every_panel_of_a_dense_net_can_be_read_in_every_theme() {
    on_every_theme(&|theme| digits(4, theme));
    on_every_theme(&|theme| {
        let mut view = digits(4, theme);
        (view.cost, view.delta) = (CostView::Stack, DeltaView::Why);
        view
    });
}

#[test]
fn the_text_of_every_panel_of_a_recurrent_net_can_be_read_in_every_theme() {
    on_every_theme(&|theme| through_time::app(of_sequences("remember", Cell::Gru, quick()), 6, theme).view);
}
