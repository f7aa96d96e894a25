//! The boards on which a browser is a participant.

use diesel::prelude::*;

use crate::{
    db::{
        Database, Error,
        schema::{boards, browsers, events, participants, settings},
    },
    model::{BrowserId, Name, Slug, Timestamp},
};

/// A board on which a browser is a participant.
pub struct Membership {
    pub slug: Slug,
    /// The name that the board was created with.
    pub created_as: Name,
    /// The name it has now.
    pub board: Name,
    /// The participant's own name.
    pub me: Name,
    /// When the board was last changed.
    pub changed: Timestamp,
}

/// Slug, name at creation, the setting with the name (JSON), the participant's name, time of the last event.
type MembershipRow = (String, String, Option<String>, String, Timestamp);

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
    let name = settings::board_id
        .eq(boards::id)
        .and(settings::setting.eq("name"));
    let query = browsers::table
        .inner_join(boards::table.on(boards::id.eq(browsers::board_id)))
        .inner_join(participants::table.on(participant))
        .inner_join(events::table.on(last_event))
        .left_join(settings::table.on(name))
        .filter(browsers::token.eq(browser.as_str().to_owned()))
        .filter(boards::deleted_at.is_null())
        .order((events::at.desc(), boards::id.desc()))
        .limit(limit)
        .select((
            boards::slug,
            boards::name,
            settings::value.nullable(),
            participants::name,
            events::at,
        ));
    let mut conn = database.read().await?;
    let rows = conn.load::<MembershipRow, _>(query).await?;
    let membership = |(slug, created_as, name, me, changed): MembershipRow| {
        let created_as = Name::from_stored(created_as);
        let name = name.and_then(|name| serde_json::from_str(&name).ok());
        Some(Membership {
            slug: Slug::parse(&slug)?,
            board: name.unwrap_or_else(|| created_as.clone()),
            created_as,
            me: Name::from_stored(me),
            changed,
        })
    };
    Ok(rows.into_iter().filter_map(membership).collect())
}
