//! Deadlines for clients that have to send a request.

use super::*;

#[tokio::test]
async fn a_silent_client_is_disconnected() {
    let server = TestServer::with(HEAD).await;
    assert!(time_to_close(server.connect().await).await >= SHORT / 2);
}

#[tokio::test]
async fn sending_byte_by_byte_does_not_extend_the_head_deadline() {
    let server = TestServer::with(HEAD).await;
    for start in ["GET / HTTP/1.1\r\n", "\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n"] {
        let mut client = server.send(start.as_bytes()).await;
        dribble_until_closed(&mut client).await;
    }
}

#[tokio::test]
async fn the_head_deadline_holds_for_later_requests_too() {
    let server = TestServer::with(HEAD).await;
    let mut client = server.send(GET).await;
    read_until(&mut client, "a page").await;
    // There is no idle deadline here, so the client may wait before it starts.
    sleep(SHORT * 2).await;
    client.write_all(&GET[..10]).await.unwrap();
    time_to_close(client).await;
}

#[tokio::test]
async fn an_idle_connection_is_kept_until_its_deadline() {
    let server = TestServer::with(IDLE).await;
    let mut client = server.connect().await;
    for _ in 0..20 {
        client.write_all(GET).await.unwrap();
        read_until(&mut client, "a page").await;
        sleep(TICK).await;
    }
    assert!(time_to_close(client).await >= SHORT / 4);
}

#[tokio::test]
async fn pipelined_requests_are_all_answered() {
    let server = TestServer::with(Deadlines::default()).await;
    let mut client = server.send(&GET.repeat(3)).await;
    let mut text = String::new();
    while text.matches("a page").count() < 3 {
        text += &read_until(&mut client, "a page").await;
    }
}
