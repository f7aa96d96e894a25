//! The messages that a board's writer receives and the replies it sends. Knows nothing of how a command is run.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{sync::oneshot, time::Instant};

use super::snapshot::Snapshot;
use crate::model::{
    BoardObject, BrowserId, Command, Edit, Event, Notice, Rejection, RequestKey, Setting,
    SettingKey,
};

/// What a command led to. Its events, if any, are committed.
#[derive(Clone)]
pub struct CommandOutcome {
    /// Empty if nothing had to change.
    pub events: Vec<Event>,
    /// The item or feature that a page should show afterwards.
    pub about: Option<BoardObject>,
    pub note: Option<Notice>,
    /// The number of the earlier event that the command repeats.
    pub repeats: Option<i64>,
    /// The board with this change, and possibly with other changes of the same batch.
    pub snapshot: Arc<Snapshot>,
}

impl CommandOutcome {
    /// What a command led to that was recorded with these events, as far as they tell.
    pub fn recorded(events: Vec<Event>, snapshot: Arc<Snapshot>) -> CommandOutcome {
        let created = events.iter().rev().find_map(created_object);
        CommandOutcome {
            about: created.or_else(|| events.iter().rev().find_map(changed_feature)),
            note: None,
            repeats: None,
            events,
            snapshot,
        }
    }

    /// Whether the board has other words now.
    pub fn changes_words(&self) -> bool {
        let mut settings = self.events.iter().flat_map(|event| &event.change.settings);
        let keys = |edit: &Edit<Setting>| edit.latest().map(Setting::key);
        settings.any(|edit| keys(edit) == Some(SettingKey::Terminology))
    }
}

/// The first item or feature that an event created.
fn created_object(event: &Event) -> Option<BoardObject> {
    let items = event.change.items.iter();
    let mut items = items.filter(|edit| edit.before.is_none());
    let item = items.find_map(|edit| edit.after.as_ref());
    let features = event.change.features.iter();
    let mut features = features.filter(|edit| edit.before.is_none());
    let feature = features.find_map(|edit| edit.after.as_ref());
    let item = item.map(|item| BoardObject::Item(item.id));
    item.or(feature.map(|feature| BoardObject::Feature(feature.id)))
}

/// The first feature that an event changed.
fn changed_feature(event: &Event) -> Option<BoardObject> {
    let mut features = event.change.features.iter().filter_map(Edit::latest);
    features
        .next()
        .map(|feature| BoardObject::Feature(feature.id))
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq)]
pub enum CommandError {
    /// A rule rejected it.
    Rejected(Rejection),
    /// The mailbox is full, or the command waited too long in it. Nothing was written.
    Busy,
    /// The database is unavailable. Nothing was written.
    Unavailable,
    /// Processing started, but the database did not confirm the commit, or not in time. The change may or may not be on disk.
    Unconfirmed,
    /// The key of its request is known, so that it took effect before, or does so at the same time. Only for requests that take effect once.
    Repeated,
    /// The board was deleted. Nothing was written.
    BoardDeleted,
    /// The program has a fault.
    Internal,
}

/// A message in a writer's mailbox.
pub(super) enum Message {
    Command(Envelope),
    /// Apply the events of other processes, then reply.
    Refresh(oneshot::Sender<()>),
}

/// A command with what the writer needs to reply to it.
pub(super) struct Envelope {
    pub(super) browser: BrowserId,
    pub(super) command: Command,
    /// The request that must take effect only once, if it has a key. Boxed, because most have none.
    pub(super) request: Option<Box<RequestKey>>,
    pub(super) arrived_at: Instant,
    pub(super) cancel: CancelToken,
    pub(super) reply: oneshot::Sender<Result<CommandOutcome, CommandError>>,
}

impl Envelope {
    /// Replies to the caller. The receiver may be gone; a committed change stays committed.
    pub(super) fn reply(self, result: Result<CommandOutcome, CommandError>) {
        let _ = self.reply.send(result);
    }
}

/// Decides between the writer, which starts a command, and its caller, which cancels it: the first of them wins.
#[derive(Clone, Default)]
pub(super) struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Starts the command; false if its caller has cancelled it.
    pub(super) fn try_start(&self) -> bool {
        self.claim()
    }

    /// Cancels the command; false if the writer has started it.
    pub(super) fn try_cancel(&self) -> bool {
        self.claim()
    }

    fn claim(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}
