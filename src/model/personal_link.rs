//! A personal link transfers a participant to another browser of the same person. Nothing is stored: the link is signed with
//! the id of the issuing browser, a secret that every process can read and no client knows.

use std::fmt;

use chrono::{DateTime, TimeDelta};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{
    board::Board,
    id::{ParticipantId, Timestamp},
    participant::{BrowserId, Participant},
};

/// A single-use link, valid for a short time, that makes one more browser a participant's.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalLink {
    participant: ParticipantId,
    /// In seconds since 1970.
    expires_at: i64,
    signature: [u8; SIGNATURE_BYTES],
}

/// The length of the truncated HMAC-SHA256, in bytes.
const SIGNATURE_BYTES: usize = 16;

impl PersonalLink {
    /// How long a link is valid, in minutes.
    pub const VALID_MINUTES: i64 = 10;

    /// A link for the participant behind a browser; `None` if the browser has none.
    pub fn issue(board: &Board, by: &BrowserId, at: Timestamp) -> Option<PersonalLink> {
        let participant = board.participant_for(by)?;
        let expires_at = (at + TimeDelta::minutes(PersonalLink::VALID_MINUTES)).and_utc();
        let mut link = PersonalLink {
            participant,
            expires_at: expires_at.timestamp(),
            signature: [0; SIGNATURE_BYTES],
        };
        let mac = link.mac(board, by)?.finalize().into_bytes();
        link.signature.copy_from_slice(&mac[..SIGNATURE_BYTES]);
        Some(link)
    }

    /// Parses the secret from a link's URL.
    pub fn parse(text: &str) -> Option<PersonalLink> {
        let mut parts = text.split('-');
        let (participant, expires_at, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let mut bytes = [0; SIGNATURE_BYTES];
        hex::decode_to_slice(signature, &mut bytes).ok()?;
        Some(PersonalLink {
            participant: ParticipantId(participant.parse().ok()?),
            expires_at: expires_at.parse().ok()?,
            signature: bytes,
        })
    }

    /// The secret in the link's URL.
    pub fn secret(&self) -> String {
        let PersonalLink {
            participant,
            expires_at,
            ..
        } = self;
        let signature = hex::encode(self.signature);
        format!("{participant}-{expires_at}-{signature}")
    }

    /// The participant it belongs to, if it is valid on this board: it has neither expired nor been used, and the browser that
    /// issued it still belongs to the participant.
    pub fn holder<'b>(&self, board: &'b Board, at: Timestamp) -> Option<&'b Participant> {
        let expires_at = DateTime::from_timestamp(self.expires_at, 0)?.naive_utc();
        if at > expires_at {
            return None;
        }
        // The comparison takes constant time.
        let is_issuer = |browser: &&BrowserId| {
            let mac = self.mac(board, browser);
            mac.is_some_and(|mac| mac.verify_truncated_left(&self.signature).is_ok())
        };
        board.browsers_of(self.participant).find(is_issuer)?;
        board.participant(self.participant)
    }

    /// Whether the link belongs to this participant, who does not need it.
    pub fn belongs_to(&self, participant: Option<ParticipantId>) -> bool {
        participant == Some(self.participant)
    }

    /// The MAC over the link's content, keyed by one browser. It covers all browsers of the participant, so that using the link,
    /// or any other change of the browsers, invalidates it.
    fn mac(&self, board: &Board, by: &BrowserId) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(by.as_str().as_bytes()).ok()?;
        mac.update(b"personal link");
        for number in [board.id.0, self.participant.0, self.expires_at] {
            mac.update(&number.to_be_bytes());
        }
        for browser in board.browsers_of(self.participant) {
            mac.update(browser.as_str().as_bytes());
        }
        Some(mac)
    }
}

/// Omits the signature, because logs must not contain working links.
impl fmt::Debug for PersonalLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonalLink")
            .field("participant", &self.participant)
            .finish_non_exhaustive()
    }
}
