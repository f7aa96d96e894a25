//! More than the machine can do: what becomes of those who are served, of those who are not, and how soon it is over.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use crate::harness::{
    apart::Apart,
    bench::Bench,
    clock,
    connection::Connection,
    person::{Person, play, token},
    process::{LARGE, Process},
    spread::Spread,
};

/// More than may wait at a door.
const CROWD: usize = 6_000;
const TIME: Duration = Duration::from_secs(8);
/// As quick as before is who takes less than twice as long.
const AS_BEFORE: f64 = 2.0;

/// Times in milliseconds, memory in KiB.
struct Run {
    done: Spread,
    refused: Option<Spread>,
    /// Answers of which nobody knows whether they were done.
    uncertain: usize,
    per_second: f64,
    grown: f64,
    /// From the end of it until somebody is served as quickly as before.
    over: f64,
    wrong: Vec<String>,
}

pub async fn measure(bench: &mut Bench) {
    let (runs, bare) = bench.everywhere(LARGE, run).await;
    bench.report.begin(
        "overload",
        format!(
            "{CROWD} people on one board veto and take back for {TIME:?}, each as soon as the last was answered; \
             at most 4,096 may wait at a door; hoped for is below 1,000 ms for who is served"
        ),
        "the same people at a bare poem server",
    );
    for (on, run) in runs {
        let mut part = bench.report.on(on);
        part.times("served", &run.done, Some(&bare.done));
        let refused = run.refused.as_ref();
        if let Some(refused) = refused {
            part.times("refused (503)", refused, None);
        }
        part.figure("served", run.per_second, "1/s", Some(bare.per_second));
        let refusals = refused.map_or(0, Spread::count) as f64;
        let share = 100.0 * refusals / (refusals + run.done.count() as f64);
        part.figure("refused", share, "%", None);
        part.figure("of which nobody knows", run.uncertain as f64, "", None);
        let each = run.grown / CROWD as f64;
        let each_at_bare = bare.grown / CROWD as f64;
        part.figure("memory grown, each", each, "KiB", Some(each_at_bare));
        part.figure("over after", run.over, "ms", Some(bare.over));
        part.wrong(run.wrong);
    }
    bench.report.on("bare").wrong(bare.wrong);
}

async fn run(server: &Process) -> Run {
    let mut people = Person::several(server.address, 10).await;
    let before = play(&mut people, 50, Duration::from_secs(2)).await;
    let usual = before.answers().median();
    let resident = server.resident();

    // On other threads, or the clock would wait for them.
    let apart = Apart::new();
    let come = (0..CROWD).map(|number| {
        let address = server.address;
        apart.handle().spawn(Hasty::come(address, number))
    });
    let mut crowd = Vec::new();
    for one in join_all(come).await {
        crowd.push(one.unwrap().unwrap());
    }
    let begin = Instant::now();
    let until = begin + TIME;
    let hurrying: Vec<_> = crowd
        .into_iter()
        .map(|one| apart.handle().spawn(one.hurry(until)))
        .collect();
    sleep(TIME).await;
    let grown = server.resident() - resident;
    let ended = clock::now();
    let mut wrong = Vec::new();
    let mut answers = Vec::new();
    for one in join_all(hurrying).await {
        match one.unwrap() {
            Ok(told) => answers.extend(told),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    let time = begin.elapsed().as_secs_f64();
    while people[0]
        .act()
        .await
        .map_or(f64::MAX, |write| clock::ms(write.sent, write.answered))
        > usual * AS_BEFORE
    {}
    let over = clock::ms(ended, clock::now());

    let of = |status| {
        let times = answers.iter().filter(move |(was, _)| *was == status);
        times.map(|(_, time)| *time)
    };
    let strange = answers
        .iter()
        .filter(|(status, _)| ![200, 503, UNCERTAIN].contains(status));
    let strange = strange.count();
    if strange > 0 {
        wrong.push(format!("{strange} answers are neither a yes nor a no"));
    }
    Run {
        done: Spread::of(of(200)),
        refused: of(503).next().map(|_| Spread::of(of(503))),
        uncertain: of(UNCERTAIN).count(),
        per_second: of(200).count() as f64 / time,
        grown,
        over,
        wrong,
    }
}

/// Stands for a 503 which says that nobody knows.
const UNCERTAIN: u16 = 0;

/// Somebody who does not wait, whatever the answer.
struct Hasty {
    connection: Connection,
    headers: String,
    feature: usize,
}

impl Hasty {
    /// Somebody who is there already when it begins.
    async fn come(address: SocketAddr, number: usize) -> io::Result<Hasty> {
        let mut connection = Connection::to(address).await?;
        let number = 1_000 + number;
        let headers = format!("{}HX-Request: true\r\nContent-Length: 0\r\n", token(number));
        connection.ask("GET", "/healthz", &headers).await?;
        Ok(Hasty {
            connection,
            headers,
            feature: number % LARGE.features() + 1,
        })
    }

    /// Status and milliseconds of every answer.
    async fn hurry(mut self, until: Instant) -> io::Result<Vec<(u16, f64)>> {
        let mut answers = Vec::new();
        for does in ["veto", "unveto"].iter().cycle() {
            if Instant::now() >= until {
                break;
            }
            let path = format!("/features/{}/{does}", self.feature);
            let sent = clock::now();
            let answer = self.connection.ask("POST", &path, &self.headers).await?;
            let time = clock::ms(sent, clock::now());
            let body = self.connection.body();
            let unknown =
                answer.status == 503 && memchr::memmem::find(body, b"nobody knows").is_some();
            let status = if unknown { UNCERTAIN } else { answer.status };
            answers.push((status, time));
        }
        Ok(answers)
    }
}
