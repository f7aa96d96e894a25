//! Rule 1: how a text that a person typed becomes a name, and why it may be invalid.

use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

use super::ignorable::is_ignorable;

/// Why a text is not a valid name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidName {
    /// Only white space.
    Empty,
    /// Longer than this many characters.
    TooLong(usize),
    /// Control characters.
    Control,
    /// Characters that override the direction of surrounding text.
    Bidirectional,
    /// No visible character.
    Invisible,
}

pub(super) fn normalize(text: &str, max: usize) -> Result<Arc<str>, InvalidName> {
    let normalized = tidy(text);
    if text.trim().is_empty() {
        return Err(InvalidName::Empty);
    }
    check_text(&normalized, max, |_| true)?;
    Ok(normalized.into())
}

/// Checks a tidied text that is not empty; `is_forbidden` tells which control characters it must not have.
pub(in crate::model) fn check_text(
    normalized: &str,
    max: usize,
    is_forbidden: impl Fn(char) -> bool,
) -> Result<(), InvalidName> {
    let mut chars = normalized.chars();
    if chars.clone().any(|c| c.is_control() && is_forbidden(c)) {
        Err(InvalidName::Control)
    } else if chars.clone().any(is_bidi_override) {
        Err(InvalidName::Bidirectional)
    } else if chars.all(|c| is_invisible(c) || c == '\n') {
        Err(InvalidName::Invisible)
    } else if normalized.chars().count() > max {
        Err(InvalidName::TooLong(max))
    } else {
        Ok(())
    }
}

/// Composes a text (NFC), drops the invisible characters that nothing in it needs, and folds white space. Each step may enable
/// another, so they are repeated until the text stays the same.
pub(in crate::model) fn tidy(text: &str) -> String {
    let mut text = text.to_owned();
    loop {
        let composed: Vec<char> = text.nfc().collect();
        let visible = without_needless(&composed);
        let words: Vec<&str> = visible.split_whitespace().collect();
        let next = words.join(" ");
        if next == text {
            return text;
        }
        text = next;
    }
}

fn without_needless(chars: &[char]) -> String {
    let right_to_left = chars.iter().any(|c| is_right_to_left(*c));
    let mut kept = String::with_capacity(chars.len());
    let mut previous = None;
    for (n, c) in chars.iter().copied().enumerate() {
        let next = chars.get(n + 1).copied();
        let is_needed = match c {
            // Rejected later.
            c if is_bidi_override(c) => true,
            c if !is_ignorable(c) => true,
            // Marks of direction, which punctuation in right-to-left text needs.
            '\u{061C}' | '\u{200E}' | '\u{200F}' => right_to_left,
            _ => previous.is_some_and(|previous| is_needed_after(c, previous, next)),
        };
        if is_needed {
            kept.push(c);
            previous = Some(c);
        }
    }
    kept
}

/// Whether an invisible character affects how a script or an emoji is displayed between these characters.
fn is_needed_after(c: char, previous: char, next: Option<char>) -> bool {
    match c {
        // Joiners.
        '\u{200C}' | '\u{200D}' => {
            let next_is = |test: fn(char) -> bool| next.is_some_and(test);
            let joins_emoji = c == '\u{200D}' && ends_emoji(previous) && next_is(is_emoji);
            let joins_letters = has_joining_forms(previous) && next_is(has_joining_forms);
            joins_emoji || joins_letters || is_virama(previous)
        }
        // Variation selectors.
        '\u{FE00}'..='\u{FE0F}' => {
            let is_keycap = c == '\u{FE0F}' && next == Some('\u{20E3}');
            let is_presentation = c >= '\u{FE0E}' && is_emoji(previous);
            is_keycap || is_presentation || is_ideograph(previous) || has_joining_forms(previous)
        }
        '\u{E0100}'..='\u{E01EF}' => is_ideograph(previous),
        '\u{180B}'..='\u{180F}' => matches!(previous, '\u{1820}'..='\u{18AA}'),
        // Tags, which make a black flag the flag of a region.
        '\u{E0020}'..='\u{E007F}' => matches!(previous, '\u{1F3F4}' | '\u{E0020}'..='\u{E007E}'),
        // Fillers in old Korean syllables.
        '\u{115F}' | '\u{1160}' => is_jamo(previous) || next.is_some_and(is_jamo),
        _ => false,
    }
}

fn is_emoji(c: char) -> bool {
    !c.is_ascii() && c.is_emoji_char()
}

/// Whether an emoji may end with this character, so that a joiner can follow.
fn ends_emoji(c: char) -> bool {
    is_emoji(c) || matches!(c, '\u{FE0F}' | '\u{E007F}')
}

/// A sign that joins two consonants; a joiner after it selects a form, also at the end of a word.
fn is_virama(c: char) -> bool {
    canonical_combining_class(c) == 9
}

/// Blocks of scripts whose letters have forms that joiners or variation selectors select: Arabic and its relatives, the scripts of
/// South and Southeast Asia, Mongolian and others.
fn has_joining_forms(c: char) -> bool {
    !is_ignorable(c)
        && matches!(c,
            '\u{0600}'..='\u{0DFF}' | '\u{0F00}'..='\u{109F}' | '\u{1700}'..='\u{18AF}' | '\u{1900}'..='\u{1CFF}'
            | '\u{A800}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10A00}'..='\u{10FFF}'
            | '\u{11000}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

fn is_jamo(c: char) -> bool {
    !is_ignorable(c)
        && matches!(c, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}')
}

/// Letters of scripts that are written from right to left.
fn is_right_to_left(c: char) -> bool {
    !is_ignorable(c)
        && matches!(c,
            '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}')
}

/// Embeddings, overrides and isolates, which affect text beyond the name.
/// The plain marks (U+200E, U+200F, U+061C) do not, and right-to-left names need them.
fn is_bidi_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Separators, format characters, and the blank characters that Unicode classifies as letters, marks or symbols.
fn is_invisible(c: char) -> bool {
    use GeneralCategory as Category;
    is_ignorable(c)
        || c == '\u{2800}'
        || matches!(
            c.general_category(),
            Category::SpaceSeparator
                | Category::LineSeparator
                | Category::ParagraphSeparator
                | Category::Control
                | Category::Format
                | Category::Unassigned
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn needless_invisible_characters_are_dropped() {
        for (text, expected) in [
            ("Ann\u{200b}", "Ann"),
            ("\u{feff}A\u{ad}n\u{2060}n\u{200d}", "Ann"),
            ("A\u{200c}n\u{fe0f}n\u{e0061}\u{e0100}", "Ann"),
            ("Ham \u{200b} Egg", "Ham Egg"),
            ("e\u{200b}\u{301}", "é"),
            ("\u{200e}Ham\u{200f}", "Ham"),
            ("1\u{fe0f}", "1"),
            ("🍕\u{200d}", "🍕"),
            ("\u{200d}🍕\u{200d}\u{200d}a", "🍕a"),
            ("\u{3164}x\u{115f}", "x"),
            ("مارغريتا\u{200d}\u{200c}", "مارغريتا"),
        ] {
            assert_eq!(tidy(text), expected, "{text:?}");
        }
    }

    #[test]
    fn invisible_characters_that_a_script_or_an_emoji_needs_are_kept() {
        for text in [
            "👩\u{200d}👩\u{200d}👧",
            "🏳\u{fe0f}\u{200d}🌈",
            "👩🏽\u{200d}🍳",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "ന\u{d4d}\u{200d}",
            "葛\u{e0100}",
            "\u{1820}\u{180b}",
            "\u{1100}\u{1160}",
            "\u{200f}פיצה!\u{200f}",
        ] {
            assert_eq!(tidy(text), text, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn tidying_is_stable_and_drops_only_ignorable_characters(text in "[a-z👩🍕नशמين葛\u{200c}\u{200d}\u{fe0f}\u{200b}\u{94d}\u{301} \u{e0062}\u{1f3f4}]{0,20}") {
            let tidied = tidy(&text);
            prop_assert_eq!(&tidy(&tidied), &tidied);
            let visible = |text: &str| {
                let visible: String = text.nfd().filter(|c| !is_ignorable(*c)).collect();
                let words: Vec<&str> = visible.split_whitespace().collect();
                words.join(" ").nfc().collect::<String>()
            };
            prop_assert_eq!(visible(&tidied), visible(&text));
        }
    }
}
