//! Database outages: pages are still served, changes are refused within the time limit, and the server recovers by
//! itself.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use savt::db::Backend;
use tokio::time::timeout;

use crate::harness::{
    app::Savt,
    client::TestClient,
    consistency::assert_consistent,
    databases::Fresh,
    postgres::{Cluster, Options},
    process::{Process, run},
    relay::Relay,
    stream::Stream,
};

/// The time limit for an error response: 3 s, and a margin of 6 s for busy machines.
const MAX_WAIT: Duration = Duration::from_secs(9);

#[tokio::test(flavor = "multi_thread")]
async fn during_an_outage_pages_are_served_and_changes_are_refused() {
    let mut cluster = Cluster::start(&Options {
        durable: true,
        ..Options::default()
    });
    let (savt, alice, ham) = savt_with_feature(&cluster).await;
    alice.page().await;
    let before = savt.stored().await;
    let page = alice.get("").await.is(200);
    assert_eq!(page.one("#outage"), "");
    let address = page.attribute("#connection", "hx-sse:connect");
    let mut stream = Stream::open(&alice, &address, None).await;

    cluster.stop();
    let people = savt.people(10);
    let veto = format!("/features/{ham}/veto");
    let started = Instant::now();
    let refused = join_all(people.iter().map(|person| person.post(&veto, &[]))).await;
    assert!(started.elapsed() < MAX_WAIT, "{:?}", started.elapsed());
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
    assert_eq!(
        alice.sees().await,
        "free: Ham",
        "the page is served from memory"
    );
    for page in ["", "?view=wall"] {
        let page = alice.get(page).await.is(200);
        assert!(page.one("#outage").contains("as it was last known"));
    }
    wait_for_message(&mut stream, "as it was last known").await;
    alice.get(&format!("/features/{ham}")).await.is(200);
    let started = Instant::now();
    let history = alice.get("/history").await.is(503);
    assert!(started.elapsed() < MAX_WAIT, "{:?}", started.elapsed());
    assert!(history.headers.contains_key("retry-after"));
    assert_eq!(alice.get("/healthz").await.status, 200);
    let ready = alice.get("/readyz").await.is(503);
    let url = format!("http://{}", savt.address());
    let healthcheck = tokio::task::spawn_blocking(move || run(&["healthcheck", "--url", &url]));
    assert_eq!(healthcheck.await.unwrap().code, Some(1));
    assert!(ready.headers.contains_key("retry-after"));
    alice.post("/boards", &[("name", "Another")]).await.is(503);

    cluster.start_again();
    assert_eq!(
        savt.stored().await,
        before,
        "refused changes are not applied"
    );
    wait_until_recovered(&alice, ham).await;
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Alice]");
    alice.get("/readyz").await.is(200);
    assert_eq!(alice.get("").await.is(200).one("#outage"), "");
    wait_for_message(&mut stream, "<p id=\"outage\" role=\"status\"></p>").await;
    assert_consistent(&[&savt]).await;
}

async fn wait_for_message(stream: &mut Stream, what: &str) {
    while !stream.next().await.data.contains(what) {}
}

/// A server on this cluster.
async fn savt_on(cluster: &Cluster) -> Savt {
    let url = cluster.url("postgres");
    let settings = savt::db::Settings::new(url.parse().unwrap());
    let database = savt::db::Database::open(&settings).await.unwrap();
    database.migrate().await.unwrap();
    Savt::at(&url).await
}

/// A server on this cluster with a feature on its board.
async fn savt_with_feature(cluster: &Cluster) -> (Savt, TestClient, i64) {
    let savt = savt_on(cluster).await;
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    (savt, alice, ham)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_database_is_answered_with_503_in_time() {
    let mut cluster = Cluster::start(&Options::default());
    let (savt, alice, ham) = savt_with_feature(&cluster).await;
    let before = savt.stored().await;
    cluster.hang();
    let people = savt.people(10);
    let veto = format!("/features/{ham}/veto");
    let started = Instant::now();
    for answer in join_all(people.iter().map(|person| person.post(&veto, &[]))).await {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert!(started.elapsed() < MAX_WAIT, "{:?}", started.elapsed());
    let page = alice.get("").await.is(200);
    assert!(page.one("#outage").contains("as it was last known"));
    alice.get("/readyz").await.is(503);
    cluster.wake();
    wait_until_recovered(&alice, ham).await;
    // A change in progress when the database hung may have been committed, although its response was 503.
    let after = savt.stored().await;
    assert!(after.version() >= before.version());
    assert_consistent(&[&savt]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terminated_connections_are_replaced() {
    let cluster = Cluster::start(&Options::default());
    let (savt, alice, ham) = savt_with_feature(&cluster).await;
    let cut =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
    for _ in 0..5 {
        cluster.run("postgres", cut).await.unwrap();
        wait_until_recovered(&alice, ham).await;
        alice.get("/history").await.is(200);
        alice.withdraw_veto(ham).await;
    }
    assert_consistent(&[&savt]).await;
}

/// Retries until a change succeeds: the pool may still hold dead connections.
async fn wait_until_recovered(alice: &TestClient, feature: i64) {
    let back = Instant::now();
    loop {
        let answer = alice.post(&format!("/features/{feature}/veto"), &[]).await;
        if answer.status == 303 {
            return;
        }
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert!(back.elapsed() < MAX_WAIT, "not recovered: {}", answer.body);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_changes_survive_a_database_crash() {
    let mut cluster = Cluster::start(&Options {
        durable: true,
        ..Options::default()
    });
    let savt = savt_on(&cluster).await;
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
    assert_consistent(&[&savt]).await;
    let board = savt.stored().await;
    for name in answered {
        let name = savt::model::Name::parse(&name).unwrap();
        assert!(
            board.item_named(&name).is_some(),
            "acknowledged item {name} is missing"
        );
    }
}

/// Makes each commit of an event wait for the advisory lock 42.
const HOLD_COMMITS: &str = "
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS
        'BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION hold();";

/// Holds all commits of events until the returned connection unlocks 42.
pub async fn hold_commits(fresh: &Fresh) -> tokio_postgres::Client {
    let holder = Cluster::shared().connect(fresh.name()).await;
    let lock = "SELECT pg_advisory_lock(42)";
    for statements in [HOLD_COMMITS, lock] {
        holder.batch_execute(statements).await.unwrap();
    }
    holder
}

/// Shorter than the interval at which processes compare their boards with the database, 30 s.
const SOON: Duration = Duration::from_secs(20);

/// The connection is lost during a commit, which the server completes later: the change then appears without any other
/// action, in this process and in others.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_lands_late_is_shown_at_once() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let relay = Relay::to(Cluster::shared().socket()).await;
    let savt = Savt::at(&relay.url(fresh.name())).await;
    let another = Savt::at(fresh.url()).await;
    let alice = savt.person_called("Alice").await;
    let bob = another.person();
    let mut streams = Vec::new();
    for person in [&alice, &bob] {
        let page = person.page().await;
        streams.push(Stream::open(person, &page.stream, None).await);
    }
    let holder = hold_commits(&fresh).await;

    relay.lose_next_commit();
    let refused = alice
        .post("/create/item/", &[("name", "Late")])
        .await
        .is(503);
    assert!(relay.has_lost_commit());
    let text = refused.one("main p");
    assert!(text.contains("may or may not have been saved"), "{text}");
    assert_eq!(
        alice.page().await.shown.to_string(),
        "",
        "it has not landed"
    );
    let unlock = "SELECT pg_advisory_unlock(42)";
    holder.batch_execute(unlock).await.unwrap();
    for stream in &mut streams {
        let landed = timeout(SOON, wait_for_message(stream, "Late")).await;
        assert!(landed.is_ok(), "the change is not shown");
    }
    alice.create_item("Next").await;
    assert_consistent(&[&savt, &another]).await;
    assert_eq!(bob.sees().await, "Late\nNext");
}

/// The same, but the server does not complete the commit: then everybody knows that nothing was written.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_never_lands_is_not_shown() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let relay = Relay::to(Cluster::shared().socket()).await;
    let savt = Savt::at(&relay.url(fresh.name())).await;
    let alice = savt.person_called("Alice").await;
    let holder = hold_commits(&fresh).await;
    relay.lose_next_commit();
    alice
        .post("/create/item/", &[("name", "Never")])
        .await
        .is(503);
    assert!(relay.has_lost_commit());
    // While the outcome is unknown, nothing else is written. The server itself cancels the commit after 5 s.
    let other = alice.post("/create/item/", &[("name", "Other")]).await;
    let cancel = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event = 'advisory'";
    holder.batch_execute(cancel).await.unwrap();
    holder
        .batch_execute("SELECT pg_advisory_unlock(42)")
        .await
        .unwrap();
    wait_until_created(&alice, "Next").await;
    let expected = match other.status {
        503 => "Next",
        _ => "Other\nNext",
    };
    assert_eq!(alice.sees().await, expected);
    assert_consistent(&[&savt]).await;
}

/// Retries until an item can be created.
async fn wait_until_created(alice: &TestClient, name: &str) {
    let started = Instant::now();
    while alice.post("/create/item/", &[("name", name)]).await.status != 303 {
        assert!(started.elapsed() < SOON, "not recovered");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
/// Sends many changes to several boards while they cannot be written, and checks the log until the outage has ended.
async fn check_log_of_an_outage(
    process: &Process,
    boards: &[(TestClient, String)],
    cause: &str,
    end: impl AsyncFnOnce(),
) {
    let started = Instant::now();
    let before = process.log().lines().count();
    let mut requests = 0;
    for round in 0..2 {
        let posts = boards.iter().flat_map(|(person, board)| {
            (0..10).map(move |n| async move {
                let address = format!("{board}/create/item/");
                // The same name again would be a double press.
                let name = format!("{round}-{n}");
                person.post(&address, &[("name", &name)]).await.status
            })
        });
        let statuses = join_all(posts).await;
        assert!(statuses.iter().all(|status| *status == 503), "{statuses:?}");
        requests += statuses.len();
    }
    let log = process.log();
    let lines: Vec<&str> = log.lines().skip(before).collect();
    let seconds = started.elapsed().as_secs() as usize + 1;
    // Lost connections, notifications, reading, writing and requests have their own lines.
    assert!(lines.len() <= 5 * (seconds + 1), "{seconds} s, {log}");
    assert!(lines.len() < requests / 2, "{seconds} s, {log}");
    let named = lines.iter().find(|line| line.contains(cause));
    assert!(named.is_some(), "no {cause:?} in {log}");

    end().await;
    let (person, board) = &boards[0];
    let until = Instant::now() + Duration::from_secs(60);
    while !process.log().contains("the database can be written again") {
        assert!(Instant::now() < until, "{}", process.log());
        person.post(&format!("{board}/create/item/"), &[]).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// People, each on a new board.
async fn people_on_boards(process: &Process) -> Vec<(TestClient, String)> {
    let mut boards = Vec::new();
    for n in 0..15 {
        let person = process.person();
        let name = format!("Board {n}");
        let created = person.post("/boards", &[("name", &name)]).await.is(303);
        let board = created.header("location").to_owned();
        person
            .post(&format!("{board}/create/item/"), &[])
            .await
            .is(303);
        boards.push((person, board));
    }
    boards
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_postgresql_does_not_flood_the_log() {
    let mut cluster = Cluster::start(&Options::default());
    let process = Process::serve(&cluster.url("postgres"));
    let boards = people_on_boards(&process).await;
    cluster.stop();
    let end = async || cluster.start_again();
    check_log_of_an_outage(&process, &boards, "error connecting", end).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_sqlite_does_not_flood_the_log() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let process = Process::serve(fresh.url());
    let boards = people_on_boards(&process).await;
    let lock = fresh.open().await.write().await.unwrap();
    let end = async || lock.rollback().await.unwrap();
    check_log_of_an_outage(&process, &boards, "database is locked", end).await;
}
