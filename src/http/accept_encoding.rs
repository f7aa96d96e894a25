//! Parses `Accept-Encoding` and picks a content coding (RFC 9110, section 12.5.3). Does not know what is sent.

use poem::http::{HeaderMap, header};

/// The accepted codings, each with its weight from 0 (not acceptable) to 1000.
pub struct AcceptEncoding(Vec<(String, u16)>);

impl AcceptEncoding {
    /// Reads a request's headers. Without a valid header only the identity coding is safe.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let codings = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(parse_element)
            .collect();
        Self(codings)
    }

    /// The coding in `offered` with the highest weight, or the first of several. `None` stands for the identity coding, which
    /// is also chosen if no offered coding is acceptable (RFC 9110 allows that instead of an error).
    pub fn best(&self, offered: &[&'static str]) -> Option<&'static str> {
        let mut best = None;
        let mut highest = 0;
        for &coding in offered {
            let weight = self.weight(coding).unwrap_or(0);
            if weight > highest {
                (best, highest) = (Some(coding), weight);
            }
        }
        // The identity coding is always acceptable, so it wins only if its weight is higher.
        match self.explicit_weight("identity") {
            Some(identity) if identity > highest => None,
            _ => best,
        }
    }

    fn weight(&self, coding: &str) -> Option<u16> {
        self.explicit_weight(coding)
            .or_else(|| self.explicit_weight("*"))
    }

    fn explicit_weight(&self, coding: &str) -> Option<u16> {
        let mut entries = self.0.iter().filter(|(name, _)| name == coding);
        entries.next().map(|(_, weight)| *weight)
    }
}

/// One element of the list, such as `gzip;q=0.5`; `None` if it is invalid.
fn parse_element(element: &str) -> Option<(String, u16)> {
    let (name, parameter) = match element.split_once(';') {
        Some((name, parameter)) => (name, Some(parameter)),
        None => (element, None),
    };
    let name = match name.trim().to_ascii_lowercase().as_str() {
        "" => return None,
        // An alias from HTTP/1.0.
        "x-gzip" => "gzip".to_owned(),
        name => name.to_owned(),
    };
    let weight = match parameter {
        None => 1000,
        Some(parameter) => {
            let (key, value) = parameter.split_once('=')?;
            let quality: f32 = value.trim().parse().ok()?;
            if !key.trim().eq_ignore_ascii_case("q") || !(0.0..=1.0).contains(&quality) {
                return None;
            }
            (quality * 1000.0).round() as u16
        }
    };
    Some((name, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERED: [&str; 3] = ["zstd", "br", "gzip"];

    fn best(accept: &str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT_ENCODING, accept.parse().unwrap());
        AcceptEncoding::from_headers(&headers).best(&OFFERED)
    }

    #[test]
    fn the_first_offered_coding_wins_among_equals() {
        assert_eq!(best("gzip, deflate, br, zstd"), Some("zstd"));
        assert_eq!(best("gzip, deflate, br"), Some("br"));
        assert_eq!(best("gzip"), Some("gzip"));
        assert_eq!(best("GZip"), Some("gzip"));
        assert_eq!(best("x-gzip"), Some("gzip"));
    }

    #[test]
    fn the_highest_weight_wins() {
        assert_eq!(best("br;q=0.5, gzip;q=0.8, zstd;q=0.2"), Some("gzip"));
        assert_eq!(best("br ; Q=0.5 ,gzip; q=0.50"), Some("br"));
        assert_eq!(best("identity, gzip;q=0.5"), None);
        assert_eq!(best("identity;q=0.5, gzip;q=0.5"), Some("gzip"));
    }

    #[test]
    fn a_star_matches_all_other_codings() {
        assert_eq!(best("*"), Some("zstd"));
        assert_eq!(best("zstd;q=0, *"), Some("br"));
        assert_eq!(best("gzip, *;q=0"), Some("gzip"));
        assert_eq!(best("*;q=0"), None);
    }

    #[test]
    fn a_weight_of_zero_excludes_a_coding() {
        assert_eq!(best("zstd;q=0, br;q=0, gzip;q=0"), None);
        assert_eq!(best("identity;q=0, gzip;q=0.1"), Some("gzip"));
        assert_eq!(best("identity;q=0"), None);
    }

    #[test]
    fn invalid_elements_are_ignored() {
        assert_eq!(best(""), None);
        assert_eq!(best("gzip;q=much, br;q=7, zstd;level=1"), None);
        assert_eq!(best(",, ;q=1, gzip"), Some("gzip"));
        assert_eq!(best("deflate, compress"), None);
        assert_eq!(
            AcceptEncoding::from_headers(&HeaderMap::new()).best(&OFFERED),
            None
        );
    }

    #[test]
    fn repeated_headers_are_joined() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
        headers.append(header::ACCEPT_ENCODING, "br".parse().unwrap());
        assert_eq!(
            AcceptEncoding::from_headers(&headers).best(&OFFERED),
            Some("br")
        );
    }
}
