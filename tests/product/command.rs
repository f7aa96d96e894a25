//! The other commands, as a user types them.

use savt::db::Backend;

use crate::harness::{
    databases::{Fresh, on_both},
    process::{Process, Ran, program, run},
};

/// Runs a command on a database.
fn on(fresh: &Fresh, arguments: &[&str]) -> Ran {
    run(&[arguments, &["--database-url", fresh.url()]].concat())
}

async fn the_schema_goes_up_and_down_and_up_again(backend: Backend) {
    let fresh = Fresh::empty(backend).await;
    let status = |fresh: &Fresh| on(fresh, &["migrate", "status"]).well();
    let pending = status(&fresh);
    assert!(pending.lines().count() > 0);
    assert!(
        pending.lines().all(|line| line.ends_with("  pending")),
        "{pending}"
    );

    let up = on(&fresh, &["migrate"]).well();
    assert!(up.lines().all(|line| line.starts_with("applied ")), "{up}");
    assert_eq!(up.lines().count(), pending.lines().count());
    let applied = pending.replace("  pending", "  applied");
    assert_eq!(status(&fresh), applied);
    assert_eq!(
        on(&fresh, &["migrate"]).well(),
        "the schema is up to date\n"
    );

    for _ in applied.lines() {
        let down = on(&fresh, &["migrate", "down"]).well();
        assert!(down.starts_with("took back "), "{down}");
    }
    assert_eq!(status(&fresh), pending);
    let nothing = on(&fresh, &["migrate", "down"]).well();
    assert_eq!(nothing, "there is nothing to take back\n");

    on(&fresh, &["migrate", "up"]).well();
    assert_eq!(status(&fresh), applied);
    let process = Process::serve(fresh.url());
    process.person().create_item("Margherita").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_of_sqlite_goes_up_and_down_and_up_again() {
    the_schema_goes_up_and_down_and_up_again(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_of_postgres_goes_up_and_down_and_up_again() {
    the_schema_goes_up_and_down_and_up_again(Backend::Postgres).await;
}

on_both!(the_demo_is_lively_and_a_second_one_changes_nothing);
async fn the_demo_is_lively_and_a_second_one_changes_nothing(fresh: Fresh) {
    let seed = ["seed", "--item-word", "pizza", "--feature-word", "topping"];
    let first = on(&fresh, &seed).well();
    assert!(first.starts_with("seeded the board with "), "{first}");
    let process = Process::serve(fresh.url());
    let page = process.person().page().await;
    assert_eq!(page.shown.items.len(), 11, "a dozen, two of them merged");
    let kinds = page.shown.items.iter().map(|item| item.kind.as_deref());
    let kinds: std::collections::BTreeSet<_> = kinds.flatten().collect();
    assert!(kinds.len() >= 3, "{kinds:?}");
    assert!(page.stats.ends_with("8 people"), "{}", page.stats);
    let pineapple = page.feature("Pineapple");
    let vetoers = "vetoed by Bob (fruit is for dessert), Chiara, Dmitri";
    assert_eq!(pineapple.vetoers.as_deref(), Some(vetoers));
    assert_eq!(pineapple.amount.as_deref(), Some("×2"));

    let nothing = "the board is seeded already; nothing changed\n";
    assert_eq!(on(&fresh, &seed).well(), nothing);
    assert_eq!(process.person().page().await.shown, page.shown);
}

on_both!(a_large_board_is_seeded);
async fn a_large_board_is_seeded(fresh: Fresh) {
    let seed = [
        "seed",
        "--items",
        "1000",
        "--features",
        "5",
        "--people",
        "20",
    ];
    on(&fresh, &seed).well();
    let process = Process::serve(fresh.url());
    let stats = process.person().page().await.stats;
    assert!(stats.starts_with("1000 items, 5000 features, "), "{stats}");
    assert!(stats.ends_with(", 20 people"), "{stats}");
    let nothing = "the board is seeded already; nothing changed\n";
    assert_eq!(on(&fresh, &seed).well(), nothing);
}

#[test]
fn a_wrong_command_line_is_told_in_a_line() {
    for (arguments, told) in [
        (&["serve", "--listen", "nowhere"][..], "nowhere"),
        (&["serve", "--database-url", "mysql://x/y"], "mysql"),
        (&["serve", "--database-url", ""], "--database-url"),
        (&["serve", "--db-connections", "1"], "--db-connections"),
        (&["serve", "--db-wait-ms", "x"], "--db-wait-ms"),
        (&["serve", "--cpu-wait-ms", "0"], "--cpu-wait-ms"),
        (&["serve", "--item-word", ""], "--item-word"),
        (
            &["serve", "--writes-per-minute", "0"],
            "--writes-per-minute",
        ),
        (&["serve", "--trusted-proxy", "10.0.0.1,proxy"], "proxy"),
        (&["serve", "--log", "louder"], "louder"),
        (&["serve", "--log-format", "xml"], "--log-format"),
        (&["seed", "--items", "0"], "--items"),
        (&["seed", "--features", "3"], "--items"),
        (&["fly"], "fly"),
        (&["serve", "--fly"], "--fly"),
        (&["migrate", "sideways"], "sideways"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let ran = Ran::from(program(arguments).current_dir(&folder).output().unwrap());
        assert!(
            ran.code.is_some_and(|code| code != 0),
            "{arguments:?}: {ran:?}"
        );
        assert_eq!(ran.out, "", "{arguments:?}");
        assert!(ran.err.contains(told), "{arguments:?}: {}", ran.err);
        let said = ran.err.lines().filter(|line| line.contains(told)).count();
        assert!(said >= 1 && !ran.err.contains("panicked"), "{}", ran.err);
        let left: Vec<_> = folder.path().read_dir().unwrap().collect();
        assert!(left.is_empty(), "{arguments:?}: {left:?}");
    }
}

#[test]
fn a_database_that_is_not_there_is_told_in_a_line() {
    for url in [
        "sqlite:/nowhere/at/all/savt.db",
        "sqlite:/dev/null",
        "postgres://savt@127.0.0.1:1/savt",
        "postgres:///savt?host=/nowhere",
        "postgres://savt@nowhere.invalid/savt",
    ] {
        for command in [
            &["serve", "--listen", "127.0.0.1:0"][..],
            &["migrate"],
            &["seed"],
        ] {
            let ran = run(&[command, &["--database-url", url]].concat());
            assert_eq!(ran.code, Some(1), "{url}: {ran:?}");
            let own: Vec<&str> = ran
                .err
                .lines()
                .filter(|line| line.starts_with("savt: "))
                .collect();
            assert_eq!(own.len(), 1, "{url}: {}", ran.err);
            assert_eq!(ran.err.lines().count(), 1, "{url}: {}", ran.err);
        }
    }
}

#[test]
fn the_environment_can_say_what_options_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("elsewhere.db");
    let mut migrate = program(&["migrate"]);
    migrate.env("DATABASE_URL", format!("sqlite:{}", file.display()));
    Ran::from(migrate.output().unwrap()).well();
    assert!(file.exists());
    let mut serve = program(&["serve"]);
    serve.env("SAVT_DB_CONNECTIONS", "0");
    let ran = Ran::from(serve.output().unwrap());
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("--db-connections"), "{}", ran.err);
}

#[test]
fn without_a_word_it_is_sqlite_in_a_file_here() {
    let folder = tempfile::tempdir().unwrap();
    let ran = Ran::from(program(&["seed"]).current_dir(&folder).output().unwrap());
    ran.well();
    assert!(folder.path().join("savt.db").exists());
}
