//! Curves over time, as SVG. Knows points, not what they mean.

use maud::{Markup, html};

/// One line of a chart: a value for each moment, or a gap.
pub(super) struct Line<'a> {
    pub(super) label: &'a str,
    pub(super) points: Vec<(f64, Option<f64>)>,
}

// In units of the drawing, which scales to the page.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 56.0;
/// Half a label of the last mark has to fit.
const RIGHT: f64 = 24.0;
const BOTTOM: f64 = 22.0;
const TOP: f64 = 10.0;

/// A chart from nothing to the largest value. `unit` stands beside the figures.
pub(super) fn chart(title: &str, unit: &str, lines: &[Line]) -> Markup {
    let points = || lines.iter().flat_map(|line| &line.points);
    let end = points().map(|(at, _)| *at).fold(1.0, f64::max);
    let top = ceiling(points().filter_map(|(_, value)| *value).fold(0.0, f64::max));
    let x = |at: f64| LEFT + at / end * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP);
    let marks = [0.0, 0.25, 0.5, 0.75, 1.0];
    html! {
        figure {
            figcaption {
                b { (title) } " " span.unit { (unit) }
                @for (number, line) in lines.iter().enumerate() {
                    " " span class={ "key line-" (number) } { (line.label) }
                }
            }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(title) {
                @for mark in marks {
                    line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(number(y(mark * top))) y2=(number(y(mark * top))) {}
                    text.mark text-anchor="end" x=(LEFT - 6.0) y=(number(y(mark * top) + 4.0)) { (short(mark * top)) }
                    text.mark text-anchor="middle" x=(number(x(mark * end))) y=(HEIGHT - 5.0) { (short(mark * end)) " s" }
                }
                @for (number, line) in lines.iter().enumerate() {
                    path class={ "line-" (number) } d=(path(&line.points, x, y)) {}
                }
            }
        }
    }
}

/// The line through the points; a gap where there is none.
fn path(points: &[(f64, Option<f64>)], x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) -> String {
    let mut path = String::new();
    let mut pen = 'M';
    for (at, value) in points {
        match value {
            Some(value) => {
                path += &format!("{pen}{} {}", number(x(*at)), number(y(*value)));
                pen = 'L';
            }
            None => pen = 'M',
        }
    }
    path
}

/// The next number above that people count in: 1, 2 or 5 and noughts.
fn ceiling(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let ten = 10f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 4.0, 5.0, 8.0, 10.0].map(|step| step * ten);
    steps
        .into_iter()
        .find(|step| *step >= value)
        .unwrap_or(10.0 * ten)
}

/// A coordinate: a tenth of a unit is not seen.
fn number(value: f64) -> String {
    format!("{value:.1}")
}

fn short(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        value if value >= 10.0 => format!("{value:.0}"),
        value => format!("{value:.2}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_above_the_largest() {
        for (value, top) in [
            (0.0, 1.0),
            (0.3, 0.4),
            (7.0, 8.0),
            (10.0, 10.0),
            (130.0, 200.0),
        ] {
            assert!(
                (ceiling(value) - top).abs() < 1e-9,
                "{value}: {}",
                ceiling(value)
            );
        }
    }

    #[test]
    fn what_is_not_known_is_a_gap() {
        let points = [
            (0.0, Some(1.0)),
            (1.0, None),
            (2.0, Some(2.0)),
            (3.0, Some(3.0)),
        ];
        let drawn = path(&points, |x| x, |y| y);
        assert_eq!(drawn, "M0.0 1.0M2.0 2.0L3.0 3.0");
    }
}
