//! A person at a browser without JavaScript, or with it: what one can press, and what comes back.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use reqwest::{Client, RequestBuilder, cookie::Jar, redirect::Policy};

use super::page::{Page, Partial, text_of};

/// Somebody at a browser of their own. A clone is another tab of it.
#[derive(Clone)]
pub struct Person {
    client: Client,
    pub jar: Arc<Jar>,
    server: SocketAddr,
    /// What the addresses of the board begin with: nothing, or `/b/{slug}`.
    base: String,
    htmx: bool,
    /// What the browser sends as `Accept-Language`.
    language: Option<&'static str>,
    /// For whom a proxy says that it asks.
    forwarded_for: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Person {
    pub fn at(server: SocketAddr) -> Person {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(jar.clone())
            .redirect(Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build();
        Person {
            client: client.unwrap(),
            jar,
            server,
            base: String::new(),
            htmx: false,
            language: None,
            forwarded_for: None,
        }
    }

    /// The same browser with JavaScript: wants only what changed.
    pub fn with_htmx(&self) -> Person {
        Person {
            htmx: true,
            ..self.clone()
        }
    }

    /// The same browser set to these languages.
    pub fn reading(&self, accept_language: &'static str) -> Person {
        Person {
            language: Some(accept_language),
            ..self.clone()
        }
    }

    /// The same browser behind a proxy, which says where it is.
    pub fn forwarded_for(&self, client: &str) -> Person {
        Person {
            forwarded_for: Some(client.to_owned()),
            ..self.clone()
        }
    }

    /// The same browser on another SAVT.
    pub fn moved_to(&self, server: SocketAddr) -> Person {
        Person {
            server,
            ..self.clone()
        }
    }

    /// The same browser on another board, by what its addresses begin with.
    pub fn on_board(&self, base: &str) -> Person {
        Person {
            base: base.to_owned(),
            ..self.clone()
        }
    }

    /// The address of a path of the board.
    pub fn address_of(&self, path: &str) -> String {
        let base = match (self.base.as_str(), path) {
            ("", "") => "/",
            (base, _) => base,
        };
        format!("http://{}{base}{path}", self.server)
    }

    fn with_headers(&self, request: RequestBuilder) -> RequestBuilder {
        let request = self.with_language(request);
        match self.htmx {
            true => request.header("HX-Request", "true"),
            false => request,
        }
    }

    fn with_language(&self, request: RequestBuilder) -> RequestBuilder {
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

    /// The same where the server may not be there.
    pub async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Answer> {
        send(self.posting(path).form(fields)).await
    }

    /// A request for an address as a page names it, to be changed before it is sent.
    pub fn getting_at(&self, address: &str) -> RequestBuilder {
        let request = self.client.get(format!("http://{}{address}", self.server));
        self.with_language(request)
    }

    /// A request to be changed before it is sent.
    pub fn posting(&self, path: &str) -> RequestBuilder {
        self.with_headers(self.client.post(self.address_of(path)))
    }

    /// The page of the board.
    pub async fn page(&self) -> Page {
        self.get("").await.is(200).page()
    }

    /// What stands on the board, as text: a line an item.
    pub async fn sees(&self) -> String {
        self.page().await.shown.to_string()
    }

    /// The history in words, newest first.
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
        let answer = self.post("/create/item/", &fields).await;
        answer.thing("item")
    }

    pub async fn suggest(&self, name: &str, amount: u8, item: impl Into<Option<i64>>) -> i64 {
        let (amount, item) = (amount.to_string(), id_or_nothing(item.into()));
        let fields = [("name", name), ("amount", &amount), ("item_id", &item)];
        let answer = self.post("/create/feature/", &fields).await;
        answer.thing("feature")
    }

    pub async fn veto(&self, feature: i64) {
        self.press(&format!("/features/{feature}/veto"), &[]).await;
    }

    /// Vetoes and says why; nothing takes the reason away.
    pub async fn veto_because(&self, feature: i64, why: &str) {
        self.press(&format!("/features/{feature}/veto"), &[("reason", why)])
            .await;
    }

    pub async fn take_back(&self, feature: i64) {
        self.press(&format!("/features/{feature}/unveto"), &[])
            .await;
    }

    pub async fn move_to(&self, feature: i64, item: impl Into<Option<i64>>) {
        let item = id_or_nothing(item.into());
        let path = format!("/features/{feature}/move");
        self.press(&path, &[("item_id", &item)]).await;
    }

    pub async fn edit_feature(&self, feature: i64, name: &str, amount: u8) {
        let path = format!("/features/{feature}/edit");
        let amount = amount.to_string();
        self.press(&path, &[("name", name), ("amount", &amount)])
            .await;
    }

    pub async fn delete_feature(&self, feature: i64) {
        self.press(&format!("/features/{feature}/delete"), &[])
            .await;
    }

    pub async fn edit_item(&self, item: i64, name: &str, kind: &str) {
        let path = format!("/items/{item}/edit");
        self.press(&path, &[("name", name), ("kind", kind)]).await;
    }

    pub async fn merge(&self, item: i64, into: i64) {
        let path = format!("/items/{item}/merge");
        self.press(&path, &[("into", &into.to_string())]).await;
    }

    pub async fn split(&self, item: i64) {
        self.press(&format!("/items/{item}/split"), &[]).await;
    }

    pub async fn delete_item(&self, item: i64) {
        self.press(&format!("/items/{item}/delete"), &[]).await;
    }

    pub async fn call(&self, name: &str) {
        self.press("/participant", &[("name", name)]).await;
    }

    pub async fn claim(&self, name: &str) {
        let fields = [("name", name), ("claim", "1")];
        self.press("/participant", &fields).await;
    }

    pub async fn undo(&self, event: i64) {
        self.press(&format!("/undo/{event}"), &[]).await;
    }

    /// A new board, by what its addresses begin with.
    pub async fn create_board(&self, name: &str) -> String {
        let answer = self.post("/boards", &[("name", name)]).await;
        answer.is(303).header("location").to_owned()
    }

    /// Does what has to work.
    async fn press(&self, path: &str, fields: &[(&str, &str)]) {
        let expected = if self.htmx { 200 } else { 303 };
        self.post(path, fields).await.is(expected);
    }
}

fn id_or_nothing(id: Option<i64>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// Sends a request that may have been changed.
pub async fn send(request: RequestBuilder) -> reqwest::Result<Answer> {
    Answer::of(request.send().await?).await
}

impl Answer {
    pub(super) async fn of(response: reqwest::Response) -> reqwest::Result<Answer> {
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await?,
        })
    }

    /// The answer if it has this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// The header, which has to be there.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self
            .headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name}"));
        value.to_str().unwrap()
    }

    /// The id of the thing a browser is sent back to.
    #[track_caller]
    fn thing(self, sort: &str) -> i64 {
        let answer = self.is(303);
        let place = answer.header("location");
        let id = place.split_once(&format!("#{sort}-"));
        id.unwrap_or_else(|| panic!("{place}")).1.parse().unwrap()
    }

    pub fn page(&self) -> Page {
        Page::parse(&self.body)
    }

    /// The fragments in it.
    pub fn partials(&self) -> Vec<Partial> {
        Partial::parse_all(&self.body)
    }

    /// Where its fragments go and how: `outerMorph #feature-1`.
    pub fn targets(&self) -> Vec<String> {
        self.partials().iter().map(Partial::to_string).collect()
    }

    /// The text of every element a selector finds.
    pub fn all(&self, selector: &str) -> Vec<String> {
        text_of(&self.body, selector)
    }

    /// The text of the first element a selector finds, which has to be there.
    #[track_caller]
    pub fn one(&self, selector: &str) -> String {
        let mut found = self.all(selector);
        assert!(!found.is_empty(), "no {selector} in {}", self.body);
        found.swap_remove(0)
    }

    /// An attribute of the first element a selector finds.
    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        super::page::attribute_of(&self.body, selector, name)
            .unwrap_or_else(|| panic!("no {selector} with {name} in {}", self.body))
    }

    /// The short messages at the foot.
    pub fn toasts(&self) -> Vec<String> {
        self.all(".toast > p")
    }
}
