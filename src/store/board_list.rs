//! Lists all boards with what is on them. A query concerns many boards at once, so that a hundred thousand are listed in seconds.

use std::collections::{HashMap, HashSet};

use diesel::{
    dsl::{count_star, sum},
    prelude::*,
};

use super::{
    board_heads::{BoardHead, board_heads},
    boards::load,
    log::octet_length,
};
use crate::{
    db::{
        Conn, Database, Error,
        schema::{events, items, participants, settings},
    },
    model::{BoardId, Deadline, Slug, Timestamp},
};

/// How many boards one query concerns: few enough for the time that a statement may take.
const BOARDS_PER_QUERY: i64 = 1_000;

/// Whether a board is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BoardState {
    Open,
    /// Open, and everybody is fine.
    Agreed,
    Closed,
}

impl BoardState {
    pub fn name(self) -> &'static str {
        match self {
            BoardState::Open => "open",
            BoardState::Agreed => "agreed",
            BoardState::Closed => "closed",
        }
    }
}

/// A board in the list.
#[derive(Clone, Debug)]
pub struct ListedBoard {
    pub head: BoardHead,
    pub state: BoardState,
    pub people: i64,
    /// Without deleted ones.
    pub items: i64,
    /// The size of its log: what its events did, and the rows before and after. The rows themselves take less.
    pub bytes: i64,
}

/// All boards that exist, in the order in which they were created.
pub async fn board_list(database: &Database, now: Timestamp) -> Result<Vec<ListedBoard>, Error> {
    let mut listed = Vec::new();
    let mut after = BoardId(i64::MIN);
    loop {
        let mut conn = database.read().await?;
        let heads = board_heads(&mut conn, after, BOARDS_PER_QUERY).await?;
        let (Some(first), Some(last)) = (heads.first(), heads.last()) else {
            return Ok(listed);
        };
        let span = first.id.0..=last.id.0;
        after = last.id;
        let counts = Counts::load(&mut conn, (*span.start(), *span.end())).await?;
        drop(conn);
        for head in heads {
            let id = head.id.0;
            let is_closed = counts.closed.contains(&id)
                || counts.deadlines.get(&id).is_some_and(|at| *at <= now);
            let state = if is_closed {
                BoardState::Closed
            } else if counts.once_agreed.contains(&id) && is_agreed(database, &head).await? {
                BoardState::Agreed
            } else {
                BoardState::Open
            };
            let of = |counts: &HashMap<i64, i64>| counts.get(&id).copied().unwrap_or(0);
            listed.push(ListedBoard {
                state,
                people: of(&counts.people),
                items: of(&counts.items),
                bytes: of(&counts.bytes),
                head,
            });
        }
    }
}

/// Only the board itself can tell. Few are open that were agreed once.
async fn is_agreed(database: &Database, head: &BoardHead) -> Result<bool, Error> {
    let Some(slug) = Slug::parse(&head.slug) else {
        return Ok(false);
    };
    let board = load(database, &slug).await?;
    Ok(board.is_some_and(|board| board.is_agreed()))
}

/// What is on some boards, by their ids.
struct Counts {
    people: HashMap<i64, i64>,
    items: HashMap<i64, i64>,
    bytes: HashMap<i64, i64>,
    closed: HashSet<i64>,
    deadlines: HashMap<i64, Timestamp>,
    /// Those with an event that made them agreed.
    once_agreed: HashSet<i64>,
}

impl Counts {
    async fn load(conn: &mut Conn, (first, last): (i64, i64)) -> Result<Counts, Error> {
        let people = participants::table
            .filter(participants::board_id.between(first, last))
            .group_by(participants::board_id)
            .select((participants::board_id, count_star()));
        let people = conn.load::<(i64, i64), _>(people).await?;
        let live = items::table
            .filter(items::board_id.between(first, last))
            .filter(items::deleted_at.is_null())
            .group_by(items::board_id)
            .select((items::board_id, count_star()));
        let live = conn.load::<(i64, i64), _>(live).await?;
        let length = octet_length(events::action) + octet_length(events::change);
        let bytes = events::table
            .filter(events::board_id.between(first, last))
            .group_by(events::board_id)
            .select((events::board_id, sum(length)));
        let bytes = conn.load::<(i64, Option<i64>), _>(bytes).await?;
        let once_agreed = events::table
            .filter(events::board_id.between(first, last))
            .filter(events::makes_agreed)
            .select(events::board_id)
            .distinct();
        let once_agreed = conn.load::<i64, _>(once_agreed).await?;
        let closing = settings::table
            .filter(settings::board_id.between(first, last))
            .filter(settings::setting.eq_any(["closing", "deadline"]))
            .select((settings::board_id, settings::setting, settings::value));
        let (mut closed, mut deadlines) = (HashSet::new(), HashMap::new());
        for (board, setting, value) in conn.load::<(i64, String, String), _>(closing).await? {
            if setting == "closing" {
                closed.insert(board);
            } else if let Ok(deadline) = serde_json::from_str::<Deadline>(&value) {
                deadlines.insert(board, deadline.at);
            }
        }
        let sizes = bytes.into_iter();
        Ok(Counts {
            people: people.into_iter().collect(),
            items: live.into_iter().collect(),
            bytes: sizes.map(|(id, bytes)| (id, bytes.unwrap_or(0))).collect(),
            closed,
            deadlines,
            once_agreed: once_agreed.into_iter().collect(),
        })
    }
}
