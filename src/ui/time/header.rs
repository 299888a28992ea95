//! The two lines above the panels and the one below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{TimeOverlay, TimeView};
use crate::keymap::{Action, TIME_BINDINGS, TimeBinding};
use crate::nn::{Named, Optimizer};
use crate::number::{brief, exact};
use crate::train::{RecurrentView, Schedule, Status};
use crate::ui::header::{Pieces, State, pair, speed};
use crate::ui::warnings;
use crate::ui::widgets::label::{Label, columns};

/// Draws the header into an area of one or two lines.
pub(super) fn draw(view: &TimeView, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), height: 1, ..area };
    let Some(scene) = view.scene() else {
        Label::new("deltascope  the first pass is not computed yet", theme.faint()).render(inner, buf, theme);
        return;
    };
    let mut left = Pieces::default();
    if area.height == 1 {
        left.add_cost(&scene.cost, theme);
    }
    left.append(setting(view, scene));
    pair(left, state(view, scene), inner, (buf, theme));
    if area.height > 1 {
        let mut pace = Pieces::default();
        pace.add(3, speed(&scene.pace), theme.text());
        pair(results(view, scene), pace, Rect { y: inner.y + 1, ..inner }, (buf, theme));
    }
}

fn setting(view: &TimeView, scene: RecurrentView<'_>) -> Pieces {
    let theme = &view.theme;
    let config = &scene.config;
    let (inputs, units, outputs) = scene.network.sizes();
    let name = scene.sequences.name.rsplit('/').next().unwrap_or_default();
    let mut pieces = Pieces::default();
    pieces.add(12, "deltascope", theme.title_focused());
    let steps = format!("T {}", scene.sequences.steps);
    pieces.add_forms([(4, format!("{name} {steps}")), (3, steps)], theme.text());
    pieces.add(4, format!("{} {inputs}-{units}-{outputs}", scene.network.cell.name()), theme.text());
    pieces.add(10, format!("→ {}", scene.network.output.words()), theme.faint());
    if config.optimizer != Optimizer::GradientDescent {
        pieces.add(6, config.optimizer.name(), theme.text());
    }
    let alpha = config.alpha_after(scene.position.epochs_done);
    let alpha = if config.schedule == Schedule::Constant { exact(alpha) } else { brief(alpha) };
    pieces.add(2, format!("α {alpha}"), theme.text());
    pieces.add(5, format!("λ {}", exact(config.lambda)), theme.text());
    if let Some(steps) = config.recurrence.and_then(|recurrence| recurrence.truncate) {
        pieces.add(5, format!("truncated to {steps}"), theme.text());
    }
    let m = scene.regularisation.m;
    pieces.add(7, format!("m {m}"), theme.text());
    pieces.add(8, format!("B {}", config.batch.size(m)), theme.text());
    pieces
}

fn state(view: &TimeView, scene: RecurrentView<'_>) -> Pieces {
    let state = State {
        status: &scene.status,
        has_died: view.died.is_some(),
        is_behind: view.behind,
        alarms: &view.alarms,
        health: '7',
        position: scene.position,
    };
    state.pieces(9, &view.theme)
}

fn results(view: &TimeView, scene: RecurrentView<'_>) -> Pieces {
    let theme = &view.theme;
    let mut pieces = Pieces::default();
    pieces.add_cost(&scene.cost, theme);
    if let Some(text) = &view.died {
        pieces.add(0, format!("the trainer stopped: {}", text.replace('\n', " ")), theme.bad());
        return pieces;
    }
    if let Status::Diverged(what) = &scene.status {
        let step = scene.position.step;
        pieces.add(0, format!("diverged: update {} is not applied, {what} is not finite", step + 1), theme.bad());
        return pieces;
    }
    if let Status::Finished(done) = &scene.status {
        pieces.add(2, format!("done: {done}"), theme.warn());
    }
    pieces.add_measures(&scene.latest, theme);
    pieces.add(5, format!("seed {}", scene.config.seed), theme.faint());
    pieces
}

/// Draws the keys that matter now, or what the last key did.
pub(super) fn draw_footer(view: &TimeView, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let line = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(1), ..area };
    let text = match (&view.message, &view.overlay) {
        (Some(message), _) => message.clone(),
        (_, TimeOverlay::Help(_)) => "? or Esc back  j k PgUp PgDn scroll".into(),
        (_, TimeOverlay::Warnings(_)) => warnings::keys(&view.warnings).into(),
        (_, TimeOverlay::Reset(_)) => "Enter yes  Esc no".into(),
        (_, TimeOverlay::Options(_)) => "j k row  h l down, up  Esc back".into(),
        (_, TimeOverlay::Explain) if view.asks_for_a_weight() => "j k step  s sequence  Esc back".into(),
        (_, TimeOverlay::Explain) => "h l step  j k unit  s sequence  PgUp/Dn scroll  Esc back".into(),
        (_, TimeOverlay::None) if view.walked.is_some() => {
            "n back in time  p on again  ( start  ) end  b do it  Esc out  ? help".into()
        }
        (_, TimeOverlay::None) => {
            let mut text = String::new();
            let warned = |action| action != Action::Warnings || !view.warnings.said.is_empty();
            let mut bindings: Vec<&TimeBinding> =
                TIME_BINDINGS.iter().filter(|binding| warned(binding.action)).collect();
            // Where there are warnings, the key to them is not among those that give way.
            bindings.sort_by_key(|binding| binding.action != Action::Warnings);
            for word in bindings.iter().map(|binding| binding.footer).filter(|word| !word.is_empty()) {
                let longer = if text.is_empty() { word.to_string() } else { format!("{text}  {word}") };
                // The last two words stand whatever else does.
                if columns(&longer) + 16 > line.width && !["? help", "q quit"].contains(&word) {
                    continue;
                }
                text = longer;
            }
            text
        }
    };
    Label::new(&text, if view.message.is_some() { theme.warn() } else { theme.faint() }).render(line, buf, theme);
}
