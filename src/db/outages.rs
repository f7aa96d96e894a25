//! The outages of a database, as its users report them. One place for all of them, so that an outage does not fill the log with a
//! line per board and request.

use crate::log::OutageLog;

/// Reading and writing fail separately: with a full disk, a database can still be read.
pub struct Outages {
    pub reading: OutageLog,
    pub writing: OutageLog,
}

impl Outages {
    pub(super) fn new() -> Outages {
        Outages {
            reading: OutageLog::new("cannot read the database", "the database can be read again"),
            writing: OutageLog::new(
                "cannot write to the database",
                "the database can be written again",
            ),
        }
    }
}
