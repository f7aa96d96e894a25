//! The origins whose pages a browser lets read the answers of a server and send it more than forms (CORS).

use std::{str::FromStr, sync::Arc};

use poem::http::HeaderValue;

use super::origin::Origin;

/// One origin, or any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginPattern {
    Any,
    One(Origin),
}

impl FromStr for OriginPattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<OriginPattern, &'static str> {
        match text.trim() {
            "*" => Ok(OriginPattern::Any),
            text => text.parse().map(OriginPattern::One).map_err(
                |_| "must be an origin such as https://app.example or http://localhost:3000, without a path, or *",
            ),
        }
    }
}

/// The allowed origins: none by default.
#[derive(Clone, Debug, Default)]
pub struct AllowedOrigins {
    any: bool,
    /// As browsers write them.
    listed: Arc<[HeaderValue]>,
}

impl AllowedOrigins {
    pub fn new(patterns: &[OriginPattern]) -> AllowedOrigins {
        let listed = patterns.iter().filter_map(|pattern| match pattern {
            OriginPattern::Any => None,
            // An origin consists of a scheme, a valid host and a port, which any header may contain.
            OriginPattern::One(origin) => HeaderValue::try_from(origin.url("")).ok(),
        });
        AllowedOrigins {
            any: patterns.contains(&OriginPattern::Any),
            listed: listed.collect(),
        }
    }

    /// Whether no origin is allowed.
    pub fn is_empty(&self) -> bool {
        !self.any && self.listed.is_empty()
    }

    /// The value of `Access-Control-Allow-Origin` for a page of this origin; none if it is not allowed.
    pub fn allow(&self, origin: &HeaderValue) -> Option<HeaderValue> {
        match self.any {
            true => Some(HeaderValue::from_static("*")),
            false => self.listed.contains(origin).then(|| origin.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(patterns: &[&str]) -> AllowedOrigins {
        let patterns: Result<Vec<_>, _> = patterns.iter().map(|text| text.parse()).collect();
        AllowedOrigins::new(&patterns.unwrap())
    }

    fn allow(origins: &AllowedOrigins, origin: &'static str) -> Option<String> {
        let value = origins.allow(&HeaderValue::from_static(origin))?;
        Some(value.to_str().unwrap().to_owned())
    }

    #[test]
    fn an_origin_is_compared_as_browsers_write_it() {
        let origins = allowed(&[
            "https://App.example/",
            " http://localhost:3000 ",
            "http://[::1]:80",
        ]);
        for origin in [
            "https://app.example",
            "http://localhost:3000",
            "http://[::1]",
        ] {
            assert_eq!(allow(&origins, origin).as_deref(), Some(origin));
        }
        for origin in [
            "http://app.example",
            "https://app.example:8443",
            "https://app.example.evil.example",
            "https://evil.example",
            "https://app.example/",
            "http://localhost",
            "null",
            "*",
            "",
        ] {
            assert_eq!(allow(&origins, origin), None, "{origin}");
        }
    }

    #[test]
    fn any_origin_can_be_allowed_and_none_is_by_default() {
        let any = allowed(&["https://app.example", "*"]);
        for origin in ["https://evil.example", "null"] {
            assert_eq!(allow(&any, origin).as_deref(), Some("*"));
        }
        assert!(!any.is_empty());
        let none = AllowedOrigins::default();
        assert!(none.is_empty());
        assert_eq!(allow(&none, "https://app.example"), None);
    }

    #[test]
    fn an_origin_has_a_scheme_and_no_path() {
        for text in [
            "",
            "app.example",
            "null",
            "ftp://app.example",
            "https://app.example/path",
            "https://*.example",
            "https://me@app.example",
            "https://a.example https://b.example",
        ] {
            let error = text.parse::<OriginPattern>().unwrap_err();
            assert!(error.contains("https://app.example"), "{text}: {error}");
        }
    }
}
