//! Sets the stage, lets the people play, watches the clock, and tells what happened.

use std::{future::poll_fn, sync::Arc, time::Duration};

use rustix::time::{ClockId, clock_gettime};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval_at, sleep, timeout},
};

use super::{
    Error, Options,
    board::Board,
    browser::{Ask, Browser},
    failure::{Failure, Kind},
    monitor::Figures,
    person::Person,
    progress::Progress,
    reading::Keep,
    report::{Generator, Report, Server as Said, rows},
    run::Run,
    server::Server,
    tally::Sample,
    target::Targets,
};
use crate::open_files;

/// How many moments a curve has at most.
const MOMENTS: u32 = 600;
/// How long streams have to show what was answered last.
const FAREWELL: Duration = Duration::from_secs(1);
/// Connections of one person at most, for a moment: a page's files come side by side.
const CONNECTIONS: u64 = 6;

/// Plays a run from beginning to end.
///
/// # Errors
/// It could not begin.
pub(super) async fn direct(options: &Options) -> Result<Report, Error> {
    let server = Arc::new(Server::find(&options.url, options.remote).await?);
    open_files::make_room(options.people as u64 * CONNECTIONS + 64);
    let mut progress = Progress::new();
    progress.say("preparing");
    let prepared = prepare(options, &server).await;
    progress.clear();
    let boards = prepared?;
    let mut interrupt = Interrupt::new()?;
    let monitor = Monitor::of(options).await;
    let before = match &monitor {
        Some(monitor) => monitor.figures().await,
        None => Figures::default(),
    };

    let run = Arc::new(Run::new());
    let (clock, cpu) = (chrono::Utc::now(), cpu_time());
    let begin = Instant::now();
    let mut people = send_people(options, &server, &boards, &run, begin);
    let (curve, interrupted) = watch(
        options,
        &boards,
        &run,
        &monitor,
        begin,
        &mut interrupt,
        &mut progress,
    )
    .await;
    run.end();
    progress.say("waiting for the last answers");
    let still_here = tokio::select! {
        here = everyone(&mut people) => here,
        // Told again: at once.
        () = interrupt.told() => Vec::new(),
    };
    let elapsed = begin.elapsed();
    let used = cpu_time().saturating_sub(cpu);
    see_off(&boards, &run).await;
    drop(still_here);
    progress.clear();

    let after = curve.last().map(|sample| sample.server).unwrap_or_default();
    let tally = run.tally();
    let requests = tally.requests;
    let mut report = Report {
        savt: env!("CARGO_PKG_VERSION"),
        url: options.url.clone(),
        boards: boards
            .iter()
            .map(|board| format!("http://{}{}", server.host, board.home()))
            .collect(),
        own_boards: options.board.is_none(),
        began: clock.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        behaviour: options.behaviour.name(),
        people: options.people,
        think: options.think.to_string(),
        ramp_s: options.ramp.as_secs_f64(),
        duration_s: elapsed.as_secs_f64(),
        interrupted,
        requests,
        requests_per_second: requests as f64 / elapsed.as_secs_f64().max(1e-9),
        failures_percent: tally.failures_percent(),
        answers: tally.answers.spread(),
        actions: rows(&tally),
        shown: tally.shown.spread(),
        failures: tally.failures.told(),
        server: Said {
            connections_max: curve
                .iter()
                .filter_map(|sample| sample.server.connections)
                .reduce(f64::max),
            cache_hits_percent: after.hits_percent_since(&before),
        },
        generator: Generator {
            cpu_percent: used.as_secs_f64() * 100.0 / elapsed.as_secs_f64().max(1e-9),
            cpu_ms_per_1000_requests: used.as_secs_f64() * 1e6 / (requests.max(1) as f64),
            own_delay: tally.own_delay.spread(),
        },
        targets: Vec::new(),
        met: false,
        curve,
    };
    report.judge(&options.targets.clone().unwrap_or_else(Targets::plan));
    Ok(report)
}

/// The boards of the run, with something on them.
async fn prepare(options: &Options, server: &Arc<Server>) -> Result<Vec<Arc<Board>>, Error> {
    let browser = Browser::new(server.clone());
    if let Some(slug) = &options.board {
        let board = visit(options, &browser, slug).await?;
        return Ok(vec![Arc::new(board)]);
    }
    // Says in one line why, where nobody listens.
    visit(options, &browser, "main").await?;
    let now = chrono::Utc::now().format("%Y-%m-%d %H:%M");
    let mut boards = Vec::new();
    for number in 1..=options.boards {
        let name = match options.boards {
            1 => format!("Load test {now}"),
            _ => format!("Load test {now}, {number}"),
        };
        let board = Board::make(&browser, &name).await?;
        board.furnish(&browser, options.items).await?;
        boards.push(Arc::new(board));
    }
    Ok(boards)
}

async fn visit(options: &Options, browser: &Browser, slug: &str) -> Result<Board, Error> {
    let visited = Board::visit(browser, slug).await;
    visited.map_err(|error| match error {
        Error::Prepare(Failure {
            kind: Kind::Refused,
            ..
        }) => Error::Unreachable {
            url: options.url.clone(),
            why: "nobody listens there".to_owned(),
        },
        other => other,
    })
}

fn send_people(
    options: &Options,
    server: &Arc<Server>,
    boards: &[Arc<Board>],
    run: &Arc<Run>,
    begin: Instant,
) -> JoinSet<Person> {
    let mut people = JoinSet::new();
    let places = boards.iter().cycle().zip(0..options.people);
    for (board, number) in places {
        let person = Person::new(
            Browser::new(server.clone()),
            board.clone(),
            run.clone(),
            options.behaviour,
            options.think,
        );
        people.spawn(person.play(begin + comes_after(options, number)));
    }
    people
}

/// How long after the beginning the person of this number comes.
fn comes_after(options: &Options, number: usize) -> Duration {
    options
        .ramp
        .mul_f64(number as f64 / options.people.max(1) as f64)
}

/// Watches until the time is over, or somebody ends it.
async fn watch(
    options: &Options,
    boards: &[Arc<Board>],
    run: &Run,
    monitor: &Option<Monitor>,
    begin: Instant,
    interrupt: &mut Interrupt,
    progress: &mut Progress,
) -> (Vec<Sample>, bool) {
    let end = begin + options.duration;
    let step = Duration::from_secs(1).max(options.duration / MOMENTS);
    let mut ticks = interval_at(begin + step, step);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut curve, mut last, mut interrupted) = (Vec::new(), begin, false);
    while !interrupted && last < end {
        tokio::select! {
            _ = ticks.tick() => {}
            () = tokio::time::sleep_until(end) => {}
            () = interrupt.told() => interrupted = true,
        }
        let now = Instant::now();
        let mut sample = moment(boards, run, now - last);
        last = now;
        sample.at_s = (now - begin).as_secs_f64();
        let come =
            (0..options.people).filter(|number| comes_after(options, *number) <= now - begin);
        sample.people = come.count();
        if let Some(monitor) = monitor {
            sample.server = monitor.figures().await;
        }
        let failed = run.tally().failed;
        progress.show(&sample, failed, options.duration.as_secs_f64());
        curve.push(sample);
    }
    (curve, interrupted)
}

fn moment(boards: &[Arc<Board>], run: &Run, since: Duration) -> Sample {
    collect(boards, run);
    run.tally().sample(since)
}

/// Takes over what the streams showed.
fn collect(boards: &[Arc<Board>], run: &Run) {
    for board in boards {
        let times = board.shown().take();
        run.tally().shown(&times);
    }
}

/// Waits until all have done what they began.
async fn everyone(people: &mut JoinSet<Person>) -> Vec<Person> {
    let mut here = Vec::new();
    while let Some(person) = people.join_next().await {
        here.extend(person);
    }
    here
}

/// Waits for the streams to show what was answered, and counts what they did not.
async fn see_off(boards: &[Arc<Board>], run: &Run) {
    let missing = |board: &Arc<Board>| board.shown().missing();
    let all_shown = async {
        while boards.iter().any(|board| missing(board) > 0) {
            sleep(Duration::from_millis(5)).await;
        }
    };
    let _ = timeout(FAREWELL, all_shown).await;
    collect(boards, run);
    for board in boards {
        let failure = Failure::new(Kind::NotShown, "a stream lacks it a second after the end");
        for _ in 0..missing(board) {
            run.tally()
                .count_failure(&failure, || format!("a veto on {}", board.home()));
        }
    }
}

/// Where the server speaks of itself.
struct Monitor(Browser);

impl Monitor {
    /// None if nobody asked for it or there is nothing to be had.
    async fn of(options: &Options) -> Option<Monitor> {
        let url = options.monitor_url.as_deref()?;
        let server = Server::find(url, options.remote).await.ok()?;
        Some(Monitor(Browser::new(Arc::new(server))))
    }

    async fn figures(&self) -> Figures {
        let ask = Ask::get("/metrics").keep(Keep::All);
        match timeout(Duration::from_millis(500), self.0.ask(ask)).await {
            Ok(Ok(answer)) if answer.status == 200 => Figures::parse(&answer.text),
            _ => Figures::default(),
        }
    }
}

/// Somebody wants it to end: Ctrl-C, or SIGTERM.
struct Interrupt([Signal; 2]);

impl Interrupt {
    fn new() -> Result<Interrupt, Error> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        let [interrupt, terminate] = kinds.map(signal);
        Ok(Interrupt([interrupt?, terminate?]))
    }

    async fn told(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        poll_fn(|context| {
            let told =
                interrupt.poll_recv(context).is_ready() || terminate.poll_recv(context).is_ready();
            match told {
                true => std::task::Poll::Ready(()),
                false => std::task::Poll::Pending,
            }
        })
        .await;
    }
}

/// What this process has computed so far.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}
