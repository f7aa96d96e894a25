//! Boards as files: JSON lines that hold a board whole, with its log, for any database. A file is written and read in constant memory,
//! apart from the rows of one board. What does not follow from the log is in the first line of a board; a checksum ends it.
//!
//! ```json
//! {"savt":"board","format":1,"slug":"main","name":"main","created":"2026-01-31T12:00:00","epoch":"1f","events":1,"browsers":true}
//! {"number":1,"at":"2026-01-31T12:01:00.000001","actor":{"id":1,"name":"Ann"},"action":{…},"change":{…}}
//! {"sha256":"…"}
//! {"boards":1}
//! ```
//!
//! Each event is written in one form only, so that a file that was imported is exported again byte for byte. Requests with a key are
//! no part of a board's history and are left out.

mod board_check;
mod board_writer;
mod damage;
mod export;
mod file_reader;
mod header;
mod import;
mod import_error;
mod line;
mod line_reader;
mod patience;
mod prepared;
mod row_batches;

pub use board_check::BoardCheck;
pub use board_writer::{BoardWriter, Browsers, end_of_file};
pub use damage::{Damage, ReadError};
pub use export::{BoardExport, ExportError, file_of_board};
pub use file_reader::{FileReader, Part};
pub use header::BoardHeader;
pub use import::{Destination, ImportOptions, prepare};
pub use import_error::ImportError;
pub use prepared::{Imported, Prepared, Published};
