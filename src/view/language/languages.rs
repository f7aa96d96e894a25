//! The texts of all languages.

use std::sync::Arc;

use super::{by_language::ByLanguage, supported::Language, texts::Texts};
use crate::view::terminology::Terminology;

/// The texts of all languages. Cheap to clone.
#[derive(Clone)]
pub struct Languages(Arc<ByLanguage<Arc<Texts>>>);

impl Languages {
    pub fn new(terminology: &ByLanguage<Terminology>) -> Languages {
        let texts = |language| Arc::new(Texts::new(language, terminology.of(language).clone()));
        Languages(Arc::new(ByLanguage::from_fn(texts)))
    }

    pub fn texts(&self, language: Language) -> &Arc<Texts> {
        self.0.of(language)
    }
}

impl Default for Languages {
    fn default() -> Languages {
        Languages::new(&ByLanguage::from_fn(Terminology::default_for))
    }
}
