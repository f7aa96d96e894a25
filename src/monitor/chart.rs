//! A curve of the last quarter of an hour, as SVG. Colours and measures by presentation attributes alone: the page's
//! Content-Security-Policy knows no inline style.

use std::fmt::Write;

use maud::{Markup, html};

use super::history::KEPT;

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 48.0;
/// Room for the line's own width.
const EDGE: f64 = 2.0;

/// A curve: each point is the seconds before now, and a figure, or none where nothing was measured. It begins at zero, and
/// ends at the largest figure, but never below `least`, so that what is next to nothing looks like it.
pub(super) fn curve(points: &[(f64, Option<f64>)], least: f64, says: &str) -> Markup {
    let top = largest(points).unwrap_or_default().max(least);
    html! {
        svg.curve role="img" aria-label=(says) viewBox={ "0 0 " (WIDTH) " " (HEIGHT) }
            preserveAspectRatio="none" width="100%" height=(HEIGHT) {
            line x1="0" x2=(WIDTH) y1=(HEIGHT - 1.0) y2=(HEIGHT - 1.0) stroke="currentColor" stroke-opacity="0.25" {}
            path d=(path(points, top)) fill="none" stroke="currentColor" stroke-width="2"
                stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke" {}
        }
    }
}

/// The largest figure, if there is any.
pub(super) fn largest(points: &[(f64, Option<f64>)]) -> Option<f64> {
    let figures = points.iter().filter_map(|(_, figure)| *figure);
    figures.reduce(f64::max)
}

/// A line through the points, broken where there is no figure; a lone one is a dot.
fn path(points: &[(f64, Option<f64>)], top: f64) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (age, figure) in points {
        let Some(figure) = figure else {
            drawing = false;
            continue;
        };
        let x = WIDTH - EDGE - age / KEPT.as_secs_f64() * (WIDTH - 2.0 * EDGE);
        let high = if top > 0.0 { figure / top } else { 0.0 };
        let y = HEIGHT - EDGE - high * (HEIGHT - 2.0 * EDGE);
        // Writing to a string cannot fail.
        let _ = match drawing {
            true => write!(path, "L{x:.1} {y:.1}"),
            false => write!(path, "M{x:.1} {y:.1}h0"),
        };
        drawing = true;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_right_and_the_largest_is_at_the_top() {
        let points = [(900.0, Some(0.0)), (450.0, Some(5.0)), (0.0, Some(10.0))];
        assert_eq!(path(&points, 10.0), "M2.0 46.0h0L150.0 24.0L298.0 2.0");
    }

    #[test]
    fn where_nothing_was_measured_there_is_a_gap() {
        let points = [(900.0, Some(1.0)), (450.0, None), (0.0, Some(1.0))];
        assert_eq!(path(&points, 1.0), "M2.0 2.0h0M298.0 2.0h0");
        assert_eq!(path(&[(0.0, None)], 1.0), "");
    }

    #[test]
    fn nothing_but_zeros_lies_at_the_foot() {
        assert_eq!(path(&[(0.0, Some(0.0))], 0.0), "M298.0 46.0h0");
    }

    #[test]
    fn a_curve_says_in_words_what_it_shows_and_has_no_style() {
        let curve = curve(&[(0.0, Some(1.0))], 0.0, "Streams: 1").into_string();
        assert!(curve.contains(r#"role="img" aria-label="Streams: 1""#));
        assert!(!curve.contains("style"));
    }
}
