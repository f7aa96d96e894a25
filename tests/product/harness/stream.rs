//! A browser's ear at a board's stream: server-sent events as the HTML standard reads them, section 9.2.6.

use std::time::Duration;

use reqwest::Response;
use tokio::time::timeout;

use super::{
    client::{Answer, Person},
    page::Partial,
};

/// How long anything that has to come is waited for, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open stream; dropping it closes the connection.
pub struct Stream {
    response: Response,
    /// What has come of the next message.
    rest: Vec<u8>,
}

/// Why there is no stream.
#[derive(Debug)]
pub enum Refused {
    Answer(Answer),
    /// Nobody listens there.
    Away,
}

/// One message. Those that hold but a comment are part of the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub event: Option<String>,
    pub id: Option<String>,
    pub data: String,
    pub retry: Option<String>,
    pub comments: Vec<String>,
}

impl Stream {
    /// Opens one at the address a page names, as a browser does that has everything up to an event, or comes from a page.
    pub async fn open(person: &Person, address: &str, last_event_id: Option<&str>) -> Stream {
        let asked = Stream::ask(person, address, last_event_id).await;
        asked.unwrap_or_else(|refused| panic!("{refused:?}"))
    }

    /// The same where it may be refused.
    pub async fn ask(
        person: &Person,
        address: &str,
        last_event_id: Option<&str>,
    ) -> Result<Stream, Refused> {
        let mut request = person.getting_at(address);
        request = request.header("Accept", "text/event-stream");
        // For as long as the test likes.
        request = request.timeout(Duration::from_secs(3_600));
        if let Some(id) = last_event_id {
            request = request.header("Last-Event-ID", id);
        }
        let asked = timeout(PATIENCE, request.send()).await.unwrap();
        let response = asked.map_err(|_| Refused::Away)?;
        if response.status() != 200 {
            return Err(Refused::Answer(Answer::of(response).await.unwrap()));
        }
        let rest = Vec::new();
        Ok(Stream { response, rest })
    }

    /// A header of the answer, which has to be there.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.response.headers().get(name);
        let value = value.unwrap_or_else(|| panic!("no {name}"));
        value.to_str().unwrap()
    }

    /// The next message, which has to come.
    pub async fn next(&mut self) -> Message {
        self.next_or_end().await.expect("the stream ended")
    }

    /// The next message, or none at the end of the stream.
    pub async fn next_or_end(&mut self) -> Option<Message> {
        let next = timeout(PATIENCE, self.read());
        next.await.expect("nothing comes")
    }

    /// The next message about an event.
    pub async fn step(&mut self) -> Message {
        loop {
            let message = self.next().await;
            if message.number().is_some() && message.event.is_none() {
                return message;
            }
        }
    }

    /// Every message up to the one of an event.
    pub async fn until(&mut self, number: i64) -> Vec<Message> {
        let mut all = Vec::new();
        loop {
            let message = self.next().await;
            let here = message.number();
            all.push(message);
            if here >= Some(number) {
                return all;
            }
        }
    }

    /// The next message of this kind.
    pub async fn event(&mut self, event: &str) -> Message {
        loop {
            let message = self.next().await;
            if message.event.as_deref() == Some(event) {
                return message;
            }
        }
    }

    /// Waits until this many are said to be here, and tells how many messages that took. It has to be said before
    /// the stream says twice that it is alive, which it does every 15 s.
    pub async fn here(&mut self, expected: usize) -> usize {
        let (mut messages, mut silences) = (0, 0);
        loop {
            let message = self.next().await;
            // The first may come at any moment, the second only 15 s after it.
            silences += usize::from(message.event.as_deref() == Some("alive"));
            assert!(silences < 2, "nobody tells");
            let Some(here) = message.here() else {
                continue;
            };
            messages += 1;
            if here == format!("{expected} here") {
                return messages;
            }
        }
    }

    /// Waits until this many are said to be here, however long that takes.
    pub async fn here_at_last(&mut self, expected: usize) {
        let expected = format!("{expected} here");
        while self.next().await.here().as_ref() != Some(&expected) {}
    }

    /// What comes until there is nothing for so long.
    pub async fn until_silent_for(&mut self, silence: Duration) -> Vec<Message> {
        let mut all = Vec::new();
        while let Ok(Some(message)) = timeout(silence, self.read()).await {
            all.push(message);
        }
        all
    }

    /// Cancel safe: what has come is kept.
    async fn read(&mut self) -> Option<Message> {
        loop {
            if let Some(end) = self.rest.windows(2).position(|two| two == b"\n\n") {
                let text: Vec<u8> = self.rest.drain(..end + 2).collect();
                return Some(Message::parse(&String::from_utf8(text).unwrap()));
            }
            // A connection that breaks ends the stream as well.
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
                _ => panic!("no browser knows {line:?}"),
            }
        }
        message.data = data.join("\n");
        message
    }

    /// The number of the event it leads to.
    pub fn number(&self) -> Option<i64> {
        self.id.as_ref().map(|id| id.parse().unwrap())
    }

    pub fn partials(&self) -> Vec<Partial> {
        Partial::parse_all(&self.data)
    }

    /// Where its fragments go and how: `place #items`.
    pub fn targets(&self) -> Vec<String> {
        self.partials().iter().map(Partial::to_string).collect()
    }

    /// How many are here, if it is about that: `3 here`.
    pub fn here(&self) -> Option<String> {
        let mut partials = self.partials().into_iter();
        let told = partials.find(|partial| partial.target == "#presence")?;
        Some(told.text())
    }
}
