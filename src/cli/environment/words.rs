//! Splits a command line at its subcommands, and finds the options that it sets. Validates nothing; that is up to clap.

use std::{
    collections::HashSet,
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
};

use clap::{Arg, Command, Id};

use super::clean::clean;

/// A command line with trimmed values.
#[derive(Debug)]
pub(super) struct Words {
    program: Option<OsString>,
    /// Each subcommand with the words that follow it. The first entry has no name: it is the program itself.
    levels: Vec<(Option<OsString>, Vec<OsString>)>,
    given: HashSet<Id>,
}

impl Words {
    pub(super) fn parse(command: &Command, words: impl IntoIterator<Item = OsString>) -> Words {
        let mut words = words.into_iter();
        let mut parsed = Words {
            program: words.next(),
            levels: vec![(None, Vec::new())],
            given: HashSet::new(),
        };
        let mut path = vec![command];
        let mut only_positional = false;
        while let Some(word) = words.next() {
            if only_positional {
                parsed.push_positional(&path, &word);
            } else if word == "--" {
                only_positional = true;
                parsed.push(word);
            } else if let Some(option) = word.as_bytes().strip_prefix(b"--") {
                parsed.push_option(&path, option, &mut words);
            } else if word.as_bytes().starts_with(b"-") {
                parsed.push(word);
            } else if let Some(found) = path.last().and_then(|last| last.find_subcommand(&word)) {
                path.push(found);
                parsed.levels.push((Some(word), Vec::new()));
            } else {
                parsed.push_positional(&path, &word);
            }
        }
        parsed
    }

    fn push(&mut self, word: OsString) {
        if let Some((_, words)) = self.levels.last_mut() {
            words.push(word);
        }
    }

    fn push_positional(&mut self, path: &[&Command], word: &OsStr) {
        let positionals = path
            .last()
            .into_iter()
            .flat_map(|last| last.get_positionals());
        self.given
            .extend(positionals.map(|arg| arg.get_id().clone()));
        self.push(clean(word, None));
    }

    /// Takes an option (without its dashes) and its value, which may be the next word.
    fn push_option(
        &mut self,
        path: &[&Command],
        option: &[u8],
        following: &mut impl Iterator<Item = OsString>,
    ) {
        let equals = option.iter().position(|&byte| byte == b'=');
        let name = &option[..equals.unwrap_or(option.len())];
        let mut word = [b"--", name].concat();
        let Some(arg) = find(path, name) else {
            word.extend(&option[name.len()..]);
            return self.push(OsString::from_vec(word));
        };
        self.given.insert(arg.get_id().clone());
        let delimiter = arg.get_value_delimiter();
        if let Some(equals) = equals {
            word.push(b'=');
            word.extend(clean(OsStr::from_bytes(&option[equals + 1..]), delimiter).as_bytes());
            self.push(OsString::from_vec(word));
        } else {
            self.push(OsString::from_vec(word));
            if arg.get_action().takes_values()
                && let Some(value) = following.next()
            {
                self.push(clean(&value, delimiter));
            }
        }
    }

    pub(super) fn program(&self) -> Option<&OsString> {
        self.program.as_ref()
    }

    pub(super) fn levels(&self) -> &[(Option<OsString>, Vec<OsString>)] {
        &self.levels
    }

    /// The options and positional arguments on the command line.
    pub(super) fn given(&self) -> &HashSet<Id> {
        &self.given
    }

    /// The whole command line.
    pub(super) fn all(&self) -> impl Iterator<Item = &OsString> {
        let levels = self.levels.iter();
        let words = levels.flat_map(|(name, words)| name.iter().chain(words));
        self.program.iter().chain(words)
    }
}

/// The option with this name, of the innermost command that has it.
fn find<'a>(path: &[&'a Command], name: &[u8]) -> Option<&'a Arg> {
    let name = std::str::from_utf8(name).ok()?;
    let mut args = path
        .iter()
        .rev()
        .flat_map(|command| command.get_arguments());
    args.find(|arg| arg.get_long() == Some(name))
}
