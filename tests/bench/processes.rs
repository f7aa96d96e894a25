//! Two processes on one PostgreSQL: the time from the response of one until a stream of the other receives the change.

use std::{future::poll_fn, time::Duration};

use tokio::time::sleep;
use tokio_postgres::{AsyncMessage, NoTls};

use crate::harness::{
    bench::{Bench, backend_name},
    clock,
    percentiles::Percentiles,
    process::{Process, SMALL},
    stream_clients::StreamClients,
    test_client::{TestClient, run_at_rate},
};
use savt::db::Backend;

const RATE: u32 = 50;

pub async fn measure(bench: &mut Bench) {
    let url = bench.seeded(Backend::Postgres, SMALL).await;
    let [first, second] = [Process::savt(&url), Process::savt(&url)];
    let mut clients = TestClient::connect_many(first.address, 10).await;
    let streams = StreamClients::open(second.address, 1).await;
    // Wait until both processes listen to each other.
    sleep(Duration::from_secs(2)).await;
    run_at_rate(&mut clients, RATE, Duration::from_secs(1)).await;
    let results = run_at_rate(&mut clients, RATE, Duration::from_secs(6)).await;
    let errors = streams.wait_for_all(&results).await;
    let limit = notify_times(&url, 200).await;

    bench.report.begin(
        "processes",
        format!("two on one database, {RATE} changes per second to one, a stream from the other"),
        "a bare NOTIFY, from sending it until another connection receives it",
    );
    let mut section = bench.report.section(backend_name(Backend::Postgres));
    section.times(
        "receipt after the response",
        &streams.receipt_times(&results),
        Some(&limit),
    );
    section.errors(errors);
    streams.close();
}

/// Milliseconds from each bare NOTIFY to its receipt, at the same rate.
async fn notify_times(url: &str, count: usize) -> Percentiles {
    let (listener, mut connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message {
                let _ = sender.send(clock::now());
            }
        }
    });
    listener.batch_execute("LISTEN bare").await.unwrap();
    let (notifier, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut times = Vec::new();
    for _ in 0..count {
        let sent_at = clock::now();
        let notify = notifier.batch_execute("NOTIFY bare, 'board 7 is at version 45'");
        let (_, received_at) = tokio::join!(notify, receiver.recv());
        times.push(clock::ms_between(sent_at, received_at.unwrap()));
        sleep(Duration::from_millis(20)).await;
    }
    Percentiles::new(times)
}
