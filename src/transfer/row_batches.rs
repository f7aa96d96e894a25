//! The rows of a board in parts that are written one after the other.

use crate::model::BoardRows;

/// How many rows are written at once.
const BATCH_ROWS: usize = 2_000;

/// The rows in parts of a bounded size. Rows follow those that they refer to.
pub(super) fn row_batches(rows: BoardRows) -> impl Iterator<Item = BoardRows> {
    fn parts<R: Clone>(
        rows: Vec<R>,
        into: impl Fn(Vec<R>) -> BoardRows,
    ) -> impl Iterator<Item = BoardRows> {
        let parts: Vec<_> = rows.chunks(BATCH_ROWS).map(<[R]>::to_vec).collect();
        parts.into_iter().map(into)
    }
    let BoardRows {
        participants,
        browsers,
        items,
        features,
        vetoes,
        consents,
        settings,
    } = rows;
    macro_rules! kind {
        ($kind:ident) => {
            parts($kind, |$kind| BoardRows {
                $kind,
                ..BoardRows::default()
            })
        };
    }
    kind!(participants)
        .chain(kind!(browsers))
        .chain(kind!(items))
        .chain(kind!(features))
        .chain(kind!(vetoes))
        .chain(kind!(consents))
        .chain(kind!(settings))
}
