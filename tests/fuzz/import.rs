//! Files of boards that are damaged, or that somebody made by hand. Reading them does not panic; what is wrong is said in one short
//! line; and a file that is accepted is written again as the same bytes.

use std::sync::OnceLock;

use arbitrary::{Arbitrary, Result, Unstructured};
use savt::{
    model::{
        Amount, Board, BoardAction, BoardId, BrowserId, Command, Event, FeatureId, ItemId, Kind,
        Limits, Name, Reason, Slug, Timestamp, decide,
    },
    transfer::{
        BoardCheck, BoardHeader, BoardWriter, Damage, FileReader, Part, ReadError, end_of_file,
    },
};
use sha2::{Digest, Sha256};

use crate::{list_up_to, text_input::TextInput};

#[derive(Debug)]
pub enum ImportInput {
    /// Any bytes.
    Bytes(Vec<u8>),
    /// A file that was written, after some edits.
    Edited {
        edits: Vec<FileEdit>,
        /// Whether somebody made the checksums match again.
        forged: bool,
    },
}

/// What happens to a file.
#[derive(Arbitrary, Debug)]
pub enum FileEdit {
    Flip {
        at: u16,
        bit: u8,
    },
    Cut {
        at: u16,
    },
    SwapLines {
        one: u8,
        other: u8,
    },
    RepeatLine(u8),
    RemoveLine(u8),
    /// Replaces a number of a line.
    Number {
        line: u8,
        nth: u8,
        by: i64,
    },
    /// Replaces a text of a line.
    Text {
        line: u8,
        nth: u8,
        by: TextInput,
    },
    Insert {
        at: u16,
        bytes: Vec<u8>,
    },
    /// Opens this many brackets.
    Nest {
        at: u16,
        depth: u16,
    },
}

impl<'a> Arbitrary<'a> for ImportInput {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<ImportInput> {
        Ok(match input.arbitrary::<u8>()? {
            0..32 => ImportInput::Bytes(input.bytes(input.len())?.to_vec()),
            forged => ImportInput::Edited {
                edits: list_up_to(input, 4)?,
                forged: forged >= 128,
            },
        })
    }
}

pub fn run(input: ImportInput) {
    let bytes = match input {
        ImportInput::Bytes(bytes) => bytes,
        ImportInput::Edited { edits, forged } => {
            let mut bytes = original().to_vec();
            for edit in edits {
                bytes = edit.apply(bytes);
            }
            match forged {
                true => with_checksums(&bytes),
                false => bytes,
            }
        }
    };
    match read(&bytes) {
        Ok(written) => assert_eq!(
            String::from_utf8_lossy(&written),
            String::from_utf8_lossy(&bytes)
        ),
        Err(ReadError::Damaged(damage)) => {
            let line = damage.to_string();
            assert!(!line.contains(char::is_control), "{line}");
            assert!(line.chars().count() < 400, "{line}");
            assert!(damage.byte <= bytes.len() as u64, "{line}");
        }
        Err(ReadError::Io(error)) => panic!("memory cannot fail: {error}"),
    }
}

/// Reads a file as an import does, and returns what its boards are written as.
fn read(bytes: &[u8]) -> std::result::Result<Vec<u8>, ReadError> {
    let mut file = FileReader::new(bytes);
    let mut written = Vec::new();
    let mut boards = 0;
    let mut open: Option<(BoardCheck, BoardWriter)> = None;
    loop {
        match (file.next_part()?, open.take()) {
            (Part::Board(header), None) => {
                let (writer, line) = BoardWriter::begin(&header).unwrap();
                written.extend(line);
                open = Some((BoardCheck::new(&header), writer));
            }
            (Part::Event(event), Some((mut check, mut writer))) => {
                check
                    .apply(&event)
                    .map_err(|reason| damaged(&file, &reason))?;
                written.extend(writer.event(*event).unwrap());
                open = Some((check, writer));
            }
            (Part::BoardEnd, Some((check, writer))) => {
                check.finish().map_err(|reason| damaged(&file, &reason))?;
                written.extend(writer.end().unwrap());
                boards += 1;
            }
            (Part::FileEnd, None) => {
                written.extend(end_of_file(boards).unwrap());
                return Ok(written);
            }
            _ => panic!("the parts of a file are out of order"),
        }
    }
}

fn damaged(file: &FileReader<&[u8]>, reason: &str) -> Damage {
    file.damage(reason)
}

/// A file with a small board, which is the same each time.
fn original() -> &'static [u8] {
    static ORIGINAL: OnceLock<Vec<u8>> = OnceLock::new();
    ORIGINAL.get_or_init(|| {
        let slug = Slug::parse("abcd").unwrap();
        let mut board = Board::new(BoardId(1), slug.clone(), name("Pizza"));
        let mut events: Vec<Event> = Vec::new();
        for (browser, command) in commands() {
            let browser = BrowserId::from_hash(format!("{browser:064x}"));
            let at = Timestamp::default();
            let decision = decide(&board, &browser, &command, &Limits::UNLIMITED, at);
            let decision = decision.unwrap();
            board = decision.board;
            events.extend(decision.events);
        }
        let header = BoardHeader {
            slug,
            created_as: name("Pizza"),
            created_at: Timestamp::default(),
            epoch: board.epoch,
            events: events.len() as i64,
            has_browsers: true,
        };
        let (mut writer, mut file) = BoardWriter::begin(&header).unwrap();
        for event in events {
            file.extend(writer.event(event).unwrap());
        }
        file.extend(writer.end().unwrap());
        file.extend(end_of_file(1).unwrap());
        assert_eq!(read(&file).unwrap(), file);
        file
    })
}

/// The number of the browser, and what it does.
fn commands() -> Vec<(u8, Command)> {
    let create = |item: &str| BoardAction::CreateItem {
        name: Some(name(item)),
        kind: Kind::parse("vegan").unwrap(),
        fallback: name("Pizza"),
    };
    let suggest = |feature: &str, item| BoardAction::Suggest {
        name: name(feature),
        amount: Amount::MAX,
        item,
    };
    let veto = BoardAction::VetoWithReason {
        feature: FeatureId(1),
        reason: Reason::parse("too salty").unwrap(),
    };
    vec![
        (1, Command::Rename(name("Ann"))),
        (1, create("Funghi").into()),
        (2, create("Marinara").into()),
        (1, suggest("Ham", Some(ItemId(1))).into()),
        (2, suggest("Salad", None).into()),
        (2, veto.into()),
        (
            1,
            BoardAction::Merge {
                item: ItemId(2),
                into: ItemId(1),
            }
            .into(),
        ),
    ]
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

impl FileEdit {
    fn apply(self, mut file: Vec<u8>) -> Vec<u8> {
        if file.is_empty() {
            return file;
        }
        let position = |at: u16| usize::from(at) % file.len();
        match self {
            FileEdit::Flip { at, bit } => {
                let at = position(at);
                file[at] ^= 1 << (bit % 8);
                file
            }
            FileEdit::Cut { at } => {
                file.truncate(position(at));
                file
            }
            FileEdit::Insert { at, bytes } => {
                let at = position(at);
                file.splice(at..at, bytes);
                file
            }
            FileEdit::Nest { at, depth } => {
                let at = position(at);
                file.splice(at..at, vec![b'['; usize::from(depth)]);
                file
            }
            FileEdit::SwapLines { one, other } => edit_lines(&file, |lines| {
                let (one, other) = (nth(lines, one), nth(lines, other));
                lines.swap(one, other);
            }),
            FileEdit::RepeatLine(line) => edit_lines(&file, |lines| {
                let line = nth(lines, line);
                lines.insert(line, lines[line].clone());
            }),
            FileEdit::RemoveLine(line) => edit_lines(&file, |lines| {
                let line = nth(lines, line);
                lines.remove(line);
            }),
            FileEdit::Number { line, nth: n, by } => edit_lines(&file, |lines| {
                let line = nth(lines, line);
                lines[line] = with_number(&lines[line], n, by);
            }),
            FileEdit::Text { line, nth: n, by } => edit_lines(&file, |lines| {
                let line = nth(lines, line);
                lines[line] = with_text(&lines[line], n, &by.text());
            }),
        }
    }
}

fn nth(lines: &[Vec<u8>], n: u8) -> usize {
    usize::from(n) % lines.len()
}

fn edit_lines(file: &[u8], edit: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = file
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    edit(&mut lines);
    lines.concat()
}

/// Replaces one of the runs of digits.
fn with_number(line: &[u8], n: u8, by: i64) -> Vec<u8> {
    let text = String::from_utf8_lossy(line).into_owned();
    let runs: Vec<_> = text
        .split_inclusive(|c: char| !c.is_ascii_digit())
        .map(str::to_owned)
        .collect();
    let numbers = runs
        .iter()
        .filter(|run| run.starts_with(|c: char| c.is_ascii_digit()));
    let count = numbers.count();
    if count == 0 {
        return line.to_vec();
    }
    let mut left = usize::from(n) % count;
    let mut edited = String::new();
    for run in runs {
        let digits = run.chars().take_while(char::is_ascii_digit).count();
        match (digits, left) {
            (1.., 0) => {
                edited += &by.to_string();
                edited += &run[digits..];
                left = usize::MAX;
            }
            (digits, _) => {
                left = left.saturating_sub(usize::from(digits > 0 && left != usize::MAX));
                edited += &run;
            }
        }
    }
    edited.into_bytes()
}

/// Replaces one of the texts in quotes.
fn with_text(line: &[u8], n: u8, by: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(line).into_owned();
    let mut parts: Vec<String> = text.split('"').map(str::to_owned).collect();
    let count = parts.len() / 2;
    if count == 0 {
        return line.to_vec();
    }
    let quoted = serde_json::to_string(by).unwrap();
    parts[1 + 2 * (usize::from(n) % count)] = quoted[1..quoted.len() - 1].to_owned();
    parts.join("\"").into_bytes()
}

/// The file with the checksums that its boards have now.
fn with_checksums(file: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    edit_lines(file, |lines| {
        for line in lines {
            if line.starts_with(b"{\"sha256\":") {
                let sha256 = hex::encode(hash.finalize_reset());
                *line = format!("{{\"sha256\":\"{sha256}\"}}\n").into_bytes();
            } else {
                if line.starts_with(b"{\"savt\":") {
                    hash = Sha256::new();
                }
                hash.update(line);
            }
        }
    })
}
