//! Which content coding a browser takes: its `Accept-Encoding`, read as HTTP says (RFC 9110,
//! section 12.5.3). Knows nothing of what is sent.

use poem::http::{HeaderMap, header};

/// A browser's `Accept-Encoding`: how much it wants each coding, from 0 (not at all) to 1000.
pub struct Accepted(Vec<(String, u16)>);

impl Accepted {
    /// Read from a request's headers. Without the header, or with one that cannot be read,
    /// nothing but the plain bytes is safe to send.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let codings = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(coding)
            .collect();
        Self(codings)
    }

    /// The coding among `offered` that the browser wants most, the earlier one where it wants
    /// two alike. `None` means: as it is, which is also the answer to a browser that
    /// takes nothing we have (RFC 9110 allows it, and it beats an error).
    pub fn best(&self, offered: &[&'static str]) -> Option<&'static str> {
        let mut best = None;
        let mut most = 0;
        for &coding in offered {
            let wanted = self.wanted(coding).unwrap_or(0);
            if wanted > most {
                (best, most) = (Some(coding), wanted);
            }
        }
        // The plain bytes are fine unless said otherwise, so they win only when preferred.
        match self.named("identity") {
            Some(plain) if plain > most => None,
            _ => best,
        }
    }

    fn wanted(&self, coding: &str) -> Option<u16> {
        self.named(coding).or_else(|| self.named("*"))
    }

    fn named(&self, coding: &str) -> Option<u16> {
        let mut named = self.0.iter().filter(|(name, _)| name == coding);
        named.next().map(|(_, wanted)| *wanted)
    }
}

/// One element of the list, such as `gzip;q=0.5`; `None` if it makes no sense.
fn coding(element: &str) -> Option<(String, u16)> {
    let (name, parameter) = match element.split_once(';') {
        Some((name, parameter)) => (name, Some(parameter)),
        None => (element, None),
    };
    let name = match name.trim().to_ascii_lowercase().as_str() {
        "" => return None,
        // An alias from HTTP/1.0, to be treated alike.
        "x-gzip" => "gzip".to_owned(),
        name => name.to_owned(),
    };
    let wanted = match parameter {
        None => 1000,
        Some(parameter) => {
            let (key, value) = parameter.split_once('=')?;
            let weight: f32 = value.trim().parse().ok()?;
            if !key.trim().eq_ignore_ascii_case("q") || !(0.0..=1.0).contains(&weight) {
                return None;
            }
            (weight * 1000.0).round() as u16
        }
    };
    Some((name, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERED: [&str; 3] = ["zstd", "br", "gzip"];

    fn best(accept: &str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT_ENCODING, accept.parse().unwrap());
        Accepted::from_headers(&headers).best(&OFFERED)
    }

    #[test]
    fn a_browser_gets_our_first_choice() {
        assert_eq!(best("gzip, deflate, br, zstd"), Some("zstd"));
        assert_eq!(best("gzip, deflate, br"), Some("br"));
        assert_eq!(best("gzip"), Some("gzip"));
        assert_eq!(best("GZip"), Some("gzip"));
        assert_eq!(best("x-gzip"), Some("gzip"));
    }

    #[test]
    fn a_browser_can_prefer() {
        assert_eq!(best("br;q=0.5, gzip;q=0.8, zstd;q=0.2"), Some("gzip"));
        assert_eq!(best("br ; Q=0.5 ,gzip; q=0.50"), Some("br"));
        assert_eq!(best("identity, gzip;q=0.5"), None);
        assert_eq!(best("identity;q=0.5, gzip;q=0.5"), Some("gzip"));
    }

    #[test]
    fn a_star_stands_for_the_rest() {
        assert_eq!(best("*"), Some("zstd"));
        assert_eq!(best("zstd;q=0, *"), Some("br"));
        assert_eq!(best("gzip, *;q=0"), Some("gzip"));
        assert_eq!(best("*;q=0"), None);
    }

    #[test]
    fn what_is_refused_is_not_sent() {
        assert_eq!(best("zstd;q=0, br;q=0, gzip;q=0"), None);
        assert_eq!(best("identity;q=0, gzip;q=0.1"), Some("gzip"));
        assert_eq!(best("identity;q=0"), None);
    }

    #[test]
    fn nonsense_is_passed_over() {
        assert_eq!(best(""), None);
        assert_eq!(best("gzip;q=much, br;q=7, zstd;level=1"), None);
        assert_eq!(best(",, ;q=1, gzip"), Some("gzip"));
        assert_eq!(best("deflate, compress"), None);
        assert_eq!(
            Accepted::from_headers(&HeaderMap::new()).best(&OFFERED),
            None
        );
    }

    #[test]
    fn several_headers_are_one_list() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
        headers.append(header::ACCEPT_ENCODING, "br".parse().unwrap());
        assert_eq!(Accepted::from_headers(&headers).best(&OFFERED), Some("br"));
    }
}
