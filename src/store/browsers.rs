//! The boards on which a browser is somebody.

use diesel::prelude::*;

use crate::{
    db::{
        Database, Error,
        schema::{boards, browsers, events, participants},
    },
    model::{Moment, Name, Slug, Token},
};

/// A board on which a browser is somebody.
pub struct Membership {
    pub slug: Slug,
    pub board: Name,
    /// What one is called there.
    pub me: Name,
    /// When somebody last changed the board.
    pub changed: Moment,
}

/// At most `limit` boards of a browser, those first where something happened last.
pub async fn boards_of(
    database: &Database,
    browser: &Token,
    limit: i64,
) -> Result<Vec<Membership>, Error> {
    let person = participants::board_id
        .eq(browsers::board_id)
        .and(participants::id.eq(browsers::participant_id));
    let last_event = events::board_id
        .eq(boards::id)
        .and(events::number.eq(boards::version));
    let found = browsers::table
        .inner_join(boards::table.on(boards::id.eq(browsers::board_id)))
        .inner_join(participants::table.on(person))
        .inner_join(events::table.on(last_event))
        .filter(browsers::token.eq(browser.as_str().to_owned()))
        .order((events::at.desc(), boards::id.desc()))
        .limit(limit)
        .select((boards::slug, boards::name, participants::name, events::at));
    let mut conn = database.read().await?;
    let rows = conn
        .load::<(String, String, String, Moment), _>(found)
        .await?;
    let membership = |(slug, board, me, changed): (String, String, String, Moment)| {
        Some(Membership {
            slug: Slug::parse(&slug)?,
            board: Name::stored(board),
            me: Name::stored(me),
            changed,
        })
    };
    Ok(rows.into_iter().filter_map(membership).collect())
}
