//! How SAVT recognizes a browser: a form of a page comes with the cookie that the page set, and the cookie is renewed.

use savt::web::{Password, SitePassword};

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::db_test,
};

const ANNA: &str = "savt=00112233445566778899aabbccddeeff";

/// Posts a form as a page of SAVT does, with these cookies only.
async fn post_from_page(
    person: &TestClient,
    path: &str,
    cookies: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let request = person.post_request(path);
    let request = request
        .header("Sec-Fetch-Site", "same-origin")
        .header("Cookie", cookies);
    send(request.form(fields)).await.unwrap()
}

/// The name, value and attributes of each cookie that a response sets.
fn set_cookies(answer: &Answer) -> Vec<String> {
    let set = answer.headers.get_all("set-cookie").iter();
    set.map(|cookie| cookie.to_str().unwrap().to_owned())
        .collect()
}

db_test!(a_form_without_the_cookie_of_its_page_is_refused);
async fn a_form_without_the_cookie_of_its_page_is_refused(savt: Savt) {
    let bob = savt.person_called("Bob").await;
    let ham = bob.suggest("Ham", 1, None).await;
    let veto = format!("/features/{ham}/veto");
    let before = savt.stored().await;
    for (path, fields) in [
        ("/create/item/", &[("name", "One")][..]),
        ("/create/feature/", &[("name", "Egg")]),
        (&veto, &[]),
        ("/participant", &[("name", "Anna")]),
        ("/undo/2", &[]),
        ("/language", &[("language", "de")]),
    ] {
        for cookies in ["", "other=1", "savt=", "savt=admin"] {
            let stranger = savt.person();
            let page = post_from_page(&stranger, path, cookies, fields).await;
            let page = page.is(403);
            let reason = page.one(".problem p");
            assert!(reason.contains("keeps no cookies"), "{path}: {reason}");
            let htmx = stranger.with_htmx();
            let answer = post_from_page(&htmx, path, cookies, fields).await;
            let answer = answer.is(403);
            assert_eq!(answer.targets(), ["outerMorph #me", "beforeend #toasts"]);
            assert!(answer.toasts()[0].contains("keeps no cookies"));
        }
    }
    assert_eq!(savt.stored().await, before);
}

db_test!(a_lost_cookie_is_set_again_and_the_form_keeps_its_input);
async fn a_lost_cookie_is_set_again_and_the_form_keeps_its_input(savt: Savt) {
    let anna = savt.person();
    let fields = [("name", "<One> & \"two\""), ("kind", "vegan")];
    let page = post_from_page(&anna, "/create/item/", "", &fields).await;
    let page = page.is(403);
    assert_eq!(page.attribute("main form", "action"), "/create/item/");
    let field = |name: &str| page.attribute(&format!("main form [name={name}]"), "value");
    assert_eq!((&*field("name"), &*field("kind")), (fields[0].1, "vegan"));
    let token = set_cookies(&page)[0].split(';').next().unwrap().to_owned();
    assert!(token.starts_with("savt="), "{token}");
    let created = post_from_page(&anna, "/create/item/", &token, &fields).await;
    assert_eq!(created.is(303).header("location"), "/#item-1");
    assert_eq!(savt.stored().await.stats().people, 1);
}

db_test!(the_first_form_of_a_page_that_set_the_cookie_is_accepted);
async fn the_first_form_of_a_page_that_set_the_cookie_is_accepted(savt: Savt) {
    for path in ["", "/history"] {
        let person = savt.person();
        person.get(path).await.is(200);
        let request = person.post_request("/create/item/");
        let request = request.header("Sec-Fetch-Site", "same-origin");
        send(request.form(&[("name", "")])).await.unwrap().is(303);
    }
    // Two tabs that a new browser opens at once: the last response decides the cookie, for both.
    let person = savt.person();
    let [first, second] = [person.get_request("/"), person.get_request("/")];
    let (first, second) = tokio::join!(send(first), send(second));
    first.unwrap().is(200);
    second.unwrap().is(200);
    let request = || {
        let request = person.post_request("/create/item/");
        let request = request.header("Sec-Fetch-Site", "same-origin");
        send(request.form(&[("name", "")]))
    };
    let (first, second) = tokio::join!(request(), request());
    first.unwrap().is(303);
    second.unwrap().is(303);
    assert_eq!(savt.stored().await.stats().people, 3);
}

db_test!(a_form_of_htmx_is_recognized_without_sec_fetch_site);
async fn a_form_of_htmx_is_recognized_without_sec_fetch_site(savt: Savt) {
    // Over plain HTTP in a local network browsers send no `Sec-Fetch-Site`.
    let own = format!("http://{}", savt.address());
    let request = savt.person().with_htmx().post_request("/create/item/");
    let request = request.header("Origin", own).form(&[("name", "One")]);
    send(request).await.unwrap().is(403);
    assert_eq!(savt.stored().await.version(), 0);
}

db_test!(requests_of_an_open_page_set_no_new_cookie);
async fn requests_of_an_open_page_set_no_new_cookie(savt: Savt) {
    let item = savt.person_called("Bob").await.create_item("One").await;
    let htmx = savt.person().with_htmx();
    let menu = htmx.get(&format!("/items/{item}")).await.is(200);
    assert!(set_cookies(&menu).is_empty());
    let stream = savt.person().get_request("/events");
    let stream = stream.header("HX-Request", "true").send().await.unwrap();
    assert!(!stream.headers().contains_key("set-cookie"));
}

db_test!(programs_may_start_with_a_form);
async fn programs_may_start_with_a_form(savt: Savt) {
    savt.person().create_item("One").await;
    let htmx = savt.person().with_htmx();
    htmx.post("/create/item/", &[("name", "Two")]).await.is(200);
    assert_eq!(savt.stored().await.stats().people, 2);
}

db_test!(a_login_without_cookies_says_so);
async fn a_login_without_cookies_says_so(savt: Savt) {
    let password: Password = "a password".parse().unwrap();
    let lock = SitePassword::new(&password).unwrap();
    let savt = savt.another_with(|app| app.with_site_password(lock)).await;
    let fields = [("password", "a password"), ("to", "/history")];
    let page = post_from_page(&savt.person(), "/login", "", &fields).await;
    let page = page.is(403);
    assert!(page.one("#login-reason").contains("keeps no cookies"));
    assert_eq!(page.attribute("main [name=to]", "value"), "/history");
    assert!(
        !page.body.contains("value=\"a password"),
        "it is not sent back"
    );

    let browser = savt.person();
    browser.get("/login").await.is(200);
    for (path, fields) in [
        ("/language", &[("language", "en"), ("to", "/login")][..]),
        ("/login", &fields),
    ] {
        let request = browser.post_request(path);
        let request = request.header("Sec-Fetch-Site", "same-origin");
        send(request.form(fields)).await.unwrap().is(303);
    }
    browser.get("/history").await.is(200);
}

db_test!(the_cookies_are_renewed_once_a_month);
async fn the_cookies_are_renewed_once_a_month(savt: Savt) {
    let anna = savt.person();
    let get = async |path: &str, cookies: &str| {
        let request = anna.get_request(path).header("Cookie", cookies);
        send(request).await.unwrap()
    };
    let year = "HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000";
    let month = "HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000";
    // A browser of an earlier version, or one whose second cookie has ended.
    let old = format!("{ANNA}; savt-name=Z%C3%B6e; savt-language=de; savt-news=1");
    for path in ["/history", "/share"] {
        assert_eq!(
            set_cookies(&get(path, &old).await.is(200)),
            [
                format!("{ANNA}; {year}"),
                format!("savt-name=Z%C3%B6e; {year}"),
                format!("savt-language=de; {year}"),
                format!("savt-renewed=1; {month}"),
            ],
            "{path}"
        );
    }
    let renewed = format!("{old}; savt-renewed=1");
    let none: [&str; 0] = [];
    assert_eq!(set_cookies(&get("/history", &renewed).await.is(200)), none);

    // Also with the answer that the page has not changed, and with a write.
    let page = get("/", &format!("{ANNA}; savt-renewed=1")).await.is(200);
    assert_eq!(set_cookies(&page), none);
    let request = anna.get_request("/").header("Cookie", ANNA);
    let request = request.header("If-None-Match", page.header("etag"));
    let unchanged = send(request).await.unwrap().is(304);
    assert_eq!(set_cookies(&unchanged).len(), 2);
    let named = post_from_page(&anna, "/participant", &old, &[("name", "Anna")]).await;
    let set = set_cookies(&named.is(303));
    assert!(set.contains(&format!("{ANNA}; {year}")), "{set:?}");
    // What the form itself sets counts.
    assert!(set.contains(&format!("savt-name=Anna; {year}")), "{set:?}");
}
