//! What a message of the live stream says about the decision. Finds the panels of the page in its data, without parsing HTML.

/// What the panels in a message say; `None` if the message does not contain the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Panels {
    /// Whether the board is agreed.
    pub agreed: Option<bool>,
    /// Whether the board is closed.
    pub closed: Option<bool>,
}

/// Text that people type cannot contain them: its quotes are escaped.
const PATTERNS: [&[u8]; 4] = [
    br#"id="consent""#,
    br#"class="agreed""#,
    br#"id="outcome""#,
    br#"id="outcome" data-closed"#,
];

/// How many bytes at the end of a piece may begin a pattern that the next piece completes.
const OVERLAP: usize = PATTERNS[3].len() - 1;

/// Scans the data of one message after the other, in pieces of any size.
#[derive(Default)]
pub(super) struct PanelScanner {
    /// Which patterns the message contains.
    found: [bool; PATTERNS.len()],
    /// The end of the previous pieces.
    tail: Vec<u8>,
}

impl PanelScanner {
    pub(super) fn scan(&mut self, piece: &[u8]) {
        self.tail
            .extend_from_slice(&piece[..piece.len().min(OVERLAP)]);
        find(&self.tail, &mut self.found);
        find(piece, &mut self.found);
        if piece.len() > OVERLAP {
            self.tail.clear();
            self.tail.extend_from_slice(&piece[piece.len() - OVERLAP..]);
        }
        let excess = self.tail.len().saturating_sub(OVERLAP);
        self.tail.drain(..excess);
    }

    /// What the message says that ends here. The next message begins.
    pub(super) fn take(&mut self) -> Panels {
        let [consent, agreed, outcome, closed] = std::mem::take(&mut self.found);
        self.tail.clear();
        Panels {
            agreed: consent.then_some(agreed),
            closed: outcome.then_some(closed),
        }
    }
}

fn find(bytes: &[u8], found: &mut [bool; PATTERNS.len()]) {
    for (pattern, found) in PATTERNS.iter().zip(found) {
        *found = *found || memchr::memmem::find(bytes, pattern).is_some();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_found_in_pieces_of_any_size() {
        let agreed = r#"<section class="news" id="consent"><strong class="agreed">"#;
        let fine = r#"<section id="consent"><p>class=&quot;agreed&quot;</p>"#;
        let closed = r#"<section id="outcome" data-closed aria-labelledby="x">"#;
        let reopened = r#"<section id="outcome"></section> data-closed"#;
        let panels = |agreed, closed| Panels { agreed, closed };
        let messages = [
            (format!("data: {agreed}"), panels(Some(true), None)),
            (
                format!("data: {fine}{closed}"),
                panels(Some(false), Some(true)),
            ),
            ("data: <li id=\"feature-7\">".to_owned(), Panels::default()),
            (
                format!("data: {reopened}{agreed}"),
                panels(Some(true), Some(false)),
            ),
        ];
        for size in [1, 2, 7, 23, 24, 25, 1_000] {
            let mut scanner = PanelScanner::default();
            for (message, expected) in &messages {
                for piece in message.as_bytes().chunks(size) {
                    scanner.scan(piece);
                }
                assert_eq!(scanner.take(), *expected, "{message} in pieces of {size}");
            }
        }
    }

    #[test]
    fn no_pattern_is_longer_than_the_overlap_allows() {
        for pattern in PATTERNS {
            assert!(pattern.len() <= OVERLAP + 1);
        }
    }
}
