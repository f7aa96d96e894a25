//! An endpoint: where messages are sent to, which and in which format.

use hyper::header::{HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use super::{
    filter::EventFilter,
    signature::{self, Secret},
    target::Target,
};

/// How many digits of the hash identify an endpoint.
const ID_DIGITS: usize = 12;

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// The format of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Standard Webhooks
    #[default]
    Json,
    /// One line that chats accept
    Text,
}

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Text => "text",
        }
    }
}

/// An endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint {
    id: String,
    pub(super) target: Target,
    pub(super) format: Format,
    pub(super) filter: EventFilter,
    secrets: Vec<Secret>,
}

impl Endpoint {
    /// An endpoint at a URL. A program has to verify what it gets, so JSON needs a secret.
    ///
    /// # Errors
    /// The reason, without the URL.
    pub fn new(
        url: &str,
        format: Format,
        filter: EventFilter,
        secrets: Vec<Secret>,
        allow_private: bool,
    ) -> Result<Endpoint, &'static str> {
        let target = Target::parse(url, allow_private)?;
        if format == Format::Json && secrets.is_empty() {
            return Err("the format json needs --webhook-secret-file");
        }
        Ok(Endpoint {
            id: id_of(url, format),
            target,
            format,
            filter,
            secrets,
        })
    }

    /// A hash of the URL and the format, which contains no secret.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn host(&self) -> &str {
        self.target.host()
    }

    pub fn format(&self) -> Format {
        self.format
    }

    /// The headers of a message that is sent at a time, in seconds since the Unix epoch.
    pub(super) fn headers(
        &self,
        id: &str,
        timestamp: i64,
        body: &[u8],
    ) -> Vec<(HeaderName, HeaderValue)> {
        let signature = signature::sign(&self.secrets, id, timestamp, body);
        let texts = [
            (ID, Some(id.to_owned())),
            (TIMESTAMP, Some(timestamp.to_string())),
            (SIGNATURE, signature),
        ];
        let headers = texts.into_iter().filter_map(|(name, text)| {
            let value = HeaderValue::try_from(text?).ok()?;
            Some((name, value))
        });
        headers.collect()
    }
}

/// The ids of the endpoints at a URL, one for each format.
pub fn ids_of(url: &str) -> [String; 2] {
    [Format::Json, Format::Text].map(|format| id_of(url, format))
}

fn id_of(url: &str, format: Format) -> String {
    let mut id = hex::encode(Sha256::digest(format!("{url}\n{}", format.name())));
    id.truncate(ID_DIGITS);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_identified_by_address_and_format() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let endpoint = |url, format| {
            let secrets = vec![secret.clone()];
            Endpoint::new(url, format, EventFilter::default(), secrets, false).unwrap()
        };
        let one = endpoint("https://a.example/x", Format::Json);
        assert_eq!(one.id().len(), ID_DIGITS);
        let same = "https://a.example/x";
        assert_eq!(one.id(), endpoint(same, Format::Json).id());
        let ids = [Format::Json, Format::Text].map(|format| endpoint(same, format).id().to_owned());
        assert_eq!(ids_of(same), ids);
        assert_ne!(one.id(), endpoint(same, Format::Text).id());
        assert_ne!(one.id(), endpoint("https://a.example/y", Format::Json).id());
        assert!(!format!("{one:?}").contains("/x"));
    }

    #[test]
    fn only_text_needs_no_secret() {
        let endpoint = |format| {
            let url = "https://a.example/x";
            Endpoint::new(url, format, EventFilter::default(), Vec::new(), false)
        };
        assert!(endpoint(Format::Json).is_err());
        let chat = endpoint(Format::Text).unwrap();
        assert_eq!(chat.headers("1", 2, b"{}").len(), 2);
    }
}
