//! The endpoints, and which process delivers to each.

use diesel::{prelude::*, sql_query, sql_types::Text};

use super::deadlines::add_deadlines;
use crate::{
    db::{
        Backend, Conn, Database, Error, columns,
        schema::{webhook_cursors, webhook_endpoints},
    },
    model::Timestamp,
};

/// A new endpoint starts from now: every board at its last event.
const START_FROM_NOW: &str = "INSERT INTO webhook_cursors (board_id, endpoint, epoch, position) \
     SELECT id, $1, epoch, version FROM boards";

/// The key of PostgreSQL's advisory lock of [`lock_endpoints`]: "savw" in ASCII. Migrations have another one.
const ADVISORY_LOCK: i64 = 0x7361_7677;

/// An endpoint. Its address is not stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_endpoints)]
pub struct Endpoint {
    pub id: String,
    pub host: String,
    pub format: String,
    pub registered_at: Timestamp,
    /// The last success.
    pub delivered_at: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
    /// Why it was disabled.
    pub reason: Option<String>,
    /// The process that delivers.
    pub leased_by: Option<String>,
    /// Increased by that process all the time.
    pub lease: i64,
    /// When that process last did so, by its clock.
    pub renewed_at: Option<Timestamp>,
}

pub async fn endpoint(database: &Database, id: &str) -> Result<Option<Endpoint>, Error> {
    let row = webhook_endpoints::table.find(id.to_owned());
    let mut conn = database.read().await?;
    conn.get(row.select(columns::<Endpoint>())).await
}

/// All endpoints that were ever used, oldest first.
pub async fn endpoints(database: &Database) -> Result<Vec<Endpoint>, Error> {
    let rows = webhook_endpoints::table.order((
        webhook_endpoints::registered_at.asc(),
        webhook_endpoints::id.asc(),
    ));
    let mut conn = database.read().await?;
    conn.load(rows.select(columns::<Endpoint>())).await
}

/// Waits until no other transaction adds endpoints or imported boards, and keeps others waiting until this transaction ends. Otherwise two
/// of them would not see what the other one adds, and an imported board would have no cursor for a new endpoint. On SQLite there is one
/// transaction at a time that writes. To be called before the transaction locks any row.
pub(in crate::store) async fn lock_endpoints(conn: &mut Conn) -> Result<(), Error> {
    if conn.backend() == Backend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})");
        conn.execute(sql_query(lock)).await?;
    }
    Ok(())
}

/// Stores an endpoint that is new. The boards that exist start at their last event, later ones at their first.
pub async fn register(
    database: &Database,
    id: &str,
    host: &str,
    format: &str,
    at: Timestamp,
) -> Result<(), Error> {
    if endpoint(database, id).await?.is_some() {
        return Ok(());
    }
    let row = Endpoint {
        id: id.to_owned(),
        host: host.to_owned(),
        format: format.to_owned(),
        registered_at: at,
        delivered_at: None,
        disabled_at: None,
        reason: None,
        leased_by: None,
        lease: 0,
        renewed_at: None,
    };
    let mut conn = database.write().await?;
    lock_endpoints(&mut conn).await?;
    let insert = diesel::insert_into(webhook_endpoints::table).values(row);
    match conn.execute(insert).await {
        // Another process was first.
        Err(Error::UniqueViolation(_)) => return conn.rollback().await,
        inserted => inserted?,
    };
    // What a process that did not know yet that the endpoint was removed has stored since.
    let earlier = webhook_cursors::table.filter(webhook_cursors::endpoint.eq(id.to_owned()));
    conn.execute(diesel::delete(earlier)).await?;
    let start = sql_query(START_FROM_NOW).bind::<Text, _>(id.to_owned());
    conn.execute(start).await?;
    add_deadlines(&mut conn, id, at).await?;
    conn.commit().await
}

/// Makes `process` the one that delivers to an endpoint, if nobody changed the row since it was read, and it is not disabled.
pub async fn take_lease(
    database: &Database,
    seen: &Endpoint,
    process: &str,
    at: Timestamp,
) -> Result<bool, Error> {
    let unchanged = webhook_endpoints::table
        .filter(webhook_endpoints::id.eq(seen.id.clone()))
        .filter(webhook_endpoints::lease.eq(seen.lease))
        .filter(webhook_endpoints::disabled_at.is_null());
    let mut conn = database.write().await?;
    let update = diesel::update(unchanged).set((
        webhook_endpoints::leased_by.eq(Some(process.to_owned())),
        webhook_endpoints::lease.eq(seen.lease + 1),
        webhook_endpoints::renewed_at.eq(Some(at)),
    ));
    let taken = conn.execute(update).await?;
    conn.commit().await?;
    Ok(taken > 0)
}

/// Lets another process deliver at once.
pub async fn release(database: &Database, id: &str, process: &str) -> Result<(), Error> {
    let own = webhook_endpoints::table
        .filter(webhook_endpoints::id.eq(id.to_owned()))
        .filter(webhook_endpoints::leased_by.eq(process.to_owned()));
    let mut conn = database.write().await?;
    let update = diesel::update(own).set(webhook_endpoints::leased_by.eq(None::<String>));
    conn.execute(update).await?;
    conn.commit().await
}

/// Forgets an endpoint and how far the boards were delivered to it, if no process has taken it over since it was seen. Returns false if one
/// has, or if the endpoint is not there any more.
pub async fn remove(database: &Database, seen: &Endpoint) -> Result<bool, Error> {
    let unchanged = webhook_endpoints::table
        .filter(webhook_endpoints::id.eq(seen.id.clone()))
        .filter(webhook_endpoints::lease.eq(seen.lease));
    let mut conn = database.write().await?;
    if conn.execute(diesel::delete(unchanged)).await? == 0 {
        conn.rollback().await?;
        return Ok(false);
    }
    let cursors = webhook_cursors::table.filter(webhook_cursors::endpoint.eq(seen.id.clone()));
    conn.execute(diesel::delete(cursors)).await?;
    conn.commit().await?;
    Ok(true)
}

/// Switches an endpoint off until [`enable`].
pub async fn disable(
    database: &Database,
    id: &str,
    reason: &str,
    at: Timestamp,
) -> Result<(), Error> {
    let row = webhook_endpoints::table.find(id.to_owned());
    let mut conn = database.write().await?;
    let update = diesel::update(row).set((
        webhook_endpoints::disabled_at.eq(Some(at)),
        webhook_endpoints::reason.eq(Some(reason.to_owned())),
    ));
    conn.execute(update).await?;
    conn.commit().await
}

/// Switches an endpoint on again. It gets what happened meanwhile. Returns false if there is no such endpoint.
pub async fn enable(database: &Database, id: &str) -> Result<bool, Error> {
    let row = webhook_endpoints::table.find(id.to_owned());
    let mut conn = database.write().await?;
    let update = diesel::update(row).set((
        webhook_endpoints::disabled_at.eq(None::<Timestamp>),
        webhook_endpoints::reason.eq(None::<String>),
    ));
    let enabled = conn.execute(update).await?;
    let cursors = webhook_cursors::table.filter(webhook_cursors::endpoint.eq(id.to_owned()));
    let update = diesel::update(cursors.filter(webhook_cursors::attempts.gt(0))).set((
        webhook_cursors::attempts.eq(0),
        webhook_cursors::first_failure_at.eq(None::<Timestamp>),
        webhook_cursors::next_attempt_at.eq(None::<Timestamp>),
    ));
    conn.execute(update).await?;
    conn.commit().await?;
    Ok(enabled > 0)
}
