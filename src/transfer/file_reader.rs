//! Reads a file part by part: each line has to be one that may follow, and the checksum has to match.

use std::io::BufRead;

use sha2::{Digest, Sha256};

use super::{
    damage::{Damage, ReadError},
    header::BoardHeader,
    line::{InvalidLine, Line},
    line_reader::LineReader,
};
use crate::model::Event;

/// A part of a file.
pub enum Part {
    /// A board begins.
    Board(BoardHeader),
    /// The next event of the board.
    Event(Box<Event>),
    /// The board is complete, and its checksum matches.
    BoardEnd,
    /// The file is complete. Nothing follows.
    FileEnd,
}

/// A file that is read.
pub struct FileReader<R> {
    lines: LineReader<R>,
    state: State,
    /// The boards that are complete.
    boards: u64,
}

enum State {
    BetweenBoards,
    Board(OpenBoard),
    Ended,
}

/// A board whose end has not been read.
struct OpenBoard {
    hash: Sha256,
    events: i64,
    /// The number of the last event so far.
    last: i64,
}

impl<R: BufRead> FileReader<R> {
    pub fn new(input: R) -> FileReader<R> {
        FileReader {
            lines: LineReader::new(input),
            state: State::BetweenBoards,
            boards: 0,
        }
    }

    /// The next part. After [`Part::FileEnd`] it is that again.
    ///
    /// # Errors
    /// The file is damaged, or cannot be read.
    pub fn next_part(&mut self) -> Result<Part, ReadError> {
        let Some(line) = self.lines.next()? else {
            return match (&self.state, self.boards) {
                (State::Ended, _) => Ok(Part::FileEnd),
                (State::BetweenBoards, 0) => Err(self.damage("the file is empty").into()),
                _ => Err(self.damage("the file ends here: it was cut").into()),
            };
        };
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let part = match (Line::parse(text), &mut self.state) {
            (Err(InvalidLine { at, reason }), _) => Err((at, reason)),
            (Ok(Line::Header(header)), State::BetweenBoards) => {
                let mut hash = Sha256::new();
                hash.update(line);
                self.state = State::Board(OpenBoard {
                    hash,
                    events: header.events,
                    last: 0,
                });
                Ok(Part::Board(header))
            }
            (Ok(Line::Event(event)), State::Board(board)) => match board.add(&event, line) {
                Ok(()) => Ok(Part::Event(event)),
                Err(reason) => Err((0, reason)),
            },
            (Ok(Line::Checksum(sha256)), State::Board(board)) => match board.check_end(&sha256) {
                Ok(()) => {
                    self.state = State::BetweenBoards;
                    self.boards += 1;
                    Ok(Part::BoardEnd)
                }
                Err(reason) => Err((0, reason)),
            },
            (Ok(Line::End(boards)), State::BetweenBoards) if boards == self.boards => {
                self.state = State::Ended;
                // So that what follows is noticed now.
                return self.next_part();
            }
            (Ok(Line::End(boards)), State::BetweenBoards) => {
                let found = self.boards;
                Err((
                    0,
                    format!("the number of boards should be {boards}, but is {found}"),
                ))
            }
            (Ok(_), State::Ended) => Err((0, "something follows the last line".to_owned())),
            (Ok(_), State::BetweenBoards) => {
                Err((0, "the first line of a board should be here".to_owned()))
            }
            (Ok(_), State::Board(board)) => Err((0, board.missing())),
        };
        part.map_err(|(at, reason)| self.lines.damage(at, &reason).into())
    }

    /// The length of the line that was read last.
    pub fn line_bytes(&self) -> usize {
        self.lines.line_bytes()
    }

    /// What is wrong with the part that was read last.
    pub fn damage(&self, reason: &str) -> Damage {
        self.lines.damage(0, reason)
    }
}

impl OpenBoard {
    fn add(&mut self, event: &Event, line: &[u8]) -> Result<(), String> {
        if self.last >= self.events {
            return Err(format!("the board should have {} events only", self.events));
        }
        if event.number != self.last + 1 {
            return Err(self.missing());
        }
        self.last = event.number;
        self.hash.update(line);
        Ok(())
    }

    fn check_end(&self, sha256: &str) -> Result<(), String> {
        if self.last != self.events {
            return Err(self.missing());
        }
        match hex::encode(self.hash.clone().finalize()) == sha256 {
            true => Ok(()),
            false => Err("the checksum does not match: the board was changed".to_owned()),
        }
    }

    /// What should have been here instead.
    fn missing(&self) -> String {
        match self.last == self.events {
            true => "the checksum of the board should be here".to_owned(),
            false => format!("event {} should be here", self.last + 1),
        }
    }
}
