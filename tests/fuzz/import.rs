//! Files of boards that are damaged, or that somebody made by hand. Reading them does not panic; what is wrong is said in one short
//! line; and a file that is accepted is written again as the same bytes.

mod file_edit;

use std::sync::OnceLock;

use crate::list_up_to;
use arbitrary::{Arbitrary, Result, Unstructured};
pub use file_edit::FileEdit;
use file_edit::with_checksums;
use savt::{
    model::{
        Amount, Board, BoardAction, BoardId, BrowserId, Command, Event, FeatureId, ItemId, Kind,
        Limits, Name, Reason, Slug, Timestamp, decide,
    },
    transfer::{
        BoardCheck, BoardHeader, BoardWriter, Damage, FileReader, Part, ReadError, end_of_file,
    },
};

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
