//! A PostgreSQL whose messages are not English (`lc_messages`): its SQLSTATEs decide.

use savt::db::{Backend, Database, Settings};

use super::increment_version;
use crate::harness::app::Savt;
use crate::harness::databases::{Fresh, FromDatabase};
use crate::harness::postgres::Cluster;
use crate::harness::relay::Relay;

/// Errors as a German server reports them, each with the status of a change that meets it.
const ERRORS: [(&str, &str, u16); 9] = [
    (
        "53100",
        "konnte Datei »base/5/16404« nicht erweitern: Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
        503,
    ),
    ("53200", "Speicher aufgebraucht", 503),
    (
        "57014",
        "storniere Anfrage wegen Zeitüberschreitung der Anfrage",
        503,
    ),
    (
        "57P01",
        "breche Verbindung ab aufgrund von Anweisung des Administrators",
        503,
    ),
    ("57P03", "das Datenbanksystem startet", 503),
    (
        "25006",
        "INSERT kann nicht in einer Read-Only-Transaktion ausgeführt werden",
        503,
    ),
    (
        "55P03",
        "storniere Anfrage wegen Zeitüberschreitung einer Sperre",
        503,
    ),
    (
        "58030",
        "konnte Datei nicht schreiben: Eingabe-/Ausgabefehler",
        503,
    ),
    (
        "22003",
        "Wert ist außerhalb des gültigen Bereichs: database is locked",
        500,
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_language_of_the_server_does_not_decide_the_status() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let name = fresh.name().to_owned();
    let savt = Savt::from_database(fresh).await;
    let alice = savt.person_called("Alice").await;
    alice.create_item("Before").await;
    let run = async |sql: &str| Cluster::shared().run(&name, sql).await.unwrap();
    for (code, message, status) in ERRORS {
        run(&format!(
            "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = '{message}'; END $$;
             CREATE TRIGGER fail BEFORE INSERT ON events EXECUTE FUNCTION fail()"
        ))
        .await;
        let answer = alice.post("/create/item/", &[("name", "Now")]).await;
        assert_eq!(answer.status, status, "{code} {message}: {}", answer.body);
        run("DROP TRIGGER fail ON events").await;
    }
    alice.create_item("After").await;
    assert_eq!(alice.sees().await, "Before\nAfter");
}

/// The errors of the server itself, over TCP as well: what arrives there is read in the same way.
#[tokio::test(flavor = "multi_thread")]
async fn errors_over_a_socket_and_over_tcp_have_their_sqlstate() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let relay = Relay::to(Cluster::shared().socket()).await;
    let through_relay = relay.url(fresh.name()).parse().unwrap();
    for settings in [fresh.settings(), Settings::new(through_relay)] {
        let database = Database::open(&settings).await.unwrap();
        let mut conn = database.read().await.unwrap();
        let missing = conn.execute(diesel::sql_query("SELECT * FROM missing"));
        let error = missing.await.unwrap_err();
        assert!(!error.is_unavailable(), "{error}");
        assert!(error.to_string().contains("42P01: "), "{error}");
        let cancelled = diesel::sql_query("SELECT pg_terminate_backend(pg_backend_pid())");
        let error = conn.execute(cancelled).await.unwrap_err();
        assert!(error.is_unavailable(), "{error}");
        drop(conn);
        increment_version(&database).await.unwrap();
    }
}
