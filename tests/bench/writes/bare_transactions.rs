//! The statements of a veto and its withdrawal, in bare transactions with one change each.

use std::io;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl, SqliteConnection,
    query_dsl::methods::ExecuteDsl, upsert::excluded,
};
use savt::{
    board::now,
    db::{
        Prepared,
        schema::{boards, events, vetoes},
    },
};
use tokio_postgres::{Client, Statement};

use crate::harness::{closed_loop::Workload, database};

/// The participant of all changes, created by the seed.
const PARTICIPANT: i64 = 1;

/// The only client of SQLite, which has one writer at a time.
pub struct Sqlite {
    connection: SqliteConnection,
    version: i64,
    /// Action and change of the seeded board's last event, which is a veto.
    logged: (String, String),
    feature: i64,
    vetoed: bool,
}

impl Sqlite {
    pub fn open(file: &str) -> Sqlite {
        let mut connection = database::sqlite(file);
        let last = events::table.order(events::number.desc());
        let last = last.select((events::number, events::action, events::change));
        let last: Option<(i64, String, String)> = last.first(&mut connection).optional().unwrap();
        let (version, action, change) = last.unwrap();
        Sqlite {
            connection,
            version,
            logged: (action, change),
            feature: 1,
            vetoed: false,
        }
    }

    fn write(&mut self) -> QueryResult<()> {
        let Sqlite {
            connection,
            version,
            logged,
            feature,
            vetoed,
        } = self;
        connection.immediate_transaction(|connection| {
            let board = boards::table
                .filter(boards::id.eq(1))
                .filter(boards::version.eq(*version));
            let advance = diesel::update(board).set(boards::version.eq(*version + 1));
            ExecuteDsl::execute(Prepared(advance), connection)?;
            match *vetoed {
                false => {
                    let veto = diesel::insert_into(vetoes::table)
                        .values((
                            vetoes::board_id.eq(1),
                            vetoes::feature_id.eq(*feature),
                            vetoes::participant_id.eq(PARTICIPANT),
                            vetoes::created_at.eq(now()),
                        ))
                        .on_conflict((vetoes::board_id, vetoes::feature_id, vetoes::participant_id))
                        .do_update()
                        .set(vetoes::created_at.eq(excluded(vetoes::created_at)));
                    ExecuteDsl::execute(Prepared(veto), connection)?
                }
                true => {
                    let own = vetoes::table.find((1, *feature, PARTICIPANT));
                    ExecuteDsl::execute(diesel::delete(own), connection)?
                }
            };
            let log = diesel::insert_into(events::table).values((
                events::board_id.eq(1),
                events::number.eq(*version + 1),
                events::at.eq(now()),
                events::actor_id.eq(PARTICIPANT),
                events::actor_name.eq("Person 1"),
                events::action.eq(&logged.0),
                events::change.eq(&logged.1),
                events::undoes.eq(None::<i64>),
            ));
            ExecuteDsl::execute(Prepared(log), connection)
        })?;
        *version += 1;
        if *vetoed {
            *feature = *feature % 50 + 1;
        }
        *vetoed = !*vetoed;
        Ok(())
    }
}

impl Workload for Sqlite {
    async fn run_once(&mut self) -> io::Result<()> {
        self.write().map_err(io::Error::other)
    }
}

/// One of several clients of PostgreSQL, each with a connection and prepared statements.
pub struct Postgres {
    client: Client,
    /// Advance the version, veto, withdraw the veto, log the event.
    statements: [Statement; 4],
    board: i64,
    logged: (String, String),
    feature: i64,
    vetoed: bool,
}

impl Postgres {
    /// Connects a client for a feature of a board.
    pub async fn connect(url: String, board: i64, feature: i64) -> Postgres {
        let client = database::postgres(&url).await;
        let mut statements = Vec::new();
        for sql in [
            "UPDATE boards SET version = version + 1 WHERE id = $1 RETURNING version",
            "INSERT INTO vetoes VALUES ($1, $2, $3, now() AT TIME ZONE 'UTC')
             ON CONFLICT (board_id, feature_id, participant_id)
             DO UPDATE SET created_at = excluded.created_at",
            "DELETE FROM vetoes WHERE board_id = $1 AND feature_id = $2 AND participant_id = $3",
            "INSERT INTO events (board_id, number, at, actor_id, actor_name, action, change)
             VALUES ($1, $2, now() AT TIME ZONE 'UTC', $3, 'Person 1', $4, $5)",
        ] {
            statements.push(client.prepare(sql).await.unwrap());
        }
        let last = "SELECT action, change FROM events WHERE board_id = 1
                    ORDER BY number DESC LIMIT 1";
        let last = client.query_one(last, &[]).await.unwrap();
        Postgres {
            client,
            statements: statements.try_into().unwrap_or_else(|_| unreachable!()),
            board,
            logged: (last.get(0), last.get(1)),
            feature,
            vetoed: false,
        }
    }

    async fn write(&mut self) -> Result<(), tokio_postgres::Error> {
        let [advance, veto, withdraw_veto, log] = &self.statements;
        let transaction = self.client.transaction().await?;
        let version: i64 = transaction.query_one(advance, &[&self.board]).await?.get(0);
        let statement = if self.vetoed { withdraw_veto } else { veto };
        transaction
            .execute(statement, &[&self.board, &self.feature, &PARTICIPANT])
            .await?;
        let (action, change) = &self.logged;
        transaction
            .execute(log, &[&self.board, &version, &PARTICIPANT, action, change])
            .await?;
        self.vetoed = !self.vetoed;
        transaction.commit().await
    }
}

impl Workload for Postgres {
    async fn run_once(&mut self) -> io::Result<()> {
        self.write().await.map_err(io::Error::other)
    }
}
