//! Requests that take effect once: which are known, and how they were answered. They are no part of the history of a board.

use std::{collections::HashSet, ops::RangeInclusive, sync::Arc};

use diesel::{prelude::*, query_dsl::methods, upsert::excluded};

use crate::{
    db::{
        CommitOutcome, Conn, Database, Error, StatementBatch,
        schema::{boards, requests},
    },
    model::{BoardId, RecordedRequest, RequestKey, RequestSalt, Slug, Timestamp},
};

/// How many keys one query has at most: older SQLite versions allow 999 parameters.
const KEYS_PER_QUERY: usize = 500;

/// A request that is known.
pub struct StoredRequest {
    pub body_hash: String,
    pub salt: RequestSalt,
    /// The numbers of its events; none if it made none.
    pub events: Option<RangeInclusive<i64>>,
    /// The board it created, to which the events then belong.
    pub created: Option<(BoardId, Slug)>,
    /// None if the process ended before it answered, or is about to.
    pub answer: Option<Vec<u8>>,
}

/// The columns of a [`StoredRequest`].
type Row = (
    String,
    Vec<u8>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<Vec<u8>>,
);

impl TryFrom<Row> for StoredRequest {
    type Error = Error;

    fn try_from(row: Row) -> Result<StoredRequest, Error> {
        let (body_hash, salt, first, last, created, slug, answer) = row;
        let salt = salt.try_into();
        let created = created.zip(slug.as_deref().and_then(Slug::parse));
        Ok(StoredRequest {
            body_hash,
            salt: salt.map_err(|_| Error::Unusable("a request has an invalid salt".to_owned()))?,
            events: first.zip(last).map(|(first, last)| first..=last),
            created: created.map(|(id, slug)| (BoardId(id), slug)),
            answer,
        })
    }
}

/// A row of the table.
#[derive(Insertable)]
#[diesel(table_name = requests, treat_none_as_default_value = false)]
pub(super) struct RequestRow {
    board_id: i64,
    key: String,
    body_hash: String,
    salt: Vec<u8>,
    at: Timestamp,
    first_event: Option<i64>,
    last_event: Option<i64>,
    created_board_id: Option<i64>,
    answer: Option<Vec<u8>>,
}

impl RequestRow {
    /// A request without events and without an answer.
    pub(super) fn new(board: i64, request: &RequestKey, at: Timestamp) -> RequestRow {
        RequestRow {
            board_id: board,
            key: request.key().to_string(),
            body_hash: request.body_hash().to_owned(),
            salt: request.salt.to_vec(),
            at,
            first_event: None,
            last_event: None,
            created_board_id: None,
            answer: None,
        }
    }

    fn recorded(board: i64, recorded: &RecordedRequest) -> RequestRow {
        RequestRow {
            first_event: Some(*recorded.events.start()),
            last_event: Some(*recorded.events.end()),
            ..RequestRow::new(board, &recorded.request, recorded.at)
        }
    }

    /// The same for a request that created a board with its first `events` events.
    pub(super) fn created(self, board: i64, events: usize) -> RequestRow {
        let last = (events > 0).then_some(events as i64);
        RequestRow {
            first_event: last.map(|_| 1),
            last_event: last,
            created_board_id: Some(board),
            ..self
        }
    }
}

/// Adds the rows of requests to the statements that store their events. A key that is already there fails the transaction.
pub(super) fn add_rows(batch: &mut StatementBatch, board: BoardId, recorded: &[RecordedRequest]) {
    let rows = recorded
        .iter()
        .map(|recorded| RequestRow::recorded(board.0, recorded));
    batch.add_rows(
        rows.collect(),
        |row| diesel::insert_into(requests::table).values(row),
        |rows| diesel::insert_into(requests::table).values(rows),
    );
}

/// Which of these keys are those of requests since `since`.
pub async fn known_requests(
    database: &Database,
    board: BoardId,
    keys: &[Arc<str>],
    since: Timestamp,
) -> Result<HashSet<String>, Error> {
    load_known(&mut database.read().await?, board, keys, since).await
}

/// [`known_requests`] on an open connection.
pub(super) async fn load_known(
    conn: &mut Conn,
    board: BoardId,
    keys: &[Arc<str>],
    since: Timestamp,
) -> Result<HashSet<String>, Error> {
    let mut known = HashSet::new();
    for keys in keys.chunks(KEYS_PER_QUERY) {
        let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let query = requests::table
            .filter(requests::board_id.eq(board.0))
            .filter(requests::key.eq_any(keys))
            .filter(requests::at.ge(since))
            .select(requests::key);
        known.extend(conn.load::<String, _>(query).await?);
    }
    Ok(known)
}

/// Deletes those of these keys that are from before `since`, so that they can be used again.
pub(super) async fn delete_old(
    conn: &mut Conn,
    board: BoardId,
    keys: &[Arc<str>],
    since: Timestamp,
) -> Result<(), Error> {
    for keys in keys.chunks(KEYS_PER_QUERY) {
        let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let old = requests::table
            .filter(requests::board_id.eq(board.0))
            .filter(requests::key.eq_any(keys))
            .filter(requests::at.lt(since));
        conn.execute(diesel::delete(old)).await?;
    }
    Ok(())
}

/// A request since `since`, if it is known.
pub async fn find_request(
    database: &Database,
    board: BoardId,
    key: &str,
    since: Timestamp,
) -> Result<Option<StoredRequest>, Error> {
    let created = requests::created_board_id.eq(boards::id.nullable());
    let query = requests::table
        .left_join(boards::table.on(created))
        .filter(requests::board_id.eq(board.0))
        .filter(requests::key.eq(key.to_owned()))
        .filter(requests::at.ge(since))
        .select((
            requests::body_hash,
            requests::salt,
            requests::first_event,
            requests::last_event,
            requests::created_board_id,
            boards::slug.nullable(),
            requests::answer,
        ));
    let mut conn = database.read().await?;
    let row = conn.get::<Row, _>(query).await?;
    row.map(StoredRequest::try_from).transpose()
}

/// Stores the answer to a request, unless there is one; returns whether it did. `is_recorded` tells whether the request was stored with its
/// events. If not, it is stored now, unless there is one with the same key since `since`.
///
/// # Errors
/// If the database fails. The answer may be stored nevertheless.
pub async fn save_answer(
    database: &Database,
    board: BoardId,
    request: &RequestKey,
    is_recorded: bool,
    answer: Vec<u8>,
    (at, since): (Timestamp, Timestamp),
) -> Result<bool, Error> {
    let saved = if is_recorded {
        let row = requests::table
            .filter(requests::board_id.eq(board.0))
            .filter(requests::key.eq(request.key().to_string()))
            .filter(requests::body_hash.eq(request.body_hash().to_owned()))
            .filter(requests::answer.is_null());
        let update = diesel::update(row).set(requests::answer.eq(Some(answer)));
        database.transact(update, StatementBatch::default()).await?
    } else {
        let row = RequestRow {
            answer: Some(answer),
            ..RequestRow::new(board.0, request, at)
        };
        let insert = diesel::insert_into(requests::table)
            .values(row)
            .on_conflict((requests::board_id, requests::key))
            .do_update()
            .set((
                requests::body_hash.eq(excluded(requests::body_hash)),
                requests::salt.eq(excluded(requests::salt)),
                requests::at.eq(excluded(requests::at)),
                requests::first_event.eq(excluded(requests::first_event)),
                requests::last_event.eq(excluded(requests::last_event)),
                requests::created_board_id.eq(excluded(requests::created_board_id)),
                requests::answer.eq(excluded(requests::answer)),
            ));
        let unless_known = methods::FilterDsl::filter(insert, requests::at.lt(since));
        database
            .transact(unless_known, StatementBatch::default())
            .await?
    };
    match saved {
        CommitOutcome::Committed => Ok(true),
        CommitOutcome::GuardFailed => Ok(false),
        CommitOutcome::Unknown(error) => Err(error),
    }
}

/// Deletes about `limit` of the requests from before `since`, the oldest first, in one short transaction. Returns how many there were, at
/// most `limit`.
pub async fn delete_old_requests(
    database: &Database,
    since: Timestamp,
    limit: i64,
) -> Result<usize, Error> {
    let oldest = requests::table
        .filter(requests::at.lt(since))
        .order(requests::at)
        .limit(limit)
        .select(requests::at);
    let times: Vec<Timestamp> = database.read().await?.load(oldest).await?;
    if let Some(last) = times.last() {
        let delete = diesel::delete(requests::table.filter(requests::at.le(*last)));
        database.transact(delete, StatementBatch::default()).await?;
    }
    Ok(times.len())
}
