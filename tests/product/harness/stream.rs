//! A client of a board's event stream: parses server-sent events as in section 9.2.6 of the HTML standard.

use std::time::Duration;

use reqwest::Response;
use tokio::time::timeout;

use super::{
    client::{Answer, TestClient},
    page::Partial,
};

/// The time limit for an expected message, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(30);

/// An open stream; dropping it closes the connection.
pub struct Stream {
    response: Response,
    /// The received part of the next message.
    rest: Vec<u8>,
}

/// Why a stream could not be opened.
#[derive(Debug)]
pub enum StreamError {
    Answer(Answer),
    /// The connection failed.
    Unreachable,
}

/// One message. Messages of only a comment are part of the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub event: Option<String>,
    pub id: Option<String>,
    pub data: String,
    pub retry: Option<String>,
    pub comments: Vec<String>,
}

impl Stream {
    /// Opens a stream at the address in a page, with the `Last-Event-ID` of a reconnecting browser if given.
    pub async fn open(person: &TestClient, address: &str, last_event_id: Option<&str>) -> Stream {
        let response = Stream::try_open(person, address, last_event_id).await;
        response.unwrap_or_else(|error| panic!("cannot open the stream: {error:?}"))
    }

    /// Like [`Stream::open`], but returns the error.
    pub async fn try_open(
        person: &TestClient,
        address: &str,
        last_event_id: Option<&str>,
    ) -> Result<Stream, StreamError> {
        let mut request = person.get_request(address);
        request = request.header("Accept", "text/event-stream");
        request = request.timeout(Duration::from_secs(3_600));
        if let Some(id) = last_event_id {
            request = request.header("Last-Event-ID", id);
        }
        let response = timeout(TIMEOUT, request.send()).await.unwrap();
        let response = response.map_err(|_| StreamError::Unreachable)?;
        if response.status() != 200 {
            return Err(StreamError::Answer(
                Answer::from_response(response).await.unwrap(),
            ));
        }
        let rest = Vec::new();
        Ok(Stream { response, rest })
    }

    /// The value of a header. Panics if it is missing.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.response.headers().get(name);
        let value = value.unwrap_or_else(|| panic!("no header {name}"));
        value.to_str().unwrap()
    }

    /// The next message. Panics at the end of the stream.
    pub async fn next(&mut self) -> Message {
        self.next_or_end().await.expect("the stream ended")
    }

    /// The next message, or `None` at the end of the stream.
    pub async fn next_or_end(&mut self) -> Option<Message> {
        let next = timeout(TIMEOUT, self.read());
        next.await.expect("no message within the time limit")
    }

    /// The next message that carries an event number.
    pub async fn next_event(&mut self) -> Message {
        loop {
            let message = self.next().await;
            if message.number().is_some() && message.event.is_none() {
                return message;
            }
        }
    }

    /// All messages up to the one with this event number.
    pub async fn collect_until(&mut self, number: i64) -> Vec<Message> {
        let mut all = Vec::new();
        loop {
            let message = self.next().await;
            let current = message.number();
            all.push(message);
            if current >= Some(number) {
                return all;
            }
        }
    }

    /// The next message with this event name.
    pub async fn next_named(&mut self, event: &str) -> Message {
        loop {
            let message = self.next().await;
            if message.event.as_deref() == Some(event) {
                return message;
            }
        }
    }

    /// Waits until the presence count is this and returns the number of presence messages until then. Panics at the
    /// second heartbeat; heartbeats come every 15 s.
    pub async fn wait_for_presence(&mut self, expected: usize) -> usize {
        let (mut messages, mut heartbeats) = (0, 0);
        loop {
            let message = self.next().await;
            // The first can come at any time, the second only 15 s later.
            heartbeats += usize::from(message.event.as_deref() == Some("alive"));
            assert!(
                heartbeats < 2,
                "no presence message before the second heartbeat"
            );
            let Some(here) = message.presence_text() else {
                continue;
            };
            messages += 1;
            if here == format!("{expected} here") {
                return messages;
            }
        }
    }

    /// Like [`Stream::wait_for_presence`], without the limit of two heartbeats.
    pub async fn wait_for_presence_eventually(&mut self, expected: usize) {
        let expected = format!("{expected} here");
        while self.next().await.presence_text().as_ref() != Some(&expected) {}
    }

    /// All messages until none arrives for this long.
    pub async fn collect_until_silent(&mut self, silence: Duration) -> Vec<Message> {
        let mut all = Vec::new();
        while let Ok(Some(message)) = timeout(silence, self.read()).await {
            all.push(message);
        }
        all
    }

    /// Cancel safe: received data is kept.
    async fn read(&mut self) -> Option<Message> {
        loop {
            if let Some(end) = self.rest.windows(2).position(|two| two == b"\n\n") {
                let text: Vec<u8> = self.rest.drain(..end + 2).collect();
                return Some(Message::parse(&String::from_utf8(text).unwrap()));
            }
            // A lost connection also ends the stream.
            let piece = self.response.chunk().await.ok().flatten()?;
            self.rest.extend_from_slice(&piece);
        }
    }
}

impl Message {
    fn parse(text: &str) -> Message {
        let mut message = Message::default();
        let mut data = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "" => message.comments.push(value.to_owned()),
                "event" => message.event = Some(value.to_owned()),
                "id" => message.id = Some(value.to_owned()),
                "retry" => message.retry = Some(value.to_owned()),
                "data" => data.push(value),
                _ => panic!("unknown stream field in {line:?}"),
            }
        }
        message.data = data.join("\n");
        message
    }

    /// The event number, from `id:`.
    pub fn number(&self) -> Option<i64> {
        self.id.as_ref().map(|id| id.parse().unwrap())
    }

    pub fn partials(&self) -> Vec<Partial> {
        Partial::parse_all(&self.data)
    }

    /// The swap and target of each fragment: `place #items`.
    pub fn targets(&self) -> Vec<String> {
        self.partials().iter().map(Partial::to_string).collect()
    }

    /// The presence count, if the message carries it: `3 here`.
    pub fn presence_text(&self) -> Option<String> {
        let mut partials = self.partials().into_iter();
        let presence = partials.find(|partial| partial.target == "#presence")?;
        Some(presence.text())
    }
}
