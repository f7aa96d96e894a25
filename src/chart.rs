//! Line charts as SVG, for the monitor and the load report. Knows points, not what they mean. Texts keep their size whatever the
//! width of the page: only the lines are stretched. The colors and text sizes are those of the page's style sheet; the
//! monitor's Content-Security-Policy forbids inline styles.

use std::fmt::Write;

use maud::{Markup, html};

/// The position on the x axis and the value there; without a value the line has a gap.
pub type Point = (f64, Option<f64>);

/// One line of a chart.
pub struct Series<'a> {
    /// Distinguishes the line from others in the chart; may be empty if there is one.
    pub label: &'a str,
    pub points: Vec<Point>,
}

/// A value that should not be reached.
pub struct Limit<'a> {
    pub value: f64,
    pub label: &'a str,
}

/// A chart with axes. The y axis begins at zero.
pub struct Chart<'a> {
    pub title: &'a str,
    pub series: Vec<Series<'a>>,
    /// The first and the last position on the x axis.
    pub x_range: (f64, f64),
    /// The labels of the x axis, with their positions.
    pub x_labels: Vec<(f64, String)>,
    /// The lowest end of the y axis, so that values close to zero look small.
    pub min_top: f64,
    /// Formats a value with its unit.
    pub format: &'a dyn Fn(f64) -> String,
    pub limit: Option<Limit<'a>>,
}

/// The height of the plot, in CSS pixels.
const HEIGHT: f64 = 160.0;

/// The steps of the y axis.
const STEPS: u32 = 4;

/// The size of the coordinate system of the lines.
const LINES: f64 = 1000.0;

/// A limit beyond this many times the largest value is not drawn at its height, because the lines would be flat.
const MAX_HEADROOM: f64 = 4.0;

impl Chart<'_> {
    /// The title, a legend with the last and the largest values, and the plot.
    pub fn render(&self) -> Markup {
        let top = self.top();
        html! {
            figure.chart {
                figcaption {
                    b.name { (self.title) }
                    @for (number, series) in self.series.iter().enumerate() {
                        " " span class={ "key line-" (number) } { (self.legend(series)) }
                    }
                }
                div.plot {
                    svg role="img" aria-label=(self.text_alternative()) width="100%" height=(HEIGHT) overflow="visible" {
                        (self.y_axis(top))
                        (self.x_axis())
                        (self.lines(top))
                        (self.limit_line(top))
                    }
                }
            }
        }
    }

    /// The upper end of the y axis.
    fn top(&self) -> f64 {
        let largest = self.largest().unwrap_or_default();
        let limit = self.limit.as_ref().map(|limit| limit.value);
        let limit = limit.filter(|limit| *limit <= largest.max(self.min_top) * MAX_HEADROOM);
        axis_maximum(largest.max(self.min_top).max(limit.unwrap_or_default()))
    }

    fn largest(&self) -> Option<f64> {
        let values = self
            .series
            .iter()
            .filter_map(|series| max_value(&series.points));
        values.reduce(f64::max)
    }

    /// `p95: last 12 ms, max 30 ms`.
    fn legend(&self, series: &Series) -> String {
        let format = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), self.format);
        let last = series.points.last().and_then(|(_, value)| *value);
        let label = match series.label {
            "" => String::new(),
            label => format!("{label}: "),
        };
        format!(
            "{label}last {}, max {}",
            format(last),
            format(max_value(&series.points))
        )
    }

    fn text_alternative(&self) -> String {
        let mut text = self.title.to_owned();
        for series in &self.series {
            // Writing to a string cannot fail.
            let _ = write!(text, "; {}", self.legend(series));
        }
        if let Some(limit) = &self.limit {
            let _ = write!(text, "; {}", limit.label);
        }
        text
    }

    fn y_axis(&self, top: f64) -> Markup {
        html! {
            @for step in 0..=STEPS {
                @let share = f64::from(step) / f64::from(STEPS);
                @let y = coordinate(HEIGHT * (1.0 - share));
                line.grid x1="0" x2="100%" y1=(y) y2=(y) {}
                text.mark text-anchor="end" dominant-baseline="middle" x="-8" y=(y) { ((self.format)(share * top)) }
            }
            line.axis x1="0" x2="0" y1="0" y2=(HEIGHT) {}
        }
    }

    fn x_axis(&self) -> Markup {
        html! {
            line.axis x1="0" x2="100%" y1=(HEIGHT) y2=(HEIGHT) {}
            @for (at, label) in &self.x_labels {
                @let x = format!("{:.2}%", self.x_share(*at) * 100.0);
                line.axis x1=(x) x2=(x) y1=(HEIGHT) y2=(HEIGHT + 4.0) {}
                text.mark text-anchor="middle" x=(x) y=(HEIGHT + 18.0) { (label) }
            }
        }
    }

    fn lines(&self, top: f64) -> Markup {
        let x = |at: f64| self.x_share(at) * LINES;
        let y = |value: f64| (1.0 - value / top) * LINES;
        html! {
            svg width="100%" height=(HEIGHT) viewBox={ "0 0 " (LINES) " " (LINES) } preserveAspectRatio="none" overflow="visible" {
                @for (number, series) in self.series.iter().enumerate() {
                    path class={ "line-" (number) } d=(path(&series.points, x, y)) vector-effect="non-scaling-stroke" {}
                }
            }
        }
    }

    /// A dashed line; at the upper edge, with an arrow, if the limit is far above all values.
    fn limit_line(&self, top: f64) -> Markup {
        html! {
            @if let Some(limit) = &self.limit {
                @let is_above = limit.value > top;
                @let y = if is_above { 0.0 } else { HEIGHT * (1.0 - limit.value / top) };
                @let label_below = y < 16.0;
                line.limit x1="0" x2="100%" y1=(coordinate(y)) y2=(coordinate(y)) {}
                text.mark.limit-label text-anchor="end" x="100%"
                    y=(coordinate(if label_below { y + 14.0 } else { y - 5.0 })) {
                    @if is_above { "↑ " }
                    (limit.label)
                }
            }
        }
    }

    /// A position on the x axis, from 0 to 1.
    fn x_share(&self, at: f64) -> f64 {
        let (start, end) = self.x_range;
        (at - start) / (end - start)
    }
}

/// The largest value, if there is one.
fn max_value(points: &[Point]) -> Option<f64> {
    let values = points.iter().filter_map(|(_, value)| *value);
    values.reduce(f64::max)
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

/// The smallest number that is not below the value and whose quarters are round: 1, 2, 4 or 8 times a power of ten.
fn axis_maximum(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 4.0, 8.0, 10.0].map(|step| step * power);
    steps
        .into_iter()
        .find(|step| *step >= value)
        .unwrap_or(10.0 * power)
}

/// A coordinate, rounded to a tenth of a unit.
fn coordinate(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(value: f64) -> String {
        format!("{value} ms")
    }

    fn chart(points: Vec<Point>, limit: Option<f64>) -> Chart<'static> {
        Chart {
            title: "Request duration",
            series: vec![Series {
                label: "p95",
                points,
            }],
            x_range: (0.0, 60.0),
            x_labels: vec![(0.0, "12:00".to_owned()), (60.0, "12:01".to_owned())],
            min_top: 4.0,
            format: &milliseconds,
            limit: limit.map(|value| Limit {
                value,
                label: "Target < 50 ms",
            }),
        }
    }

    #[test]
    fn the_axis_ends_at_a_round_number_above_the_largest_value() {
        for (value, top) in [
            (0.0, 1.0),
            (0.3, 0.4),
            (4.5, 8.0),
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
    fn both_axes_have_labels() {
        let drawn = chart(vec![(0.0, Some(0.0)), (60.0, Some(30.0))], None)
            .render()
            .into_string();
        for label in ["0 ms", "10 ms", "20 ms", "30 ms", "40 ms", "12:00", "12:01"] {
            assert!(
                drawn.contains(&format!(">{label}</text>")),
                "{label}: {drawn}"
            );
        }
        assert!(
            drawn.contains("d=\"M0.0 1000.0h0L1000.0 250.0\""),
            "{drawn}"
        );
        assert!(
            !drawn.contains("style"),
            "the monitor forbids inline styles"
        );
    }

    #[test]
    fn a_limit_is_a_line_with_a_label() {
        let drawn = chart(vec![(0.0, Some(30.0))], Some(50.0))
            .render()
            .into_string();
        // The axis ends at 80, so the limit is 60 pixels below the top.
        assert!(
            drawn.contains("class=\"limit\" x1=\"0\" x2=\"100%\" y1=\"60.0\" y2=\"60.0\""),
            "{drawn}"
        );
        assert!(drawn.contains(">Target &lt; 50 ms</text>"), "{drawn}");
    }

    #[test]
    fn a_limit_far_above_all_values_does_not_flatten_the_lines() {
        let drawn = chart(vec![(0.0, Some(3.0))], Some(50.0))
            .render()
            .into_string();
        assert!(drawn.contains(">4 ms</text>"), "{drawn}");
        assert!(
            drawn.contains("class=\"limit\" x1=\"0\" x2=\"100%\" y1=\"0.0\" y2=\"0.0\""),
            "{drawn}"
        );
        assert!(drawn.contains(">↑ Target &lt; 50 ms</text>"), "{drawn}");
    }

    #[test]
    fn the_text_alternative_has_the_values_and_the_limit() {
        let drawn = chart(vec![(0.0, Some(9.0)), (60.0, Some(3.0))], Some(50.0))
            .render()
            .into_string();
        let label = "aria-label=\"Request duration; p95: last 3 ms, max 9 ms; Target &lt; 50 ms\"";
        assert!(drawn.contains(label), "{drawn}");
        assert!(drawn.contains(r#"<span class="key line-0">p95: last 3 ms, max 9 ms</span>"#));
        let empty = chart(vec![(0.0, None)], None).render().into_string();
        assert!(empty.contains("p95: last –, max –"), "{empty}");
    }
}
