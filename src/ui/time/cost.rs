//! The cost over the steps of the run, and that of the whole parts after each epoch.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::TimeView;
use crate::number::short;
use crate::train::{CostPoint, Epoch, RecurrentView};
use crate::ui::panels::cost::{costs, measured, merged};
use crate::ui::widgets::chart::{Chart, Point, Series};
use crate::ui::widgets::sparkline::Axis;

pub(super) fn title(view: &TimeView, scene: RecurrentView<'_>) -> (String, String) {
    let cost = &scene.cost;
    let what = format!("J {} = {} + {} (1.2.5)", short(cost.total()), short(cost.data), short(cost.reg_total()));
    (what, if view.log_axis { "log" } else { "linear" }.into())
}

pub(super) fn draw(view: &TimeView, _scene: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(last) = view.costs.last() else { return };
    let total = costs(&view.costs, 0, CostPoint::total, |bucket| bucket.total);
    let epochs = || view.epochs.all();
    let count = epochs().count();
    let train = merged(epochs().map(|epoch| Point::single(epoch.step as f64, epoch.train.data)), count);
    let of_test = |epoch: &Epoch| epoch.test.map(|test| Point::single(epoch.step as f64, test.data));
    let test = merged(epochs().filter_map(of_test), count);
    let when = measured(view.epochs.all().last());
    let of_epochs = |name, mark, style, points| Series::line(name, mark, style, points).of_epochs(&when);
    let batch = Series { strength: 2, ..Series::line("J of batch", '*', theme.total(), &total) };
    let mut series = vec![batch, of_epochs("train data", 'd', theme.data_term(), &train)];
    if !test.is_empty() {
        series.push(of_epochs("test data", 'v', theme.test_term(), &test));
    }
    let axis = if view.log_axis { Axis::Log } else { Axis::Linear };
    let x = Some((0.0, last.step.max(10) as f64));
    Chart { series: &series, axis, x, x_name: "step", marks: &[] }.render(area, buf, theme);
}
