//! An answer as it came over the connection.

use serde_json::Value;

/// The headers that belong to the answer, and not to the time or the process that sends it.
const KEPT_HEADERS: [&str; 4] = ["content-type", "location", "cache-control", "etag"];

/// A whole answer: its status, the headers that every repetition has, and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    retry_after: bool,
}

impl Answer {
    /// None if it is not whole.
    pub fn parse(bytes: &[u8]) -> Option<Answer> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let (head, body) = (std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 4..]);
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let value = |name: &str| {
            let found = headers.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        let length: usize = value("content-length")?.parse().ok()?;
        if body.len() != length {
            return None;
        }
        let retry_after = value("retry-after").and_then(|seconds| seconds.parse::<u32>().ok());
        let kept = headers
            .iter()
            .filter(|(name, _)| KEPT_HEADERS.contains(&name.as_str()));
        Some(Answer {
            status,
            retry_after: retry_after.is_some_and(|seconds| seconds > 0),
            headers: kept.cloned().collect(),
            body: body.to_owned(),
        })
    }

    /// Whether the client should send the request again, and is told when.
    pub fn asks_to_try_again(&self) -> bool {
        [429, 503].contains(&self.status) && self.retry_after
    }

    /// Whether every repetition gets the same answer.
    pub fn is_final(&self) -> bool {
        (200..500).contains(&self.status) && ![401, 408, 429].contains(&self.status)
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// In one line.
    pub fn text(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        format!("{} {:?} {body}", self.status, self.headers)
    }
}
