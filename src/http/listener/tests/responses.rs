//! Deadlines for clients that have to read a response, or have disconnected.

use super::*;

#[tokio::test]
async fn no_deadline_cuts_off_a_slow_response() {
    let server = TestServer::with(Deadlines {
        idle: SHORT,
        ..HEAD
    })
    .await;
    let mut client = server.connect().await;
    for _ in 0..2 {
        client.write_all(GET_SLOW).await.unwrap();
        read_until(&mut client, "at last").await;
    }
    time_to_close(client).await;
}

#[tokio::test]
async fn a_stream_lives_as_long_as_it_sends() {
    let server = TestServer::with(Deadlines {
        head: SHORT,
        idle: SHORT,
        write: SHORT,
        ended: SHORT,
    })
    .await;
    let mut client = server.connect().await;
    let start = Instant::now();
    client.write_all(GET_STREAM).await.unwrap();
    let text = read_until(&mut client, "the end").await;
    assert_eq!(text.matches(": tick").count(), 30);
    assert!(start.elapsed() > SHORT * 2);
}

#[tokio::test]
async fn a_stream_ends_after_its_client_has_disconnected() {
    let server = TestServer::with(ENDED).await;
    let mut client = server.send(GET_STREAM).await;
    read_until(&mut client, ": tick").await;
    client.shutdown().await.unwrap();
    let rest = String::from_utf8(read_to_end(&mut client).await).unwrap();
    assert!(!rest.contains("the end"), "{rest}");
}

#[tokio::test]
async fn a_silent_stream_ends_after_its_client_has_disconnected() {
    let server = TestServer::with(ENDED).await;
    let mut client = server.send(GET_SILENT).await;
    read_until(&mut client, "begun").await;
    client.shutdown().await.unwrap();
    time_to_close(client).await;
}

#[tokio::test]
async fn a_client_that_has_closed_its_sending_side_gets_its_response() {
    let server = TestServer::with(Deadlines {
        // Long enough for the slow response.
        ended: TEST_TIMEOUT,
        ..NO_DEADLINES
    })
    .await;
    for (request, response) in [(GET, "a page"), (GET_SLOW, "at last")] {
        let mut client = server.send(request).await;
        client.shutdown().await.unwrap();
        read_until(&mut client, response).await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_its_response_is_disconnected() {
    let server = TestServer::with(WRITE).await;
    let mut client = server.send(GET_HUGE).await;
    read_until(&mut client, "xxx").await;
    server.wait_until_idle().await;
    // More data than both sides can buffer has remained.
    let response = read_to_end(&mut client).await;
    assert!(response.len() < HUGE);
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_the_full_response() {
    let server = TestServer::with(WRITE).await;
    let mut client = server.send(GET_HUGE).await;
    let start = Instant::now();
    let mut piece = vec![0; 4 * 1024 * 1024];
    let mut count = 0;
    while count < HUGE {
        count += timeout(TEST_TIMEOUT, client.read(&mut piece))
            .await
            .unwrap()
            .unwrap();
        if start.elapsed() < SHORT * 3 {
            sleep(TICK).await;
        }
    }
    assert!(start.elapsed() > SHORT * 2);
}
