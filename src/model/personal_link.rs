//! A personal link: by it a name goes from one browser of a person to another. Nothing of it is kept: it is sealed with what the
//! board knows the browser by that asked for it, which every process knows and nobody else.

use std::fmt;

use chrono::{DateTime, TimeDelta};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Board, Moment, Participant, ParticipantId, Token};

/// The way to be a participant on one more browser: once, and for a short time.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalLink {
    participant: ParticipantId,
    /// In seconds since 1970.
    until: i64,
    seal: [u8; SEAL],
}

/// How much of an HMAC-SHA256 is a seal, in bytes.
const SEAL: usize = 16;

impl PersonalLink {
    /// How many minutes it works.
    pub const MINUTES: i64 = 10;

    /// The link of whoever is at this browser; strangers have none.
    pub fn of(board: &Board, by: &Token, at: Moment) -> Option<PersonalLink> {
        let participant = board.participant_at(by)?;
        let until = (at + TimeDelta::minutes(PersonalLink::MINUTES)).and_utc();
        let mut link = PersonalLink {
            participant,
            until: until.timestamp(),
            seal: [0; SEAL],
        };
        let whole = link.sealed(board, by)?.finalize().into_bytes();
        link.seal.copy_from_slice(&whole[..SEAL]);
        Some(link)
    }

    /// Reads what a link has in its address.
    pub fn parse(text: &str) -> Option<PersonalLink> {
        let mut parts = text.split('-');
        let (participant, until, seal) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let mut bytes = [0; SEAL];
        hex::decode_to_slice(seal, &mut bytes).ok()?;
        Some(PersonalLink {
            participant: ParticipantId(participant.parse().ok()?),
            until: until.parse().ok()?,
            seal: bytes,
        })
    }

    /// What the link has in its address: a secret.
    pub fn secret(&self) -> String {
        let PersonalLink {
            participant, until, ..
        } = self;
        format!("{participant}-{until}-{}", hex::encode(self.seal))
    }

    /// Who one becomes by it, if it still works on this board: it has neither run out nor been used, and the browser it came
    /// from is still theirs.
    pub fn holder<'b>(&self, board: &'b Board, at: Moment) -> Option<&'b Participant> {
        let until = DateTime::from_timestamp(self.until, 0)?.naive_utc();
        if at > until {
            return None;
        }
        // Each comparison takes the same time, whatever differs.
        let by = |browser: &Token| {
            let sealed = self.sealed(board, browser);
            sealed.is_some_and(|sealed| sealed.verify_truncated_left(&self.seal).is_ok())
        };
        board
            .browsers_of(self.participant)
            .find(|token| by(token))?;
        board.participant(self.participant)
    }

    /// Whether it is of this very participant, who has no need of it.
    pub fn is_of(&self, participant: Option<ParticipantId>) -> bool {
        participant == Some(self.participant)
    }

    /// All that it holds for, sealed by one browser. All browsers of the person are in it, so that it works no more when one has
    /// come or gone.
    fn sealed(&self, board: &Board, by: &Token) -> Option<Hmac<Sha256>> {
        let mut seal = Hmac::<Sha256>::new_from_slice(by.as_str().as_bytes()).ok()?;
        seal.update(b"personal link");
        for number in [board.id.0, self.participant.0, self.until] {
            seal.update(&number.to_be_bytes());
        }
        for browser in board.browsers_of(self.participant) {
            seal.update(browser.as_str().as_bytes());
        }
        Some(seal)
    }
}

/// Without the seal: whoever reads a log is not let in.
impl fmt::Debug for PersonalLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonalLink")
            .field("participant", &self.participant)
            .finish_non_exhaustive()
    }
}
