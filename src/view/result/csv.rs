//! The result as a table (RFC 4180): a row for each feature, and for each item without one. It begins with a byte order mark, by
//! which spreadsheets know that it is UTF-8.

use super::{super::language::Texts, veto_note::veto_note};
use crate::model::{DecisionResult, Item, ResultFeature};

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// A spreadsheet takes a cell that begins with one of these for a formula, also in its full-width form.
const BEGINS_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The whole table, with a line of headings.
pub fn csv(result: &DecisionResult, texts: &Texts) -> String {
    let mut table = BYTE_ORDER_MARK.to_owned();
    let terminology = &texts.terminology;
    row(
        &mut table,
        [
            &terminology.item_capitalized(),
            &texts.text("item-kind"),
            &texts.text("result-note"),
            &terminology.feature_capitalized(),
            &texts.text("amount"),
            &texts.text("result-vetoed-by"),
            &texts.text("result-reasons"),
            &texts.text("result-is-chosen"),
        ],
    );
    let yes = texts.text("result-yes");
    for item in result.items() {
        let chosen = if item.is_chosen { &*yes } else { "" };
        if item.features.is_empty() {
            rows_of(&mut table, Some(item.item), None, chosen, texts);
        }
        for feature in &item.features {
            rows_of(&mut table, Some(item.item), Some(feature), chosen, texts);
        }
    }
    for feature in &result.free {
        rows_of(&mut table, None, Some(feature), "", texts);
    }
    table
}

fn rows_of(
    table: &mut String,
    item: Option<&Item>,
    feature: Option<&ResultFeature>,
    chosen: &str,
    texts: &Texts,
) {
    let kind = item.and_then(|item| item.kind.as_ref());
    let note = item.and_then(|item| item.note.as_ref());
    let amount = feature.map(|feature| feature.feature.amount.to_string());
    let vetoes = feature.map_or(&[][..], |feature| &feature.vetoes);
    let vetoers: Vec<&str> = vetoes.iter().map(|veto| veto.name.as_str()).collect();
    let reasons = vetoes.iter().filter_map(|veto| {
        let note = veto_note(veto, texts)?;
        Some(format!("{}: {note}", veto.name))
    });
    let reasons: Vec<String> = reasons.collect();
    row(
        table,
        [
            item.map_or("", |item| item.name.as_str()),
            kind.map_or("", |kind| kind.as_str()),
            note.map_or("", |note| note.as_str()),
            feature.map_or("", |feature| feature.feature.name.as_str()),
            amount.as_deref().unwrap_or(""),
            &vetoers.join(", "),
            &reasons.join("\n"),
            chosen,
        ],
    );
}

fn row(table: &mut String, cells: [&str; 8]) {
    for (n, cell) in cells.into_iter().enumerate() {
        if n > 0 {
            table.push(',');
        }
        push_cell(table, cell);
    }
    table.push_str("\r\n");
}

/// A cell that a spreadsheet shows as it is; an apostrophe at the start marks it as text.
fn push_cell(table: &mut String, cell: &str) {
    let apostrophe = if cell.starts_with(BEGINS_FORMULA) {
        "'"
    } else {
        ""
    };
    match cell.contains([',', '"', '\r', '\n']) {
        true => {
            table.push('"');
            table.push_str(apostrophe);
            table.push_str(&cell.replace('"', "\"\""));
            table.push('"');
        }
        false => {
            table.push_str(apostrophe);
            table.push_str(cell);
        }
    }
}
