//! Removes from clap's errors what may be a piece of a secret: a value without its option, or a URL with user information.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// The error without such texts.
pub(super) fn redacted(mut error: Error) -> Error {
    match error.kind() {
        ErrorKind::UnknownArgument => {
            if let Some(argument) = text(&error, ContextKind::InvalidArg)
                && let shown = shown_argument(&argument)
                && shown != argument
            {
                error.insert(ContextKind::InvalidArg, ContextValue::String(shown));
                // The suggestions repeat the argument.
                error.remove(ContextKind::Suggested);
                error.remove(ContextKind::SuggestedArg);
            }
            error
        }
        ErrorKind::InvalidSubcommand => {
            if text(&error, ContextKind::InvalidSubcommand).is_some_and(|name| !is_word(&name)) {
                let hidden = ContextValue::String(HIDDEN.to_owned());
                error.insert(ContextKind::InvalidSubcommand, hidden);
                error.remove(ContextKind::Suggested);
            }
            error
        }
        // The reason repeats the value too.
        kind if text(&error, ContextKind::InvalidValue).is_some_and(|value| has_url(&value)) => {
            let option = text(&error, ContextKind::InvalidArg).unwrap_or_default();
            Error::raw(kind, format!("invalid value for '{option}'\n"))
        }
        _ => error,
    }
}

const HIDDEN: &str = "…";

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// The name of an option. Any other argument is hidden: it may be the second word of a password.
fn shown_argument(argument: &str) -> String {
    let name = argument.split('=').next().unwrap_or_default();
    match name.strip_prefix("--") {
        Some(word) if is_word(word) => name.to_owned(),
        _ => HIDDEN.to_owned(),
    }
}

/// Whether this looks like the name of an option or of a command.
fn is_word(text: &str) -> bool {
    text.len() <= 20
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

fn has_url(text: &str) -> bool {
    text.contains('@') || text.contains("://")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    fn message(arguments: &[&str]) -> String {
        let arguments = [&["savt"], arguments].concat();
        let error = Cli::try_parse_from(arguments).unwrap_err();
        redacted(error).to_string()
    }

    #[test]
    fn a_misplaced_secret_is_not_repeated() {
        for arguments in [
            &["serve", "postgres://u:secret@h/d"][..],
            &["postgres://u:secret@h/d"],
            &["secret@h"],
            &["serve", "--databse-url=postgres://u:secret@h/d"],
            &["serve", "--password", "my", "secret"],
            &["serve", "-secret"],
            &["serve", "--db-connections", "postgres://u:secret@h/d"],
            &["load", "--duration", "postgres://u:secret@h/d"],
            &["migrate", "postgres://u:secret@h/d"],
            &["backup", "a", "secret"],
        ] {
            let message = message(arguments);
            assert!(message.starts_with("error: "), "{arguments:?}: {message}");
            assert!(!message.contains("secret"), "{arguments:?}: {message}");
        }
    }

    #[test]
    fn a_mistyped_name_is_repeated() {
        for (arguments, expected) in [
            (&["serve", "--lisen", "x"][..], "--lisen"),
            (&["fly"], "fly"),
            (&["migrate", "sideways"], "sideways"),
            (&["serve", "--db-wait-ms", "soon"], "soon"),
        ] {
            let message = message(arguments);
            assert!(message.contains(expected), "{arguments:?}: {message}");
        }
    }
}
