//! The other processes on the same database: what is said to them, and how it is written. A word that is lost costs nothing
//! but time, since everyone also looks by themselves.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use serde::{Deserialize, Serialize};

use super::presence::Crowd;
use crate::{
    db::Speaker,
    model::{BoardId, ParticipantId},
};

/// The channel on which all processes of a database speak.
pub(super) const CHANNEL: &str = "savt";

/// How many participants are told by their numbers: as many as fit into one notification of 8,000 bytes, though each
/// number had 18 digits.
const NUMBERS: usize = 400;

/// Tells processes apart; random.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct ProcessId(String);

/// What one process says to the others. Processes of several versions may share a database, so the JSON stays as it is,
/// whatever the names in Rust.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Word {
    #[serde(rename = "by")]
    pub(super) by: ProcessId,
    #[serde(flatten)]
    pub(super) said: Said,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "said")]
pub(super) enum Said {
    /// A board has come to a version.
    #[serde(rename = "changed")]
    Changed { board: i64, version: i64 },
    /// Who looks at a board at this process.
    #[serde(rename = "here")]
    Here {
        board: i64,
        people: Vec<ParticipantId>,
        others: usize,
        guests: usize,
    },
    /// Who looks at this board at yours? At any, if none is named.
    #[serde(rename = "ask")]
    Ask { board: Option<i64> },
    /// This process is alive, and with it what it said of who is here.
    #[serde(rename = "alive")]
    Alive,
    /// This process ends.
    #[serde(rename = "bye")]
    Bye,
}

/// The way to the other processes.
pub(super) struct Peers {
    me: ProcessId,
    speaker: OnceLock<Speaker>,
    /// Whether what the others say is heard.
    heard: AtomicBool,
}

impl Peers {
    /// Nobody, until there is a way to speak.
    pub(super) fn new() -> Peers {
        Peers {
            me: ProcessId(format!("{:016x}", rand::random::<u64>())),
            speaker: OnceLock::new(),
            heard: AtomicBool::new(false),
        }
    }

    pub(super) fn speak_through(&self, speaker: Speaker) {
        let _ = self.speaker.set(speaker);
    }

    /// Whether every change at another process is heard of at once.
    pub(super) fn are_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed)
    }

    pub(super) fn set_heard(&self, heard: bool) {
        self.heard.store(heard, Ordering::Relaxed);
    }

    pub(super) fn changed(&self, board: BoardId, version: i64) {
        self.say(Said::Changed {
            board: board.0,
            version,
        });
    }

    pub(super) fn here(&self, board: BoardId, crowd: &Crowd) {
        let people: Vec<ParticipantId> = crowd.people.iter().take(NUMBERS).copied().collect();
        self.say(Said::Here {
            board: board.0,
            others: crowd.others + crowd.people.len() - people.len(),
            people,
            guests: crowd.guests,
        });
    }

    pub(super) fn ask(&self, board: BoardId) {
        self.say(Said::Ask {
            board: Some(board.0),
        });
    }

    pub(super) fn say(&self, said: Said) {
        let Some(speaker) = self.speaker.get() else {
            return;
        };
        let word = Word {
            by: self.me.clone(),
            said,
        };
        match serde_json::to_string(&word) {
            Ok(text) => speaker.say(text),
            Err(error) => tracing::error!(%error, "cannot write a word to other processes"),
        }
    }

    /// What another process said; none if it was this one, or one that speaks differently.
    pub(super) fn understand(&self, text: &str) -> Option<Word> {
        let word: Word = serde_json::from_str(text).ok()?;
        (word.by != self.me).then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_fits_into_a_notification() {
        let said = Said::Here {
            board: i64::MAX,
            people: vec![ParticipantId(999_999_999_999_999_999); NUMBERS],
            others: usize::MAX,
            guests: usize::MAX,
        };
        let by = Peers::new().me;
        let text = serde_json::to_string(&Word { by, said }).unwrap();
        assert!(text.len() < 7_900, "{}", text.len());
    }

    #[test]
    fn notifications_keep_their_json() {
        assert_eq!(CHANNEL, "savt");
        let by = || ProcessId("00c0ffee00c0ffee".to_owned());
        for (said, json) in [
            (
                Said::Changed {
                    board: 1,
                    version: 7,
                },
                r#"{"by":"00c0ffee00c0ffee","said":"changed","board":1,"version":7}"#,
            ),
            (
                Said::Here {
                    board: 1,
                    people: vec![ParticipantId(2), ParticipantId(3)],
                    others: 4,
                    guests: 5,
                },
                r#"{"by":"00c0ffee00c0ffee","said":"here","board":1,"people":[2,3],"others":4,"guests":5}"#,
            ),
            (
                Said::Ask { board: Some(1) },
                r#"{"by":"00c0ffee00c0ffee","said":"ask","board":1}"#,
            ),
            (
                Said::Ask { board: None },
                r#"{"by":"00c0ffee00c0ffee","said":"ask","board":null}"#,
            ),
            (Said::Alive, r#"{"by":"00c0ffee00c0ffee","said":"alive"}"#),
            (Said::Bye, r#"{"by":"00c0ffee00c0ffee","said":"bye"}"#),
        ] {
            let word = Word { by: by(), said };
            assert_eq!(serde_json::to_string(&word).unwrap(), json);
            assert_eq!(Peers::new().understand(json), Some(word));
        }
    }

    #[test]
    fn only_others_are_understood() {
        let (one, other) = (Peers::new(), Peers::new());
        let word = |by: &Peers| Word {
            by: by.me.clone(),
            said: Said::Alive,
        };
        let text = serde_json::to_string(&word(&one)).unwrap();
        assert_eq!(other.understand(&text), Some(word(&one)));
        assert_eq!(one.understand(&text), None);
        assert_eq!(one.understand("hello"), None);
    }
}
