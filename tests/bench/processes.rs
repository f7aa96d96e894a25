//! Two processes on one PostgreSQL: how long after the answer of one a browser at the other hears of a change.

use std::{future::poll_fn, time::Duration};

use tokio::time::sleep;
use tokio_postgres::{AsyncMessage, NoTls};

use crate::harness::{
    bench::{Bench, named},
    clock,
    crowd::Crowd,
    person::{Person, play},
    process::{Process, SMALL},
    spread::Spread,
};
use savt::db::Backend;

const RATE: u32 = 50;

pub async fn measure(bench: &mut Bench) {
    let url = bench.seeded(Backend::Postgres, SMALL).await;
    let [one, other] = [Process::savt(&url), Process::savt(&url)];
    let mut people = Person::several(one.address, 10).await;
    let crowd = Crowd::open(other.address, 1).await;
    // Until the two hear each other.
    sleep(Duration::from_secs(2)).await;
    play(&mut people, RATE, Duration::from_secs(1)).await;
    let played = play(&mut people, RATE, Duration::from_secs(6)).await;
    let wrong = crowd.settle(&played).await;
    let limit = round_trips(&url, 200).await;

    bench.report.begin(
        "processes",
        format!("two on one database, {RATE} changes a second at one, a stream at the other"),
        "a bare NOTIFY, from when it is sent to when another connection has it",
    );
    let mut part = bench.report.on(named(Backend::Postgres));
    part.times(
        "receipt after the answer",
        &crowd.times(&played),
        Some(&limit),
    );
    part.wrong(wrong);
    crowd.close();
}

/// Milliseconds of each, at the same pace.
async fn round_trips(url: &str, count: usize) -> Spread {
    let (listener, mut wire) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| wire.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message {
                let _ = tell.send(clock::now());
            }
        }
    });
    listener.batch_execute("LISTEN bare").await.unwrap();
    let (speaker, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut times = Vec::new();
    for _ in 0..count {
        let sent = clock::now();
        let said = speaker.batch_execute("NOTIFY bare, 'board 7 is at version 45'");
        let (_, heard) = tokio::join!(said, told.recv());
        times.push(clock::ms(sent, heard.unwrap()));
        sleep(Duration::from_millis(20)).await;
    }
    Spread::of(times)
}
