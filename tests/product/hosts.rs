//! The addresses at which people reach SAVT: allowed hosts, the public URL, and the scheme behind a proxy.

use std::net::SocketAddr;

use savt::{
    http::{allowed_hosts::AllowedHosts, origin::OriginPolicy},
    web::App,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{
    app::{Monitor, Savt},
    client::send,
    databases::db_test,
    qr,
};

/// Serves `savt.example` only, by its public URL.
fn public(app: App) -> App {
    let policy = OriginPolicy {
        public: Some("https://savt.example/".parse().unwrap()),
        ..OriginPolicy::default()
    };
    let allowed = AllowedHosts::new(policy.public.as_ref(), Vec::new());
    app.with_addresses(policy, allowed)
}

/// Sends a request as it is and returns the response.
async fn raw(server: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.unwrap();
    String::from_utf8_lossy(&response).into_owned()
}

db_test!(other_hosts_get_a_clear_page);
async fn other_hosts_get_a_clear_page(savt: Savt) {
    savt.person().create_item("Secret").await;
    let savt = savt.another_with(public).await;
    let alice = savt.person();
    for host in ["savt.example", "localhost:1", "127.0.0.1:1", "[::1]"] {
        let request = alice.get_request("/").header("Host", host);
        send(request).await.unwrap().is(200);
    }
    let rebound = alice.get_request("/").header("Host", "rebound.example");
    let page = send(rebound).await.unwrap().is(421);
    assert!(page.one("main").contains("--allowed-host"), "{}", page.body);
    assert!(!page.body.contains("Secret"));
    let german = alice.reading("de").get_request("/healthz");
    let page = send(german.header("Host", "rebound.example"))
        .await
        .unwrap();
    assert!(page.is(421).one("main").contains("Betreiber"));
    let monitor = Monitor::start(&savt).await;
    let monitored = savt.person().moved_to(monitor.address);
    monitored.get("/metrics").await.is(200);
    let rebound = monitored
        .get_request("/metrics")
        .header("Host", "rebound.example");
    let answer = send(rebound).await.unwrap().is(421);
    assert!(!answer.body.contains("savt_"), "{}", answer.body);
}

db_test!(a_request_states_one_host);
async fn a_request_states_one_host(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    for server in [savt.address(), monitor.address] {
        for (request, status) in [
            ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "400"),
            (
                "GET / HTTP/1.1\r\nConnection: close\r\nHost: a\r\nHost: a\r\n\r\n",
                "400",
            ),
            (
                "GET / HTTP/1.1\r\nConnection: close\r\nHost: a b\r\n\r\n",
                "400",
            ),
            (
                "GET / HTTP/1.1\r\nConnection: close\r\nHost: a\r\n\r\n",
                "200",
            ),
            ("GET / HTTP/1.0\r\n\r\n", "200"),
        ] {
            let response = raw(server, request).await;
            let line = response.lines().next().unwrap_or_default();
            assert_eq!(line.split(' ').nth(1), Some(status), "{request}: {line}");
        }
    }
}

db_test!(the_public_url_replaces_what_headers_say);
async fn the_public_url_replaces_what_headers_say(savt: Savt) {
    let savt = savt.another_with(public).await;
    let alice = savt.person();
    let page = alice.get("/share").await.is(200);
    assert_eq!(
        page.attribute(".address a", "href"),
        "https://savt.example/"
    );
    assert_eq!(qr::in_page(&page.body), "https://savt.example/");
    assert!(page.header("set-cookie").contains("Secure"));
    let post = |origin: &'static str| {
        let request = alice
            .post_request("/create/item/")
            .form(&[("name", "Margherita")]);
        send(request.header("Origin", origin))
    };
    post("https://savt.example").await.unwrap().is(303);
    post("https://evil.example").await.unwrap().is(403);
}

db_test!(the_first_proxy_makes_cookies_secure);
async fn the_first_proxy_makes_cookies_secure(savt: Savt) {
    for (name, value) in [
        ("X-Forwarded-Proto", "https,http"),
        ("X-Forwarded-Ssl", "on"),
        ("Forwarded", "proto=https, proto=http"),
    ] {
        let request = savt.person().get_request("/").header(name, value);
        let page = send(request).await.unwrap().is(200);
        assert!(page.header("set-cookie").contains("Secure"), "{name}");
    }
}
