//! What SAVT promises, in the words of its rules.

mod rules;
