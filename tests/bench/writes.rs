//! Changes by many and by one, beside bare transactions of the same statements on the same database and as durable: through
//! HTTP, at the door itself, and at the doors of many boards.

mod bare;
mod door;

use std::time::Duration;

use savt::db::Backend;
use tokio::runtime::Handle;

use crate::harness::{
    apart::Apart,
    bench::{BOTH, Bench, named},
    database,
    person::Person,
    process::{Board, Process},
    team::{Actor, Team},
};
use door::Caller;

const WRITERS: usize = 33;
const BOARD: Board = Board(100);
/// All take turns, so that whatever else the machine does meets all.
const ROUNDS: usize = 4;
const ROUND: Duration = Duration::from_millis(800);

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "writes",
        format!("{WRITERS} veto and take back, each as soon as the last was answered, on 100 items x 5 features"),
        "bare transactions of one change each: on SQLite one thread, on PostgreSQL as many connections, each on a board of \
         its own where nothing else is said; hoped for is a ratio above 4 on SQLite, above 1 on PostgreSQL, for one below 1.3",
    );
    for backend in BOTH {
        let mut urls = Vec::new();
        for _ in 0..4 {
            urls.push(bench.seeded(backend, BOARD).await);
        }
        for url in &urls {
            database::copy_board(url, WRITERS).await;
        }
        let apart = Apart::new();
        match backend {
            Backend::Sqlite => {
                let file = database::file(&urls[0]).unwrap();
                let alone = vec![bare::Sqlite::at(file)];
                let bare = Team::on(apart.handle(), alone);
                beside(bench, backend, &apart, &urls, bare, None).await;
            }
            Backend::Postgres => {
                let own = bare_postgres(&apart, &urls[0], |number| (number + 1, number)).await;
                let one = bare_postgres(&apart, &urls[0], |number| (1, number)).await;
                beside(bench, backend, &apart, &urls, own, Some(one)).await;
            }
        }
    }
}

/// Bare connections, each with a board and a feature by its number from 1.
async fn bare_postgres(
    apart: &Apart,
    url: &str,
    place: fn(i64) -> (i64, i64),
) -> Team<bare::Postgres> {
    let url = url.to_owned();
    let connections = apart.run(async move {
        let mut all = Vec::new();
        for number in 1..=WRITERS as i64 {
            let (board, feature) = place(number);
            all.push(bare::Postgres::at(url.clone(), board, feature).await);
        }
        all
    });
    Team::on(apart.handle(), connections.await)
}

async fn beside<B: Actor>(
    bench: &mut Bench,
    backend: Backend,
    apart: &Apart,
    urls: &[String],
    mut bare: Team<B>,
    mut bare_on_one: Option<Team<B>>,
) {
    let [_, at_door, at_doors, by_http] = urls else {
        unreachable!()
    };
    let callers = apart.run(Caller::on_one(at_door.clone(), WRITERS)).await;
    let mut door = Team::on(apart.handle(), callers);
    let callers = apart
        .run(Caller::on_copies(at_doors.clone(), WRITERS))
        .await;
    let mut doors = Team::on(apart.handle(), callers);
    let savt = Process::savt(by_http);
    let mut people = Vec::new();
    for number in 0..WRITERS {
        people.push(Person::come(savt.address, number, BOARD.features()).await);
    }
    let mut http = Team::on(&Handle::current(), people);
    for _ in 0..ROUNDS {
        bare.go(ROUND).await;
        door.go(ROUND).await;
        doors.go(ROUND).await;
        http.go(ROUND).await;
        if let Some(bare) = &mut bare_on_one {
            bare.go(ROUND).await;
        }
    }

    let mut part = bench.report.on(named(backend));
    let limit = Some(bare.per_second());
    part.figure("changes at the door", door.per_second(), "1/s", limit);
    if let Some(bare) = &bare_on_one {
        let (what, limit) = ("the same, bare on one board", Some(bare.per_second()));
        part.figure(what, door.per_second(), "1/s", limit);
        part.wrong(bare.wrong());
    }
    part.figure(
        "at 33 doors, one writer each",
        doors.per_second(),
        "1/s",
        limit,
    );
    let limit_of_one = Some(door.per_second());
    part.figure(
        "the same, beside one door",
        doors.per_second(),
        "1/s",
        limit_of_one,
    );
    part.figure("changes through HTTP", http.per_second(), "1/s", limit);
    part.wrong(
        [bare.wrong(), door.wrong(), doors.wrong(), http.wrong()]
            .into_iter()
            .flatten(),
    );

    alone(bench, backend, apart, urls).await;
}

/// One who writes while nobody else does.
async fn alone(bench: &mut Bench, backend: Backend, apart: &Apart, urls: &[String]) {
    let on = apart.handle();
    match backend {
        Backend::Sqlite => {
            let bare = bare::Sqlite::at(database::file(&urls[0]).unwrap());
            alone_beside(bench, backend, apart, urls, Team::on(on, vec![bare])).await;
        }
        Backend::Postgres => {
            let bare = apart.run(bare::Postgres::at(urls[0].clone(), 2, 1)).await;
            alone_beside(bench, backend, apart, urls, Team::on(on, vec![bare])).await;
        }
    }
}

async fn alone_beside<B: Actor>(
    bench: &mut Bench,
    backend: Backend,
    apart: &Apart,
    urls: &[String],
    mut bare: Team<B>,
) {
    let caller = apart.run(Caller::on_one(urls[1].clone(), 1)).await;
    let mut door = Team::on(apart.handle(), caller);
    let savt = Process::savt(&urls[3]);
    let person = Person::come(savt.address, 0, BOARD.features()).await;
    let mut http = Team::on(&Handle::current(), vec![person]);
    for _ in 0..ROUNDS {
        bare.go(ROUND / 2).await;
        door.go(ROUND / 2).await;
        http.go(ROUND / 2).await;
    }
    let mut part = bench.report.on(named(backend));
    let limit = bare.times();
    part.times("one alone at the door", &door.times(), Some(&limit));
    part.times("one alone through HTTP", &http.times(), Some(&limit));
    part.wrong(
        [bare.wrong(), door.wrong(), http.wrong()]
            .into_iter()
            .flatten(),
    );
}
