//! Limits on the number of connections.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use savt::db::Backend;
use tokio::time::{Instant, sleep};

use crate::harness::{
    client::TestClient, databases::Fresh, exposition::Exposition, port::Port, process::Process,
};

const TIMEOUT: Duration = Duration::from_secs(60);

/// Requests `/healthz` over a new connection, and keeps it open; `None` if the server closes it at once.
fn connect(process: &Process) -> Option<TcpStream> {
    let mut client = TcpStream::connect(process.address).ok()?;
    client.set_read_timeout(Some(TIMEOUT)).unwrap();
    request(&mut client).then_some(client)
}

/// Whether the server answers another request over this connection.
fn request(client: &mut TcpStream) -> bool {
    // It may be closed before the request is sent.
    let _ = client.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut response = Vec::new();
    let mut piece = [0; 1_024];
    while !response.ends_with(b"ok\n") {
        match client.read(&mut piece) {
            Ok(count @ 1..) => response.extend(&piece[..count]),
            _ => return false,
        }
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_the_total_are_closed_at_once_logged_and_counted() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let port = Port::reserve();
    let monitor = port.address().to_string();
    let options = [
        "--max-connections",
        "20",
        "--connections-per-client",
        "1",
        "--monitor",
        &monitor,
    ];
    let process = Process::serve_with(&options, fresh.url());
    // Clients on this machine have no limit of their own.
    let mut clients: Vec<TcpStream> = (0..20).map(|_| connect(&process).unwrap()).collect();
    for _ in 0..5 {
        assert!(connect(&process).is_none());
    }
    process
        .logged("there are too many connections; closing new ones limit=20 suppressed=0")
        .await;
    assert!(!process.log().contains("a client has too many"));
    assert!(clients.iter_mut().all(request), "open ones go on");

    // The monitor has connections of its own.
    let operator = TestClient::at(port.address());
    let metrics = operator.get("/metrics").await.is(200);
    let metrics = Exposition::parse(&metrics.body);
    let refused = |reason| {
        let labels = [("reason", reason)];
        metrics.get("savt_http_connections_refused_total", &labels)
    };
    assert_eq!(
        (refused("client"), refused("total")),
        (Some(0.0), Some(5.0))
    );
    assert_eq!(metrics.one("savt_http_connections"), 20.0);
    let page = operator.get("/").await.is(200);
    let text = page.one("section[aria-labelledby=process]");
    assert!(text.contains("Connections open"), "{text}");

    drop(clients.pop());
    let until = Instant::now() + TIMEOUT;
    while connect(&process).is_none() {
        assert!(Instant::now() < until, "no connection becomes free");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_monitor_has_few_connections() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let port = Port::reserve();
    let monitor = port.address().to_string();
    let process = Process::serve_monitored(fresh.url(), &monitor);
    let mut open = Vec::new();
    let mut closed = 0;
    for _ in 0..100 {
        let mut client = TcpStream::connect(&monitor).unwrap();
        client.set_read_timeout(Some(TIMEOUT)).unwrap();
        let _ = client.write_all(b"GET /favicon.ico HTTP/1.1\r\nHost: localhost\r\n\r\n");
        match client.read(&mut [0; 16]) {
            Ok(1..) => open.push(client),
            _ => closed += 1,
        }
    }
    assert!(closed >= 30, "{closed}");
    process.person().page().await;
    drop(open);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_former_size_of_the_cache_is_ignored_with_a_warning() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let process = Process::serve_with(&["--cache-boards", "1000"], fresh.url());
    process
        .logged("--cache-boards (SAVT_CACHE_BOARDS) is ignored; use --cache-mib (SAVT_CACHE_MIB)")
        .await;
}
