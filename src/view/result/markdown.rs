//! Escapes text for Markdown, so that what people typed makes no markup, link, mention or HTML (CommonMark, GitHub's extensions
//! and those of chats).

use std::iter::once;

/// Characters that can mean something anywhere in a line.
const SPECIAL: &str = r"\`*_[]{}<>#|~&!$^=";

/// Characters that can mean something at the start of a line only.
const SPECIAL_AT_START: &str = "+-:";

/// An invisible character without width at which no line breaks (U+2060). It separates what programs make a link or a mention of
/// even when its characters are escaped, because they search the rendered text.
const WORD_JOINER: char = '\u{2060}';

/// Escapes one line of text.
pub(super) fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 16);
    // Whether there were only digits so far: `1.` and `1)` would begin a list.
    let mut only_digits = true;
    let next = line.chars().skip(1).map(Some).chain(once(None));
    for (at, (char, next)) in line.chars().zip(next).enumerate() {
        let begins_list = only_digits && at > 0 && matches!(char, '.' | ')');
        let is_special = SPECIAL.contains(char)
            || (at == 0 && SPECIAL_AT_START.contains(char))
            || begins_list
            || char == '@';
        if is_special {
            out.push('\\');
        }
        out.push(char);
        let begins_link = matches!(
            (char, next),
            ('@', _) | (':', Some('/')) | ('w' | 'W', Some('.'))
        );
        if begins_link {
            out.push(WORD_JOINER);
        }
        only_digits &= char.is_ascii_digit();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_special_characters_stays_as_it_is() {
        for text in ["Margherita", "Käse, Ananas (2)", "a - b", "12 o'clock", ""] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn markup_is_escaped() {
        for (text, escaped) in [
            ("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`"),
            ("[a](b)", r"\[a\](b)"),
            ("<b>&amp;", r"\<b\>\&amp;"),
            ("# a", r"\# a"),
            ("- a", r"\- a"),
            ("+ a", r"\+ a"),
            ("12. a", r"12\. a"),
            ("1) a", r"1\) a"),
            (r"\*", r"\\\*"),
            ("a|b", r"a\|b"),
            ("https://a.b", "https:\u{2060}//a.b"),
            ("WWW.a.b", "WWW\u{2060}.a.b"),
            ("@here", "\\@\u{2060}here"),
            ("a@b.c", "a\\@\u{2060}b.c"),
        ] {
            assert_eq!(escape(text), escaped, "{text}");
        }
    }
}
