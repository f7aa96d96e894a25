//! The options of `savt boards`.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::database::DatabaseOptions;
use crate::{
    load::duration,
    model::{Name, OutcomeText, Slug},
};

#[derive(Debug, Args)]
pub struct Boards {
    #[command(subcommand)]
    pub task: Option<BoardsTask>,
    /// Without a subcommand only.
    #[command(flatten)]
    pub list: ListBoards,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Debug, Subcommand)]
pub enum BoardsTask {
    /// List all boards (the default)
    List(ListBoards),
    /// Delete boards with everything on them. The board `main` is emptied
    Delete(DeleteBoards),
    /// Delete all boards on which nothing has changed for a while, except `main`
    Expire(ExpireBoards),
    /// Close boards in the name of the operator. Anybody can reopen them
    Close(CloseBoards),
    /// Replace the name of a participant by `User-N` and empty its reasons, on the board and in its whole history.
    ///
    /// The browsers of the participant are forgotten too. What it vetoed and added stays. This cannot be undone
    Forget(ForgetParticipant),
}

#[derive(Debug, Default, PartialEq, Args)]
pub struct ListBoards {
    /// Print JSON: an array of boards
    #[arg(long)]
    pub json: bool,
    /// What to sort by
    #[arg(long, value_enum, default_value_t = SortBoards::Created, value_name = "COLUMN")]
    pub sort: SortBoards,
    /// Sort the other way round
    #[arg(long)]
    pub reverse: bool,
    /// Only boards in this state
    #[arg(long, value_enum)]
    pub state: Option<ListedState>,
    /// Only boards on which nothing has changed for this time, such as 30d
    #[arg(long, value_name = "TIME", value_parser = duration::parse_positive)]
    pub idle: Option<Duration>,
    /// Only boards whose name contains this text, whatever its case
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SortBoards {
    #[default]
    Created,
    Slug,
    Name,
    State,
    People,
    Items,
    Events,
    Bytes,
    Changed,
}

/// The states of boards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListedState {
    Open,
    /// Open, and everybody is fine
    Agreed,
    Closed,
}

#[derive(Debug, Args)]
pub struct DeleteBoards {
    /// The last parts of the boards' addresses
    #[arg(required = true, value_name = "SLUG", value_parser = parse_slug)]
    pub slugs: Vec<Slug>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct ExpireBoards {
    /// How long nothing has changed, such as 365d
    #[arg(long, value_name = "TIME", value_parser = duration::parse_positive)]
    pub idle: Duration,
    /// Only list the boards
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct CloseBoards {
    /// The last parts of the boards' addresses
    #[arg(required = true, value_name = "SLUG", value_parser = parse_slug)]
    pub slugs: Vec<Slug>,
    /// What was decided
    #[arg(long, value_name = "TEXT", value_parser = parse_outcome)]
    pub outcome: Option<OutcomeText>,
}

#[derive(Debug, Args)]
pub struct ForgetParticipant {
    /// The last part of the board's address
    #[arg(value_name = "SLUG", value_parser = parse_slug)]
    pub slug: Slug,
    /// The name of the participant
    #[arg(value_name = "NAME", value_parser = parse_name)]
    pub name: Name,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

fn parse_slug(text: &str) -> Result<Slug, String> {
    let why = "must be the last part of a board's address, such as in /b/SLUG";
    Slug::parse(text).ok_or_else(|| why.to_owned())
}

fn parse_name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|_| "must be a name".to_owned())
}

fn parse_outcome(text: &str) -> Result<OutcomeText, String> {
    match OutcomeText::parse(text) {
        Ok(Some(text)) => Ok(text),
        _ => Err("must be a sentence of up to 500 characters".to_owned()),
    }
}
