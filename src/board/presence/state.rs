//! Counts who is viewing a board, here and in other processes. No messages, no timers.

use std::collections::BTreeMap;

use super::{
    super::{peers::message::ProcessId, snapshot::Snapshot},
    process_presence::ProcessPresence,
};
use crate::model::BrowserId;

#[derive(Default)]
pub(super) struct State {
    /// The browsers connected to this process, with the number of their streams.
    streams: BTreeMap<BrowserId, usize>,
    remote: BTreeMap<ProcessId, ProcessPresence>,
}

impl State {
    /// Adds a stream; returns whether it is the first of the board in this process.
    pub(super) fn add_stream(&mut self, browser: BrowserId) -> bool {
        let first = self.streams.is_empty();
        *self.streams.entry(browser).or_default() += 1;
        first
    }

    pub(super) fn remove_stream(&mut self, browser: &BrowserId) {
        if let Some(streams) = self.streams.get_mut(browser) {
            *streams -= 1;
            if *streams == 0 {
                self.streams.remove(browser);
            }
        }
    }

    pub(super) fn has_stream(&self, browser: &BrowserId) -> bool {
        self.streams.contains_key(browser)
    }

    /// Sets the presence of another process, none if it is gone; returns whether that is a change.
    pub(super) fn set_remote(
        &mut self,
        process: ProcessId,
        presence: Option<ProcessPresence>,
    ) -> bool {
        match presence.filter(|presence| !presence.is_empty()) {
            Some(presence) => self.remote.insert(process, presence.clone()) != Some(presence),
            None => self.remote.remove(&process).is_some(),
        }
    }

    /// Drops the other processes that are not alive; returns whether there were any.
    pub(super) fn retain_remote(&mut self, is_alive: impl Fn(&ProcessId) -> bool) -> bool {
        let before = self.remote.len();
        self.remote.retain(|process, _| is_alive(process));
        self.remote.len() != before
    }

    /// Who is connected to this process. A participant with two browsers counts once.
    pub(super) fn local(&self, snapshot: &Snapshot) -> ProcessPresence {
        let mut presence = ProcessPresence::default();
        for browser in self.streams.keys() {
            match snapshot.board.participant_for(browser) {
                Some(participant) => {
                    presence.participants.insert(participant);
                }
                None => presence.guests += 1,
            }
        }
        presence
    }

    /// Who is connected to any process. A participant at two of them counts once if known by id.
    pub(super) fn total(&self, snapshot: &Snapshot) -> ProcessPresence {
        let mut total = self.local(snapshot);
        for presence in self.remote.values() {
            total.participants.extend(&presence.participants);
            total.others += presence.others;
            total.guests += presence.guests;
        }
        total
    }
}
