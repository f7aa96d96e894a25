//! Reads the command line together with the environment.
//!
//! clap reads an environment variable itself (`Arg::env`), as it is: with the newline of a Kubernetes secret, with an empty value
//! that means "unset", and without a word about a variable that no option knows. The environment of a running process cannot be
//! changed without `unsafe`, and clap has no other source of values. Therefore the variables become arguments before clap parses
//! them: [`read`] inserts `--listen=ADDRESS` after the subcommand if `SAVT_LISTEN` is set and the command line has no `--listen`.
//! Conflicts and requirements between options, value parsers and error messages then work as usual. The names come from the
//! definition of the options; there is no second list. clap still shows the variables in its help texts.

mod clean;
mod unknown;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{OsStr, OsString},
};

use clap::{Arg, Command, error::ErrorKind};

use self::{clean::clean, words::Words};

/// Variables by name. Empty ones count as unset.
type Variables = BTreeMap<OsString, OsString>;

/// Parses the arguments of the process, the first of which is the name of the program, and the variables of its environment. The
/// values of both are trimmed. Arguments take precedence.
///
/// # Errors
/// The command line or the environment is invalid, or the user asked for a help text.
pub(super) fn read(
    command: &Command,
    arguments: impl IntoIterator<Item = OsString>,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<clap::ArgMatches, clap::Error> {
    let variables: Variables = variables
        .into_iter()
        .map(|(name, value)| (name, clean(&value, None)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let words = Words::parse(command, arguments);
    let arguments = with_variables(command, &words, &variables);
    let parsed = arguments
        .and_then(|arguments| without_environment(command.clone()).try_get_matches_from(arguments));
    match parsed {
        // The help text of the unchanged command names the variables.
        Err(error) if error.kind() == ErrorKind::DisplayHelp => {
            let help = command.clone().try_get_matches_from(words.all());
            Err(help.err().unwrap_or(error))
        }
        Err(error) if !error.use_stderr() => Err(error),
        parsed => {
            let known = names(command);
            match unknown::complaint(&known, &variables) {
                Some(complaint) => Err(clap::Error::raw(
                    ErrorKind::UnknownArgument,
                    format!("{complaint}\n"),
                )),
                None => parsed,
            }
        }
    }
}

/// The arguments with the variables that no argument overrides.
fn with_variables(
    command: &Command,
    words: &Words,
    variables: &Variables,
) -> Result<Vec<OsString>, clap::Error> {
    let mut arguments = Vec::new();
    let mut current = command;
    for (name, part) in words.levels() {
        if let Some(name) = name {
            arguments.push(name.clone());
            current = current
                .find_subcommand(name)
                .expect("Words finds only subcommands that exist");
        } else {
            arguments.extend(words.program().cloned());
        }
        for arg in current.get_arguments() {
            let value = arg.get_env().and_then(|name| variables.get(name));
            if let Some(value) = value
                && !words.given().contains(arg.get_id())
            {
                arguments.extend(argument(arg, value)?);
            }
        }
        arguments.extend(part.iter().cloned());
    }
    Ok(arguments)
}

/// A variable as an argument, or nothing if it turns a switch off.
fn argument(arg: &Arg, value: &OsStr) -> Result<Option<OsString>, clap::Error> {
    let Some(long) = arg.get_long() else {
        return Ok(Some(value.to_owned()));
    };
    let mut text = OsString::from(format!("--{long}"));
    if !arg.get_action().takes_values() {
        let name = arg.get_env().unwrap_or_default().to_string_lossy();
        return match parse_switch(value) {
            Some(true) => Ok(Some(text)),
            Some(false) => Ok(None),
            None => Err(clap::Error::raw(
                ErrorKind::InvalidValue,
                format!("{name} must be 1, true, yes or on, or 0, false, no or off\n"),
            )),
        };
    }
    text.push("=");
    text.push(clean(value, arg.get_value_delimiter()));
    Ok(Some(text))
}

fn parse_switch(value: &OsStr) -> Option<bool> {
    match value.to_str()?.to_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

fn without_environment(command: Command) -> Command {
    command
        .mut_args(|arg| arg.env(None::<&'static str>))
        .mut_subcommands(without_environment)
}

/// The variables of all options of all commands.
fn names(command: &Command) -> BTreeSet<String> {
    let own = command.get_arguments().filter_map(Arg::get_env);
    let own = own.map(|name| name.to_string_lossy().into_owned());
    own.chain(command.get_subcommands().flat_map(names))
        .collect()
}

#[cfg(test)]
mod tests;
