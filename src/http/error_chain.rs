//! The causes of an error, as one line for the log.

use std::{error::Error, fmt::Write};

/// The error and its sources, outermost first. A source that the text already contains is not repeated.
pub fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            let _ = write!(text, ": {cause}");
        }
        source = error.source();
    }
    text.replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot compress")]
    struct Outer(#[source] Middle);

    #[derive(Debug, thiserror::Error)]
    #[error("cannot write: {0}")]
    struct Middle(#[source] io::Error);

    #[test]
    fn each_cause_is_named_once() {
        let error = Outer(Middle(io::Error::other("disk\non fire")));
        assert_eq!(
            error_chain(&error),
            "cannot compress: cannot write: disk on fire"
        );
        let poem = poem::error::InternalServerError(error);
        assert_eq!(
            error_chain(&poem),
            "cannot compress: cannot write: disk on fire"
        );
    }
}
