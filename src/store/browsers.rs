//! The boards on which a browser is a participant.

use diesel::prelude::*;

use crate::{
    db::{
        Database, Error,
        schema::{boards, browsers, events, participants},
    },
    model::{BrowserId, Name, Slug, Timestamp},
};

/// A board on which a browser is a participant.
pub struct Membership {
    pub slug: Slug,
    pub board: Name,
    /// The participant's own name.
    pub me: Name,
    /// When the board was last changed.
    pub changed: Timestamp,
}

/// Up to `limit` boards of a browser, the most recently changed first.
pub async fn boards_of(
    database: &Database,
    browser: &BrowserId,
    limit: i64,
) -> Result<Vec<Membership>, Error> {
    let participant = participants::board_id
        .eq(browsers::board_id)
        .and(participants::id.eq(browsers::participant_id));
    let last_event = events::board_id
        .eq(boards::id)
        .and(events::number.eq(boards::version));
    let query = browsers::table
        .inner_join(boards::table.on(boards::id.eq(browsers::board_id)))
        .inner_join(participants::table.on(participant))
        .inner_join(events::table.on(last_event))
        .filter(browsers::token.eq(browser.as_str().to_owned()))
        .order((events::at.desc(), boards::id.desc()))
        .limit(limit)
        .select((boards::slug, boards::name, participants::name, events::at));
    let mut conn = database.read().await?;
    let rows = conn
        .load::<(String, String, String, Timestamp), _>(query)
        .await?;
    let membership = |(slug, board, me, changed): (String, String, String, Timestamp)| {
        Some(Membership {
            slug: Slug::parse(&slug)?,
            board: Name::from_stored(board),
            me: Name::from_stored(me),
            changed,
        })
    };
    Ok(rows.into_iter().filter_map(membership).collect())
}
