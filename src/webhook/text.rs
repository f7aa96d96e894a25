//! One line for chats. What people typed must mention nobody, format nothing and link to nothing, whichever chat shows it: Slack,
//! Mattermost, Rocket.Chat, Google Chat and Discord have different markup and no common escape. Therefore the characters that mean
//! something in one of them are replaced by others that look alike.

/// The longest line, in characters: less than Discord's 2,000.
const MAX_LENGTH: usize = 1_500;

/// Text that means nothing but itself in any chat.
pub(super) fn harmless(text: &str) -> String {
    // First, because what is left out must not separate what belongs together.
    let visible: Vec<char> = text.chars().filter_map(visible).collect();
    let mut harmless = String::with_capacity(text.len());
    let mut before = ' ';
    for (index, character) in visible.iter().enumerate() {
        let after = visible.get(index + 1).copied().unwrap_or(' ');
        harmless.push(replacement(before, *character, after));
        before = *character;
    }
    harmless
}

/// Blanks for line ends; nothing for what changes the direction of the rest of the line.
fn visible(character: char) -> Option<char> {
    match character {
        _ if character.is_whitespace() => Some(' '),
        _ if character.is_control() || is_invisible(character) => None,
        _ => Some(character),
    }
}

/// What a character becomes between its neighbours.
fn replacement(before: char, character: char, after: char) -> char {
    match character {
        // Mentions, links, quotes
        '<' => '‹',
        '>' => '›',
        '@' => '＠',
        '[' => '［',
        ']' => '］',
        // Bold, italic, struck out, code, spoilers, headings, channels, formulas, escapes
        '*' => '∗',
        '_' => '＿',
        '~' => '∼',
        '`' => '‵',
        '|' => '∣',
        '#' => '＃',
        '$' => '＄',
        '\\' => '＼',
        // Entities
        '&' if !after.is_whitespace() => '＆',
        // Emojis and addresses, but not times
        ':' if before.is_ascii_digit() && after.is_ascii_digit() => character,
        ':' if !after.is_whitespace() => '：',
        // Host names
        '.' if before.is_alphanumeric() && after.is_alphabetic() => '․',
        _ => character,
    }
}

/// Marks of direction, and characters without width that could hide between others.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The line about a board: `[Friday] Ann vetoed Ham https://savt.example/b/x`. The brackets keep the name of the board from being a heading
/// or a list.
pub(super) fn line(board: &str, text: &str, url: Option<&str>) -> String {
    let text: String = format!("[{}] {}", harmless(board), harmless(text));
    let mut line: String = text.chars().take(MAX_LENGTH).collect();
    if line.len() < text.len() {
        line.push('…');
    }
    if let Some(url) = url {
        line.push(' ');
        line.push_str(url);
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mentions_and_markup_lose_their_meaning() {
        for (typed, shown) in [
            ("Ham", "Ham"),
            ("<!channel>", "‹!channel›"),
            ("@everyone", "＠everyone"),
            ("<@U123> <users/all>", "‹＠U123› ‹users/all›"),
            ("*bold* _it_ ~no~ `x`", "∗bold∗ ＿it＿ ∼no∼ ‵x‵"),
            (
                "[click](https://evil.example)",
                "［click］(https：//evil․example)",
            ),
            ("&lt;!here&gt;", "＆lt;!here＆gt;"),
            (":tada: at 18:00: ok", "：tada: at 18:00: ok"),
            ("a\nb\r\n# c", "a b  ＃ c"),
            ("Salt & Pepper, 3.5 %", "Salt & Pepper, 3.5 %"),
            ("||spoiler|| $x$ \\*", "∣∣spoiler∣∣ ＄x＄ ＼∗"),
            ("\u{202e}abc\u{200b}", "abc"),
        ] {
            assert_eq!(harmless(typed), shown, "{typed}");
        }
        let line = line("# Friday", "Ann vetoed Ham", Some("https://savt.example/"));
        assert_eq!(line, "[＃ Friday] Ann vetoed Ham https://savt.example/");
    }

    #[test]
    fn a_line_has_a_bounded_length_and_keeps_its_link() {
        let line = line("x", &"ä".repeat(10_000), Some("https://savt.example/"));
        assert!(line.chars().count() < MAX_LENGTH + 50);
        assert!(line.ends_with("ä… https://savt.example/"));
    }

    /// Text with many special characters.
    fn typed() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[<>@*_~`|#$&:./\\\\\\[\\]()!-]{1,3}",
            "[a-z0-9]{1,3}",
            prop::sample::select(vec![
                "https://", "www.", "<!here>", "@all", "&lt;", "\n", "\u{202e}", " ", "```", ":x:"
            ])
            .prop_map(str::to_owned),
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_typed_is_markup_a_mention_or_a_link(typed in typed()) {
            let shown = harmless(&typed);
            for character in "<>@*_~`|#$\\[]\n\r\t\u{202e}\u{200b}".chars() {
                prop_assert!(!shown.contains(character), "{shown:?}");
            }
            let characters: Vec<char> = shown.chars().collect();
            for window in characters.windows(3) {
                let [before, character, after] = [window[0], window[1], window[2]];
                prop_assert!(character != '&' || after.is_whitespace(), "{shown:?}");
                prop_assert!(character != '.' || !(before.is_alphanumeric() && after.is_alphabetic()), "{shown:?}");
                let is_time = before.is_ascii_digit() && after.is_ascii_digit();
                prop_assert!(character != ':' || after.is_whitespace() || is_time, "{shown:?}");
            }
            let kept = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
            prop_assert_eq!(kept(&shown), kept(&typed));
            prop_assert_eq!(harmless(&shown), shown);
        }
    }
}
