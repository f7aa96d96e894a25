//! Deadlines of HTTP/2 connections.

use super::*;

const HTTP2_PING: &[u8] = b"\0\0\x08\x06\0\0\0\0\0pingping";
/// A complete request on stream 1: GET (index 2 of RFC 7541, appendix A), http (6), a path (4) and an authority (1).
const HTTP2_GET_STREAM: &[u8] = b"\0\0\x11\x01\x05\0\0\0\x01\x82\x86\x04\x07/stream\x01\x04savt";

/// Sends a PING at every tick until the server closes the connection. Returns what it has sent.
async fn ping_until_closed(mut client: TcpStream) -> Vec<u8> {
    let mut received = Vec::new();
    let ping = async {
        while client.write_all(HTTP2_PING).await.is_ok() {
            match timeout(TICK, client.read_buf(&mut received)).await {
                Ok(Ok(0) | Err(_)) => return,
                Ok(Ok(_)) => sleep(TICK).await,
                Err(_) => {}
            }
        }
    };
    timeout(TEST_TIMEOUT, ping).await.unwrap();
    received
}

#[tokio::test]
async fn http2_input_does_not_extend_the_idle_deadline() {
    let server = TestServer::with(IDLE).await;
    // A frame of an unknown type, 16,383 bytes long.
    let frame = b"\0\x3f\xff\xfa\0\0\0\0\0";
    let start = [HTTP2_START, frame].concat();
    let mut client = server.send(&start).await;
    dribble_until_closed(&mut client).await;
}

#[tokio::test]
async fn pings_do_not_keep_an_idle_http2_connection() {
    let server = TestServer::with(IDLE).await;
    let client = server.send(HTTP2_START).await;
    let received = ping_until_closed(client).await;
    let answered = received.windows(8).any(|bytes| bytes == b"pingping");
    assert!(answered, "the server answers PINGs: {received:?}");
}

#[tokio::test]
async fn an_http2_stream_lives_as_long_as_it_sends() {
    let server = TestServer::with(IDLE).await;
    let start = [HTTP2_START, HTTP2_GET_STREAM].concat();
    let received = ping_until_closed(server.send(&start).await).await;
    let text = String::from_utf8_lossy(&received);
    assert_eq!(text.matches(": tick").count(), 30, "{text}");
    assert!(text.contains("the end"), "{text}");
}
