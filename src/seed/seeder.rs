//! Sends commands in the names of sample people. Knows nothing of the sample data.

use std::sync::Arc;

use futures_util::future::join_all;

use crate::{
    board::{BoardHandle, Boards, CommandError, CommandOutcome, OpenError, Snapshot},
    model::{Amount, BoardAction, BoardObject, BrowserId, Command, ItemId, Kind, Name, Slug},
    view::Language,
};

/// How many commands are sent at once: several per transaction, and well below the capacity of the writer's mailbox.
const MAX_IN_FLIGHT: usize = 1_000;

/// Why seeding failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot open the board: {0}")]
    Board(#[from] OpenError),
    #[error("{0}")]
    TooLarge(String),
    #[error("cannot change the board: {0:?}")]
    Command(CommandError),
}

impl From<CommandError> for Error {
    fn from(error: CommandError) -> Error {
        Error::Command(error)
    }
}

/// The board to fill.
pub(super) struct Seeder {
    handle: Arc<BoardHandle>,
    pub(super) item_word: String,
    pub(super) feature_word: String,
}

impl Seeder {
    pub(super) async fn open(boards: &Boards) -> Result<Seeder, Error> {
        let terminology = &boards.languages().texts(Language::default()).terminology;
        Ok(Seeder {
            handle: boards.open(&Slug::main()).await?,
            item_word: terminology.item_capitalized(),
            feature_word: terminology.feature_capitalized(),
        })
    }

    pub(super) async fn snapshot(&self) -> Arc<Snapshot> {
        self.handle.read().await
    }

    pub(super) async fn version(&self) -> i64 {
        self.snapshot().await.board.version()
    }

    pub(super) async fn execute(
        &self,
        person: &str,
        command: impl Into<Command>,
    ) -> Result<CommandOutcome, Error> {
        Ok(self.handle.execute(browser_of(person), command).await?)
    }

    /// Sends many commands, each with the name of a person. They are processed in order.
    pub(super) async fn execute_all(&self, commands: Vec<(String, Command)>) -> Result<(), Error> {
        for chunk in commands.chunks(MAX_IN_FLIGHT) {
            let replies = chunk
                .iter()
                .map(|(person, command)| self.execute(person, command.clone()));
            for result in join_all(replies).await {
                result?;
            }
        }
        Ok(())
    }

    pub(super) async fn create_item(
        &self,
        person: &str,
        name: &str,
        kind: &str,
    ) -> Result<Option<ItemId>, Error> {
        let command = self.new_item(name_of(name), kind);
        let outcome = self.execute(person, command).await?;
        Ok(match outcome.about {
            Some(BoardObject::Item(id)) => Some(id),
            _ => None,
        })
    }

    pub(super) fn new_item(&self, name: Name, kind: &str) -> Command {
        let fallback = name_of(&self.item_word);
        let kind = Some(Kind::from_stored(kind.to_owned()));
        Command::Act(BoardAction::CreateItem {
            name: Some(name),
            kind,
            fallback,
        })
    }
}

pub(super) fn suggest(name: &str, amount: i64, item: Option<ItemId>) -> BoardAction {
    BoardAction::Suggest {
        name: name_of(name),
        amount: Amount::new(amount).unwrap_or_default(),
        item,
    }
}

/// The browser of a sample person. No cookie hashes to this value.
pub(super) fn browser_of(person: &str) -> BrowserId {
    BrowserId::from_hash(format!("seed {person}"))
}

pub(super) fn name_of(text: &str) -> Name {
    Name::from_stored(text.to_owned())
}
