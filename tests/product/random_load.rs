//! Random load: sixteen participants submit random forms, on one server and on two. Afterwards tables, log, memory and
//! pages must agree.

use rand::{RngExt, SeedableRng, rngs::StdRng};

use savt::db::Backend;

use crate::harness::{
    app::Savt,
    client::TestClient,
    consistency::{assert_consistent, load_and_replay},
    databases::{Fresh, db_test},
    page::BoardContent,
    process::Process,
};

const CLIENTS: usize = 16;
const COMMANDS: usize = 25;

/// The statuses of valid requests: success, unknown, conflict, deleted, rejected.
/// 403: the undo of another participant's veto. 423: the board is closed.
pub(crate) const EXPECTED_STATUSES: [u16; 7] = [303, 403, 404, 409, 410, 422, 423];

/// Runs sixteen random clients.
async fn run_random_clients(seed: u64, person: impl Fn(usize) -> TestClient) {
    let people = (0..CLIENTS).map(|n| {
        let rng = StdRng::seed_from_u64(seed * 1_000 + n as u64);
        tokio::spawn(submit_random_forms(person(n), rng))
    });
    for person in people.collect::<Vec<_>>() {
        person.await.unwrap();
    }
}

/// Submits random forms and reloads the page only sometimes, so that many of them are outdated.
async fn submit_random_forms(person: TestClient, mut rng: StdRng) {
    let mut page = person.page().await;
    for n in 0..COMMANDS {
        if n % 5 == 4 {
            page = person.page().await;
        }
        let (path, fields) = random_form(&page.shown, &mut rng);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let answer = person.post(&path, &fields).await;
        assert!(
            EXPECTED_STATUSES.contains(&answer.status),
            "{path} {fields:?}: {} {}",
            answer.status,
            answer.body
        );
    }
}

pub(crate) type Form = (String, Vec<(&'static str, String)>);

/// A random form of a page with this content.
pub(crate) fn random_form(shown: &BoardContent, rng: &mut StdRng) -> Form {
    let items = &shown.items;
    let features: Vec<i64> = items
        .iter()
        .flat_map(|item| &item.features)
        .chain(&shown.free)
        .map(|feature| feature.id)
        .collect();
    let item = |rng: &mut StdRng| match items.is_empty() {
        true => 1,
        false => items[rng.random_range(0..items.len())].id,
    };
    let feature = match features.is_empty() {
        true => 1,
        false => features[rng.random_range(0..features.len())],
    };
    let target = match rng.random_bool(0.2) {
        true => String::new(),
        false => item(rng).to_string(),
    };
    let name =
        |choices: &[&str], rng: &mut StdRng| choices[rng.random_range(0..choices.len())].to_owned();
    let pizza = name(
        &["Margherita", "margherita", "Marinara", "Diavola", ""],
        rng,
    );
    let topping = name(&["Ham", "HAM", "Basil", "Olives", "Garlic", "Capers"], rng);
    let amount = rng.random_range(1..=3).to_string();
    let one = item(rng);
    match rng.random_range(0..120) {
        0..15 => ("/create/item/".to_owned(), vec![("name", pizza)]),
        15..40 => (
            "/create/feature/".to_owned(),
            vec![("name", topping), ("amount", amount), ("item_id", target)],
        ),
        40..55 => (format!("/features/{feature}/veto"), vec![]),
        55..60 => (format!("/features/{feature}/unveto"), vec![]),
        60..68 => (
            format!("/features/{feature}/move"),
            vec![("item_id", target)],
        ),
        68..72 => (
            format!("/features/{feature}/edit"),
            vec![("name", topping), ("amount", amount)],
        ),
        72..75 => (format!("/features/{feature}/delete"), vec![]),
        75..79 => (format!("/items/{one}/edit"), vec![("name", pizza)]),
        79..85 => (
            format!("/items/{one}/merge"),
            vec![("into", item(rng).to_string())],
        ),
        85..89 => (format!("/items/{one}/split"), vec![]),
        89..91 => (format!("/items/{one}/delete"), vec![]),
        100..107 => ("/consent".to_owned(), vec![("fine", "1".to_owned())]),
        107..109 => ("/consent".to_owned(), vec![("fine", "0".to_owned())]),
        109..110 => (
            format!("/participants/{}/aside", rng.random_range(1..=4)),
            vec![("aside", "1".to_owned())],
        ),
        110..111 => (
            "/close".to_owned(),
            vec![("chosen", one.to_string()), ("outcome", pizza)],
        ),
        // A closed board refuses all other changes, so it is opened soon.
        111..118 => ("/reopen".to_owned(), vec![]),
        118..120 => (
            "/settings".to_owned(),
            vec![("name", topping), ("purpose", pizza)],
        ),
        91..98 => (format!("/undo/{}", rng.random_range(1..=300)), vec![]),
        _ => (
            "/participant".to_owned(),
            vec![("name", format!("Person {}", rng.random_range(0..20)))],
        ),
    }
}

db_test!(random_load_leaves_all_state_consistent);
async fn random_load_leaves_all_state_consistent(savt: Savt) {
    run_random_clients(1, |_| savt.person()).await;
    assert!(savt.stored().await.version() > 100);
    assert_consistent(&[&savt, &savt.another().await]).await;
    assert_patched_page_matches_reload(&savt).await;
}

/// Asserts that an incrementally updated page equals that of a server that has just loaded the board.
async fn assert_patched_page_matches_reload(savt: &Savt) {
    let person = savt.person();
    person.page().await;
    let fresh = savt.another().await;
    let patched = person.get("").await.body;
    let loaded = person.moved_to(fresh.address()).get("").await.body;
    // The page names its own address for previews of links.
    let [patched, loaded] = [(patched, savt), (loaded, &fresh)]
        .map(|(page, server)| page.replace(&server.address().to_string(), "server"));
    assert_eq!(patched, loaded);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_stay_consistent() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let savts = [Savt::at(fresh.url()).await, Savt::at(fresh.url()).await];
    run_random_clients(2, |n| savts[n % 2].person()).await;
    assert!(savts[0].stored().await.version() > 100);
    assert_consistent(&[&savts[0], &savts[1]]).await;
    assert_patched_page_matches_reload(&savts[0]).await;
    assert_patched_page_matches_reload(&savts[1]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_postgres_stay_consistent() {
    two_processes_stay_consistent(Backend::Postgres, 3).await;
}

/// Not recommended with SQLite, but it must work.
#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_sqlite_file_stay_consistent() {
    two_processes_stay_consistent(Backend::Sqlite, 4).await;
}

async fn two_processes_stay_consistent(backend: Backend, seed: u64) {
    let fresh = Fresh::migrated(backend).await;
    let processes = [Process::serve(fresh.url()), Process::serve(fresh.url())];
    run_random_clients(seed, |n| processes[n % 2].person()).await;
    let stored = load_and_replay(&fresh.open().await).await;
    assert!(stored.version() > 100);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let [one, other] = [&processes[0], &processes[1]].map(Process::person);
    let shown = BoardContent::from_board(&stored);
    assert_eq!(one.page().await.shown, shown);
    assert_eq!(other.page().await.shown, shown);
    for process in &processes {
        assert!(!process.log().contains("ERROR"), "{}", process.log());
    }
}
