//! A database that goes away, and comes back: pages go on, changes are refused in time and say so, and afterwards
//! everything is as before without anyone's help.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::harness::{
    agreement::agree,
    app::Savt,
    client::Person,
    postgres::{Cluster, Options},
    process::run,
    stream::Stream,
};

/// How long a person waits at most to hear that it cannot be done: three seconds, and twice as much again where the machine has
/// other things to do.
const IN_TIME: Duration = Duration::from_secs(9);

#[tokio::test(flavor = "multi_thread")]
async fn pages_outlive_the_database_and_changes_wait_for_it() {
    let mut cluster = Cluster::start(&Options {
        durable: true,
        ..Options::default()
    });
    let (savt, alice, ham) = with_a_feature(&cluster).await;
    alice.page().await;
    let before = savt.stored().await;
    let page = alice.get("").await.is(200);
    assert_eq!(page.one("#outage"), "");
    let address = page.attribute("#connection", "hx-sse:connect");
    let mut stream = Stream::open(&alice, &address, None).await;

    cluster.stop();
    let people = savt.people(10);
    let veto = format!("/features/{ham}/veto");
    let told = Instant::now();
    let refused = join_all(people.iter().map(|person| person.post(&veto, &[]))).await;
    assert!(told.elapsed() < IN_TIME, "{:?}", told.elapsed());
    for answer in &refused {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
        assert!(
            answer.one("main p").starts_with("The database d"),
            "{}",
            answer.body
        );
    }
    let answer = alice.with_htmx().post("/create/item/", &[]).await.is(503);
    assert!(
        answer.toasts()[0].starts_with("The database did not answer")
            || answer.toasts()[0].starts_with("The database does not answer")
    );
    assert_eq!(alice.sees().await, "free: Ham", "out of memory");
    for page in ["", "?view=wall"] {
        let page = alice.get(page).await.is(200);
        assert!(page.one("#outage").contains("as it was last known"));
    }
    until_heard(&mut stream, "as it was last known").await;
    alice.get(&format!("/features/{ham}")).await.is(200);
    let told = Instant::now();
    let history = alice.get("/history").await.is(503);
    assert!(told.elapsed() < IN_TIME, "{:?}", told.elapsed());
    assert!(history.headers.contains_key("retry-after"));
    assert_eq!(alice.get("/healthz").await.status, 200);
    let ready = alice.get("/readyz").await.is(503);
    let url = format!("http://{}", savt.address());
    let asked = tokio::task::spawn_blocking(move || run(&["healthcheck", "--url", &url]));
    assert_eq!(asked.await.unwrap().code, Some(1));
    assert!(ready.headers.contains_key("retry-after"));
    alice.post("/boards", &[("name", "Another")]).await.is(503);

    cluster.start_again();
    assert_eq!(savt.stored().await, before, "what was refused was not done");
    back_to_normal(&alice, ham).await;
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Alice]");
    alice.get("/readyz").await.is(200);
    assert_eq!(alice.get("").await.is(200).one("#outage"), "");
    until_heard(&mut stream, "<p id=\"outage\" role=\"status\"></p>").await;
    agree(&[&savt]).await;
}

async fn until_heard(stream: &mut Stream, what: &str) {
    while !stream.next().await.data.contains(what) {}
}

/// A SAVT on a cluster of its own.
async fn on(cluster: &Cluster) -> Savt {
    let url = cluster.url("postgres");
    let settings = savt::db::Settings::new(url.parse().unwrap());
    let database = savt::db::Database::open(&settings).await.unwrap();
    database.migrate().await.unwrap();
    Savt::at(&url).await
}

/// The same with a feature on its board.
async fn with_a_feature(cluster: &Cluster) -> (Savt, Person, i64) {
    let savt = on(cluster).await;
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    (savt, alice, ham)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_hangs_is_not_waited_for() {
    let mut cluster = Cluster::start(&Options::default());
    let (savt, alice, ham) = with_a_feature(&cluster).await;
    let before = savt.stored().await;
    cluster.hang();
    let people = savt.people(10);
    let veto = format!("/features/{ham}/veto");
    let told = Instant::now();
    for answer in join_all(people.iter().map(|person| person.post(&veto, &[]))).await {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert!(told.elapsed() < IN_TIME, "{:?}", told.elapsed());
    let page = alice.get("").await.is(200);
    assert!(page.one("#outage").contains("as it was last known"));
    alice.get("/readyz").await.is(503);
    cluster.wake();
    back_to_normal(&alice, ham).await;
    // What was under way when it hung may have been done after all; that nobody knew, and that was said.
    let after = savt.stored().await;
    assert!(after.version() >= before.version());
    agree(&[&savt]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_are_made_again() {
    let cluster = Cluster::start(&Options::default());
    let (savt, alice, ham) = with_a_feature(&cluster).await;
    let cut =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
    for _ in 0..5 {
        cluster.run("postgres", cut).await.unwrap();
        back_to_normal(&alice, ham).await;
        alice.get("/history").await.is(200);
        alice.take_back(ham).await;
    }
    agree(&[&savt]).await;
}

/// It may take a moment until every dead connection has been found out.
async fn back_to_normal(alice: &Person, feature: i64) {
    let back = Instant::now();
    loop {
        let answer = alice.post(&format!("/features/{feature}/veto"), &[]).await;
        if answer.status == 303 {
            return;
        }
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(back.elapsed() < IN_TIME, "not back: {}", answer.body);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_in_the_middle_loses_nothing_that_was_answered() {
    let mut cluster = Cluster::start(&Options {
        durable: true,
        ..Options::default()
    });
    let savt = on(&cluster).await;
    let people = savt.people(8).into_iter().map(|person| {
        tokio::spawn(async move {
            let mut done = Vec::new();
            for n in 0..60 {
                let name = format!("{n}-{}", rand::random::<u32>());
                let answer = person.post("/create/item/", &[("name", &name)]).await;
                match answer.status {
                    303 => done.push(name),
                    503 => tokio::time::sleep(Duration::from_millis(50)).await,
                    _ => panic!("{}: {}", answer.status, answer.body),
                }
            }
            done
        })
    });
    let people: Vec<_> = people.collect();
    let crash = tokio::task::spawn_blocking(move || {
        for _ in 0..3 {
            std::thread::sleep(Duration::from_millis(150));
            cluster.stop();
            std::thread::sleep(Duration::from_millis(100));
            cluster.start_again();
        }
        cluster
    });
    let mut answered = Vec::new();
    for person in people {
        answered.extend(person.await.unwrap());
    }
    let _cluster = crash.await.unwrap();
    agree(&[&savt]).await;
    let board = savt.stored().await;
    for name in answered {
        let name = savt::model::Name::parse(&name).unwrap();
        assert!(board.item_named(&name).is_some(), "{name} is lost");
    }
}
