//! The commands `migrate` and `seed`, and errors of the command line.

use savt::db::Backend;

use crate::harness::{
    databases::{Fresh, db_test},
    process::{CommandOutput, Process, program, run},
};

/// Runs a command on a database.
fn run_on(fresh: &Fresh, arguments: &[&str]) -> CommandOutput {
    run(&[arguments, &["--database-url", fresh.url()]].concat())
}

async fn the_schema_migrates_up_down_and_up(backend: Backend) {
    let fresh = Fresh::empty(backend).await;
    let status = |fresh: &Fresh| run_on(fresh, &["migrate", "status"]).expect_success();
    let pending = status(&fresh);
    assert!(pending.lines().count() > 0);
    assert!(
        pending.lines().all(|line| line.ends_with("  pending")),
        "{pending}"
    );

    let up = run_on(&fresh, &["migrate"]).expect_success();
    assert!(up.lines().all(|line| line.starts_with("applied ")), "{up}");
    assert_eq!(up.lines().count(), pending.lines().count());
    let applied = pending.replace("  pending", "  applied");
    assert_eq!(status(&fresh), applied);
    assert_eq!(
        run_on(&fresh, &["migrate"]).expect_success(),
        "the schema is up to date\n"
    );

    for _ in applied.lines() {
        let down = run_on(&fresh, &["migrate", "down"]).expect_success();
        assert!(down.starts_with("reverted "), "{down}");
    }
    assert_eq!(status(&fresh), pending);
    let nothing = run_on(&fresh, &["migrate", "down"]).expect_success();
    assert_eq!(nothing, "there is no migration to revert\n");

    run_on(&fresh, &["migrate", "up"]).expect_success();
    assert_eq!(status(&fresh), applied);
    let process = Process::serve(fresh.url());
    process.person().create_item("Margherita").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_migrates_up_down_and_up_on_sqlite() {
    the_schema_migrates_up_down_and_up(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_migrates_up_down_and_up_on_postgres() {
    the_schema_migrates_up_down_and_up(Backend::Postgres).await;
}

db_test!(seeding_twice_changes_nothing);
async fn seeding_twice_changes_nothing(fresh: Fresh) {
    let seed = ["seed", "--item-word", "pizza", "--feature-word", "topping"];
    let first = run_on(&fresh, &seed).expect_success();
    assert!(first.starts_with("seeded the board with "), "{first}");
    let process = Process::serve(fresh.url());
    let page = process.person().page().await;
    assert_eq!(
        page.shown.items.len(),
        11,
        "twelve items, of which two are merged"
    );
    let kinds = page.shown.items.iter().map(|item| item.kind.as_deref());
    let kinds: std::collections::BTreeSet<_> = kinds.flatten().collect();
    assert!(kinds.len() >= 3, "{kinds:?}");
    assert!(page.stats.ends_with("8 people"), "{}", page.stats);
    let pineapple = page.feature("Pineapple");
    let vetoers = "vetoed by Bob (fruit is for dessert), Chiara, Dmitri";
    assert_eq!(pineapple.vetoers.as_deref(), Some(vetoers));
    assert_eq!(pineapple.amount.as_deref(), Some("×2"));

    assert!(page.consent.contains("5 of 7 are fine"), "{}", page.consent);
    let people = process.person().get("/presence").await.is(200);
    assert_eq!(
        people.all(".menu h3").len(),
        3,
        "fine, not yet, not taking part"
    );

    let nothing = "the board is already seeded; nothing changed\n";
    assert_eq!(run_on(&fresh, &seed).expect_success(), nothing);
    assert_eq!(process.person().page().await.shown, page.shown);
}

db_test!(seed_creates_a_board_of_the_requested_size);
async fn seed_creates_a_board_of_the_requested_size(fresh: Fresh) {
    let seed = [
        "seed",
        "--items",
        "1000",
        "--features",
        "5",
        "--people",
        "20",
    ];
    run_on(&fresh, &seed).expect_success();
    let process = Process::serve(fresh.url());
    let stats = process.person().page().await.stats;
    assert!(stats.starts_with("1000 items, 5000 features, "), "{stats}");
    assert!(stats.ends_with(", 20 people"), "{stats}");
    let nothing = "the board is already seeded; nothing changed\n";
    assert_eq!(run_on(&fresh, &seed).expect_success(), nothing);
}

#[test]
fn an_invalid_command_line_is_reported_on_one_line() {
    for (arguments, expected) in [
        (&["serve", "--listen", "nowhere"][..], "nowhere"),
        (
            &["serve", "--database-url", "mysql://x/y"],
            "--database-url",
        ),
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
        let ran = CommandOutput::from(program(arguments).current_dir(&folder).output().unwrap());
        assert!(
            ran.code.is_some_and(|code| code != 0),
            "{arguments:?}: {ran:?}"
        );
        assert_eq!(ran.out, "", "{arguments:?}");
        assert!(ran.err.contains(expected), "{arguments:?}: {}", ran.err);
        let matches = ran
            .err
            .lines()
            .filter(|line| line.contains(expected))
            .count();
        assert!(matches >= 1 && !ran.err.contains("panicked"), "{}", ran.err);
        let left: Vec<_> = folder.path().read_dir().unwrap().collect();
        assert!(left.is_empty(), "{arguments:?}: {left:?}");
    }
}

#[test]
fn an_unreachable_database_is_reported_on_one_line() {
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
            let ran = run(&[command, &["--database-url", url, "--db-start-wait", "0"]].concat());
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

/// Runs a command whose output nobody reads, as after `head` has ended.
fn run_with_closed_pipe(arguments: &[&str]) -> CommandOutput {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    CommandOutput::from(program(arguments).stdout(writer).output().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_is_quiet() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db").display().to_string();
    let url = ["--database-url", fresh.url()];
    let on_database = |command: &[&'static str]| [command, &url[..]].concat();
    for arguments in [
        vec!["--help"],
        vec!["--version"],
        vec!["serve", "--help"],
        on_database(&["migrate", "status"]),
        on_database(&["migrate"]),
        on_database(&["seed"]),
        on_database(&["check"]),
        [&["backup"], &url[..], &[copy.as_str()]].concat(),
    ] {
        let ran = run_with_closed_pipe(&arguments);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn options_can_be_set_by_environment_variables() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("elsewhere.db");
    let mut migrate = program(&["migrate"]);
    migrate.env("DATABASE_URL", format!("sqlite:{}", file.display()));
    CommandOutput::from(migrate.output().unwrap()).expect_success();
    assert!(file.exists());
    let mut serve = program(&["serve"]);
    serve.env("SAVT_DB_CONNECTIONS", "0");
    let ran = CommandOutput::from(serve.output().unwrap());
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("--db-connections"), "{}", ran.err);
}

#[test]
fn a_mistyped_variable_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = program(&["serve", "--listen", "127.0.0.1:0"]);
    serve.env("SAVT_PASWORD", "geheim").current_dir(&folder);
    let ran = CommandOutput::from(serve.output().unwrap());
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert_eq!(
        ran.err,
        "error: environment variable SAVT_PASWORD (did you mean SAVT_PASSWORD?) is not known to savt\n"
    );
    let left: Vec<_> = folder.path().read_dir().unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn variables_may_be_empty_and_may_end_with_a_newline() {
    let folder = tempfile::tempdir().unwrap();
    let mut migrate = program(&["migrate"]);
    migrate.current_dir(&folder);
    migrate.env("DATABASE_URL", "sqlite:nl.db\n");
    migrate.env("SAVT_LOG", "").env("SAVT_PASSWORD", "");
    migrate.env("SAVT_PORT", "tcp://10.0.0.1:8000");
    CommandOutput::from(migrate.output().unwrap()).expect_success();
    assert!(folder.path().join("nl.db").exists());
}

#[test]
fn the_default_database_is_a_sqlite_file_in_the_working_directory() {
    let folder = tempfile::tempdir().unwrap();
    let ran = CommandOutput::from(program(&["seed"]).current_dir(&folder).output().unwrap());
    ran.expect_success();
    assert!(folder.path().join("savt.db").exists());
}
