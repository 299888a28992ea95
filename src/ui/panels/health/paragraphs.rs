//! What an alarm says, as paragraphs.

use ratatui::style::Style;

use crate::derivation::health::Alarm;
use crate::theme::Theme;

/// Paragraphs in their styles that belong together.
pub(super) type Paragraphs = Vec<(String, Style)>;

/// What an alarm says, and what helps.
pub(super) fn of_alarm(alarm: &Alarm, theme: &Theme) -> Paragraphs {
    let what = format!("! {}: {}", alarm.rule.name, alarm.sentence);
    vec![(what, theme.bad()), (format!("try: {}", alarm.remedy()), theme.text())]
}
