//! Removes what editors, shells and secret stores add around a value.

/// The text without the blanks, line ends and byte order marks around it: `echo` and Kubernetes secrets add a newline, Windows
/// editors a byte order mark and CRLF. What stands between two visible characters stays.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_surrounds_a_value_is_removed() {
        for (text, trimmed) in [
            ("geheim\n", "geheim"),
            ("geheim\r\n", "geheim"),
            ("\u{feff}geheim", "geheim"),
            ("\u{feff} geheim \u{feff}\n", "geheim"),
            ("\t correct horse  battery ", "correct horse  battery"),
            (" \n\u{feff}", ""),
            ("", ""),
        ] {
            assert_eq!(trim(text), trimmed);
        }
    }

    proptest! {
        #[test]
        fn trimming_is_idempotent_and_keeps_the_inside(
            before in "[ \t\r\n\u{feff}]{0,4}", value in "[a-zü]( |[a-zü]){0,8}[a-zü]", after in "[ \t\r\n\u{feff}]{0,4}",
        ) {
            let text = format!("{before}{value}{after}");
            prop_assert_eq!(trim(&text), &value);
            prop_assert_eq!(trim(trim(&text)), &value);
        }
    }
}
