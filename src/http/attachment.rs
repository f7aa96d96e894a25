//! The header that makes a browser save a response as a file (RFC 6266), with a name that is safe on every system.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use poem::http::HeaderValue;

/// The longest file name without its extension, in characters.
const MAX_NAME: usize = 80;

/// The value of `Content-Disposition` for a file with this title and extension.
pub fn attachment(title: &str, extension: &str) -> HeaderValue {
    let name = file_name(title);
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii() { c } else { '_' })
        .collect();
    let encoded = utf8_percent_encode(&name, NON_ALPHANUMERIC);
    let value = format!(
        "attachment; filename=\"{ascii}.{extension}\"; filename*=UTF-8''{encoded}.{extension}"
    );
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// A title without the characters that mean something in a path or a shell. Never empty, and never a hidden file.
fn file_name(title: &str) -> String {
    let safe = title.chars().take(MAX_NAME).map(|c| match c {
        c if c.is_alphanumeric() => c,
        ' ' | '-' | '_' | ',' => c,
        _ => '_',
    });
    let name: String = safe.collect();
    let name = name.trim_matches([' ', '-', '_', ',']);
    match name.is_empty() {
        true => "savt".to_owned(),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_has_only_safe_characters() {
        for (title, ascii, encoded) in [
            ("Pizza night", "Pizza night", "Pizza%20night"),
            ("Käse", "K_se", "K%C3%A4se"),
            ("../../etc/passwd", "etc_passwd", "etc%5Fpasswd"),
            ("a\"b\\c\r\nX: y", "a_b_c__X_ y", "a%5Fb%5Fc%5F%5FX%5F%20y"),
            ("🍕", "savt", "savt"),
            ("", "savt", "savt"),
        ] {
            let expected =
                format!("attachment; filename=\"{ascii}.csv\"; filename*=UTF-8''{encoded}.csv");
            assert_eq!(attachment(title, "csv"), expected, "{title:?}");
        }
        let long = attachment(&"x".repeat(1_000), "csv");
        assert!(long.len() < 250, "{long:?}");
    }
}
