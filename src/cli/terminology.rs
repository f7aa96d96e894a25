//! The options that name items and features, in every language of the pages.

use clap::Args;

use crate::{
    model::Kind,
    view::{ByLanguage, Language, Languages, Terminology},
};

#[derive(Debug, Args)]
pub struct TerminologyArgs {
    /// Word for an item, such as `pizza`
    #[arg(long, env = "SAVT_ITEM_WORD", value_name = "WORD", default_value = "item", value_parser = parse_word)]
    pub item_word: String,
    /// Plural of the word for an item [default: the word with an s]
    #[arg(long, env = "SAVT_ITEM_WORDS", value_name = "WORDS", value_parser = parse_word)]
    pub item_words: Option<String>,
    /// Word for a feature, such as `topping`
    #[arg(long, env = "SAVT_FEATURE_WORD", value_name = "WORD", default_value = "feature", value_parser = parse_word)]
    pub feature_word: String,
    /// Plural of the word for a feature [default: the word with an s]
    #[arg(long, env = "SAVT_FEATURE_WORDS", value_name = "WORDS", value_parser = parse_word)]
    pub feature_words: Option<String>,
    /// German word for an item, such as `Pizza` [default: `Eintrag`, or the value of --item-word]
    #[arg(long, env = "SAVT_ITEM_WORD_DE", value_name = "WORD", value_parser = parse_word, requires = "item_words_de")]
    pub item_word_de: Option<String>,
    /// Plural of the German word for an item, such as `Pizzen`
    #[arg(long, env = "SAVT_ITEM_WORDS_DE", value_name = "WORDS", value_parser = parse_word, requires = "item_word_de")]
    pub item_words_de: Option<String>,
    /// German word for a feature, such as `Belag` [default: `Merkmal`, or the value of --feature-word]
    #[arg(long, env = "SAVT_FEATURE_WORD_DE", value_name = "WORD", value_parser = parse_word, requires = "feature_words_de")]
    pub feature_word_de: Option<String>,
    /// Plural of the German word for a feature, such as `Beläge`
    #[arg(long, env = "SAVT_FEATURE_WORDS_DE", value_name = "WORDS", value_parser = parse_word, requires = "feature_word_de")]
    pub feature_words_de: Option<String>,
}

impl TerminologyArgs {
    /// The texts of the pages, with these words in them.
    pub fn languages(&self) -> Languages {
        Languages::new(&ByLanguage::from_fn(|language| self.terminology(language)))
    }

    fn terminology(&self, language: Language) -> Terminology {
        match language {
            Language::English => self.english(),
            Language::German => self.german(),
        }
    }

    fn english(&self) -> Terminology {
        Terminology::new(
            self.item_word.clone(),
            self.item_words.clone(),
            self.feature_word.clone(),
            self.feature_words.clone(),
        )
    }

    /// A custom word without a German translation is used in German too, capitalized like any noun.
    fn german(&self) -> Terminology {
        let (default, english) = (Terminology::default_for(Language::German), self.english());
        let custom = english.all_capitalized();
        let translated =
            |word: &Option<String>, is_custom: bool, custom: String, default: String| {
                let fallback = if is_custom { custom } else { default };
                word.clone().unwrap_or(fallback)
            };
        let english_default = Terminology::default_for(Language::English);
        let custom_item =
            (&english.item, &english.items) != (&english_default.item, &english_default.items);
        let custom_feature = (&english.feature, &english.features)
            != (&english_default.feature, &english_default.features);
        Terminology {
            item: translated(&self.item_word_de, custom_item, custom.item, default.item),
            items: translated(
                &self.item_words_de,
                custom_item,
                custom.items,
                default.items,
            ),
            feature: translated(
                &self.feature_word_de,
                custom_feature,
                custom.feature,
                default.feature,
            ),
            features: translated(
                &self.feature_words_de,
                custom_feature,
                custom.features,
                default.features,
            ),
        }
    }
}

/// Accepts a single short name.
fn parse_word(text: &str) -> Result<String, String> {
    match Kind::parse(text) {
        Ok(Some(word)) => Ok(word.to_string()),
        Ok(None) => Err("must not be empty".to_owned()),
        Err(_) => Err("must be one line of at most 50 characters".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct TestCli {
        #[command(flatten)]
        terminology: TerminologyArgs,
    }

    fn terminology(options: &[&str], language: Language) -> Terminology {
        let arguments = [&["savt"], options].concat();
        TestCli::parse_from(arguments)
            .terminology
            .terminology(language)
    }

    #[test]
    fn custom_words_without_a_translation_are_used_in_german() {
        let words = |options: &[&str]| {
            let terminology = terminology(options, Language::German);
            terminology.words().map(str::to_owned)
        };
        assert_eq!(words(&[]), ["Eintrag", "Einträge", "Merkmal", "Merkmale"]);
        let pizza = ["--item-word", "pizza"];
        assert_eq!(words(&pizza), ["Pizza", "Pizzas", "Merkmal", "Merkmale"]);
        let german = ["--item-word-de", "Pizza", "--item-words-de", "Pizzen"];
        let both = [&pizza[..], &german].concat();
        assert_eq!(words(&both), ["Pizza", "Pizzen", "Merkmal", "Merkmale"]);
        let alone = ["savt", "--feature-word-de", "Belag"];
        assert!(
            TestCli::try_parse_from(alone).is_err(),
            "without its plural"
        );
    }

    #[test]
    fn plurals_default_to_the_word_with_an_s() {
        let words = |options: &[&str]| terminology(options, Language::English);
        assert_eq!(words(&["--item-word", "pizza"]).items, "pizzas");
        let criteria = ["--feature-word", "criterion", "--feature-words", "criteria"];
        assert_eq!(words(&criteria).features, "criteria");
    }
}
