//! Checks at start whether a PostgreSQL database is usable: its encoding, and whether a connection pooler in between loses
//! prepared statements.

use std::time::Duration;

use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::connect_error::describe;
use super::error::Error;
use super::postgres::Server;

/// The encoding that can store any name.
const ENCODING: &str = "UTF8";
/// How long the second connection may keep the first one waiting, if the pooler has only one connection to the server.
const SINGLE_CONNECTION_WAIT: Duration = Duration::from_secs(1);

/// Connects and checks the database.
///
/// # Errors
/// [`Error::Unusable`] with the remedy, or the error of an attempt to connect.
pub(super) async fn check(server: &Server) -> Result<(), Error> {
    let (client, encoding) = server.connect_client().await?;
    let address = &server.display_address;
    if encoding != ENCODING {
        return Err(Error::Unusable(format!(
            "{address} has the encoding {encoding}, which cannot store every name: create the database with ENCODING '{ENCODING}' TEMPLATE template0"
        )));
    }
    if server.statement_cache && loses_statements(server, &client).await? {
        return Err(Error::Unusable(format!(
            "{address} is a connection pooler in transaction mode that loses prepared statements: use PgBouncer 1.21 or newer with max_prepared_statements, or its session mode, or --db-statement-cache off"
        )));
    }
    Ok(())
}

/// Whether a statement that this connection prepares is visible to another connection under the same name, or missing in a
/// later transaction. Poolers that keep prepared statements rename them.
async fn loses_statements(server: &Server, client: &Client) -> Result<bool, Error> {
    let failed = |e: tokio_postgres::Error| Error::Unavailable(describe(&e));
    let marker = format!("savt {:032x}", rand::random::<u128>());
    let statement = match client.prepare(&format!("SELECT '{marker}'")).await {
        Ok(statement) => statement,
        Err(error) if is_statement_lost(&error) => return Ok(true),
        Err(error) => return Err(failed(error)),
    };
    let (other, _) = server.connect_client().await?;
    // In a transaction, so that the pooler cannot use the same connection for both. The name is that which tokio-postgres
    // chooses; PgBouncer's are PGBOUNCER_1 and so on.
    let look = format!(
        "BEGIN; SELECT name FROM pg_prepared_statements WHERE statement = 'SELECT ''{marker}''' AND name ~ '^s[0-9]+$'"
    );
    let rows = other.simple_query(&look).await.map_err(failed)?;
    let is_visible = rows
        .iter()
        .any(|message| matches!(message, SimpleQueryMessage::Row(_)));
    let ran = match is_visible {
        true => None,
        false => timeout(SINGLE_CONNECTION_WAIT, client.query(&statement, &[]))
            .await
            .ok(),
    };
    other.batch_execute("ROLLBACK").await.map_err(failed)?;
    match ran {
        Some(Err(error)) if is_statement_lost(&error) => Ok(true),
        Some(Err(error)) => Err(failed(error)),
        Some(Ok(_)) | None => Ok(is_visible),
    }
}

/// Whether the server knows a prepared statement that it should not know, or the reverse.
fn is_statement_lost(error: &tokio_postgres::Error) -> bool {
    [
        &SqlState::DUPLICATE_PSTATEMENT,
        &SqlState::INVALID_SQL_STATEMENT_NAME,
    ]
    .into_iter()
    .any(|code| error.code() == Some(code))
}
