//! Line charts and sparklines as SVG, for the monitor and the load report. Knows points, not what they mean. Sparklines use
//! presentation attributes only, because the monitor's Content-Security-Policy forbids inline styles.

use std::fmt::Write;

use maud::{Markup, html};

/// The position on the x axis and the value there; without a value the line has a gap.
pub type Point = (f64, Option<f64>);

/// One line of a chart.
pub struct Series<'a> {
    pub label: &'a str,
    pub points: Vec<Point>,
}

// Sizes in user units; the SVG scales to the page.
const CHART_WIDTH: f64 = 720.0;
const CHART_HEIGHT: f64 = 200.0;
const CHART_LEFT: f64 = 56.0;
/// Fits half of the last label of the x axis.
const CHART_RIGHT: f64 = 24.0;
const CHART_BOTTOM: f64 = 22.0;
const CHART_TOP: f64 = 10.0;

const SPARKLINE_WIDTH: f64 = 300.0;
const SPARKLINE_HEIGHT: f64 = 48.0;
/// Keeps the stroke inside the drawing.
const SPARKLINE_MARGIN: f64 = 2.0;

/// A chart with axes, from zero to the largest value. The x axis is in seconds; `unit` labels the values.
pub fn line_chart(title: &str, unit: &str, series: &[Series]) -> Markup {
    let points = || series.iter().flat_map(|series| &series.points);
    let end = points().map(|(x, _)| *x).fold(1.0, f64::max);
    let top = axis_maximum(points().filter_map(|(_, value)| *value).fold(0.0, f64::max));
    let x = |at: f64| CHART_LEFT + at / end * (CHART_WIDTH - CHART_LEFT - CHART_RIGHT);
    let y = |value: f64| {
        CHART_HEIGHT - CHART_BOTTOM - value / top * (CHART_HEIGHT - CHART_BOTTOM - CHART_TOP)
    };
    let ticks = [0.0, 0.25, 0.5, 0.75, 1.0];
    html! {
        figure {
            figcaption {
                b { (title) } " " span.unit { (unit) }
                @for (number, series) in series.iter().enumerate() {
                    " " span class={ "key line-" (number) } { (series.label) }
                }
            }
            svg viewBox={ "0 0 " (CHART_WIDTH) " " (CHART_HEIGHT) } role="img" aria-label=(title) {
                @for tick in ticks {
                    line.grid x1=(CHART_LEFT) x2=(CHART_WIDTH - CHART_RIGHT)
                        y1=(coordinate(y(tick * top))) y2=(coordinate(y(tick * top))) {}
                    text.mark text-anchor="end" x=(CHART_LEFT - 6.0) y=(coordinate(y(tick * top) + 4.0)) {
                        (tick_label(tick * top))
                    }
                    text.mark text-anchor="middle" x=(coordinate(x(tick * end))) y=(CHART_HEIGHT - 5.0) {
                        (tick_label(tick * end)) " s"
                    }
                }
                @for (number, series) in series.iter().enumerate() {
                    path class={ "line-" (number) } d=(path(&series.points, x, y)) {}
                }
            }
        }
    }
}

/// A small chart without axes. The x of a point is its age in seconds, and `max_age` lies at the left edge. The y axis ends at the
/// largest value, but not below `min_top`, so that values close to zero look small.
pub fn sparkline(points: &[Point], max_age: f64, min_top: f64, label: &str) -> Markup {
    let top = max_value(points).unwrap_or_default().max(min_top);
    let (width, height) = (SPARKLINE_WIDTH, SPARKLINE_HEIGHT);
    html! {
        svg.curve role="img" aria-label=(label) viewBox={ "0 0 " (width) " " (height) }
            preserveAspectRatio="none" width="100%" height=(height) {
            line x1="0" x2=(width) y1=(height - 1.0) y2=(height - 1.0) stroke="currentColor" stroke-opacity="0.25" {}
            path d=(sparkline_path(points, max_age, top)) fill="none" stroke="currentColor" stroke-width="2"
                stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke" {}
        }
    }
}

/// The largest value, if there is one.
pub fn max_value(points: &[Point]) -> Option<f64> {
    let values = points.iter().filter_map(|(_, value)| *value);
    values.reduce(f64::max)
}

fn sparkline_path(points: &[Point], max_age: f64, top: f64) -> String {
    let inner_width = SPARKLINE_WIDTH - 2.0 * SPARKLINE_MARGIN;
    let inner_height = SPARKLINE_HEIGHT - 2.0 * SPARKLINE_MARGIN;
    let x = |age: f64| SPARKLINE_WIDTH - SPARKLINE_MARGIN - age / max_age * inner_width;
    let y = |value: f64| {
        let share = if top > 0.0 { value / top } else { 0.0 };
        SPARKLINE_HEIGHT - SPARKLINE_MARGIN - share * inner_height
    };
    path(points, x, y)
}

/// The path data of a line through the points. It breaks at gaps, and draws an isolated point as a dot.
fn path(points: &[Point], x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (at, value) in points {
        let Some(value) = value else {
            drawing = false;
            continue;
        };
        let (x, y) = (x(*at), y(*value));
        // Writing to a string cannot fail.
        let _ = match drawing {
            true => write!(path, "L{x:.1} {y:.1}"),
            false => write!(path, "M{x:.1} {y:.1}h0"),
        };
        drawing = true;
    }
    path
}

/// The smallest round number (1, 2, 4, 5 or 8 times a power of ten) that is not below the value.
fn axis_maximum(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 4.0, 5.0, 8.0, 10.0].map(|step| step * power);
    steps
        .into_iter()
        .find(|step| *step >= value)
        .unwrap_or(10.0 * power)
}

/// A coordinate, rounded to a tenth of a unit.
fn coordinate(value: f64) -> String {
    format!("{value:.1}")
}

fn tick_label(value: f64) -> String {
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
    fn the_axis_ends_at_a_round_number_above_the_largest_value() {
        for (value, top) in [
            (0.0, 1.0),
            (0.3, 0.4),
            (7.0, 8.0),
            (10.0, 10.0),
            (130.0, 200.0),
        ] {
            let maximum = axis_maximum(value);
            assert!((maximum - top).abs() < 1e-9, "{value}: {maximum}");
        }
    }

    #[test]
    fn a_missing_value_is_a_gap() {
        let points = [
            (0.0, Some(1.0)),
            (1.0, None),
            (2.0, Some(2.0)),
            (3.0, Some(3.0)),
        ];
        let drawn = path(&points, |x| x, |y| y);
        assert_eq!(drawn, "M0.0 1.0h0M2.0 2.0h0L3.0 3.0");
        assert_eq!(path(&[(0.0, None)], |x| x, |y| y), "");
    }

    #[test]
    fn a_sparkline_ends_now_at_the_right_and_peaks_at_the_top() {
        let points = [(900.0, Some(0.0)), (450.0, Some(5.0)), (0.0, Some(10.0))];
        assert_eq!(
            sparkline_path(&points, 900.0, 10.0),
            "M2.0 46.0h0L150.0 24.0L298.0 2.0"
        );
    }

    #[test]
    fn a_sparkline_of_zeros_lies_on_the_baseline() {
        assert_eq!(
            sparkline_path(&[(0.0, Some(0.0))], 900.0, 0.0),
            "M298.0 46.0h0"
        );
    }

    #[test]
    fn a_sparkline_has_a_text_alternative_and_no_inline_style() {
        let sparkline = sparkline(&[(0.0, Some(1.0))], 900.0, 0.0, "Streams: 1").into_string();
        assert!(sparkline.contains(r#"role="img" aria-label="Streams: 1""#));
        assert!(!sparkline.contains("style"));
    }

    #[test]
    fn a_line_chart_has_a_key_for_each_series() {
        let series = ["p50", "p95"].map(|label| Series {
            label,
            points: vec![(0.0, Some(1.0)), (1.0, Some(2.0))],
        });
        let chart = line_chart("Responses", "ms", &series).into_string();
        assert!(chart.contains(r#"<span class="key line-1">p95</span>"#));
        assert!(chart.contains(r#"role="img" aria-label="Responses""#));
    }
}
