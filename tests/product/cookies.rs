//! Cookies as browsers and other applications on the same host send them.

use reqwest::header::HeaderValue;
use savt::{
    db::Backend,
    web::{Password, SitePassword},
};

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::{Fresh, FromDatabase, db_test},
    process::Process,
};

const ANNA: &str = "00112233445566778899aabbccddeeff";
const EVE: &str = "ffffffffffffffffffffffffffffffff";

/// `Cookie` headers in which another application hides the cookies of SAVT from a reader that is too strict. `#` stands for
/// SAVT's cookie.
const HEADERS: [&[&[u8]]; 10] = [
    &[b"#"],
    &[b"other=J\xc3\xbcrgen; #"],
    &[b"#; other=J\xfcrgen"],
    &[b"other=J\xc3\xbcrgen", b"#"],
    &[b"#", b"\xff\xfe"],
    &[b"\"=\"; ;=; a b=c d;#;"],
    &[b"other=\"a; #; b\""],
    &[b"other=%ff; #"],
    &[b"savt=%ff; savt=; savt=\xff; #"],
    &[b"Savt=1; savt2=1; xsavt=1; #"],
];

/// Requests a path with these `Cookie` headers.
async fn get(person: &TestClient, path: &str, headers: &[&[u8]], own: &str) -> Answer {
    let mut request = person.get_request(path);
    for header in headers {
        let mut bytes = Vec::new();
        for byte in *header {
            match byte {
                b'#' => bytes.extend(own.bytes()),
                byte => bytes.push(*byte),
            }
        }
        request = request.header("Cookie", HeaderValue::from_bytes(&bytes).unwrap());
    }
    send(request).await.unwrap()
}

/// The `Set-Cookie` headers of a response.
fn set_cookies(answer: &Answer) -> Vec<&str> {
    let set = answer.headers.get_all("set-cookie").iter();
    set.map(|cookie| cookie.to_str().unwrap()).collect()
}

/// Whether a response keeps Anna's token: it sets none, or renews this one.
fn keeps_token(answer: &Answer) -> bool {
    let kept = ["savt=", "__Host-savt="].map(|name| format!("{name}{ANNA}; "));
    let is_token = |cookie: &&str| cookie.split('=').next().unwrap().ends_with("savt");
    let mut tokens = set_cookies(answer).into_iter().filter(is_token);
    tokens.all(|cookie| kept.iter().any(|kept| cookie.starts_with(kept)))
}

/// The board `main`, on which the browser with the token [`ANNA`] is Anna.
async fn with_anna(person: &TestClient) {
    let request = person.post_request("/participant");
    let request = request.header("Cookie", format!("savt={ANNA}"));
    let named = send(request.form(&[("name", "Anna")])).await.unwrap();
    named.is(303);
}

db_test!(cookies_of_other_applications_hide_no_cookie);
async fn cookies_of_other_applications_hide_no_cookie(savt: Savt) {
    with_anna(&savt.person()).await;
    for (n, headers) in HEADERS.iter().enumerate() {
        let person = savt.person();
        let page = get(&person, "/", headers, &format!("savt={ANNA}")).await;
        assert_eq!(page.page().me, "You are Anna", "{n}");
        assert!(keeps_token(&page), "{n}");
        let boards = get(&person, "/boards", headers, &format!("savt={ANNA}")).await;
        assert!(boards.body.contains("Anna"), "{n}: {}", boards.body);

        let named = get(&person, "/", headers, "savt-name=Z%C3%B6e").await;
        let offered = named.attribute("#me input[name=name]", "value");
        assert_eq!(offered, "Zöe", "{n}");
        let german = get(&person, "/", headers, "savt-language=de").await;
        assert!(german.body.contains("<html lang=\"de\">"), "{n}");
        let told = get(&person, "/", headers, "savt-news=1").await;
        assert_eq!(told.toasts().len(), 1, "{n}");
    }
    let long = format!("other={}; savt={ANNA}", "ü".repeat(12_000));
    let page = get(&savt.person(), "/", &[long.as_bytes()], "").await;
    assert_eq!(page.page().me, "You are Anna");
    let quoted = get(&savt.person(), "/", &[b"#"], &format!("savt=\"{ANNA}\"")).await;
    assert_eq!(quoted.page().me, "You are Anna");
    let two = format!("savt={ANNA}; savt={EVE}");
    let page = get(&savt.person(), "/", &[b"#"], &two).await;
    assert_eq!(
        page.page().me,
        "You are Anna",
        "the most specific cookie is first"
    );
}

db_test!(cookies_of_other_applications_hide_no_session);
async fn cookies_of_other_applications_hide_no_session(savt: Savt) {
    let password: Password = "a password".parse().unwrap();
    let lock = SitePassword::new(&password).unwrap();
    let savt = savt.another_with(|app| app.with_site_password(lock)).await;
    let fields = [("password", "a password")];
    let answer = savt.person().post("/login", &fields).await.is(303);
    let session = answer.header("set-cookie").split(';').next().unwrap();
    for (n, headers) in HEADERS.iter().enumerate() {
        let page = get(&savt.person(), "/", headers, session).await;
        assert_eq!(page.status, 200, "{n}");
    }
    let expired = format!("savt-session=1-x; {session}");
    get(&savt.person(), "/", &[b"#"], &expired).await.is(200);
}

/// A server behind a proxy that terminates TLS, with a password if there is one.
fn serve_behind_tls(fresh: &Fresh, options: &[&str]) -> Process {
    let proxy = ["--trusted-proxy", "127.0.0.1"];
    Process::serve_with(&[&proxy, options].concat(), fresh.url())
}

/// Requests the board's page, or another one, through the proxy with this scheme.
async fn forwarded(process: &Process, proto: &str, path: &str, cookies: &str) -> Answer {
    let request = process.person().get_request(path);
    let request = request
        .header("X-Forwarded-For", "203.0.113.7")
        .header("X-Forwarded-Proto", proto)
        .header("Cookie", cookies);
    send(request).await.unwrap().is(200)
}

db_test!(with_tls_the_token_is_bound_to_the_host);
async fn with_tls_the_token_is_bound_to_the_host(fresh: Fresh) {
    let process = serve_behind_tls(&fresh, &[]);
    with_anna(&process.person()).await;
    let new = forwarded(&process, "https", "/", "").await;
    let [cookie, _renewed] = set_cookies(&new)[..] else {
        panic!("{new:?}");
    };
    let (name, rest) = cookie.split_once('=').unwrap();
    let (token, attributes) = rest.split_once("; ").unwrap();
    assert_eq!((name, token.len()), ("__Host-savt", 32));
    let mut attributes: Vec<&str> = attributes.split("; ").collect();
    attributes.sort_unstable();
    // Browsers reject the prefix without `Secure` and `Path=/`, or with `Domain`.
    let expected = [
        "HttpOnly",
        "Max-Age=31536000",
        "Path=/",
        "SameSite=Lax",
        "Secure",
    ];
    assert_eq!(attributes, expected);

    // The cookie of an earlier version is taken over once, and stays for a return to that version.
    let taken_over = forwarded(&process, "https", "/", &format!("savt={ANNA}")).await;
    assert_eq!(taken_over.page().me, "You are Anna");
    let set = set_cookies(&taken_over);
    assert_eq!(set.len(), 2, "{set:?}");
    assert!(
        set[0].starts_with(&format!("__Host-savt={ANNA}; ")),
        "{set:?}"
    );

    // From then on a planted one is ignored, whatever the proxy tells.
    let planted = [
        format!("savt={EVE}; __Host-savt={ANNA}"),
        format!("__Host-savt={ANNA}; savt={EVE}"),
    ];
    for cookies in &planted {
        for proto in ["https", "http"] {
            let page = forwarded(&process, proto, "/", cookies).await;
            assert_eq!(page.page().me, "You are Anna", "{proto} {cookies}");
            assert!(keeps_token(&page), "{proto} {cookies}");
        }
        let boards = forwarded(&process, "https", "/boards", cookies).await;
        assert!(boards.body.contains("Anna"));
    }

    // Over plain HTTP nothing changes.
    let plain = forwarded(&process, "http", "/", &format!("savt={ANNA}")).await;
    assert_eq!(plain.page().me, "You are Anna");
    assert!(keeps_token(&plain));
    let new = forwarded(&process, "http", "/", "").await;
    assert!(set_cookies(&new)[0].starts_with("savt="));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_tls_the_session_is_bound_to_the_host() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let process = serve_behind_tls(&fresh, &["--password", "a password"]);
    let post = async |proto: &str, path: &str, cookies: &str| {
        let request = process.person().post_request(path);
        let request = request
            .header("X-Forwarded-For", "203.0.113.7")
            .header("X-Forwarded-Proto", proto)
            .header("Cookie", cookies);
        let request = request.form(&[("password", "a password")]);
        send(request).await.unwrap().is(303)
    };
    let sessions = async |proto: &str| {
        let answer = post(proto, "/login", "").await;
        set_cookies(&answer)[0]
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    };
    let [plain, host] = [sessions("http").await, sessions("https").await];
    assert!(plain.starts_with("savt-session="), "{plain}");
    assert!(host.starts_with("__Host-savt-session="), "{host}");
    for cookies in [&plain, &host] {
        forwarded(&process, "https", "/", cookies).await;
    }
    // Logging out removes both, so that the other one does not log in again.
    let both = format!("{plain}; {host}");
    for proto in ["http", "https"] {
        let answer = post(proto, "/logout", &both).await;
        let set = set_cookies(&answer);
        assert_eq!(set.len(), 2, "{set:?}");
        assert!(
            set.iter().all(|cookie| cookie.contains("Max-Age=0")),
            "{set:?}"
        );
        assert!(set[0].starts_with("__Host-savt-session=;") && set[0].contains("; Secure"));
        assert!(set[1].starts_with("savt-session=;"));
    }
    let answer = post("https", "/logout", &plain).await;
    assert_eq!(set_cookies(&answer).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claimed_name_survives_the_cookie_of_another_application() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let savt = Savt::from_database(fresh).await;
    let claimed = savt
        .another_with(|app| app.with_identity(savt::model::Identity::Claimed))
        .await;
    with_anna(&claimed.person()).await;
    let cookies = HeaderValue::from_bytes(format!("other=Jürgen; savt={ANNA}").as_bytes());
    let request = claimed.person().post_request("/create/item/");
    let request = request.header("Cookie", cookies.unwrap());
    let created = send(request.form(&[("name", "One")])).await.unwrap();
    created.is(303);
    assert_eq!(savt.stored().await.stats().people, 1);
}
