//! An estimate of how much higher a row is than one without wrapped text, and of the lines of a note. On wide screens the style sheet (`columns.css`) places
//! cards by the heights of their rows, which it cannot measure. Where the estimate is too low, the layout still makes space.

use super::vetoes;
use crate::model::{Amount, Board, Feature, Note};

/// Characters of a line, on a card of usual width.
const NAME_WIDTH: usize = 22;
const VETOERS_WIDTH: usize = 27;
const NOTE_WIDTH: usize = 38;

/// How many lines of a note a card shows at most.
const MAX_NOTE_LINES: usize = 2;

/// Heights in pixels, at the default font size.
const PADDING: usize = 17;
const NAME_LINE: usize = 21;
const VETOERS_LINE: usize = 18;
const ROW: usize = 53;

/// The highest estimate; the style sheet counts rows by the binary digits of it.
const MAX: usize = 7;

/// By how many halves of a row without wrapped text this one is higher.
pub(super) fn extra_halves(feature: &Feature, board: &Board) -> usize {
    let amount = if feature.amount > Amount::ONE { 3 } else { 0 };
    // "left behind, because …" takes a line of its own.
    let remainder = if feature.remainder { NAME_WIDTH } else { 0 };
    let name = feature.name.as_str().chars().count() + amount + remainder;
    let vetoers = vetoes::row_lines(feature, board, VETOERS_WIDTH);
    halves(name.div_ceil(NAME_WIDTH), vetoers)
}

/// How many lines of a note its card shows.
pub(super) fn note_lines(note: &Note) -> usize {
    let lines = note.as_str().split('\n');
    let heights = lines.map(|line| line.chars().count().div_ceil(NOTE_WIDTH).max(1));
    heights.sum::<usize>().min(MAX_NOTE_LINES)
}

/// The attribute that tells the style sheet: the values of the binary digits. One attribute, so that the order of attributes is
/// the same however a row came to be.
pub(super) fn tall(extra: usize) -> Option<&'static str> {
    const DIGITS: [&str; MAX + 1] = ["", "1", "2", "1 2", "4", "1 4", "2 4", "1 2 4"];
    DIGITS
        .get(extra)
        .copied()
        .filter(|digits| !digits.is_empty())
}

fn halves(name_lines: usize, vetoers_lines: usize) -> usize {
    let height = PADDING + name_lines * NAME_LINE + vetoers_lines * VETOERS_LINE;
    let extra = height.saturating_sub(ROW);
    // To the nearest.
    ((4 * extra + ROW) / (2 * ROW)).min(MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_higher_by_the_lines_that_do_not_fit_beside_the_button() {
        for (name_lines, vetoers_lines, expected) in [
            (1, 0, 0),
            (1, 1, 0),
            (2, 0, 0),
            (1, 2, 1),
            (2, 1, 1),
            (1, 3, 1),
            (1, 4, 2),
            (2, 3, 2),
            (1, 5, 3),
            (5, 12, 7),
        ] {
            let found = halves(name_lines, vetoers_lines);
            assert_eq!(found, expected, "{name_lines} {vetoers_lines}");
        }
    }

    #[test]
    fn a_card_shows_at_most_two_lines_of_a_note() {
        for (text, expected) in [
            ("At eight", 1),
            ("At eight\nVia Roma 7", 2),
            ("a\n\nb\nc", 2),
            (&"x".repeat(NOTE_WIDTH), 1),
            (&"x".repeat(NOTE_WIDTH + 1), 2),
            (&"x".repeat(Note::MAX), 2),
        ] {
            let note = Note::from_stored(text.to_owned());
            assert_eq!(note_lines(&note), expected, "{text}");
        }
    }
}
