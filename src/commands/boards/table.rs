//! A table for a terminal, whose columns fit what they show.

use std::io::{self, Write};

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The most columns of the terminal that a cell takes.
const MAX_WIDTH: usize = 40;

/// How a column is aligned.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Writes a table with a line of headings.
pub(super) fn write<const N: usize>(
    out: &mut impl Write,
    columns: [(&str, Align); N],
    rows: &[[String; N]],
) -> io::Result<()> {
    let mut lines = vec![columns.map(|(heading, _)| heading.to_owned())];
    lines.extend(
        rows.iter()
            .map(|row| row.each_ref().map(|cell| shown(cell))),
    );
    let mut widths = [0; N];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(width_of(cell));
        }
    }
    for line in &lines {
        let mut text = String::new();
        for ((cell, width), (_, align)) in line.iter().zip(widths).zip(columns) {
            let padding = " ".repeat(width - width_of(cell));
            let (before, after) = match align {
                Align::Left => ("", padding.as_str()),
                Align::Right => (padding.as_str(), ""),
            };
            text.push_str(&format!("{before}{cell}{after}  "));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// A cell without control characters, shortened if it is long.
fn shown(cell: &str) -> String {
    let clean: String = cell.chars().filter(|c| !c.is_control()).collect();
    if width_of(&clean) <= MAX_WIDTH {
        return clean;
    }
    let mut width = 1;
    let fits = |c: &char| {
        width += char_width(*c);
        width <= MAX_WIDTH
    };
    clean.chars().take_while(fits).chain(['…']).collect()
}

fn width_of(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// How many columns most terminals use for a character.
fn char_width(c: char) -> usize {
    use GeneralCategory::{EnclosingMark, Format, NonspacingMark};
    match c {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        c if matches!(
            c.general_category(),
            EnclosingMark | Format | NonspacingMark
        ) =>
        {
            0
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_a_terminal_shows() {
        let rows = [
            ["Où\u{301}".to_owned(), "7".to_owned()],
            ["寿司".to_owned(), "1234".to_owned()],
            ["x".repeat(60), "1".to_owned()],
        ];
        let mut out = Vec::new();
        write(
            &mut out,
            [("name", Align::Left), ("events", Align::Right)],
            &rows,
        )
        .unwrap();
        let out = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], format!("name{}  events", " ".repeat(36)));
        assert_eq!(lines[1], format!("Où\u{301}{}       7", " ".repeat(38)));
        assert_eq!(lines[2], format!("寿司{}    1234", " ".repeat(36)));
        assert_eq!(lines[3], format!("{}…       1", "x".repeat(39)));
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        assert_eq!(shown("a\u{1b}[31mb\n"), "a[31mb");
    }
}
