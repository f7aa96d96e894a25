//! Whatever is killed, and however often: without repetitions, the receiver's list is the log.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use savt::{
    db::{Backend, Database, Settings},
    model::Slug,
    store,
};

use super::SECRET;
use crate::harness::{
    client::TestClient,
    databases::Fresh,
    machine,
    postgres::{Cluster, Options},
    process::Process,
    receiver::{Received, Receiver},
    soak::size,
};

const WRITERS: usize = 4;

/// Servers that are killed, and people who write meanwhile.
struct Torture {
    url: String,
    options: Vec<String>,
    processes: Vec<Option<Process>>,
    addresses: Arc<Mutex<Vec<SocketAddr>>>,
    receiver: Receiver,
    _folder: tempfile::TempDir,
}

impl Torture {
    async fn start(url: &str, processes: usize) -> Torture {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, SECRET).unwrap();
        let receiver = Receiver::start().await;
        let options = [
            "--webhook",
            &receiver.url("/"),
            "--webhook-secret-file",
            &file.display().to_string(),
            "--webhook-allow-private",
            // The long form creates more than a board may have otherwise.
            "--max-items",
            "50000",
        ];
        let mut torture = Torture {
            url: url.to_owned(),
            options: options.map(str::to_owned).to_vec(),
            processes: Vec::new(),
            addresses: Arc::default(),
            receiver,
            _folder: folder,
        };
        for _ in 0..processes {
            let process = torture.serve();
            torture.addresses.lock().unwrap().push(process.address);
            torture.processes.push(Some(process));
        }
        torture
    }

    fn serve(&self) -> Process {
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        Process::serve_with(&options, &self.url)
    }

    /// Kills a server and starts another one.
    fn kill(&mut self, index: usize) {
        if let Some(process) = self.processes[index].take() {
            process.kill();
        }
        let process = self.serve();
        self.addresses.lock().unwrap()[index] = process.address;
        self.processes[index] = Some(process);
    }

    /// Starts people who create this many items together, or try to.
    fn write(&self, items: usize) -> tokio::task::JoinSet<()> {
        let next = Arc::new(AtomicUsize::new(0));
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let (next, addresses) = (next.clone(), self.addresses.clone());
            writers.spawn(async move {
                let anybody = TestClient::at(addresses.lock().unwrap()[0]);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= items {
                        return;
                    }
                    let address = {
                        let addresses = addresses.lock().unwrap();
                        addresses[number % addresses.len()]
                    };
                    let name = format!("{writer}-{number}-{}", rand::random::<u32>());
                    let sent = anybody.moved_to(address);
                    let sent = sent.try_post("/create/item/", &[("name", &name)]).await;
                    if !sent.is_ok_and(|answer| answer.status == 303) {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                }
            });
        }
        writers
    }

    /// Waits until at least this many events have arrived.
    async fn arrived(&self, count: usize) {
        self.receiver.wait_for(count).await;
    }

    async fn arrivals(&self) -> usize {
        self.receiver.first_arrivals().len()
    }

    /// Asserts that the receiver's list is the log.
    async fn assert_complete(&self) {
        let settings = Settings::new(self.url.parse().unwrap());
        let database = Database::open(&settings).await.unwrap();
        let board = store::load(&database, &Slug::main())
            .await
            .unwrap()
            .unwrap();
        let log = store::events_after(&database, board.id, 0, usize::MAX);
        let log = log.await.unwrap().unwrap();
        assert_eq!(log.len() as i64, board.version());
        let arrivals = self.receiver.wait_for(log.len()).await;
        let described = |message: &Received| {
            let event = &message.json()["data"]["event"];
            let name = event["actor"]["name"].as_str().unwrap().to_owned();
            (event["number"].as_i64().unwrap(), name)
        };
        let found: Vec<_> = arrivals.iter().map(described).collect();
        let expected = log
            .iter()
            .map(|event| (event.number, event.actor.name.to_string()));
        let expected: Vec<_> = expected.collect();
        assert!(
            found == expected,
            "the list differs from the log: {found:?}"
        );
        for message in &arrivals {
            assert!(super::signatures::is_verified(message));
        }
    }
}

/// How many items to create between two kills, and how many rounds of kills there are.
fn sizes() -> (usize, usize) {
    size((100, 1), (3_400, 2))
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_when_savt_or_the_receiver_is_killed() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let mut torture = Torture::start(fresh.url(), 1).await;
    let (items, rounds) = sizes();
    for _ in 0..rounds {
        let writers = torture.write(items);
        let before = torture.arrivals().await;
        torture.arrived(before + items / 4).await;
        torture.kill(0);
        writers.join_all().await;

        let before = torture.arrivals().await;
        let writers = torture.write(items);
        // The new process delivers once the lease of the killed one is over.
        torture.arrived(before + items / 4).await;
        torture.receiver.kill();
        tokio::time::sleep(Duration::from_millis(500)).await;
        torture.receiver.start_again();
        writers.join_all().await;

        let writers = torture.write(items);
        writers.join_all().await;
    }
    torture.assert_complete().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_when_one_of_two_processes_or_postgres_is_killed() {
    machine::share().await;
    let mut cluster = Cluster::start(&Options {
        durable: true,
        ..Options::default()
    });
    let url = cluster.url("postgres");
    let mut torture = Torture::start(&url, 2).await;
    let (items, rounds) = sizes();
    for round in 0..rounds {
        let before = torture.arrivals().await;
        let writers = torture.write(items);
        torture.arrived(before + items / 4).await;
        torture.kill(round % 2);
        writers.join_all().await;

        let before = torture.arrivals().await;
        let writers = torture.write(items);
        torture.arrived(before + 1).await;
        cluster.crash();
        tokio::time::sleep(Duration::from_millis(500)).await;
        cluster.start_again();
        writers.join_all().await;

        let before = torture.arrivals().await;
        let writers = torture.write(items);
        torture.arrived(before + items / 4).await;
        torture.receiver.kill();
        torture.kill((round + 1) % 2);
        torture.receiver.start_again();
        writers.join_all().await;
    }
    torture.assert_complete().await;
}
