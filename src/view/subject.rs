//! What decisions are often about: the words for it, and a template to start a board from, in the language of who makes it.

use super::language::Texts;
use crate::model::{
    Amount, BoardContent, BoardTerminology, FeatureContent, ItemContent, Kind, Name, Word,
};

/// What a group chooses among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Pizza,
    Venue,
    Vendor,
    Date,
    Lunch,
}

impl Subject {
    /// Each has a template.
    pub const ALL: [Subject; 5] = [
        Subject::Pizza,
        Subject::Venue,
        Subject::Vendor,
        Subject::Date,
        Subject::Lunch,
    ];

    /// Those whose words an empty board may start with.
    pub const CHOICES: [Subject; 4] = [
        Subject::Pizza,
        Subject::Venue,
        Subject::Vendor,
        Subject::Date,
    ];

    /// The value in forms.
    pub fn key(self) -> &'static str {
        match self {
            Subject::Pizza => "pizza",
            Subject::Venue => "venue",
            Subject::Vendor => "vendor",
            Subject::Date => "date",
            Subject::Lunch => "lunch",
        }
    }

    pub fn from_key(key: &str) -> Option<Subject> {
        Subject::ALL
            .into_iter()
            .find(|subject| subject.key() == key)
    }

    /// The name of the template, and of a board made from it without another name.
    pub fn title(self, texts: &Texts) -> Name {
        let id = match self {
            Subject::Pizza => "template-pizza",
            Subject::Venue => "template-venue",
            Subject::Vendor => "template-vendor",
            Subject::Date => "template-date",
            Subject::Lunch => "template-lunch",
        };
        Name::from_stored(texts.text(id).into_owned())
    }

    pub fn terminology(self, texts: &Texts) -> BoardTerminology {
        let id = match self {
            Subject::Pizza => "template-pizza-words",
            Subject::Venue => "template-venue-words",
            Subject::Vendor => "template-vendor-words",
            Subject::Date => "template-date-words",
            Subject::Lunch => "template-lunch-words",
        };
        let text = texts.text(id);
        let mut words = parts(&text, ',').map(|word| Word::from_stored(word.to_owned()));
        let mut word = || {
            words
                .next()
                .unwrap_or_else(|| Word::from_stored("…".to_owned()))
        };
        BoardTerminology {
            item: word(),
            items: word(),
            feature: word(),
            features: word(),
        }
    }

    /// The template, words included.
    pub fn content(self, texts: &Texts) -> BoardContent {
        let (items, features) = match self {
            Subject::Pizza => ("template-pizza-items", "template-pizza-free"),
            Subject::Venue => ("template-venue-items", "template-venue-free"),
            Subject::Vendor => ("template-vendor-items", "template-vendor-free"),
            Subject::Date => ("template-date-items", "template-date-free"),
            Subject::Lunch => ("template-lunch-items", "template-lunch-free"),
        };
        BoardContent {
            from: None,
            purpose: None,
            terminology: Some(self.terminology(texts)),
            items: parts(&texts.text(items), ';').map(item).collect(),
            features: features_of(&texts.text(features)),
        }
    }
}

/// The parts of a text, without the space around them.
fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let parts = text.split(separator).map(str::trim);
    parts.filter(|part| !part.is_empty())
}

/// `Funghi (vegetarian): Mushrooms, Garlic`.
fn item(text: &str) -> ItemContent {
    let (title, features) = text.split_once(':').unwrap_or((text, ""));
    let title = title.trim();
    let (name, kind) = match title
        .strip_suffix(')')
        .and_then(|title| title.split_once(" ("))
    {
        Some((name, kind)) => (name, Some(Kind::from_stored(kind.to_owned()))),
        None => (title, None),
    };
    ItemContent {
        name: Name::from_stored(name.to_owned()),
        kind,
        note: None,
        features: features_of(features),
    }
}

fn features_of(text: &str) -> Vec<FeatureContent> {
    let features = parts(text, ',').map(|name| FeatureContent {
        name: Name::from_stored(name.to_owned()),
        amount: Amount::ONE,
    });
    features.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::view::{Language, Terminology};

    fn assert_features(features: &[FeatureContent]) {
        let keys: BTreeSet<_> = features.iter().map(|feature| feature.name.key()).collect();
        assert_eq!(keys.len(), features.len());
        for feature in features {
            assert_eq!(
                Name::parse(feature.name.as_str()).as_ref(),
                Ok(&feature.name)
            );
        }
    }

    #[test]
    fn every_template_is_valid_and_small_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language, Terminology::default_for(language));
            for subject in Subject::ALL {
                assert_eq!(Subject::from_key(subject.key()), Some(subject));
                let title = subject.title(&texts);
                assert_eq!(Name::parse(title.as_str()), Ok(title));
                let BoardTerminology {
                    item,
                    items,
                    feature,
                    features,
                } = subject.terminology(&texts);
                for word in [item, items, feature, features] {
                    assert_eq!(Word::parse(word.as_str()), Ok(word));
                }
                let content = subject.content(&texts);
                assert!((3..=6).contains(&content.items.len()), "{subject:?}");
                let keys: BTreeSet<_> = content.items.iter().map(|item| item.name.key()).collect();
                assert_eq!(keys.len(), content.items.len());
                for item in &content.items {
                    assert_eq!(Name::parse(item.name.as_str()).as_ref(), Ok(&item.name));
                    assert!(!item.features.is_empty(), "{}", item.name);
                    assert_features(&item.features);
                }
                assert_features(&content.features);
            }
        }
    }

    #[test]
    fn an_item_is_read_with_its_kind_and_features() {
        let funghi = item("Funghi (vegetarian): Mushrooms, Garlic");
        assert_eq!(funghi.name.as_str(), "Funghi");
        assert_eq!(funghi.kind, Kind::parse("vegetarian").unwrap());
        assert_eq!(funghi.features.len(), 2);
        let tuesday = item("Tuesday: 18:00, 19:30");
        assert_eq!((tuesday.name.as_str(), tuesday.kind), ("Tuesday", None));
        assert_eq!(tuesday.features[1].name.as_str(), "19:30");
    }
}
