//! What is not delivered yet.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Nullable, Text, Timestamp as At},
};

use crate::{
    db::{Database, Error, schema::webhook_cursors},
    model::Timestamp,
};

// SQLite numbers parameters in the order in which they first appear, and PostgreSQL as they are called: the same here.
const BACKLOG: &str = "SELECT \
     CAST(COALESCE(SUM(boards.version - webhook_cursors.position), 0) AS BIGINT) AS events, \
     CAST(COALESCE(SUM(CASE WHEN webhook_cursors.deadline <= $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS deadlines, \
     COUNT(*) AS boards, \
     CAST(COALESCE(SUM(CASE WHEN webhook_cursors.attempts > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS failing, \
     MIN(events.at) AS oldest_event_at, \
     MIN(CASE WHEN webhook_cursors.deadline <= $1 THEN webhook_cursors.deadline END) AS oldest_deadline \
     FROM boards \
     JOIN webhook_cursors ON webhook_cursors.board_id = boards.id AND webhook_cursors.endpoint = $2 \
     LEFT JOIN events ON events.board_id = boards.id AND events.number = webhook_cursors.position + 1 \
     WHERE (boards.version > webhook_cursors.position OR webhook_cursors.deadline <= $1) AND boards.deleted_at IS NULL";

/// What is not delivered to an endpoint yet.
#[derive(Clone, Debug, Default)]
pub struct Backlog {
    /// Events, and deadlines that have passed.
    pub events: i64,
    /// How many boards they are of.
    pub boards: i64,
    /// How many of these boards wait because of a failure.
    pub failing: i64,
    /// When the oldest of them happened.
    pub oldest_at: Option<Timestamp>,
    /// Why the board that fails for the longest time fails.
    pub last_error: Option<String>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    events: i64,
    #[diesel(sql_type = BigInt)]
    deadlines: i64,
    #[diesel(sql_type = BigInt)]
    boards: i64,
    #[diesel(sql_type = BigInt)]
    failing: i64,
    #[diesel(sql_type = Nullable<At>)]
    oldest_event_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<At>)]
    oldest_deadline: Option<Timestamp>,
}

/// What is not delivered to an endpoint yet, with the deadlines that have passed by `passed_by`.
pub async fn backlog(
    database: &Database,
    endpoint: &str,
    passed_by: Timestamp,
) -> Result<Backlog, Error> {
    let mut conn = database.read().await?;
    let query = sql_query(BACKLOG)
        .bind::<At, _>(passed_by)
        .bind::<Text, _>(endpoint.to_owned());
    let Some(row) = conn.get::<Row, _>(query).await? else {
        return Ok(Backlog::default());
    };
    let last_error = match row.failing {
        0 => None,
        _ => {
            let errors = webhook_cursors::table
                .filter(webhook_cursors::endpoint.eq(endpoint.to_owned()))
                .filter(webhook_cursors::attempts.gt(0))
                .order(webhook_cursors::first_failure_at.asc())
                .select(webhook_cursors::last_error)
                .limit(1);
            conn.get::<Option<String>, _>(errors).await?.flatten()
        }
    };
    Ok(Backlog {
        events: row.events + row.deadlines,
        boards: row.boards,
        failing: row.failing,
        oldest_at: row
            .oldest_event_at
            .into_iter()
            .chain(row.oldest_deadline)
            .min(),
        last_error,
    })
}
