//! Everything at once: sixteen people who press whatever they see, on one SAVT and on two. Afterwards tables, log,
//! memory and pages agree.

use rand::{RngExt, SeedableRng, rngs::StdRng};

use savt::db::Backend;

use crate::harness::{
    agreement::{agree, stored_whole},
    app::Savt,
    client::Person,
    databases::{Fresh, on_both},
    page::Shown,
    process::Process,
};

const PEOPLE: usize = 16;
const WISHES: usize = 25;

/// What refuses without a fault: unknown, taken, gone, impossible.
pub(crate) const FINE: [u16; 5] = [303, 404, 409, 410, 422];

/// Lets sixteen people loose, spread over these browsers' servers.
async fn storm(seed: u64, person: impl Fn(usize) -> Person) {
    let people = (0..PEOPLE).map(|n| {
        let rng = StdRng::seed_from_u64(seed * 1_000 + n as u64);
        tokio::spawn(presses(person(n), rng))
    });
    for person in people.collect::<Vec<_>>() {
        person.await.unwrap();
    }
}

/// Presses one thing after the other; looks at the page now and then, so that much of what is pressed is old.
async fn presses(person: Person, mut rng: StdRng) {
    let mut page = person.page().await;
    for n in 0..WISHES {
        if n % 5 == 4 {
            page = person.page().await;
        }
        let (path, fields) = anything(&page.shown, &mut rng);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let answer = person.post(&path, &fields).await;
        assert!(
            FINE.contains(&answer.status),
            "{path} {fields:?}: {} {}",
            answer.status,
            answer.body
        );
    }
}

pub(crate) type Form = (String, Vec<(&'static str, String)>);

/// Something one can press on a page that shows this.
pub(crate) fn anything(shown: &Shown, rng: &mut StdRng) -> Form {
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
    let place = match rng.random_bool(0.2) {
        true => String::new(),
        false => item(rng).to_string(),
    };
    let name =
        |words: &[&str], rng: &mut StdRng| words[rng.random_range(0..words.len())].to_owned();
    let pizza = name(
        &["Margherita", "margherita", "Marinara", "Diavola", ""],
        rng,
    );
    let topping = name(&["Ham", "HAM", "Basil", "Olives", "Garlic", "Capers"], rng);
    let amount = rng.random_range(1..=3).to_string();
    let one = item(rng);
    match rng.random_range(0..100) {
        0..15 => ("/create/item/".to_owned(), vec![("name", pizza)]),
        15..40 => (
            "/create/feature/".to_owned(),
            vec![("name", topping), ("amount", amount), ("item_id", place)],
        ),
        40..55 => (format!("/features/{feature}/veto"), vec![]),
        55..60 => (format!("/features/{feature}/unveto"), vec![]),
        60..68 => (
            format!("/features/{feature}/move"),
            vec![("item_id", place)],
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
        91..98 => (format!("/undo/{}", rng.random_range(1..=300)), vec![]),
        _ => (
            "/participant".to_owned(),
            vec![("name", format!("Person {}", rng.random_range(0..20)))],
        ),
    }
}

on_both!(a_storm_leaves_everything_in_agreement);
async fn a_storm_leaves_everything_in_agreement(savt: Savt) {
    storm(1, |_| savt.person()).await;
    assert!(savt.stored().await.version() > 100);
    agree(&[&savt, &savt.another().await]).await;
    patched_is_as_loaded(&savt).await;
}

/// A page that followed every change is the page of a SAVT that just loaded the board.
async fn patched_is_as_loaded(savt: &Savt) {
    let person = savt.person();
    person.page().await;
    let fresh = savt.another().await;
    let patched = person.get("").await.body;
    let loaded = person.moved_to(fresh.address()).get("").await.body;
    assert_eq!(patched, loaded);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_savts_on_one_database_agree() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let savts = [Savt::at(fresh.url()).await, Savt::at(fresh.url()).await];
    storm(2, |n| savts[n % 2].person()).await;
    assert!(savts[0].stored().await.version() > 100);
    agree(&[&savts[0], &savts[1]]).await;
    patched_is_as_loaded(&savts[0]).await;
    patched_is_as_loaded(&savts[1]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_database_agree() {
    two_processes_agree(Backend::Postgres, 3).await;
}

/// Not what SQLite is for, but nothing goes wrong.
#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_file_agree() {
    two_processes_agree(Backend::Sqlite, 4).await;
}

async fn two_processes_agree(backend: Backend, seed: u64) {
    let fresh = Fresh::migrated(backend).await;
    let processes = [Process::serve(fresh.url()), Process::serve(fresh.url())];
    storm(seed, |n| processes[n % 2].person()).await;
    let stored = stored_whole(&fresh.open().await).await;
    assert!(stored.version() > 100);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let [one, other] = [&processes[0], &processes[1]].map(Process::person);
    let shown = Shown::of(&stored);
    assert_eq!(one.page().await.shown, shown);
    assert_eq!(other.page().await.shown, shown);
    for process in &processes {
        assert!(!process.log().contains("ERROR"), "{}", process.log());
    }
}
