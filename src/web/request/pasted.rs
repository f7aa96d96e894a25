//! Addresses as people paste them from chats and type them by hand: chats take the punctuation after a link for a part of it.

use percent_encoding::percent_decode_str;

use crate::{
    model::Slug,
    view::url::{BoardUrls, HOME},
};

/// The address of a board's page that somebody probably meant.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::web) struct MeantAddress {
    /// There need not be such a board.
    pub(in crate::web) board: Slug,
    pub(in crate::web) path: String,
}

impl MeantAddress {
    /// `None` if the path names no board, or is correct already. Only punctuation after the root means the board `main`:
    /// nobody gets to that board without asking for it.
    pub(in crate::web) fn from_path(path: &str) -> Option<MeantAddress> {
        let text = without_punctuation(path)?;
        let meant = match text.as_str() {
            "" => MeantAddress {
                board: Slug::main(),
                path: HOME.to_owned(),
            },
            text => {
                let below = text
                    .strip_prefix("/b/")
                    .or_else(|| text.strip_prefix("/B/"))?;
                let (slug, rest) = below.split_once('/').unwrap_or((below, ""));
                let board = Slug::from_typed(slug).filter(|board| !board.is_main())?;
                let path = match rest {
                    "" => BoardUrls::new(&board).home(),
                    rest if rest.bytes().all(is_plain) => {
                        BoardUrls::new(&board).to(&format!("/{rest}"))
                    }
                    _ => return None,
                };
                MeantAddress { board, path }
            }
        };
        (meant.path != path).then_some(meant)
    }
}

/// The percent-encoded text without the punctuation and spaces that follow it; `None` if it is not UTF-8. A dash is part
/// of the text: chats do not add one.
pub(in crate::web) fn without_punctuation(encoded: &str) -> Option<String> {
    let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
    let is_punctuation = |c: char| {
        (c.is_ascii_punctuation() && c != '-')
            || c.is_whitespace()
            || "…’”»›、。，）\u{200b}\u{feff}".contains(c)
    };
    Some(decoded.trim_end_matches(is_punctuation).to_owned())
}

/// Whether a byte needs no encoding in any path of SAVT.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(path: &str) -> Option<String> {
        MeantAddress::from_path(path).map(|meant| meant.path)
    }

    #[test]
    fn what_chats_add_is_no_part_of_the_address() {
        let board = "/b/ab01-efgh-jkmn-pqrs";
        for added in [
            ".",
            ",",
            ")",
            ").",
            "%20",
            "%20%20",
            "%29.",
            "!",
            "?",
            ";",
            ":",
            "'",
            "\"",
            "%22",
            "*",
            "_",
            "%3E",
            "]",
            "%E2%80%A6",
            "%E2%80%9D",
            "%C2%A0",
            "%E2%80%8B",
            "/.",
            "/)",
        ] {
            assert_eq!(
                meant(&format!("{board}{added}")).as_deref(),
                Some(board),
                "{added}"
            );
            let history = format!("{board}/history");
            assert_eq!(
                meant(&format!("{history}{added}")),
                Some(history),
                "{added}"
            );
        }
    }

    #[test]
    fn capitals_and_missing_dashes_lead_to_the_board() {
        for path in [
            "/B/AB01-EFGH-JKMN-PQRS",
            "/b/abolefghjkmnpqrs",
            "/b/AB01%20EFGH%20JKMN%20PQRS",
        ] {
            assert_eq!(
                meant(path).as_deref(),
                Some("/b/ab01-efgh-jkmn-pqrs"),
                "{path}"
            );
        }
        assert_eq!(
            meant("/b/0123456789ABCDEFGHJKMNPQRS.").as_deref(),
            Some("/b/0123456789abcdefghjkmnpqrs")
        );
    }

    #[test]
    fn only_punctuation_after_the_root_means_the_main_board() {
        for path in ["/.", "/)", "/%20", "//"] {
            assert_eq!(meant(path).as_deref(), Some("/"), "{path}");
        }
        for path in [
            "/",
            "/b",
            "/b/",
            "/b/.",
            "/b/MAIN",
            "/b/%20",
            "/history.",
            "/nothing",
            "/%00",
            "/b/%ff",
            "/b/x/%C3%A9",
        ] {
            assert_eq!(meant(path), None, "{path}");
        }
    }

    #[test]
    fn a_correct_address_means_itself() {
        for path in [
            "/b/ab01-efgh-jkmn-pqrs",
            "/b/ab01-efgh-jkmn-pqrs/items/7",
            "/b/0123456789abcdefghjkmnpqrs",
        ] {
            assert_eq!(meant(path), None, "{path}");
        }
    }
}
