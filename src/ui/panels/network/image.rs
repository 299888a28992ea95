//! The input layer as the picture that the sample is, or ∂J/∂x in its place.

use ratatui::buffer::Buffer;

use super::columns::PlacedImage;
use super::shows::Shows;
use crate::theme::values::ColorScale;
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::picture::Picture;
use crate::view::{Cursor, InputView, View};

/// Draws the picture and returns whether it shows the activations of layer 1, each of which has a value to be told.
pub(super) fn draw(view: &View, (image, shows, cursor): (PlacedImage, &Shows, Cursor), buf: &mut Buffer) -> bool {
    let theme = &view.theme;
    let (area, (width, height)) = (image.area, image.size);
    let selected = cursor.i.checked_sub(1).filter(|&pixel| cursor.l == 1 && pixel < width * height);
    let selected = selected.map(|pixel| (pixel / width, pixel % width));
    let is_gradient = view.input == InputView::Gradient;
    let of_x = (shows.known >= shows.values.len() && !shows.values.is_empty()).then_some(&shows.values[..]);
    let gradient = view.grad_x().map(|gradient| gradient.to_vec());
    let Some(values) = (if is_gradient { gradient.as_deref() } else { of_x }) else {
        let text = pick(&["not computed yet", "not yet", "·"], area.width, theme);
        Label::new(text, theme.faint()).render(area, buf, theme);
        return false;
    };
    let scale = if is_gradient {
        ColorScale::Signed { limit: view.grad_x_limit() }
    } else {
        ColorScale::Grey { low: 0.0, high: values.iter().fold(f64::MIN_POSITIVE, |top, value| top.max(value.abs())) }
    };
    let value = |y: usize, x: usize| values.get(y * width + x).copied().unwrap_or(f64::NAN);
    Picture { rows: height, columns: width, value: &value, scale, selected }.render(area, buf, theme);
    !is_gradient
}
