//! An HTTP client that acts as a participant's browser, with or without JavaScript.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use reqwest::{Client, ClientBuilder, RequestBuilder, cookie::Jar, redirect::Policy};

use super::page::{Page, Partial, text_of};

/// A client with its own cookies. A clone is another tab of the same browser.
#[derive(Clone)]
pub struct TestClient {
    client: Client,
    pub jar: Arc<Jar>,
    server: SocketAddr,
    /// The prefix of the board's paths: empty, or `/b/{slug}`.
    base: String,
    htmx: bool,
    /// The value of `Accept-Language`.
    language: Option<&'static str>,
    /// The value of `X-Forwarded-For`.
    forwarded_for: Option<String>,
    /// The last form that created an item or a feature, and when it was answered.
    last_creation: Arc<Mutex<Option<(String, Instant)>>>,
}

/// Two equal forms within 0.4 s are one double press. A person who sends the same on purpose waits longer.
const BETWEEN_EQUAL_FORMS: Duration = Duration::from_millis(450);

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl TestClient {
    pub fn at(server: SocketAddr) -> TestClient {
        TestClient::with(Client::builder(), server)
    }

    /// A client that connects from this address of this machine.
    pub fn from_address(own: IpAddr, server: SocketAddr) -> TestClient {
        TestClient::with(Client::builder().local_address(own), server)
    }

    fn with(builder: ClientBuilder, server: SocketAddr) -> TestClient {
        let jar = Arc::new(Jar::default());
        let client = builder
            .cookie_provider(jar.clone())
            .redirect(Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build();
        TestClient {
            client: client.unwrap(),
            jar,
            server,
            base: String::new(),
            htmx: false,
            language: None,
            forwarded_for: None,
            last_creation: Arc::default(),
        }
    }

    /// The same browser with htmx: it requests fragments.
    pub fn with_htmx(&self) -> TestClient {
        TestClient {
            htmx: true,
            ..self.clone()
        }
    }

    /// The same browser with another `Accept-Language`.
    pub fn reading(&self, accept_language: &'static str) -> TestClient {
        TestClient {
            language: Some(accept_language),
            ..self.clone()
        }
    }

    /// The same browser behind a proxy that reports this client address.
    pub fn forwarded_for(&self, client: &str) -> TestClient {
        TestClient {
            forwarded_for: Some(client.to_owned()),
            ..self.clone()
        }
    }

    /// The same browser on another server.
    pub fn moved_to(&self, server: SocketAddr) -> TestClient {
        TestClient {
            server,
            ..self.clone()
        }
    }

    /// The same browser on the board with this path prefix.
    pub fn on_board(&self, base: &str) -> TestClient {
        TestClient {
            base: base.to_owned(),
            ..self.clone()
        }
    }

    /// The full URL of a path on the board.
    pub fn address_of(&self, path: &str) -> String {
        let base = match (self.base.as_str(), path) {
            ("", "") => "/",
            (base, _) => base,
        };
        format!("http://{}{base}{path}", self.server)
    }

    fn with_headers(&self, request: RequestBuilder) -> RequestBuilder {
        let request = self.with_client_headers(request);
        match self.htmx {
            true => request.header("HX-Request", "true"),
            false => request,
        }
    }

    fn with_client_headers(&self, request: RequestBuilder) -> RequestBuilder {
        let request = match &self.forwarded_for {
            Some(client) => request.header("X-Forwarded-For", client),
            None => request,
        };
        match self.language {
            Some(language) => request.header("Accept-Language", language),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = self.client.get(self.address_of(path));
        send(self.with_headers(request)).await.unwrap()
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.try_post(path, fields).await.unwrap()
    }

    /// Like [`TestClient::post`], for a server that may be unreachable.
    pub async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Answer> {
        send(self.post_request(path).form(fields)).await
    }

    /// A GET request for a path from the root, to be changed before it is sent.
    pub fn get_request(&self, address: &str) -> RequestBuilder {
        let request = self.client.get(format!("http://{}{address}", self.server));
        self.with_client_headers(request)
    }

    /// A HEAD request for a path from the root.
    pub async fn head(&self, path: &str) -> Answer {
        let request = self.client.head(format!("http://{}{path}", self.server));
        send(self.with_client_headers(request)).await.unwrap()
    }

    /// A POST request for a path on the board, to be changed before it is sent.
    pub fn post_request(&self, path: &str) -> RequestBuilder {
        self.with_headers(self.client.post(self.address_of(path)))
    }

    /// Loads the page of the board.
    pub async fn page(&self) -> Page {
        self.get("").await.is(200).page()
    }

    /// The content of the board as text, one line per item.
    pub async fn sees(&self) -> String {
        self.page().await.shown.to_string()
    }

    /// The texts of the history, newest first.
    pub async fn history(&self) -> Vec<String> {
        self.get("/history").await.is(200).all("li.event > p")
    }

    /// The number of the newest event.
    pub async fn last_event(&self) -> i64 {
        let answer = self.get("/history").await.is(200);
        let id = answer.attribute("li.event", "id");
        id.strip_prefix("event-").unwrap().parse().unwrap()
    }

    pub async fn create_item(&self, name: &str) -> i64 {
        self.create_item_of_kind(name, "").await
    }

    pub async fn create_item_of_kind(&self, name: &str, kind: &str) -> i64 {
        let fields = [("name", name), ("kind", kind)];
        let answer = self.create("/create/item/", &fields).await;
        answer.created_id("item")
    }

    pub async fn suggest(&self, name: &str, amount: u8, item: impl Into<Option<i64>>) -> i64 {
        let (amount, item) = (amount.to_string(), id_or_empty(item.into()));
        let fields = [("name", name), ("amount", &amount), ("item_id", &item)];
        let answer = self.create("/create/feature/", &fields).await;
        answer.created_id("feature")
    }

    /// Posts a form that creates something. Waits first if it is equal to the last one.
    async fn create(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let values: Vec<_> = fields.iter().map(|(_, value)| value.trim()).collect();
        let form = format!("{} {values:?}", self.address_of(path));
        let last = self.last_creation.lock().unwrap().clone();
        if let Some((last, at)) = last
            && last == form
        {
            tokio::time::sleep_until((at + BETWEEN_EQUAL_FORMS).into()).await;
        }
        let answer = self.post(path, fields).await;
        *self.last_creation.lock().unwrap() = Some((form, Instant::now()));
        answer
    }

    pub async fn veto(&self, feature: i64) {
        self.expect_post(&format!("/features/{feature}/veto"), &[])
            .await;
    }

    /// Vetoes with a reason. An empty reason removes the present one.
    pub async fn veto_because(&self, feature: i64, why: &str) {
        self.expect_post(&format!("/features/{feature}/veto"), &[("reason", why)])
            .await;
    }

    pub async fn withdraw_veto(&self, feature: i64) {
        self.expect_post(&format!("/features/{feature}/unveto"), &[])
            .await;
    }

    pub async fn move_to(&self, feature: i64, item: impl Into<Option<i64>>) {
        let item = id_or_empty(item.into());
        let path = format!("/features/{feature}/move");
        self.expect_post(&path, &[("item_id", &item)]).await;
    }

    pub async fn edit_feature(&self, feature: i64, name: &str, amount: u8) {
        let path = format!("/features/{feature}/edit");
        let amount = amount.to_string();
        self.expect_post(&path, &[("name", name), ("amount", &amount)])
            .await;
    }

    pub async fn delete_feature(&self, feature: i64) {
        self.expect_post(&format!("/features/{feature}/delete"), &[])
            .await;
    }

    pub async fn edit_item(&self, item: i64, name: &str, kind: &str) {
        let path = format!("/items/{item}/edit");
        self.expect_post(&path, &[("name", name), ("kind", kind)])
            .await;
    }

    pub async fn merge(&self, item: i64, into: i64) {
        let path = format!("/items/{item}/merge");
        self.expect_post(&path, &[("into", &into.to_string())])
            .await;
    }

    pub async fn split(&self, item: i64) {
        self.expect_post(&format!("/items/{item}/split"), &[]).await;
    }

    pub async fn delete_item(&self, item: i64) {
        self.expect_post(&format!("/items/{item}/delete"), &[])
            .await;
    }

    pub async fn set_name(&self, name: &str) {
        self.expect_post("/participant", &[("name", name)]).await;
    }

    pub async fn claim(&self, name: &str) {
        let fields = [("name", name), ("claim", "1")];
        self.expect_post("/participant", &fields).await;
    }

    pub async fn undo(&self, event: i64) {
        self.expect_post(&format!("/undo/{event}"), &[]).await;
    }

    /// "I'm fine with the rest", as of what the page shows now.
    pub async fn consent(&self) {
        let seen = self.page().await.version.to_string();
        self.expect_post("/consent", &[("fine", "1"), ("seen", &seen)])
            .await;
    }

    /// Creates a board and returns its path prefix.
    pub async fn create_board(&self, name: &str) -> String {
        let answer = self.post("/boards", &[("name", name)]).await;
        answer.is(303).header("location").to_owned()
    }

    /// Posts a form and expects success.
    async fn expect_post(&self, path: &str, fields: &[(&str, &str)]) {
        let expected = if self.htmx { 200 } else { 303 };
        self.post(path, fields).await.is(expected);
    }
}

fn id_or_empty(id: Option<i64>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// Sends a request built by [`TestClient::get_request`] or [`TestClient::post_request`].
pub async fn send(request: RequestBuilder) -> reqwest::Result<Answer> {
    Answer::from_response(request.send().await?).await
}

impl Answer {
    pub(super) async fn from_response(response: reqwest::Response) -> reqwest::Result<Answer> {
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await?,
        })
    }

    /// Asserts the status and returns the response.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// The value of a header. Panics if it is missing.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self
            .headers
            .get(name)
            .unwrap_or_else(|| panic!("no header {name}"));
        value.to_str().unwrap()
    }

    /// The id in the fragment of the redirect.
    #[track_caller]
    fn created_id(self, kind: &str) -> i64 {
        let answer = self.is(303);
        let location = answer.header("location");
        let id = location.split_once(&format!("#{kind}-"));
        id.unwrap_or_else(|| panic!("no {kind} in {location}"))
            .1
            .parse()
            .unwrap()
    }

    pub fn page(&self) -> Page {
        Page::parse(&self.body)
    }

    /// The fragments of the response.
    pub fn partials(&self) -> Vec<Partial> {
        Partial::parse_all(&self.body)
    }

    /// The swap and target of each fragment: `outerMorph #feature-1`.
    pub fn targets(&self) -> Vec<String> {
        self.partials().iter().map(Partial::to_string).collect()
    }

    /// The text of every element that matches a selector.
    pub fn all(&self, selector: &str) -> Vec<String> {
        text_of(&self.body, selector)
    }

    /// The text of the first element that matches a selector. Panics if there is none.
    #[track_caller]
    pub fn one(&self, selector: &str) -> String {
        let mut found = self.all(selector);
        assert!(!found.is_empty(), "no {selector} in {}", self.body);
        found.swap_remove(0)
    }

    /// An attribute of the first element that matches a selector.
    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        super::page::attribute_of(&self.body, selector, name)
            .unwrap_or_else(|| panic!("no {selector} with {name} in {}", self.body))
    }

    /// The texts of the toasts.
    pub fn toasts(&self) -> Vec<String> {
        self.all(".toast > p")
    }
}
