//! Names of wide, joined and combining characters: every line of every panel and overlay has the width that was asked for.

use std::sync::Arc;

use deltascope::app::App;
use deltascope::data::{self, Dataset, Source};
use deltascope::keymap::Panel;
use deltascope::text::columns;
use deltascope::train::{Config, DenseTrainer, Report, ResetKind, Speed};
use deltascope::ui::{panels, svg};
use deltascope::view::{Overlay, View};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::{ASCII, RGB, drawn};

/// The input of a user whose columns have Chinese names, pictures and letters with marks.
const NAMES: &str = "tests/screens/wide.csv";

/// An application that looks at a net on data of these names.
fn app(dataset: Dataset, ascii: bool) -> App {
    let config = Config { source: Source::named("names.csv"), layers: vec![3], ..Config::default() };
    let prepared = data::prepare(Arc::new(dataset), &config.preparation()).expect("it can be split");
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), Arc::new(prepared)).expect("a net");
    trainer.step().expect("it does not diverge");
    let mut app = App::new(View::new(if ascii { ASCII } else { RGB }), Speed::Max);
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    app
}

fn wide() -> Dataset {
    data::load(&Source::named(NAMES)).expect("a table")
}

/// Whether every line of a panel ends in its border, in the column that was asked for.
fn assert_in_line(view: &View, (width, height): (u16, u16)) {
    for panel in Panel::ALL {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        panels::draw(panel, view, buf.area, &mut buf);
        let text = svg::text(&buf);
        assert_eq!(text.lines().count(), usize::from(height), "{text}");
        for line in text.lines() {
            assert_eq!(columns(line), usize::from(width), "{panel:?} {width}x{height}: {line:?}\n{text}");
            assert!(line.ends_with(['│', '╮', '╯', '┃', '┓', '┛', '|', '+']), "{panel:?}: {line:?}\n{text}");
        }
    }
}

/// Whether no line of the whole screen is wider than it, and every wide character has both of its cells.
fn assert_whole(view: &View, (width, height): (u16, u16)) {
    let buf = drawn(view, (width, height));
    for line in svg::text(&buf).lines() {
        assert!(columns(line) <= usize::from(width), "{width}x{height}: {line:?}");
    }
    for at in buf.area.positions().filter(|&at| columns(buf[at].symbol()) > 1) {
        let behind = buf.cell((at.x + 1, at.y)).expect("the second half is on the screen");
        assert_eq!(behind.symbol(), " ", "{width}x{height}: half of {:?}\n{}", buf[at].symbol(), svg::text(&buf));
    }
}

#[test]
fn a_table_with_chinese_names_is_drawn_in_line_at_every_width() {
    for ascii in [false, true] {
        let mut app = app(wide(), ascii);
        for width in 20..90 {
            assert_in_line(&app.view, (width, 8));
        }
        app.view.inquiries.clear();
        for overlay in [Overlay::None, Overlay::Options(0), Overlay::Edit, Overlay::Reset(ResetKind::NextSeed)] {
            app.view.overlay = overlay;
            for (width, height) in [(40, 10), (41, 12), (61, 16), (80, 24), (97, 30), (120, 40), (143, 44), (200, 60)] {
                assert_whole(&app.view, (width, height));
            }
        }
    }
}

#[test]
fn the_names_are_still_to_be_read() {
    let mut buf = Buffer::empty(Rect::new(0, 0, 60, 8));
    panels::draw(Panel::Sample, &app(wide(), false).view, buf.area, &mut buf);
    let text = svg::text(&buf);
    for name in ["温度 ", "湿度 💧", "Größe é", "低 "] {
        assert!(text.contains(name), "{name}\n{text}");
    }
}

/// A name as no table has it: any characters, and those that are known to be odd.
fn name() -> impl Strategy<Value = String> {
    let odd = "数字 高é\u{301}\u{200d}\u{fe0f}👩🔬❤👍\u{1f3fd}🇩🇪１ﾊ\u{ff9e}\u{202e}לא한\u{1100}\u{1161}क\u{94d}ष\u{93f}\t\u{1b}";
    let odd: Vec<char> = odd.chars().collect();
    proptest::collection::vec(prop_oneof![2 => proptest::sample::select(odd), 1 => any::<char>()], 1..20)
        .prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_names_are_drawn_in_line(names in proptest::collection::vec(name(), 6), width in 12..120_u16, height in 3..14_u16) {
        let mut dataset = wide();
        dataset.features = names[..3].to_vec();
        if let data::Targets::Classes { names: classes, .. } = &mut dataset.targets {
            *classes = names[3..5].to_vec();
        }
        dataset.name = names[5].clone();
        let app = app(dataset, false);
        assert_in_line(&app.view, (width, height));
        assert_whole(&app.view, (width.max(40), height + 20));
    }
}
