//! The first line of a board: what does not follow from its log.

use serde::{Deserialize, Serialize};

use crate::model::{Epoch, Name, Slug, Timestamp, is_storable};

/// The format that this version writes, and the only one that it reads.
const FORMAT: u32 = 1;

/// What the first line is about.
const BOARD: &str = "board";

/// What does not follow from the log of a board.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardHeader {
    pub slug: Slug,
    /// The name that the board was created with.
    pub created_as: Name,
    pub created_at: Timestamp,
    pub epoch: Epoch,
    /// The number of events that follow.
    pub events: i64,
    /// Whether the events say which browser is which participant.
    pub has_browsers: bool,
}

/// The line as it is written. The names of the fields must not change.
#[derive(Serialize, Deserialize)]
struct HeaderLine {
    savt: String,
    format: u32,
    slug: String,
    name: Name,
    created: Timestamp,
    epoch: String,
    events: i64,
    browsers: bool,
}

/// The part of the line that every format has.
#[derive(Deserialize)]
struct AnyHeader {
    savt: String,
    format: u32,
}

impl BoardHeader {
    pub(super) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&HeaderLine {
            savt: BOARD.to_owned(),
            format: FORMAT,
            slug: self.slug.as_str().to_owned(),
            name: self.created_as.clone(),
            created: self.created_at,
            epoch: self.epoch.to_string(),
            events: self.events,
            browsers: self.has_browsers,
        })
    }

    /// Parses a line; the error says what is wrong with it.
    pub(super) fn parse(line: &[u8]) -> Result<BoardHeader, String> {
        let json = |error: serde_json::Error| error.to_string();
        let any: AnyHeader = serde_json::from_slice(line).map_err(json)?;
        if any.savt != BOARD {
            return Err("this is not the first line of a board".to_owned());
        }
        if any.format != FORMAT {
            let format = any.format;
            return Err(format!(
                "the file has format {format}, which this version of savt does not read: use the version that wrote it, or a later one"
            ));
        }
        let line: HeaderLine = serde_json::from_slice(line).map_err(json)?;
        let slug = Slug::parse(&line.slug).ok_or("the slug cannot be part of an address")?;
        let epoch = line.epoch.parse::<Epoch>();
        let epoch = epoch.map_err(|_| "the epoch is not a hexadecimal number")?;
        if Name::parse(line.name.as_str()).is_err() {
            return Err("the name of the board is not valid".to_owned());
        }
        if !is_storable(line.created) || line.events < 0 || epoch.0 < 0 {
            return Err("a number is out of range".to_owned());
        }
        Ok(BoardHeader {
            slug,
            created_as: line.name,
            created_at: line.created,
            epoch,
            events: line.events,
            has_browsers: line.browsers,
        })
    }
}
