//! Runs a load test from the preparation of the boards to the report.

use std::{sync::Arc, time::Duration};

use rustix::time::{ClockId, clock_gettime};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until, timeout},
};

use super::{
    behaviour::Behaviour,
    board::Board,
    browser::Browser,
    error::Error,
    failure::{Failure, FailureKind},
    group::{Group, MIN_PEOPLE},
    independent::{IndependentUser, Scenario},
    metrics_client::MetricsClient,
    options::Options,
    program::Program,
    progress::Progress,
    report::{Measurements, Report},
    run_state::RunState,
    run_stats::Sample,
    server_address::ServerAddress,
    virtual_user::VirtualUser,
};
use crate::{open_files, signals::ShutdownSignals};

/// The maximum length of the time series.
const MAX_SAMPLES: u32 = 600;
/// How long streams have at the end of the run to show the last vetoes.
const DELIVERY_GRACE: Duration = Duration::from_secs(1);
/// The maximum number of connections of a virtual user: it loads assets concurrently.
const CONNECTIONS_PER_USER: u64 = 6;

/// # Errors
/// The test could not start.
pub(super) async fn run(options: &Options) -> Result<Report, Error> {
    check(options)?;
    let server = Arc::new(ServerAddress::resolve(&options.url, options.remote).await?);
    open_files::raise_nofile_limit(options.users as u64 * CONNECTIONS_PER_USER + 64);
    let mut progress = Progress::new();
    progress.show_phase("preparing");
    let prepared = prepare_boards(options, &server).await;
    progress.clear();
    let (boards, makers): (Vec<_>, Vec<_>) = prepared?.into_iter().unzip();
    let mut interrupt = ShutdownSignals::new()?;
    let metrics_client = MetricsClient::new(options).await;
    let server_metrics_before = metrics_client.fetch().await;

    let run = Arc::new(RunState::new());
    let (started_at, cpu_before) = (chrono::Utc::now(), cpu_time());
    let begin = Instant::now();
    let start = Start {
        options,
        server: &server,
        boards: &boards,
        run: &run,
        begin,
    };
    let mut users = start.users(makers);
    let sampler = Sampler {
        options,
        boards: &boards,
        run: &run,
        metrics_client: &metrics_client,
        begin,
    };
    let (samples, interrupted) = sampler.run(&mut interrupt, &mut progress).await;
    run.end();
    progress.show_phase("waiting for the last responses");
    let finished_users = tokio::select! {
        users = join_all(&mut users) => users,
        // A second signal skips the wait.
        _ = interrupt.received() => Vec::new(),
    };
    let duration = begin.elapsed();
    let cpu_time = cpu_time().saturating_sub(cpu_before);
    wait_for_deliveries(&boards, &run).await;
    drop(finished_users);
    progress.clear();

    let measurements = Measurements {
        boards: boards
            .iter()
            .map(|board| format!("http://{}{}", server.host, board.path()))
            .collect(),
        started_at,
        duration,
        interrupted,
        cpu_time,
        server_metrics_before,
        samples,
    };
    let stats = run.stats();
    Ok(Report::new(options, &stats, measurements))
}

/// # Errors
/// The behaviour is not possible on these boards, or with so few users.
fn check(options: &Options) -> Result<(), Error> {
    match options.behaviour {
        Behaviour::Room | Behaviour::Plan | Behaviour::Api => Ok(()),
        Behaviour::Decide if options.board.is_some() => Err(Error::NeedsNewBoards),
        Behaviour::Decide if options.users < options.boards * MIN_PEOPLE => {
            Err(Error::TooFewUsers(MIN_PEOPLE))
        }
        Behaviour::Decide => Ok(()),
    }
}

/// Opens or creates the boards, with items on new ones. Returns each with the browser that made it.
async fn prepare_boards(
    options: &Options,
    server: &Arc<ServerAddress>,
) -> Result<Vec<(Arc<Board>, Browser)>, Error> {
    let browser = Browser::new(server.clone());
    if let Some(slug) = &options.board {
        let board = open_board(options, &browser, slug).await?;
        return Ok(vec![(Arc::new(board), browser)]);
    }
    // Checks that a SAVT server answers.
    open_board(options, &browser, "main").await?;
    let now = chrono::Utc::now().format("%Y-%m-%d %H:%M");
    let mut boards = Vec::new();
    for number in 1..=options.boards {
        let name = match options.boards {
            1 => format!("Load test {now}"),
            _ => format!("Load test {now}, {number}"),
        };
        let browser = Browser::new(server.clone());
        let board = Board::create(&browser, &name).await?;
        board.populate(&browser, options.items).await?;
        browser.disconnect();
        boards.push((Arc::new(board), browser));
    }
    Ok(boards)
}

async fn open_board(options: &Options, browser: &Browser, slug: &str) -> Result<Board, Error> {
    let opened = Board::open(browser, slug).await;
    opened.map_err(|error| match error {
        Error::Prepare(Failure {
            kind: FailureKind::ConnectionRefused,
            ..
        }) => Error::Unreachable {
            url: options.url.clone(),
            why: "connection refused".to_owned(),
        },
        other => other,
    })
}

/// What is needed to start the users of a run.
struct Start<'a> {
    options: &'a Options,
    server: &'a Arc<ServerAddress>,
    boards: &'a [Arc<Board>],
    run: &'a Arc<RunState>,
    begin: Instant,
}

impl Start<'_> {
    /// Starts all users, distributed over the boards. `makers` are the browsers that made the boards.
    fn users(&self, makers: Vec<Browser>) -> JoinSet<Vec<VirtualUser>> {
        match self.options.behaviour {
            Behaviour::Room => self.independent(Scenario::Room),
            Behaviour::Plan => self.independent(Scenario::Plan),
            Behaviour::Decide => self.groups(makers),
            Behaviour::Api => self.programs(),
        }
    }

    fn independent(&self, scenario: Scenario) -> JoinSet<Vec<VirtualUser>> {
        let mut users = JoinSet::new();
        for (board, number) in self.boards.iter().cycle().zip(0..self.options.users) {
            let browser = Browser::new(self.server.clone());
            let user = IndependentUser {
                user: VirtualUser::new(browser, board.clone(), self.run.clone(), None),
                scenario,
                think_time: self.options.think_time,
            };
            let begin = self.starts_at(number);
            users.spawn(async move { vec![user.run(begin).await] });
        }
        users
    }

    /// Programs keep no stream, so that nothing of them is left at the end.
    fn programs(&self) -> JoinSet<Vec<VirtualUser>> {
        let mut programs = JoinSet::new();
        for (board, number) in self.boards.iter().cycle().zip(0..self.options.users) {
            let client = Browser::new(self.server.clone());
            let (board, run) = (board.clone(), self.run.clone());
            let program = Program::new(client, board, run, self.options.think_time);
            let begin = self.starts_at(number);
            programs.spawn(async move {
                program.run(begin).await;
                Vec::new()
            });
        }
        programs
    }

    /// One group for each board. The user who made the board is one of the group: everybody who has suggested anything is asked.
    fn groups(&self, makers: Vec<Browser>) -> JoinSet<Vec<VirtualUser>> {
        let mut groups = JoinSet::new();
        for ((first, board), maker) in self.boards.iter().enumerate().zip(makers) {
            let numbers = (first..self.options.users).step_by(self.boards.len());
            let starts: Vec<Instant> = numbers.map(|number| self.starts_at(number)).collect();
            let others = starts.iter().skip(1);
            let others = others.map(|_| Browser::new(self.server.clone()));
            let group = Group::new(
                std::iter::once(maker).chain(others).collect(),
                board.clone(),
                self.run.clone(),
                self.options.think_time,
            );
            groups.spawn(group.run(starts));
        }
        groups
    }

    fn starts_at(&self, number: usize) -> Instant {
        self.begin + start_offset(self.options, number)
    }
}

/// How long after the start of the run the user with this number starts.
fn start_offset(options: &Options, number: usize) -> Duration {
    options
        .ramp
        .mul_f64(number as f64 / options.users.max(1) as f64)
}

/// Samples a run at regular intervals.
struct Sampler<'a> {
    options: &'a Options,
    boards: &'a [Arc<Board>],
    run: &'a RunState,
    metrics_client: &'a MetricsClient,
    begin: Instant,
}

impl Sampler<'_> {
    /// Samples until the duration of the run is over or a signal arrives. Returns the samples and whether there was a signal.
    async fn run(
        &self,
        interrupt: &mut ShutdownSignals,
        progress: &mut Progress,
    ) -> (Vec<Sample>, bool) {
        let end = self.begin + self.options.duration;
        let interval = Duration::from_secs(1).max(self.options.duration / MAX_SAMPLES);
        let mut ticks = interval_at(self.begin + interval, interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut samples, mut last, mut interrupted) = (Vec::new(), self.begin, false);
        while !interrupted && last < end {
            tokio::select! {
                _ = ticks.tick() => {}
                () = sleep_until(end) => {}
                _ = interrupt.received() => interrupted = true,
            }
            let now = Instant::now();
            let sample = self.take_sample(now, now - last).await;
            last = now;
            let failures = self.run.stats().failures;
            progress.show(&sample, failures, self.options.duration.as_secs_f64());
            samples.push(sample);
        }
        (samples, interrupted)
    }

    async fn take_sample(&self, now: Instant, since_last: Duration) -> Sample {
        collect_deliveries(self.boards, self.run);
        let elapsed = now - self.begin;
        let mut sample = self.run.stats().take_sample(since_last);
        sample.at_s = elapsed.as_secs_f64();
        let started =
            (0..self.options.users).filter(|number| start_offset(self.options, *number) <= elapsed);
        sample.users = started.count();
        sample.server = self.metrics_client.fetch().await;
        sample
    }
}

/// Moves the delivery latencies of all boards into the statistics.
fn collect_deliveries(boards: &[Arc<Board>], run: &RunState) {
    for board in boards {
        let latencies = board.delivery().take_latencies();
        run.stats().record_deliveries(&latencies);
    }
}

/// Waits until all users have completed their current action, and all groups their round.
async fn join_all(users: &mut JoinSet<Vec<VirtualUser>>) -> Vec<VirtualUser> {
    let mut finished = Vec::new();
    while let Some(users) = users.join_next().await {
        finished.extend(users.into_iter().flatten());
    }
    finished
}

/// Waits until the streams show all answered vetoes, and counts those that they still lack as failures.
async fn wait_for_deliveries(boards: &[Arc<Board>], run: &RunState) {
    let undelivered = |board: &Arc<Board>| board.delivery().undelivered();
    let all_delivered = async {
        while boards.iter().any(|board| undelivered(board) > 0) {
            sleep(Duration::from_millis(5)).await;
        }
    };
    let _ = timeout(DELIVERY_GRACE, all_delivered).await;
    collect_deliveries(boards, run);
    for board in boards {
        let failure = Failure::new(
            FailureKind::NotDelivered,
            "a stream did not show it within a second after the end of the run",
        );
        for _ in 0..undelivered(board) {
            run.stats()
                .add_failure(&failure, || format!("a veto on {}", board.path()));
        }
    }
}

/// The processor time that this process has used.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}
