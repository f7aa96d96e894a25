//! What items and features are called, in every language.

use clap::Args;

use crate::{
    model::Kind,
    view::{ByLanguage, Language, Languages, Terms},
};

#[derive(Debug, Args)]
pub struct Words {
    /// What an item is called: `pizza`
    #[arg(long, env = "SAVT_ITEM_WORD", value_name = "WORD", default_value = "item", value_parser = word)]
    pub item_word: String,
    /// Several of them, if not the word with an s
    #[arg(long, env = "SAVT_ITEM_WORDS", value_name = "WORDS", value_parser = word)]
    pub item_words: Option<String>,
    /// What a feature is called: `topping`
    #[arg(long, env = "SAVT_FEATURE_WORD", value_name = "WORD", default_value = "feature", value_parser = word)]
    pub feature_word: String,
    /// Several of them, if not the word with an s
    #[arg(long, env = "SAVT_FEATURE_WORDS", value_name = "WORDS", value_parser = word)]
    pub feature_words: Option<String>,
    /// What an item is called in German: `Pizza` [default: `Eintrag`, or the word chosen above]
    #[arg(long, env = "SAVT_ITEM_WORD_DE", value_name = "WORD", value_parser = word, requires = "item_words_de")]
    pub item_word_de: Option<String>,
    /// Several of them: `Pizzen`
    #[arg(long, env = "SAVT_ITEM_WORDS_DE", value_name = "WORDS", value_parser = word, requires = "item_word_de")]
    pub item_words_de: Option<String>,
    /// What a feature is called in German: `Belag` [default: `Merkmal`, or the word chosen above]
    #[arg(long, env = "SAVT_FEATURE_WORD_DE", value_name = "WORD", value_parser = word, requires = "feature_words_de")]
    pub feature_word_de: Option<String>,
    /// Several of them: `Beläge`
    #[arg(long, env = "SAVT_FEATURE_WORDS_DE", value_name = "WORDS", value_parser = word, requires = "feature_word_de")]
    pub feature_words_de: Option<String>,
}

impl Words {
    /// What is said on the pages, with these words in it.
    pub fn languages(&self) -> Languages {
        Languages::new(&ByLanguage::from_fn(|language| self.terms(language)))
    }

    fn terms(&self, language: Language) -> Terms {
        match language {
            Language::English => self.english(),
            Language::German => self.german(),
        }
    }

    fn english(&self) -> Terms {
        Terms::new(
            self.item_word.clone(),
            self.item_words.clone(),
            self.feature_word.clone(),
            self.feature_words.clone(),
        )
    }

    /// A word of one's own that nobody translated is the same in German, as a noun is written there.
    fn german(&self) -> Terms {
        let (usual, english) = (Terms::usual(Language::German), self.english());
        let chosen = english.capitals();
        let translated = |word: &Option<String>, own: bool, chosen: String, usual: String| {
            let otherwise = if own { chosen } else { usual };
            word.clone().unwrap_or(otherwise)
        };
        let plain = Terms::usual(Language::English);
        let own_item = (&english.item, &english.items) != (&plain.item, &plain.items);
        let own_feature =
            (&english.feature, &english.features) != (&plain.feature, &plain.features);
        Terms {
            item: translated(&self.item_word_de, own_item, chosen.item, usual.item),
            items: translated(&self.item_words_de, own_item, chosen.items, usual.items),
            feature: translated(
                &self.feature_word_de,
                own_feature,
                chosen.feature,
                usual.feature,
            ),
            features: translated(
                &self.feature_words_de,
                own_feature,
                chosen.features,
                usual.features,
            ),
        }
    }
}

/// A word is what a name is, and short.
fn word(text: &str) -> Result<String, String> {
    match Kind::parse(text) {
        Ok(Some(word)) => Ok(word.to_string()),
        Ok(None) => Err("must not be empty".to_owned()),
        Err(_) => Err("must be a plain word of at most 50 characters".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    fn terms(line: &[&str], language: Language) -> Terms {
        let Command::Serve(serve) = Cli::parse_from(line).command else {
            panic!("not serve");
        };
        serve.words.terms(language)
    }

    #[test]
    fn words_are_german_as_far_as_somebody_says_how() {
        let words = |more: &[&str]| {
            let line = [&["savt", "serve"], more].concat();
            let terms = terms(&line, Language::German);
            terms.words().map(str::to_owned)
        };
        assert_eq!(words(&[]), ["Eintrag", "Einträge", "Merkmal", "Merkmale"]);
        let pizza = ["--item-word", "pizza"];
        assert_eq!(words(&pizza), ["Pizza", "Pizzas", "Merkmal", "Merkmale"]);
        let german = ["--item-word-de", "Pizza", "--item-words-de", "Pizzen"];
        let both = [&pizza[..], &german].concat();
        assert_eq!(words(&both), ["Pizza", "Pizzen", "Merkmal", "Merkmale"]);
        let alone = ["savt", "serve", "--feature-word-de", "Belag"];
        assert!(Cli::try_parse_from(alone).is_err(), "without its plural");
    }

    #[test]
    fn words_have_plurals() {
        let words = |line: &[&str]| terms(line, Language::English);
        assert_eq!(
            words(&["savt", "serve", "--item-word", "pizza"]).items,
            "pizzas"
        );
        let criteria = [
            "savt",
            "serve",
            "--feature-word",
            "criterion",
            "--feature-words",
            "criteria",
        ];
        assert_eq!(words(&criteria).features, "criteria");
    }
}
