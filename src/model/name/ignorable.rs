//! Characters that are invisible unless a script or an emoji uses them.

/// `Default_Ignorable_Code_Point`: joiners, variation selectors, fillers, tags, format characters without a visible form, and code
/// points that are reserved for such. Unicode does not change it for assigned characters.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The skeleton of UTS #39 drops exactly these characters.
    #[test]
    fn the_characters_are_those_that_a_skeleton_drops() {
        for c in char::MIN..=char::MAX {
            let text = c.to_string();
            let is_dropped = unicode_security::skeleton(&text).next().is_none();
            assert_eq!(is_ignorable(c), is_dropped, "{c:?}");
        }
    }
}
