//! How much memory a board takes, as an estimate, and how much all boards may take while nobody uses them.

/// The default of `--cache-mib`.
pub const DEFAULT_CACHE_MIB: u64 = 256;

const KIB: usize = 1_024;

/// Every board: its writer, mailbox, streams and texts.
const BASE_BYTES: usize = 32 * KIB;

/// A row, with its names and its entries in the indexes.
const ROW_BYTES: usize = 400;

/// How often each byte of a page is kept: a row is rendered for those who vetoed it and for all others, its card contains the latter
/// again, and the strings have room to spare.
const COPIES: usize = 4;

/// The texts of a board with words of its own, in all languages together: an index of the messages, which are shared.
const OWN_TEXTS_BYTES: usize = 140 * KIB;

/// The memory of a board with this many rows, whose pages have this many bytes in all languages together, in KiB.
///
/// Compared with the growth of the resident memory for each of many equal boards, each with 5 features per item and 8 participants, on
/// 64-bit Linux, after the page was requested in one language and then in two:
///
/// | items | boards | measured, KiB | estimated, KiB |
/// | --- | --- | --- | --- |
/// | 1 | 2,000 | 39; 51 | 48; 58 |
/// | 10 | 1,000 | 154; 260 | 158; 258 |
/// | 100 | 200 | 1,345; 2,400 | 1,281; 2,293 |
/// | 1,000 | 20 | 13,217; 23,930 | 12,569; 22,760 |
pub(super) fn weight_kib(rows: usize, rendered_bytes: usize, has_own_words: bool) -> u32 {
    let own_texts = if has_own_words { OWN_TEXTS_BYTES } else { 0 };
    let bytes = (BASE_BYTES + own_texts)
        .saturating_add(ROW_BYTES.saturating_mul(rows))
        .saturating_add(COPIES.saturating_mul(rendered_bytes));
    u32::try_from(bytes.div_ceil(KIB)).unwrap_or(u32::MAX)
}

/// Whether a weight is so far from the counted one that it has to be counted again.
pub(super) fn differs(weight: u32, counted: u32) -> bool {
    weight.abs_diff(counted) > counted / 8
}

/// The memory of all boards that may stay while nobody uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheSize(u32);

impl CacheSize {
    pub fn mib(mib: u64) -> CacheSize {
        CacheSize(u32::try_from(mib.saturating_mul(1_024)).unwrap_or(u32::MAX))
    }

    pub const fn kib(kib: u32) -> CacheSize {
        CacheSize(kib)
    }

    pub(super) fn as_kib(self) -> u32 {
        self.0
    }
}

impl Default for CacheSize {
    fn default() -> CacheSize {
        CacheSize::mib(DEFAULT_CACHE_MIB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_enough_for_a_thousand_small_boards_in_two_languages() {
        // 10 items, 50 features, 8 people; the cards have 25 KB in each language.
        let small = weight_kib(68, 2 * 25_000, false);
        assert!(small * 1_000 <= CacheSize::default().as_kib(), "{small}");
    }

    #[test]
    fn a_weight_is_counted_again_from_an_eighth_on() {
        for (weight, counted, expected) in [
            (100, 100, false),
            (112, 100, false),
            (113, 100, true),
            (88, 100, false),
            (87, 100, true),
            (1, 0, true),
            (0, 0, false),
            (u32::MAX, 0, true),
        ] {
            assert_eq!(differs(weight, counted), expected, "{weight}, {counted}");
        }
    }

    #[test]
    fn absurd_sizes_saturate() {
        assert_eq!(weight_kib(usize::MAX, usize::MAX, true), u32::MAX);
        assert_eq!(CacheSize::mib(u64::MAX).as_kib(), u32::MAX);
    }
}
