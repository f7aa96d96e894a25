//! Whether an endpoint of webhooks slows down the writer of a board. Clients change four boards in turn, at their writers: one of a
//! process without an endpoint, one with an endpoint that never answers, so that only the writer's part differs, one with an endpoint
//! that answers at once, so that the delivery needs the processors too, and again one without: chance.

use std::time::{Duration, Instant};

use rustls::RootCertStore;
use savt::{
    board::Boards,
    db::Backend,
    view::Language,
    webhook::{Client, Endpoint, EventFilter, Format, Secret, Settings, Timing, Webhooks},
};

use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    closed_loop::ClosedLoop,
    cpu_times::{CpuTimes, CpuUse},
    direct_client::DirectClient,
    isolated_runtime::IsolatedRuntime,
    percentiles::Percentiles,
    process::{BoardSize, Process},
    webhook_receiver::{ANSWERED, SILENT},
};

const CLIENTS: usize = 33;
const BOARD: BoardSize = BoardSize(100);
/// Many short ones in turn: other load on the machine affects all.
const ROUNDS: usize = 60;
const ROUND: Duration = Duration::from_millis(250);

/// What changes with an endpoint have to reach of those without.
const MIN_RATIO: f64 = 0.98;

/// Any secret.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Clients of one board, and the endpoint that its process has.
struct Scenario {
    boards: Boards,
    clients: ClosedLoop<DirectClient>,
    /// The path of the receiver.
    endpoint: Option<&'static str>,
    /// Runs between the rounds too. Otherwise only during a round: what is left would be sent while others are measured.
    silent: Option<Webhooks>,
    /// The CPU time of each round, in microseconds per change.
    cpu: Vec<CpuUse>,
    /// Messages per second of each round.
    delivered: Vec<f64>,
}

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "webhooks",
        format!(
            "{CLIENTS} clients in a closed loop veto and withdraw, at the writer of a board with 100 items x 5 features, \
             with and without an endpoint of webhooks"
        ),
        "the same without an endpoint; the target is a ratio of at least 0.98 with an endpoint that never answers: the median of \
         the ratios of each round, and the limit of that row",
    );
    let receiver = Process::webhook_receiver();
    for backend in BACKENDS {
        compare(bench, backend, &receiver).await;
    }
}

async fn compare(bench: &mut Bench, backend: Backend, receiver: &Process) {
    let runtime = IsolatedRuntime::new();
    let mut scenarios = Vec::new();
    for endpoint in [None, Some(SILENT), Some(ANSWERED), None] {
        let url = bench.seeded(backend, BOARD).await;
        let mut scenario = Scenario::open(&runtime, url, endpoint).await;
        if endpoint == Some(SILENT) {
            scenario.silent = scenario.start(&runtime, receiver).await;
        }
        // The first round warms up.
        scenario.clients.run_round(ROUND).await;
        scenario.clients.forget_rounds();
        scenarios.push(scenario);
    }
    for round in 0..ROUNDS {
        for turn in 0..scenarios.len() {
            let at = (round + turn) % scenarios.len();
            scenarios[at].run_round(&runtime, receiver).await;
        }
    }
    let [without, silent, answered, again] = &scenarios[..] else {
        unreachable!()
    };
    let mut section = bench.report.section(backend_name(backend));
    let rates = |scenario: &Scenario| scenario.clients.per_second();
    for (name, scenario) in [
        ("changes, without an endpoint again", again),
        ("changes, a receiver that never answers", silent),
        ("changes, a receiver that answers at once", answered),
    ] {
        section.measurement(name, rates(scenario), "1/s", Some(rates(without)));
        let ratio = scenario.ratio_to(without);
        section.measurement(
            "the ratio of each round, median",
            ratio,
            "",
            Some(MIN_RATIO),
        );
        for (name, part) in [
            (
                "CPU time per change",
                (|used| used.all) as fn(&CpuUse) -> f64,
            ),
            ("of it in threads of writers", |used| used.writers),
        ] {
            let (value, limit) = (scenario.cpu(part), without.cpu(part));
            section.measurement(name, value, "µs", Some(limit));
        }
    }
    let delivered = Percentiles::new(answered.delivered.iter().copied()).median();
    section.measurement("events delivered meanwhile", delivered, "1/s", None);
    let errors = scenarios.iter().filter_map(|each| each.clients.error());
    section.errors(errors);
    section.errors((delivered == 0.0).then(|| "nothing was delivered".to_owned()));
}

impl Scenario {
    async fn open(
        runtime: &IsolatedRuntime,
        url: String,
        endpoint: Option<&'static str>,
    ) -> Scenario {
        let clients = runtime.run(DirectClient::on_one_board(url, CLIENTS)).await;
        Scenario {
            boards: clients[0].boards().clone(),
            clients: ClosedLoop::new(runtime.handle(), clients),
            endpoint,
            silent: None,
            cpu: Vec::new(),
            delivered: Vec::new(),
        }
    }

    /// Starts to deliver to the endpoint, if the scenario has one.
    async fn start(&self, runtime: &IsolatedRuntime, receiver: &Process) -> Option<Webhooks> {
        let url = format!("http://{}{}", receiver.address, self.endpoint?);
        let boards = self.boards.clone();
        let start = async move {
            let secret = Secret::parse(SECRET).unwrap();
            let filter = EventFilter::default();
            let endpoint = Endpoint::new(&url, Format::Json, filter, vec![secret], true).unwrap();
            let settings = Settings {
                client: Client::new(RootCertStore::empty(), true).unwrap(),
                public_url: None,
                language: Language::English,
                timing: Timing::default(),
            };
            Webhooks::start(&boards, vec![endpoint], &settings).await
        };
        Some(runtime.run(start).await.unwrap())
    }

    async fn run_round(&mut self, runtime: &IsolatedRuntime, receiver: &Process) {
        let webhooks = match self.silent {
            Some(_) => None,
            None => self.start(runtime, receiver).await,
        };
        let (begin, before, done) = (Instant::now(), CpuTimes::now(), self.clients.count());
        self.clients.run_round(ROUND).await;
        let changes = self.clients.count() - done;
        let used = CpuTimes::now().since(&before);
        self.cpu.push(CpuUse {
            all: used.all / changes,
            writers: used.writers / changes,
        });
        if let Some(webhooks) = webhooks {
            let delivered = webhooks.statuses()[0].deliveries as f64;
            self.delivered
                .push(delivered / begin.elapsed().as_secs_f64());
            runtime.run(async move { webhooks.stop().await }).await;
        }
    }

    /// The median of the ratios to the same rounds of another one.
    fn ratio_to(&self, other: &Scenario) -> f64 {
        let rounds = self.clients.rates().iter().zip(other.clients.rates());
        Percentiles::new(rounds.map(|(rate, limit)| rate / limit)).median()
    }

    /// The median of a part of the CPU time per change.
    fn cpu(&self, part: fn(&CpuUse) -> f64) -> f64 {
        Percentiles::new(self.cpu.iter().map(part)).median()
    }
}
