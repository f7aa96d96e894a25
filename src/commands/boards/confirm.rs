//! Asks before something is lost.

use std::io::{self, BufRead, IsTerminal, Write};

use super::super::error::Error;

/// Asks a question on the terminal; only "yes" confirms. Without a terminal there is nobody to ask.
pub(super) fn confirm(yes: bool, question: &str) -> Result<(), Error> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Error::Unconfirmed);
    }
    let mut terminal = io::stderr();
    write!(terminal, "{question} Type yes to go on: ")?;
    terminal.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    match answer.trim().eq_ignore_ascii_case("yes") {
        true => Ok(()),
        false => Err(Error::NotConfirmed),
    }
}
