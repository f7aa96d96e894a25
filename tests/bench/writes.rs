//! Changes by many clients and by one: over HTTP, directly at a board's writer, and at the writers of many boards. The limit
//! is bare transactions with the same statements, on the same database, with the same durability.

mod bare_transactions;

use std::time::Duration;

use savt::db::Backend;
use tokio::runtime::Handle;

use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    closed_loop::{ClosedLoop, Workload},
    database,
    direct_client::DirectClient,
    isolated_runtime::IsolatedRuntime,
    process::{BoardSize, Process},
    test_client::TestClient,
};

const CLIENTS: usize = 33;
const BOARD: BoardSize = BoardSize(100);
/// All variants take turns, so that other load on the machine affects all.
const ROUNDS: usize = 4;
const ROUND: Duration = Duration::from_millis(800);

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "writes",
        format!("{CLIENTS} clients in a closed loop veto and withdraw, on 100 items x 5 features"),
        "one bare transaction per change: on SQLite one connection, on PostgreSQL as many connections, each on its own board; \
         the target is a ratio above 4 on SQLite, above 1 on PostgreSQL, and below 1.3 for one client",
    );
    for backend in BACKENDS {
        let mut urls = Vec::new();
        for _ in 0..4 {
            urls.push(bench.seeded(backend, BOARD).await);
        }
        for url in &urls {
            database::copy_board(url, CLIENTS).await;
        }
        let runtime = IsolatedRuntime::new();
        match backend {
            Backend::Sqlite => {
                let file = database::sqlite_file(&urls[0]).unwrap();
                let clients = vec![bare_transactions::Sqlite::open(file)];
                let bare = ClosedLoop::new(runtime.handle(), clients);
                measure_many(bench, backend, &runtime, &urls, bare, None).await;
            }
            Backend::Postgres => {
                let own_boards =
                    bare_postgres(&runtime, &urls[0], |number| (number + 1, number)).await;
                let one_board = bare_postgres(&runtime, &urls[0], |number| (1, number)).await;
                measure_many(bench, backend, &runtime, &urls, own_boards, Some(one_board)).await;
            }
        }
    }
}

/// Bare connections, numbered from 1. `target` gives the board and the feature of each.
async fn bare_postgres(
    runtime: &IsolatedRuntime,
    url: &str,
    target: fn(i64) -> (i64, i64),
) -> ClosedLoop<bare_transactions::Postgres> {
    let url = url.to_owned();
    let connections = runtime.run(async move {
        let mut clients = Vec::new();
        for number in 1..=CLIENTS as i64 {
            let (board, feature) = target(number);
            clients.push(bare_transactions::Postgres::connect(url.clone(), board, feature).await);
        }
        clients
    });
    ClosedLoop::new(runtime.handle(), connections.await)
}

async fn measure_many<B: Workload>(
    bench: &mut Bench,
    backend: Backend,
    runtime: &IsolatedRuntime,
    urls: &[String],
    mut bare: ClosedLoop<B>,
    mut bare_one_board: Option<ClosedLoop<B>>,
) {
    let [_, one_board_url, many_boards_url, http_url] = urls else {
        unreachable!()
    };
    let clients = runtime
        .run(DirectClient::on_one_board(one_board_url.clone(), CLIENTS))
        .await;
    let mut one_writer = ClosedLoop::new(runtime.handle(), clients);
    let clients = runtime
        .run(DirectClient::on_copies(many_boards_url.clone(), CLIENTS))
        .await;
    let mut many_writers = ClosedLoop::new(runtime.handle(), clients);
    let savt = Process::savt(http_url);
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        clients.push(TestClient::connect(savt.address, number, BOARD.features()).await);
    }
    let mut http = ClosedLoop::new(&Handle::current(), clients);
    for _ in 0..ROUNDS {
        bare.run_round(ROUND).await;
        one_writer.run_round(ROUND).await;
        many_writers.run_round(ROUND).await;
        http.run_round(ROUND).await;
        if let Some(bare) = &mut bare_one_board {
            bare.run_round(ROUND).await;
        }
    }

    let mut section = bench.report.section(backend_name(backend));
    let limit = Some(bare.per_second());
    section.measurement(
        "changes at the writer",
        one_writer.per_second(),
        "1/s",
        limit,
    );
    if let Some(bare) = &bare_one_board {
        let limit = Some(bare.per_second());
        let name = "the same, limit on one board";
        section.measurement(name, one_writer.per_second(), "1/s", limit);
        section.errors(bare.error());
    }
    section.measurement(
        "at 33 writers, one client each",
        many_writers.per_second(),
        "1/s",
        limit,
    );
    let one_writer_limit = Some(one_writer.per_second());
    section.measurement(
        "the same, compared with one writer",
        many_writers.per_second(),
        "1/s",
        one_writer_limit,
    );
    section.measurement("changes over HTTP", http.per_second(), "1/s", limit);
    section.errors(
        [
            bare.error(),
            one_writer.error(),
            many_writers.error(),
            http.error(),
        ]
        .into_iter()
        .flatten(),
    );

    measure_single(bench, backend, runtime, urls).await;
}

/// A single client.
async fn measure_single(
    bench: &mut Bench,
    backend: Backend,
    runtime: &IsolatedRuntime,
    urls: &[String],
) {
    let handle = runtime.handle();
    match backend {
        Backend::Sqlite => {
            let bare = bare_transactions::Sqlite::open(database::sqlite_file(&urls[0]).unwrap());
            compare_single(
                bench,
                backend,
                runtime,
                urls,
                ClosedLoop::new(handle, vec![bare]),
            )
            .await;
        }
        Backend::Postgres => {
            let bare = runtime
                .run(bare_transactions::Postgres::connect(urls[0].clone(), 2, 1))
                .await;
            compare_single(
                bench,
                backend,
                runtime,
                urls,
                ClosedLoop::new(handle, vec![bare]),
            )
            .await;
        }
    }
}

async fn compare_single<B: Workload>(
    bench: &mut Bench,
    backend: Backend,
    runtime: &IsolatedRuntime,
    urls: &[String],
    mut bare: ClosedLoop<B>,
) {
    let clients = runtime
        .run(DirectClient::on_one_board(urls[1].clone(), 1))
        .await;
    let mut one_writer = ClosedLoop::new(runtime.handle(), clients);
    let savt = Process::savt(&urls[3]);
    let client = TestClient::connect(savt.address, 0, BOARD.features()).await;
    let mut http = ClosedLoop::new(&Handle::current(), vec![client]);
    for _ in 0..ROUNDS {
        bare.run_round(ROUND / 2).await;
        one_writer.run_round(ROUND / 2).await;
        http.run_round(ROUND / 2).await;
    }
    let mut section = bench.report.section(backend_name(backend));
    let limit = bare.times();
    section.times(
        "one client at the writer",
        &one_writer.times(),
        Some(&limit),
    );
    section.times("one client over HTTP", &http.times(), Some(&limit));
    section.errors(
        [bare.error(), one_writer.error(), http.error()]
            .into_iter()
            .flatten(),
    );
}
