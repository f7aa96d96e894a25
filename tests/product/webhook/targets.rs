//! Where messages are sent to: only with a valid certificate, and only to public addresses unless others are allowed.

use rustls::RootCertStore;
use savt::webhook::{Client, Endpoint, EventFilter, Failure, Format, Resolver, Secret, send_test};

use super::SECRET;
use crate::harness::receiver::Receiver;

/// Every name is this receiver.
fn resolver(receiver: &Receiver) -> Resolver {
    let address = receiver.address();
    Resolver::new(move |_, _| Box::pin(async move { Ok(vec![address]) }))
}

fn endpoint(url: &str, allow_private: bool) -> Endpoint {
    let secret = Secret::parse(SECRET).unwrap();
    let filter = EventFilter::default();
    Endpoint::new(url, Format::Json, filter, vec![secret], allow_private).unwrap()
}

async fn send(client: Client, receiver: &Receiver, host: &str) -> Result<(), Failure> {
    let client = client.with_resolver(resolver(receiver));
    let url = format!("https://{host}/hooks/Zk9pW");
    let sent = send_test(&client, &endpoint(&url, false)).await;
    if let Err(failure) = &sent {
        assert!(!failure.to_string().contains("Zk9pW"), "{failure}");
    }
    sent
}

#[tokio::test]
async fn a_certificate_has_to_be_valid_for_the_host() {
    let (receiver, certificate) = Receiver::start_tls("hook.example").await;
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let trusting = Client::new(roots, true).unwrap();
    send(trusting.clone(), &receiver, "hook.example")
        .await
        .unwrap();
    let received = receiver.received();
    assert_eq!(
        (received.len(), received[0].path.as_str()),
        (1, "/hooks/Zk9pW")
    );
    assert_eq!(received[0].header("host"), "hook.example");
    assert!(super::signatures::is_verified(&received[0]));
    assert_eq!(received[0].json()["type"], "savt.test");

    let failure = send(trusting, &receiver, "other.example")
        .await
        .unwrap_err();
    assert!(failure.why.contains("not valid for name"), "{failure}");
    let strict = Client::new(RootCertStore::empty(), true).unwrap();
    let failure = send(strict, &receiver, "hook.example").await.unwrap_err();
    assert!(failure.why.contains("UnknownIssuer"), "{failure}");
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_private_address_is_not_connected_to() {
    let (receiver, certificate) = Receiver::start_tls("hook.example").await;
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let client = Client::new(roots, false).unwrap();
    let failure = send(client.clone(), &receiver, "hook.example")
        .await
        .unwrap_err();
    assert!(failure.why.contains("--webhook-allow-private"), "{failure}");
    for host in [
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
    ] {
        let url = format!("https://{host}:{}/", receiver.address().port());
        let failure = send_test(&client, &endpoint(&url, false))
            .await
            .unwrap_err();
        assert!(failure.why.contains("not public"), "{host}: {failure}");
    }
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn an_address_without_a_server_is_a_failure() {
    let mut receiver = Receiver::start().await;
    receiver.kill();
    let client = Client::new(RootCertStore::empty(), true).unwrap();
    let endpoint = endpoint(&receiver.url("/hooks/Zk9pW"), true);
    let failure = send_test(&client, &endpoint).await.unwrap_err();
    assert!(failure.why.starts_with("cannot connect"), "{failure}");
}
