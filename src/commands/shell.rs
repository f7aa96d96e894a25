//! Quotes arguments of the commands that error messages suggest.

use std::fmt::Display;

/// The argument as one word of a POSIX shell.
pub(super) fn quote(argument: impl Display) -> String {
    let argument = argument.to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=".contains(c);
    match !argument.is_empty() && argument.chars().all(is_plain) {
        true => argument,
        false => format!("'{}'", argument.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_arguments_with_special_characters_are_quoted() {
        for (argument, quoted) in [
            ("backups/savt.dump", "backups/savt.dump"),
            ("our savt.dump", "'our savt.dump'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quote(argument), quoted);
        }
    }
}
