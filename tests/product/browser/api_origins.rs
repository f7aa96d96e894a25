//! Pages of other sites in Chromium: those of an allowed origin read and write by `fetch`, others cannot.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
};

use savt::http::allowed_origins::AllowedOrigins;

use super::savt;
use crate::harness::browser::Browser;

/// A site that has one empty page.
fn site() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let page = "<!doctype html><title>Another site</title><link rel=icon href=data:,>";
            let length = page.len();
            let _ = stream.read(&mut [0; 8_192]);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{page}"
            );
        }
    });
    address
}

/// Joins, adds an item, changes it and reads the board, and returns what the page could read.
fn script(savt: SocketAddr) -> String {
    format!(
        "const done = arguments[arguments.length - 1];
         const board = 'http://{savt}/api/v1/boards/main';
         const send = (method, path, headers, body) =>
           fetch(board + path, {{ method, headers: {{ 'Content-Type': 'application/json', ...headers }}, body: JSON.stringify(body) }});
         (async () => {{
           const joined = await send('POST', '/participants', {{}}, {{ name: 'Ann' }});
           const own = {{ Authorization: 'Bearer ' + (await joined.json()).token }};
           const added = await send('POST', '/items', own, {{ name: 'Funghi' }});
           const item = await added.json();
           const changed = await send('PATCH', '/items/' + item.id, {{ ...own, 'If-Match': item.etag }}, {{ name: 'Napoli' }});
           const late = await send('PATCH', '/items/' + item.id, {{ ...own, 'If-Match': item.etag }}, {{ name: 'Marinara' }});
           const read = await fetch(board);
           const names = (await read.json()).items.map((item) => item.name);
           done([added.status, added.headers.get('Location'), changed.status, late.status, !!read.headers.get('ETag'), names.join()]);
         }})().catch((error) => done(error.name));"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_page_of_an_allowed_origin_can_use_the_api() {
    let (allowed, other) = (site(), site());
    let origins = AllowedOrigins::new(&[format!("http://{allowed}").parse().unwrap()]);
    let first = savt().await;
    let savt = first
        .another_with(|app| app.with_api_origins(origins))
        .await;
    let address = savt.address().to_string();

    let page = Browser::at(other).await;
    assert_eq!(
        page.script_async(&script(savt.address())).await,
        "TypeError"
    );
    // The script ended, so nothing is under way: the preflight kept the browser from sending anything.
    assert_eq!(savt.stored().await.version(), 0);
    page.close_despite(&[&address]).await;

    let page = Browser::at(allowed).await;
    let read = page.script_async(&script(savt.address())).await;
    let expected =
        serde_json::json!([201, "/api/v1/boards/main/items/1", 200, 412, true, "Napoli"]);
    assert_eq!(read, expected);
    page.close_despite(&[&address]).await;
}
