//! Compares a board with what people were answered, and with the file that it came from.

use savt::model::{Board, Event};

use super::{board_file::BoardFile, state::State, subject::Subject};
use crate::ledger::command_of;

/// A board as it is now.
pub struct Found {
    pub board: Board,
    pub log: Vec<Event>,
    pub file: BoardFile,
}

/// What differs if this is the state of the board, and how many acknowledged changes are missing; none if it cannot be that.
pub fn compare(subject: &Subject, state: &State, found: &Found) -> Option<(Vec<String>, u64)> {
    let is_own = found.board.id.0 == subject.id;
    let ledger = subject.ledger.lock().unwrap().clone();
    let (ledger, log, mut errors) = match state {
        State::Own if is_own => (ledger, found.log.as_slice(), Vec::new()),
        State::Imported(file, span) if !is_own => {
            let log = found.log.get(file.events.len()..).unwrap_or_default();
            let errors = compare_with_file(file, found, subject.may_differ_in_names(*span));
            (ledger.after(*span), log, errors)
        }
        _ => return None,
    };
    let (_, differences) = ledger.compare(log.iter().filter_map(command_of));
    let mut lost = 0;
    for difference in differences {
        // After an import, the ids that people know may be those of other things; the names of what they made are their own.
        let is_certain = is_own
            || ["create ", "suggest "]
                .iter()
                .any(|made| difference.command.starts_with(made));
        if is_certain {
            lost += difference.lost;
            errors.push(difference.text);
        }
    }
    Some((errors, lost))
}

fn compare_with_file(file: &BoardFile, found: &Found, differs_in_names: bool) -> Vec<String> {
    let mut errors = Vec::new();
    if file.kept_header() != found.file.kept_header() {
        errors.push("the first line differs from the file".to_owned());
    }
    let same = found
        .file
        .events
        .get(..file.events.len())
        .unwrap_or_default();
    let is_same = match differs_in_names {
        false => same == file.events,
        true => {
            let identities = |lines: &[String]| -> Vec<_> {
                lines.iter().map(|line| BoardFile::identity(line)).collect()
            };
            identities(same) == identities(&file.events)
        }
    };
    if !is_same {
        errors.push("the log does not begin with that of the file".to_owned());
    }
    errors
}
