//! A value per language.

use std::array;

use super::supported::Language;

/// One value for each language.
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
