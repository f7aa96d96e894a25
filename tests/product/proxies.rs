//! SAVT behind nginx, Caddy and HAProxy, with the configurations and commands in `src/http/README.md` word for word.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use savt::db::Backend;

use crate::harness::{
    client::{TestClient, send},
    databases::Fresh,
    process::Process,
    proxy::Proxy,
    qr,
    stream::Stream,
};

const DOCUMENTATION: &str = include_str!("../../src/http/README.md");

/// The text of the first code block in this language in the section of this proxy.
fn example(proxy: &str, language: &str) -> &'static str {
    let after = |text: &'static str, start: &str| {
        let found = text.split_once(start);
        found.unwrap_or_else(|| panic!("no {start:?}")).1
    };
    let section = after(DOCUMENTATION, &format!("\n### {proxy}\n"));
    let section = section.split("\n### ").next().unwrap();
    let block = after(section, &format!("\n```{language}\n"));
    block.split_once("```").unwrap().0
}

/// Starts SAVT with the documented command, and these options.
fn serve(proxy: &str, options: &[&str], fresh: &Fresh) -> Process {
    let mut words = example(proxy, "sh").split_whitespace();
    assert_eq!([words.next(), words.next()], [Some("savt"), Some("serve")]);
    let documented: Vec<&str> = words.collect();
    Process::serve_with(&[&documented, options].concat(), fresh.url())
}

/// The example with the address of this server, and one text replaced by where the proxy listens.
fn configuration(
    (proxy, language): (&str, &str),
    savt: &Process,
    (placeholder, listen): (&str, &str),
) -> String {
    let mut text = example(proxy, language).to_owned();
    let server = savt.address.to_string();
    for (from, to) in [("127.0.0.1:8000", server.as_str()), (placeholder, listen)] {
        assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
        text = text.replace(from, to);
    }
    text
}

fn nginx(savt: &Process) -> Proxy {
    Proxy::nginx(|address| nginx_configuration(savt, address))
}

fn nginx_configuration(savt: &Process, address: SocketAddr) -> String {
    let listen = format!("listen {address};");
    configuration(("nginx", "nginx"), savt, ("listen 80;", &listen))
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_nginx() {
    behind("nginx", nginx).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_caddy() {
    let caddy = |savt: &Process| {
        Proxy::caddy(|address| {
            let site = format!("http://{address}");
            configuration(("Caddy", "caddy"), savt, ("savt.example", &site))
        })
    };
    behind("Caddy", caddy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_haproxy() {
    let haproxy = |savt: &Process| {
        Proxy::haproxy(|address| {
            let bind = format!("bind {address}");
            configuration(("HAProxy", "haproxy"), savt, ("bind :80", &bind))
        })
    };
    behind("HAProxy", haproxy).await;
}

async fn behind(name: &str, start: impl FnOnce(&Process) -> Proxy) {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let savt = serve(name, &["--boards-per-hour", "1"], &fresh);
    let proxy = start(&savt);
    forms_and_links_use_the_address_of_the_proxy(&proxy).await;
    each_client_has_its_own_limit(&proxy).await;
    an_open_stream_is_not_buffered(&proxy).await;
}

async fn forms_and_links_use_the_address_of_the_proxy(proxy: &Proxy) {
    let alice = TestClient::at(proxy.address());
    let origin = format!("http://{}", proxy.address());
    for (origin, status) in [
        (origin.as_str(), 303),
        ("http://127.0.0.1", 403),
        ("http://evil.example", 403),
    ] {
        let request = alice
            .post_request("/create/item/")
            .form(&[("name", "Margherita")]);
        let answer = send(request.header("Origin", origin)).await.unwrap();
        answer.is(status);
    }
    let page = alice.get("/share").await.is(200);
    let link = page.attribute(".address a", "href");
    assert_eq!(link, format!("{origin}/"));
    assert_eq!(qr::in_page(&page.body), link);
}

/// All of 127.0.0.0/8 are addresses of this machine.
async fn each_client_has_its_own_limit(proxy: &Proxy) {
    let client = |ip: &str| {
        let ip: IpAddr = ip.parse().unwrap();
        TestClient::from_address(ip, proxy.address())
    };
    let script = client("127.0.0.2");
    script.create_board("One").await;
    let forged = script.forwarded_for("203.0.113.7");
    for person in [script, forged] {
        person.post("/boards", &[("name", "Two")]).await.is(429);
    }
    client("127.0.0.3").create_board("Three").await;
}

async fn an_open_stream_is_not_buffered(proxy: &Proxy) {
    let [alice, bob] = [(); 2].map(|()| TestClient::at(proxy.address()));
    let mut stream = Stream::open(&alice, "/events", None).await;
    for name in ["Quattro Stagioni", "Calzone"] {
        bob.create_item(name).await;
        // The stream has a time limit for each message.
        while !stream.next().await.data.contains(name) {}
    }
}

/// An earlier version of the documentation had `$host`, which has no port.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_port_is_logged_once_a_second() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let savt = serve("nginx", &[], &fresh);
    let proxy = Proxy::nginx(|address| {
        let correct = nginx_configuration(&savt, address);
        let lost = correct.replace("$http_host", "$host");
        assert_ne!(lost, correct);
        lost
    });
    let origin = format!("http://{}", proxy.address());
    let alice = TestClient::at(proxy.address());
    let started_at = Instant::now();
    for _ in 0..20 {
        let request = alice.post_request("/create/item/").form(&[("name", "")]);
        let refused = send(request.header("Origin", &origin)).await.unwrap();
        let page = refused.is(403);
        assert!(page.one("main").contains("--public-url"), "{}", page.body);
    }
    let refused = "refused a form as sent from another site";
    // The log arrives through a pipe.
    while !savt.log().contains(refused) {
        assert!(started_at.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let log = savt.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains(refused)).collect();
    assert!(lines.len() as u64 <= started_at.elapsed().as_secs() + 1);
    for text in [
        r#"host="127.0.0.1""#.to_owned(),
        format!("origin=\"{origin}\""),
        "suppressed=0".to_owned(),
    ] {
        assert!(lines[0].contains(&text), "{text} in {}", lines[0]);
    }
}
