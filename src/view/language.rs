//! The languages of the pages: which there are, which one somebody reads, and what is said in each. All that a person reads
//! on a page is a message of Project Fluent in `language/*.ftl`; the code knows it by its id.

mod choice;
mod message;
mod texts;

use std::{array, sync::Arc};

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use unic_langid::LanguageIdentifier;

pub(super) use choice::{choice, choice_on_the_way};
pub use message::{Message, Value, message};
pub use texts::Texts;

use super::Terms;

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// Its tag (BCP 47), as pages and cookies name it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// What it is called by those who speak it.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
        }
    }

    /// The language of this very tag.
    pub fn tagged(tag: &str) -> Option<Language> {
        Language::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
    }

    /// The one of ours a browser likes best, by its `Accept-Language` (RFC 9110, section 12.5.4); none if it likes none.
    pub fn liked(accept_language: &str) -> Option<Language> {
        let available = Language::ALL.map(Language::identifier);
        let lookup = NegotiationStrategy::Lookup;
        let liked = negotiate_languages(&by_quality(accept_language), &available, None, lookup);
        let tag = liked.first()?.language;
        Language::tagged(tag.as_str())
    }

    fn identifier(self) -> LanguageIdentifier {
        // A test sees to it that each tag is one.
        self.tag().parse().unwrap_or_default()
    }
}

/// The languages of an `Accept-Language`, the best first, without those that are not wanted at all. What is no language is
/// passed over.
fn by_quality(accept_language: &str) -> Vec<LanguageIdentifier> {
    let mut wanted: Vec<(f32, LanguageIdentifier)> = accept_language
        .split(',')
        .filter_map(|range| {
            let (tag, quality) = match range.split_once(';') {
                Some((tag, quality)) => (tag, quality.trim().strip_prefix("q=")?.parse().ok()?),
                None => (range, 1.0),
            };
            (quality > 0.0).then_some((quality, tag.trim().parse().ok()?))
        })
        .collect();
    wanted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    wanted.into_iter().map(|(_, tag)| tag).collect()
}

/// One of a thing for each language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByLanguage<T>([T; Language::ALL.len()]);

impl<T> ByLanguage<T> {
    pub fn from_fn(mut make: impl FnMut(Language) -> T) -> ByLanguage<T> {
        ByLanguage(array::from_fn(|n| make(Language::ALL[n])))
    }

    pub fn of(&self, language: Language) -> &T {
        &self.0[language as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = (Language, &T)> {
        Language::ALL.into_iter().zip(&self.0)
    }
}

/// What is said, in every language. Cheap to clone.
#[derive(Clone)]
pub struct Languages(Arc<ByLanguage<Arc<Texts>>>);

impl Languages {
    /// With what items and features are called in each.
    pub fn new(terms: &ByLanguage<Terms>) -> Languages {
        let texts = |language| Arc::new(Texts::new(language, terms.of(language).clone()));
        Languages(Arc::new(ByLanguage::from_fn(texts)))
    }

    pub fn texts(&self, language: Language) -> &Arc<Texts> {
        self.0.of(language)
    }
}

impl Default for Languages {
    fn default() -> Languages {
        Languages::new(&ByLanguage::from_fn(Terms::usual))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_language_it_likes_best() {
        for (accept, language) in [
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
            assert_eq!(Language::liked(accept), language, "{accept}");
        }
    }

    #[test]
    fn each_is_known_by_its_tag() {
        for language in Language::ALL {
            assert_eq!(Language::tagged(language.tag()), Some(language));
            assert_eq!(language.identifier().to_string(), language.tag());
        }
        assert_eq!(Language::tagged("xx"), None);
    }
}
