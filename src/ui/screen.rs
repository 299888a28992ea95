//! Which panels stand where: the layouts by size, and the screen as a widget.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::widgets::Widget;

use super::widgets::label::Label;
use super::{book, check, explain, glossary, header, help, options, paint, panels, step, warnings};
use crate::keymap::Panel;
use crate::view::{Overlay, View};

/// The smallest size that shows a panel.
const SMALLEST: (u16, u16) = (40, 10);
/// From this size up several panels stand side by side.
const SIDE_BY_SIDE: (u16, u16) = (76, 22);
/// From this size up all panels do.
const ALL: (u16, u16) = (110, 34);
/// From this size up the panels have room to spare.
const WIDE: (u16, u16) = (170, 50);

/// Where everything stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The lines above the panels.
    pub header: Rect,
    /// The panels that are shown.
    pub panels: Vec<(Panel, Rect)>,
    /// The line that says that there are warnings, until they are read; else without rows.
    pub notice: Rect,
    /// The line of keys.
    pub footer: Rect,
    /// Inside an update: the line that says where, and the equation.
    pub step: Option<[Rect; 2]>,
}

impl Places {
    /// The layout for this area; `None` if it is too small for a panel.
    pub fn of(view: &View, area: Rect) -> Option<Self> {
        let fits = |(width, height): (u16, u16)| area.width >= width && area.height >= height;
        if !fits(SMALLEST) {
            return None;
        }
        let lines = if fits((SMALLEST.0, 14)) { 2 } else { 1 };
        let [header, body, footer] =
            area.layout(&Layout::vertical([Constraint::Length(lines), Constraint::Fill(1), Constraint::Length(1)]));
        let (body, notice) = warnings::place(&view.warnings, body);
        if view.playhead.is_some() {
            return Some(Self { notice, ..inside(header, body, footer) });
        }
        let panels = match () {
            () if view.zoomed || !fits(SIDE_BY_SIDE) => vec![(view.focus, body)],
            () if fits(WIDE) => with_focus(wide(body, view), view.focus),
            () if fits(ALL) => with_focus(all(body, view), view.focus),
            () => with_focus(some(body), view.focus),
        };
        Some(Self { header, panels, notice, footer, step: None })
    }

    /// The panel that a cell belongs to.
    pub fn panel_at(&self, column: u16, row: u16) -> Option<(Panel, Rect)> {
        self.panels.iter().copied().find(|(_, area)| area.contains(Position::new(column, row)))
    }
}

/// ```text
/// inside update 481: sample 3 of 32 …                n p by unit
/// +-1 network --------------------+- z^(2)_4 = 0.8312 ----------+
/// |                               | (1.1.2) …                   |
/// ```
/// Side by side where there is room, else one above the other; below a size the equation alone.
fn inside(header: Rect, body: Rect, footer: Rect) -> Places {
    let [place, rest] = body.layout(&Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]));
    let halves: [Rect; 2] = if body.width >= ALL.0 {
        rest.layout(&Layout::horizontal([Constraint::Fill(1); 2]))
    } else if body.height >= 18 {
        rest.layout(&Layout::vertical([Constraint::Fill(4), Constraint::Fill(6)]))
    } else {
        [Rect { height: 0, ..rest }, rest]
    };
    let [network, equation] = halves;
    let panels = if network.is_empty() { Vec::new() } else { vec![(Panel::Network, network)] };
    Places { header, panels, notice: Rect::ZERO, footer, step: Some([place, equation]) }
}

/// ```text
/// +-1 network ----------+-2 δ --------------+-5 sample -----+
/// |                     |                   |               |
/// +-3 weights ----------+-------------------+-4 weight -----+
/// |                                         |               |
/// +-6 cost -------+-7 regularisation-+-9 health-+-0 conf. --+
/// |               +-8 layers --------+          |           |
/// ```
/// Where the inputs are a plane, the decision stands in the confusion's place.
fn wide(body: Rect, view: &View) -> Vec<(Panel, Rect)> {
    let [top, middle, bottom] = body.layout(&Layout::vertical([21, 20, 16].map(Constraint::Fill)));
    let [network, delta, sample] =
        top.layout(&Layout::horizontal([Constraint::Fill(10), Constraint::Fill(8), Constraint::Fill(7)]));
    let [weights, weight] = middle.layout(&Layout::horizontal([15, 5].map(Constraint::Fill)));
    let [cost, sums, health, confusion] = bottom.layout(&Layout::horizontal([11, 10, 10, 9].map(Constraint::Fill)));
    let [regularisation, layers] = sums.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]));
    let places = [network, delta, weights, weight, sample, cost, regularisation, layers, health, confusion];
    preferred(view, (Panel::Confusion, &[Panel::Confusion]), Panel::ALL.into_iter().zip(places).collect())
}

/// ```text
/// +-1 network --------------+-2 δ --------------------------+
/// |                         |                               |
/// +-3 weights -------+-4 weight -------+-5 sample, 0 conf. -+
/// |                  |                 |                    |
/// +-6 cost --------+-7 regularisation ------+-9 health -----+
/// |                +-8 layers --------------+               |
/// +----------------+------------------------+---------------+
/// ```
/// Where the inputs are a plane, the decision stands in the sample's place.
fn all(body: Rect, view: &View) -> Vec<(Panel, Rect)> {
    let [top, middle, bottom] =
        body.layout(&Layout::vertical([Constraint::Fill(13), Constraint::Fill(11), Constraint::Fill(13)]));
    let [network, delta] = top.layout(&Layout::horizontal([Constraint::Fill(8), Constraint::Fill(7)]));
    let [weights, weight, sample] = middle.layout(&Layout::horizontal([9, 8, 8].map(Constraint::Fill)));
    let [cost, sums, health] =
        bottom.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(44), Constraint::Length(31)]));
    let [regularisation, layers] = sums.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]));
    let places = [network, delta, weights, weight, sample, cost, regularisation, layers, health];
    preferred(view, (Panel::Sample, &[Panel::Sample, Panel::Confusion]), Panel::ALL.into_iter().zip(places).collect())
}

/// ```text
/// +-1 network ----------------+-2 δ ------------------------+
/// +-3 weights ----------------+-4 weight, 5 sample, 0 conf. +
/// +-6 cost -------------------+-8 layers, or 7 reg., 9 health +
/// ```
/// A panel without a place of its own takes another one's while it has the focus.
fn some(body: Rect) -> Vec<(Panel, Rect)> {
    let rows: [Rect; 3] = body.layout(&Layout::vertical([8, 7, 6].map(Constraint::Fill)));
    let [[network, delta], [weights, weight], [cost, layers]] =
        rows.map(|row| row.layout(&Layout::horizontal([Constraint::Fill(1); 2])));
    vec![
        (Panel::Network, network),
        (Panel::Delta, delta),
        (Panel::Weights, weights),
        (Panel::Weight, weight),
        (Panel::Cost, cost),
        (Panel::Layers, layers),
    ]
}

/// Where the inputs are a plane, the decision stands in another panel's place, unless one of these has the focus.
fn preferred(view: &View, (place, unless): (Panel, &[Panel]), panels: Vec<(Panel, Rect)>) -> Vec<(Panel, Rect)> {
    let decides = view.is_planar() && !unless.contains(&view.focus);
    let shown = |panel| if panel == place && decides { Panel::Decision } else { panel };
    panels.into_iter().map(|(panel, area)| (shown(panel), area)).collect()
}

/// The panels with the one that has the focus among them: where it has no place of its own, it takes another one's.
fn with_focus(mut panels: Vec<(Panel, Rect)>, focus: Panel) -> Vec<(Panel, Rect)> {
    let at = |panel: &Panel| panels.iter().position(|(other, _)| other == panel);
    if at(&focus).is_none()
        && let Some(place) = panels::of(focus).guest_of.iter().find_map(at)
    {
        panels[place].0 = focus;
    }
    panels
}

impl View {
    /// Where the terminal's cursor stands, so that magnifiers and braille displays follow: the focused panel's title.
    pub fn cursor_cell(&self, area: Rect) -> Option<Position> {
        let places = Places::of(self, area)?;
        if self.overlay != Overlay::None {
            return Some(Position::new(places.header.x.saturating_add(2), places.header.bottom()));
        }
        if let Some([_, equation]) = places.step {
            return Some(Position::new(equation.x.saturating_add(2), equation.y));
        }
        let (_, place) = places.panels.into_iter().find(|&(panel, _)| panel == self.focus)?;
        Some(Position::new(place.x.saturating_add(2).min(place.right().saturating_sub(1)), place.y))
    }
}

impl Widget for &View {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let Some(places) = Places::of(self, area) else {
            return card(self, area, buf);
        };
        header::draw(self, places.header, buf);
        warnings::draw_row(&self.warnings, places.notice, buf, &self.theme);
        match &self.overlay {
            &Overlay::Help(scrolled) => help::draw(self, scrolled, body(&places, area), buf),
            &Overlay::Glossary(from) => glossary::draw(self, from, body(&places, area), buf),
            Overlay::Explain => explain::draw(self, body(&places, area), buf),
            Overlay::Check => check::draw(self, body(&places, area), buf),
            Overlay::Sum => panels::weight::sum::explain(self, body(&places, area), buf),
            Overlay::UnitAtStep => panels::delta::through::explain(self, body(&places, area), buf),
            &Overlay::Warnings(chosen) => {
                warnings::draw((&self.warnings, chosen), (body(&places, area), buf), &self.theme)
            }
            Overlay::Book(place) => book::draw(self, place, body(&places, area), buf),
            Overlay::Reset(_) | Overlay::Options(_) | Overlay::Edit | Overlay::Paint | Overlay::None => {
                places.panels.iter().for_each(|&(panel, place)| panels::draw(panel, self, place, buf));
                if let Some([place, equation]) = places.step {
                    step::draw_place(self, place, buf);
                    step::draw(self, equation, buf);
                }
            }
        }
        match &self.overlay {
            Overlay::Reset(reset) => help::ask(self, reset, body(&places, area), buf),
            Overlay::Edit => options::draw_edit(self, body(&places, area), buf),
            Overlay::Paint => paint::draw_typed(self, body(&places, area), buf),
            &Overlay::Options(chosen) => options::draw(self, chosen, body(&places, area), buf),
            Overlay::None | Overlay::Help(_) | Overlay::Explain | Overlay::Check | Overlay::Warnings(_) => {}
            Overlay::Sum | Overlay::UnitAtStep | Overlay::Book(_) | Overlay::Glossary(_) => {}
        }
        header::draw_footer(self, places.footer, buf);
    }
}

/// Where what stands over the panels is drawn on a screen of this size; `None` if that is too small for it.
pub fn overlay_place(view: &View, area: Rect) -> Option<Rect> {
    Places::of(view, area).map(|places| body(&places, area))
}

/// What lies between header and footer.
fn body(places: &Places, area: Rect) -> Rect {
    let y = places.header.bottom();
    Rect { y, height: places.footer.y.saturating_sub(y).saturating_sub(places.notice.height), ..area }
}

/// What a terminal that is too small for a panel shows; training goes on.
fn card(view: &View, area: Rect, buf: &mut Buffer) {
    let (width, height) = SMALLEST;
    let text = format!("deltascope {}x{}: needs {width}x{height} - q quits", area.width, area.height);
    Label::new(&text, view.theme.text()).render(area, buf, &view.theme);
}
