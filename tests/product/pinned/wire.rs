//! Names in the protocol other than routes and forms: cookies, headers, the event stream, notifications between
//! processes, metrics.

use std::{collections::BTreeSet, time::Duration};

use reqwest::Url;
use savt::{
    db::{Backend, ListenerEvent},
    web::{Password, SitePassword},
};
use serde_json::Value;
use tokio::time::timeout;

use crate::harness::{
    app::{Monitor, Savt},
    client::{Answer, TestClient, send},
    databases::{Fresh, FromDatabase, db_test},
    process::Process,
    stream::Stream,
};

/// The time limit for an expected message.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The names of the cookies that a response sets.
fn cookies(answer: &Answer) -> BTreeSet<String> {
    let set = answer.headers.get_all("set-cookie").iter();
    set.map(|cookie| {
        cookie
            .to_str()
            .unwrap()
            .split_once('=')
            .unwrap()
            .0
            .to_owned()
    })
    .collect()
}

db_test!(cookies_keep_their_names);
async fn cookies_keep_their_names(savt: Savt) {
    let password: Password = "a password".parse().unwrap();
    let lock = SitePassword::new(&password).unwrap();
    let protected = savt.another_with(|app| app.with_site_password(lock)).await;
    let anna = protected.person();
    let sets = |answer: Answer, names: &[&str]| {
        let set = cookies(&answer);
        assert_eq!(set.iter().map(String::as_str).collect::<Vec<_>>(), names);
    };
    let password = [("password", "a password")];
    sets(anna.post("/login", &password).await, &["savt-session"]);
    sets(anna.get("").await, &["savt", "savt-renewed"]);
    let answer = anna.post("/create/item/", &[("name", "One")]).await;
    sets(answer, &["savt-asked", "savt-news"]);
    // The page shows the message once and removes the cookie.
    sets(anna.get("").await, &["savt-news"]);
    sets(anna.get("").await, &[]);
    let answer = anna.post("/participant", &[("name", "Anna")]).await;
    sets(answer, &["savt-name", "savt-news"]);
    let answer = anna.post("/language", &[("language", "de")]).await;
    sets(answer, &["savt-language"]);
    sets(anna.post("/logout", &[]).await, &["savt-session"]);
}

/// A client with a cookie from an earlier version.
async fn with_cookie(savt: &Savt, cookie: &str) -> TestClient {
    let person = savt.person();
    let server = Url::parse(&person.address_of("")).unwrap();
    person
        .jar
        .add_cookie_str(&format!("{cookie}; Path=/"), &server);
    person
}

db_test!(cookies_of_earlier_versions_are_accepted);
async fn cookies_of_earlier_versions_are_accepted(savt: Savt) {
    let german = with_cookie(&savt, "savt-language=de").await;
    let page = german.get("").await.is(200);
    assert!(page.body.contains("<html lang=\"de\">"));
    let named = with_cookie(&savt, "savt-name=Zoe").await;
    let offered = named
        .get("")
        .await
        .attribute("#me input[name=name]", "value");
    assert_eq!(offered, "Zoe");
    savt.person_called("Anna").await.create_item("One").await;
    let with_flash = with_cookie(&savt, "savt-news=2").await;
    assert_eq!(with_flash.get("").await.toasts().len(), 1);

    // The token is stored as its SHA-256 hash in hexadecimal.
    let bert = with_cookie(&savt, "savt=00112233445566778899aabbccddeeff").await;
    bert.set_name("Bert").await;
    let stored = savt.stored().await;
    let browser = stored
        .participants()
        .find(|person| person.name.as_str() == "Bert")
        .and_then(|person| stored.browsers_of(person.id).next())
        .unwrap();
    assert_eq!(
        browser.as_str(),
        "5947d7c33d783f94b3b4c1a96ebc8991ed28f1b069b71e03376cba8caa98a720"
    );

    let password: Password = "a password".parse().unwrap();
    let lock = SitePassword::new(&password).unwrap();
    let protected = savt.another_with(|app| app.with_site_password(lock)).await;
    let session =
        "savt-session=4102444800-dd24541ca66003fc527b2c492062983e4b57a85022f5c6e6cd7cf5d71cb51b2d";
    let inside = with_cookie(&protected, session).await;
    inside.get("").await.is(200);
}

db_test!(cookies_over_tls_keep_their_names);
async fn cookies_over_tls_keep_their_names(fresh: Fresh) {
    let options = ["--trusted-proxy", "127.0.0.1", "--password", "a password"];
    let process = Process::serve_with(&options, fresh.url());
    let anna = process.person().forwarded_for("203.0.113.7");
    let tls = ("X-Forwarded-Proto", "https");
    let request = anna.post_request("/login").header(tls.0, tls.1);
    let answer = send(request.form(&[("password", "a password")])).await;
    let answer = answer.unwrap().is(303);
    assert_eq!(cookies(&answer), ["__Host-savt-session".to_owned()].into());
    let session = answer.header("set-cookie").split(';').next().unwrap();
    let request = anna.get_request("/").header(tls.0, tls.1);
    let answer = send(request.header("Cookie", session))
        .await
        .unwrap()
        .is(200);
    let expected = ["__Host-savt", "savt-renewed"].map(str::to_owned);
    assert_eq!(cookies(&answer), expected.into());
}

db_test!(a_fragment_response_carries_its_version);
async fn a_fragment_response_carries_its_version(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let request = savt.person().post_request("/create/item/");
    let request = request
        .header("HX-Request", "true")
        .form(&[("name", "One")]);
    let answer = send(request).await.unwrap().is(200);
    assert_eq!(answer.header("savt-version"), "3");
    assert_eq!(anna.last_event().await, 3);
    assert_eq!(answer.targets()[0], "place #items");
}

/// The raw start of a stream, up to and including a text.
async fn raw(person: &TestClient, path: &str, last: Option<&str>, end: &str) -> String {
    let mut request = person.get_request(path);
    if let Some(last) = last {
        request = request.header("Last-Event-ID", last);
    }
    let mut response = request.send().await.unwrap();
    let mut text = String::new();
    let read = async {
        while !text.contains(end) {
            let chunk = response.chunk().await.unwrap().unwrap();
            text += std::str::from_utf8(&chunk).unwrap();
        }
    };
    // A stream sends heartbeats for ever, so the limit holds for the whole wait.
    let read = timeout(TIMEOUT, read).await;
    assert!(read.is_ok(), "no {end:?} in {text:?}");
    text
}

db_test!(the_event_stream_keeps_its_framing);
async fn the_event_stream_keeps_its_framing(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    anna.create_item("One").await;
    let hello = "retry: 1000\nid: 2\nevent: hello\ndata:\n\n";
    for (path, last) in [
        ("/events", None),
        ("/events?since=2", None),
        ("/events", Some("2")),
    ] {
        let text = raw(&anna, path, last, "\n\n").await;
        assert!(text.starts_with(hello), "{text}");
    }
    // A missed event arrives with its number, as an unnamed message.
    let missed = "retry: 1000\nevent: hello\ndata:\n\nid: 2\ndata: <hx-partial hx-target=\"#items\" hx-swap=\"place\">";
    let text = raw(&anna, "/events?since=1", None, "id: 2\n").await;
    let text = match text.len() < missed.len() {
        true => raw(&anna, "/events?since=1", None, "hx-swap=\"place\">").await,
        false => text,
    };
    assert!(text.starts_with(missed), "{text}");
    // An unknown position causes a reload.
    let lost = "retry: 1000\nevent: hello\ndata:\n\nevent: reload\ndata:\n\n";
    let text = raw(&anna, "/events", Some("none"), "event: reload\ndata:\n\n").await;
    assert!(text.starts_with(lost), "{text}");
    // Presence messages have no event number.
    let mut stream = Stream::open(&anna, "/events", None).await;
    loop {
        let message = stream.next().await;
        if message.presence_text().is_some() {
            assert_eq!((message.id, message.event), (None, None));
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_keep_their_channel_and_json() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let mut listener = fresh.open().await.listener("savt").unwrap();
    assert_eq!(listener.next().await, ListenerEvent::Up);
    let savt = Savt::from_database(fresh).await;
    let mut next = async |kind: &str| -> Value {
        let received = async {
            loop {
                let ListenerEvent::Notification(text) = listener.next().await else {
                    continue;
                };
                let payload: Value = serde_json::from_str(&text).unwrap();
                if payload["said"] == kind {
                    return payload;
                }
            }
        };
        let received = timeout(TIMEOUT, received).await;
        received.unwrap_or_else(|_| panic!("no notification of kind {kind}"))
    };
    let keys = |payload: &Value| {
        let keys = payload.as_object().unwrap().keys().cloned();
        keys.collect::<Vec<_>>().join(" ")
    };
    // A process asks when its own connection is up. What it says before is lost, and it then announces its boards otherwise.
    assert_eq!(keys(&next("ask").await), "board by said");
    let anna = savt.person_called("Anna").await;
    let payload = next("changed").await;
    assert_eq!(keys(&payload), "board by said version");
    assert_eq!(
        (&payload["board"], &payload["version"]),
        (&1.into(), &1.into())
    );
    assert_eq!(payload["by"].as_str().unwrap().len(), 16);

    let _stream = Stream::open(&anna, "/events", None).await;
    let payload = next("here").await;
    assert_eq!(keys(&payload), "board by guests others people said");
    assert_eq!(payload["people"], serde_json::json!([1]));
    assert_eq!(
        (&payload["others"], &payload["guests"]),
        (&0.into(), &0.into())
    );
}

/// Every metric with its name, type and labels: dashboards and alerts depend on them.
const METRICS: [(&str, &str, &str); 34] = [
    ("process_max_fds", "gauge", ""),
    ("process_open_fds", "gauge", ""),
    ("process_resident_memory_bytes", "gauge", ""),
    ("process_start_time_seconds", "gauge", ""),
    ("savt_build_info", "gauge", "commit database version"),
    ("savt_cache_boards", "gauge", ""),
    ("savt_cache_bytes", "gauge", ""),
    ("savt_cache_hits_total", "counter", ""),
    ("savt_cache_misses_total", "counter", ""),
    ("savt_db_connections", "gauge", "state"),
    ("savt_db_connections_max", "gauge", ""),
    ("savt_db_query_duration_seconds", "histogram", ""),
    ("savt_db_transaction_duration_seconds", "histogram", "kind"),
    ("savt_db_wait_seconds", "histogram", ""),
    ("savt_db_waiting", "gauge", ""),
    ("savt_events_written_total", "counter", ""),
    ("savt_fan_out_seconds", "histogram", ""),
    ("savt_fragments_size_bytes", "histogram", ""),
    ("savt_http_connections", "gauge", ""),
    ("savt_http_connections_refused_total", "counter", "reason"),
    ("savt_http_failed_total", "counter", ""),
    ("savt_http_refused_total", "counter", "status"),
    (
        "savt_http_request_duration_seconds",
        "histogram",
        "method route",
    ),
    ("savt_http_request_receive_seconds", "histogram", ""),
    ("savt_http_requests_total", "counter", "method route status"),
    ("savt_page_size_bytes", "histogram", ""),
    ("savt_scheduling_delay_seconds", "histogram", ""),
    ("savt_streams_open", "gauge", ""),
    ("savt_streams_reloads_total", "counter", ""),
    ("savt_uptime_seconds", "gauge", ""),
    ("savt_waiting_for_database", "gauge", ""),
    ("savt_writer_batch_size", "histogram", ""),
    ("savt_writer_wait_seconds", "histogram", ""),
    ("savt_writer_waiting", "gauge", ""),
];

db_test!(metrics_keep_their_names_and_labels);
async fn metrics_keep_their_names_and_labels(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    savt.person().page().await;
    let text = TestClient::at(monitor.address)
        .get("/metrics")
        .await
        .is(200);
    let mut found = Vec::new();
    for line in text.body.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            found.push((name.to_owned(), kind.to_owned(), BTreeSet::new()));
        } else if let Some((_, labels)) = line.split_once('{') {
            // No label value here contains a comma or a quotation mark.
            let labels = labels.split_once('}').unwrap().0.split(',');
            let names = labels.map(|label| label.split_once('=').unwrap().0.to_owned());
            let names = names.filter(|name| name != "le");
            found.last_mut().unwrap().2.extend(names);
        }
    }
    let found: Vec<(String, String, String)> = found
        .into_iter()
        .map(|(name, kind, labels)| {
            let labels: Vec<String> = labels.into_iter().collect();
            (name, kind, labels.join(" "))
        })
        .collect();
    let expected: Vec<(String, String, String)> = METRICS
        .iter()
        .map(|(name, kind, labels)| ((*name).to_owned(), (*kind).to_owned(), (*labels).to_owned()))
        .collect();
    assert_eq!(found, expected);
}
