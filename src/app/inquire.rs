//! Asking where a number comes from: the number under the cursor, then its operands, down to the inputs and Θ.

use super::{App, Request};
use crate::derivation::{Node, Operand, QuantityKey, Subject, letter};
use crate::keymap::{Action, Direction, Panel};
use crate::ui::explain::{shown, shown_latex, shown_text};
use crate::ui::panels;
use crate::view::{Along, Inquiry, Overlay};

impl App {
    /// Asks about the number under the cursor.
    pub(super) fn ask(&mut self) {
        let Some(inquiry) = self.inquiry() else {
            self.view.message =
                Some("norms and shares are sums over a whole Θ^(l) or a^(l): Enter explains single numbers, in panels 1 to 7".into());
            return;
        };
        let view = &mut self.view;
        if view.explained(&inquiry).is_some() {
            view.inquiries = vec![inquiry];
            view.overlay = Overlay::Explain;
        } else {
            view.message = Some("this number is not computed yet".to_owned());
        }
    }

    /// Asks about a number of the sheet of a recurrent network that is shown: Δ of a weight in the sequence, or the state of a unit.
    pub(super) fn ask_on_the_way(&mut self, along: Along) {
        let view = &mut self.view;
        let Some(snapshot) = &view.snapshot else { return };
        let cursor = view.cursor;
        let node = match along {
            Along::Terms => match Subject::weight(letter::SAMPLE_GRADIENT, cursor.weight(), snapshot) {
                Some(Subject::Node(node)) => node.in_sample(cursor.sample),
                _ => return,
            },
            _ => {
                let letter = if view.focus == Panel::Delta { "∂J/∂h" } else { "h" };
                Node::unit(QuantityKey::plain(letter), cursor.sample, cursor.unit + 1).at(cursor.t)
            }
        };
        view.inquiries = vec![Inquiry::of(Subject::Node(node))];
        view.overlay = Overlay::Explain;
    }

    /// The number under the cursor of the focused panel.
    fn inquiry(&self) -> Option<Inquiry> {
        let view = &self.view;
        if view.playhead.is_some() {
            return view.walked();
        }
        panels::of(view.focus).subject_at.and_then(|at| at(view)).map(Inquiry::of)
    }

    /// What a key does while an equation is shown; what runs the training, does.
    pub(super) fn in_explanation(&mut self, action: Action) -> Option<Request> {
        match action {
            Action::Move(direction) => self.choose(direction),
            Action::Open => self.go_in(),
            Action::Climb => self.climb(),
            Action::Back => self.leave(),
            Action::Quantity => self.now(|inquiry| (inquiry.all, inquiry.operand) = (!inquiry.all, 0)),
            Action::Copy => return shown_text(&self.view).map(Request::Copy),
            Action::CopyLatex => return shown_latex(&self.view).map(Request::Copy),
            Action::Write => return shown_text(&self.view).map(Request::Write),
            Action::RunPause | Action::Step(_) | Action::Faster | Action::Slower | Action::Free => {
                return self.act(action);
            }
            _ => {}
        }
        None
    }

    fn now(&mut self, change: impl FnOnce(&mut Inquiry)) {
        if let Some(inquiry) = self.view.inquiries.last_mut() {
            change(inquiry);
        }
    }

    fn leave(&mut self) {
        self.view.inquiries.clear();
        self.view.overlay = Overlay::None;
    }

    fn climb(&mut self) {
        self.view.inquiries.pop();
        if self.view.inquiries.is_empty() {
            self.leave();
        }
    }

    /// The operands of the equation shown, as they are listed.
    fn operands(&self) -> Vec<Operand> {
        let expr = self.view.inquiries.last().and_then(|inquiry| shown(&self.view, inquiry)?.expr);
        expr.map(|expr| expr.operands().into_iter().cloned().collect()).unwrap_or_default()
    }

    fn choose(&mut self, direction: Direction) {
        let last = self.operands().len().saturating_sub(1);
        self.now(|inquiry| {
            inquiry.operand = direction.along(inquiry.operand, last);
        });
    }

    fn go_in(&mut self) {
        let at = self.view.inquiries.last().map_or(0, |inquiry| inquiry.operand);
        match self.operands().get(at) {
            Some(Operand { subject: Some(subject), .. }) => self.view.inquiries.push(Inquiry::of(*subject)),
            Some(operand) => self.view.message = Some(format!("{}: {}", operand.name, operand.origin)),
            None => {}
        }
    }
}
