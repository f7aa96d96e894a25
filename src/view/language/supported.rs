//! The supported languages, and the choice between them by `Accept-Language`. Knows no texts.

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use unic_langid::LanguageIdentifier;

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// Its tag (BCP 47), as used in pages and cookies.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// Its name in the language itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
        }
    }

    /// The language with exactly this tag.
    pub fn from_tag(tag: &str) -> Option<Language> {
        Language::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
    }

    /// The supported language that an `Accept-Language` header prefers (RFC 9110, section 12.5.4), if it accepts any.
    pub fn from_accept_language(header: &str) -> Option<Language> {
        let supported = Language::ALL.map(Language::identifier);
        let lookup = NegotiationStrategy::Lookup;
        let preferred = negotiate_languages(&by_quality(header), &supported, None, lookup);
        let tag = preferred.first()?.language;
        Language::from_tag(tag.as_str())
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        // A test checks that every tag parses.
        self.tag().parse().unwrap_or_default()
    }
}

/// The languages of an `Accept-Language` header, most preferred first. Skips languages with quality 0 and invalid parts.
fn by_quality(header: &str) -> Vec<LanguageIdentifier> {
    let mut accepted: Vec<(f32, LanguageIdentifier)> = header
        .split(',')
        .filter_map(|range| {
            let (tag, quality) = match range.split_once(';') {
                Some((tag, quality)) => (tag, quality.trim().strip_prefix("q=")?.parse().ok()?),
                None => (range, 1.0),
            };
            (quality > 0.0).then_some((quality, tag.trim().parse().ok()?))
        })
        .collect();
    accepted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    accepted.into_iter().map(|(_, tag)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_selects_the_preferred_supported_language() {
        for (header, language) in [
            ("de", Some(Language::German)),
            ("de-AT,de;q=0.9,en;q=0.8", Some(Language::German)),
            ("en-US,en;q=0.5", Some(Language::English)),
            ("fr, de;q=0.3, en;q=0.7", Some(Language::English)),
            ("en;q=0.3, de;q=0.7", Some(Language::German)),
            ("fr-CH, fr;q=0.9, de;q=0.5", Some(Language::German)),
            ("DE", Some(Language::German)),
            ("de;q=0, en;q=0.1", Some(Language::English)),
            ("fr, it", None),
            ("*", None),
            ("", None),
            (";;q=,,=;q=x, de;q=high, \u{0}", None),
        ] {
            assert_eq!(Language::from_accept_language(header), language, "{header}");
        }
    }

    #[test]
    fn every_tag_parses_and_leads_back_to_its_language() {
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
            assert_eq!(language.identifier().to_string(), language.tag());
        }
        assert_eq!(Language::from_tag("xx"), None);
    }
}
