//! What a panel is: one value that says what it shows, how it is drawn, and what keys and clicks mean in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::widgets::label::columns;
use crate::derivation::Subject;
use crate::keymap::{Action, Direction, Panel};
use crate::view::{Along, View, ViewChange};

/// A panel. Everything in it is a function of the view alone; what it wants changed, it returns.
pub struct PanelEntry {
    /// Its row in the table of keys, which has its key and its name.
    pub id: Panel,
    /// Whether it has something to show for the net and the data of the snapshot, or else a sentence that says why not.
    pub applies: fn(&View) -> Result<(), String>,
    /// What it shows, in symbol and words.
    pub title: fn(&View) -> Title,
    /// Its content, drawn once there is a snapshot for which it applies.
    pub draw: fn(&View, Rect, &mut Buffer),
    /// What the arrows go through.
    pub along: fn(&View) -> Along,
    /// The keys that do something of their own in it.
    pub keys: &'static [Key],
    /// The number under its cursor, for Enter; `None` where the panel has no single numbers.
    pub subject_at: Option<fn(&View) -> Option<Subject>>,
    /// What a click on this cell of its content changes, beside that the panel gets the focus.
    pub click: fn(&View, Rect, (u16, u16)) -> Option<ViewChange>,
    /// Where a layout has no place for it: the panels whose place it takes while it has the focus; the first that is there.
    pub guest_of: &'static [Panel],
}

/// What a key does in a panel.
pub struct Key {
    /// What the key is bound to.
    pub action: Action,
    /// Whether it does something here for the net and the data of the snapshot.
    pub applies: fn(&View) -> bool,
    /// Key and a word for the footer, where they are not those of the binding.
    pub footer: Option<&'static str>,
    /// A sentence for the help page; empty where the binding's is enough.
    pub help: &'static str,
    /// The change that it makes; `None` leaves the key to what it does everywhere.
    pub does: fn(&View) -> Option<ViewChange>,
}

impl PanelEntry {
    /// What a key that is bound to this action does here, if that is something of the panel's own.
    pub fn key(&self, view: &View, action: Action) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.action == action && (key.applies)(view))
    }

    /// Whether an action that means nothing in some panels means something in this one.
    pub fn answers(&self, view: &View, action: Action) -> bool {
        match action {
            Action::Open if self.subject_at.is_some() => true,
            Action::Move(Direction::PageDown) => (self.along)(view).has_layers(),
            action => self.key(view, action).is_some(),
        }
    }
}

/// For panels that have something to show whatever is trained.
pub fn always(_: &View) -> Result<(), String> {
    Ok(())
}

/// For keys that mean something whatever is trained.
pub fn every(_: &View) -> bool {
    true
}

/// For keys that mean something for recurrent networks.
pub fn through_time(view: &View) -> bool {
    view.recurrent().is_some()
}

/// For panels in which a click selects nothing.
pub fn nothing(_: &View, _: Rect, _: (u16, u16)) -> Option<ViewChange> {
    None
}

/// The title of a panel: what it shows in symbol and words with the equation's number, and at the right its scale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// What the panel shows, in full.
    pub what: String,
    /// The same where room is short; never without its symbol.
    pub brief: String,
    /// Its scale, or what its numbers are of.
    pub scale: String,
}

impl Title {
    /// The same of a copy of the sample, which is not what the run learns from.
    pub(super) fn of_copy(self) -> Self {
        Self { what: format!("edited: {}", self.what), brief: format!("edited: {}", self.brief), ..self }
    }

    /// A title that has one form.
    pub fn of(what: String, scale: String) -> Self {
        Self { brief: what.clone(), what, scale }
    }

    /// The fullest form of title and scale that fits in a frame of this width; the words give way before the scale, and the equation's
    /// number last.
    pub(super) fn fitted(self, sign: char, width: u16, (focused, view): (bool, &View)) -> (String, String) {
        let scale = self.scale;
        let forms = [(&self.what, &scale), (&self.brief, &scale), (&self.what, &String::new())];
        // Corners, blanks and a piece of the line between the two; and the mark of the focus.
        let room = width.saturating_sub(if focused { 6 } else { 4 });
        let needed = |text: &str| columns(&view.theme.spell(text));
        let full = forms.into_iter().find_map(|(what, scale)| {
            let title = format!("{sign} {what}");
            let right = if scale.is_empty() { 0 } else { needed(scale) + 3 };
            (needed(&title).saturating_add(right) <= room).then(|| (title, scale.clone()))
        });
        full.unwrap_or_else(|| {
            let brief = format!("{sign} {}", self.brief);
            // The number of the equation goes whole rather than in part.
            let named = brief.strip_suffix(')').and_then(|text| text.rsplit_once(" (")).map(|(name, _)| name);
            let is_cut = needed(&brief) > room;
            (named.filter(|_| is_cut).map_or_else(|| brief.clone(), String::from), String::new())
        })
    }
}
