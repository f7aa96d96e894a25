//! Limits on the number of connections.

use std::num::NonZeroU32;

use super::*;

const LIMIT: Option<NonZeroU32> = NonZeroU32::new(3);

/// Clients that have got a page over connections that stay open.
async fn served(server: &TestServer, count: usize) -> Vec<TcpStream> {
    let mut clients = Vec::new();
    for _ in 0..count {
        let mut client = server.send(GET).await;
        read_until(&mut client, "a page").await;
        clients.push(client);
    }
    clients
}

async fn assert_closed_at_once(server: &TestServer) {
    let mut client = server.connect().await;
    // It may be closed before the request is sent.
    let _ = client.write_all(GET).await;
    assert_eq!(read_to_end(&mut client).await, b"");
}

/// Waits until the server serves one more client.
async fn wait_until_served(server: &TestServer) -> TcpStream {
    let one_more = async {
        loop {
            let mut client = server.connect().await;
            let mut received = Vec::new();
            if client.write_all(GET).await.is_ok()
                && matches!(client.read_buf(&mut received).await, Ok(1..))
            {
                return client;
            }
            sleep(TICK).await;
        }
    };
    timeout(TEST_TIMEOUT, one_more).await.unwrap()
}

/// Beyond the limit, new connections are closed, existing ones go on, and each one that ends makes room for another.
async fn assert_limited(limits: ConnectionLimits) {
    let server = TestServer::with_limits(NO_DEADLINES, limits).await;
    let mut clients = served(&server, 3).await;
    for _ in 0..3 {
        assert_closed_at_once(&server).await;
    }
    for client in &mut clients {
        client.write_all(GET).await.unwrap();
        read_until(client, "a page").await;
    }
    drop(clients.pop());
    clients.push(wait_until_served(&server).await);
    assert_closed_at_once(&server).await;
}

#[tokio::test]
async fn a_client_has_a_limited_number_of_connections() {
    assert_limited(ConnectionLimits::new(LIMIT, None, Vec::new())).await;
}

#[tokio::test]
async fn there_is_a_limited_number_of_connections_in_total() {
    let loopback = "127.0.0.0/8".parse().unwrap();
    assert_limited(ConnectionLimits::new(None, LIMIT, vec![loopback])).await;
}

#[tokio::test]
async fn exempt_clients_have_no_limit_of_their_own() {
    let loopback = "127.0.0.0/8".parse().unwrap();
    let limits = ConnectionLimits::new(LIMIT, None, vec![loopback]);
    let server = TestServer::with_limits(NO_DEADLINES, limits).await;
    served(&server, 10).await;
}

#[tokio::test]
async fn a_connection_counts_until_it_ends_also_with_http2() {
    let limits = ConnectionLimits::new(LIMIT, None, Vec::new());
    let server = TestServer::with_limits(NO_DEADLINES, limits).await;
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = server.send(HTTP2_START).await;
        // The settings of the server: it has handed the connection over to HTTP/2.
        let mut received = Vec::new();
        assert!(client.read_buf(&mut received).await.unwrap() > 0);
        clients.push(client);
    }
    assert_closed_at_once(&server).await;
    clients.clear();
    wait_until_served(&server).await;
}
