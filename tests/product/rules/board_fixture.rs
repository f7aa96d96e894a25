//! `BoardFixture`: a board, its log, and a clock that advances with every command. All invariants are checked after every
//! command, so each test also proves those. The fuzzer uses it too.

use chrono::{DateTime, TimeDelta};
use savt::model::{
    Action, Amount, Board, BoardAction, BoardId, BoardRows, BrowserId, Command, Decision, Event,
    FeatureId, FieldEdit, ItemId, Kind, Limits, Name, Note, ParticipantId, Purpose, Reason,
    Rejection, Slug, Timestamp, decide,
};

use super::{board_text, invariants};

/// The result of a command.
pub(super) type ExecuteResult = Result<Decision, Rejection>;

#[derive(Clone)]
pub(super) struct BoardFixture {
    pub(super) board: Board,
    pub(super) events: Vec<Event>,
    pub(super) limits: Limits,
    seconds: i64,
}

pub(super) fn name(text: &str) -> Name {
    Name::parse(text).unwrap_or_else(|invalid| panic!("{text:?} is not a name: {invalid:?}"))
}

pub(super) fn kind(text: &str) -> Option<Kind> {
    Kind::parse(text).unwrap_or_else(|invalid| panic!("{text:?} is not a kind: {invalid:?}"))
}

pub(super) fn reason(text: &str) -> Option<Reason> {
    Reason::parse(text).unwrap_or_else(|invalid| panic!("{text:?} is not a reason: {invalid:?}"))
}

pub(super) fn note(text: &str) -> Option<Note> {
    Note::parse(text).unwrap_or_else(|invalid| panic!("{text:?} is not a note: {invalid:?}"))
}

pub(super) fn purpose(text: &str) -> Option<Purpose> {
    Purpose::parse(text).unwrap_or_else(|invalid| panic!("{text:?} is not a purpose: {invalid:?}"))
}

pub(super) fn amount(number: i64) -> Amount {
    Amount::new(number).unwrap_or_else(|| panic!("{number} is not an amount"))
}

/// The browser of a person, by the person's name in the test.
pub(super) fn browser(person: &str) -> BrowserId {
    BrowserId::from_hash(format!("the browser of {person}"))
}

/// A board without events.
pub(super) fn empty() -> Board {
    Board::new(BoardId(1), Slug::main(), name("main"))
}

impl BoardFixture {
    /// A board without events.
    pub(super) fn empty() -> BoardFixture {
        BoardFixture {
            board: empty(),
            events: Vec::new(),
            limits: Limits::UNLIMITED,
            seconds: 0,
        }
    }

    /// A board whose only events are the joins of these participants.
    pub(super) fn with_participants<const N: usize>(people: [&str; N]) -> BoardFixture {
        let mut fixture = BoardFixture::empty();
        for person in people {
            fixture.rename(person, person).expect("unique names");
        }
        fixture
    }

    pub(super) fn now(&self) -> Timestamp {
        DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::seconds(self.seconds)
    }

    /// Executes a command from a person's browser and checks all invariants.
    pub(super) fn execute(&mut self, who: &str, command: impl Into<Command>) -> ExecuteResult {
        self.seconds += 1;
        let browser = browser(who);
        let decision = decide(
            &self.board,
            &browser,
            &command.into(),
            &self.limits,
            self.now(),
        )?;
        invariants::check_new_events(&decision.events);
        self.events.extend(decision.events.iter().cloned());
        self.board = decision.board.clone();
        invariants::check(&self.board, &self.events);
        Ok(decision)
    }

    pub(super) fn add_item(&mut self, who: &str, text: &str) -> ItemId {
        self.create_named(who, text).expect("an item");
        ItemId(self.board.counters().item)
    }

    pub(super) fn create(
        &mut self,
        who: &str,
        text: Option<&str>,
        kind_text: &str,
    ) -> ExecuteResult {
        let action = BoardAction::CreateItem {
            name: text.map(name),
            kind: kind(kind_text),
            fallback: name("Pizza"),
        };
        self.execute(who, action)
    }

    pub(super) fn create_named(&mut self, who: &str, text: &str) -> ExecuteResult {
        self.create(who, Some(text), "")
    }

    pub(super) fn edit_item(
        &mut self,
        who: &str,
        item: ItemId,
        text: &str,
        kind_text: &str,
    ) -> ExecuteResult {
        let (name, kind) = (name(text), kind(kind_text));
        let (name, kind) = (FieldEdit::replacing(name), FieldEdit::replacing(kind));
        self.change_item(who, item, Some(name), Some(kind))
    }

    /// Changes the given fields of an item.
    pub(super) fn change_item(
        &mut self,
        who: &str,
        item: ItemId,
        name: Option<FieldEdit<Name>>,
        kind: Option<FieldEdit<Option<Kind>>>,
    ) -> ExecuteResult {
        self.execute(
            who,
            BoardAction::EditItem {
                item,
                name,
                kind,
                note: None,
            },
        )
    }

    pub(super) fn merge(&mut self, who: &str, item: ItemId, into: ItemId) -> ExecuteResult {
        self.execute(who, BoardAction::Merge { item, into })
    }

    pub(super) fn split(&mut self, who: &str, item: ItemId) -> ExecuteResult {
        self.execute(who, BoardAction::Split(item))
    }

    pub(super) fn delete_item(&mut self, who: &str, item: ItemId) -> ExecuteResult {
        self.execute(who, BoardAction::DeleteItem(item))
    }

    /// Suggests a feature that does not exist yet.
    pub(super) fn add_feature(
        &mut self,
        who: &str,
        item: impl Into<Option<ItemId>>,
        text: &str,
        amount_value: i64,
    ) -> FeatureId {
        let last = self.board.counters().feature;
        self.suggest(who, item, text, amount_value)
            .expect("a feature");
        assert_eq!(
            self.board.counters().feature,
            last + 1,
            "{text} already existed"
        );
        FeatureId(last + 1)
    }

    pub(super) fn suggest(
        &mut self,
        who: &str,
        item: impl Into<Option<ItemId>>,
        text: &str,
        amount_value: i64,
    ) -> ExecuteResult {
        let (name, amount, item) = (name(text), amount(amount_value), item.into());
        self.execute(who, BoardAction::Suggest { name, amount, item })
    }

    pub(super) fn edit_feature(
        &mut self,
        who: &str,
        feature: FeatureId,
        text: &str,
        amount_value: i64,
    ) -> ExecuteResult {
        let (name, amount) = (name(text), amount(amount_value));
        let (name, amount) = (FieldEdit::replacing(name), FieldEdit::replacing(amount));
        self.change_feature(who, feature, Some(name), Some(amount))
    }

    /// Changes the given fields of a feature.
    pub(super) fn change_feature(
        &mut self,
        who: &str,
        feature: FeatureId,
        name: Option<FieldEdit<Name>>,
        amount: Option<FieldEdit<Amount>>,
    ) -> ExecuteResult {
        self.execute(
            who,
            BoardAction::EditFeature {
                feature,
                name,
                amount,
            },
        )
    }

    pub(super) fn move_to(
        &mut self,
        who: &str,
        feature: FeatureId,
        to: impl Into<Option<ItemId>>,
    ) -> ExecuteResult {
        let to = to.into();
        self.execute(who, BoardAction::Move { feature, to })
    }

    pub(super) fn delete_feature(&mut self, who: &str, feature: FeatureId) -> ExecuteResult {
        self.execute(who, BoardAction::DeleteFeature(feature))
    }

    pub(super) fn veto(&mut self, who: &str, feature: FeatureId) -> ExecuteResult {
        self.execute(who, BoardAction::Veto(feature))
    }

    /// Vetoes with a reason; an empty one removes it.
    pub(super) fn veto_with_reason(
        &mut self,
        who: &str,
        feature: FeatureId,
        text: &str,
    ) -> ExecuteResult {
        let reason = reason(text);
        self.execute(who, BoardAction::VetoWithReason { feature, reason })
    }

    pub(super) fn withdraw_veto(&mut self, who: &str, feature: FeatureId) -> ExecuteResult {
        self.execute(who, BoardAction::WithdrawVeto(feature))
    }

    pub(super) fn rename(&mut self, who: &str, text: &str) -> ExecuteResult {
        self.execute(who, Command::Rename(name(text)))
    }

    pub(super) fn claim(&mut self, who: &str, text: &str) -> ExecuteResult {
        self.execute(who, Command::Claim(name(text)))
    }

    /// Undoes the event of this number.
    pub(super) fn undo(&mut self, who: &str, number: i64) -> ExecuteResult {
        let event = self.event(number).clone();
        self.execute(who, BoardAction::Undo(Box::new(event)))
    }

    /// The names of the live features that are marked as a remainder.
    pub(super) fn remainders(&self) -> Vec<String> {
        let rows = self.rows().features.into_iter();
        let remainders = rows.filter(|feature| feature.is_live() && feature.remainder);
        remainders.map(|feature| feature.name.to_string()).collect()
    }

    /// Opens the board and removes its deadline, which may pass with every command.
    pub(super) fn open_for_good(&mut self, who: &str) {
        while self.board.deadline().is_some() || self.board.closed(self.now()).is_some() {
            self.execute(who, BoardAction::Reopen).expect("reopened");
            let _ = self.execute(who, BoardAction::SetDeadline(None));
        }
    }

    /// A person who may undo an event: whose veto or consent it concerns, or else `other`. The names of browsers and participants are the same.
    pub(super) fn undoer(&self, number: i64, other: &str) -> String {
        let event = self.event(number);
        match event.action.concerns_one_veto() || event.action.concerns_consent() {
            true => event.actor.name.to_string(),
            false => other.to_owned(),
        }
    }

    pub(super) fn undo_last(&mut self, who: &str) -> ExecuteResult {
        self.undo(who, self.board.version())
    }

    pub(super) fn event(&self, number: i64) -> &Event {
        let index = usize::try_from(number - 1).expect("events are numbered from 1");
        &self.events[index]
    }

    /// The action of the last event.
    pub(super) fn last_action(&self) -> &Action {
        &self.events.last().expect("an event").action
    }

    pub(super) fn version(&self) -> i64 {
        self.board.version()
    }

    pub(super) fn rows(&self) -> BoardRows {
        self.board.rows()
    }

    /// The board as text: a line for each item, and one for features without an item if there are any.
    pub(super) fn lines(&self) -> Vec<String> {
        board_text::lines(&self.board)
    }

    /// The names of all participants in the order they joined.
    pub(super) fn participant_names(&self) -> Vec<&str> {
        let participants = self.board.participants();
        participants
            .map(|participant| participant.name.as_str())
            .collect()
    }

    /// The name of the participant behind a person's browser.
    pub(super) fn participant_name(&self, person: &str) -> Option<String> {
        let actor = self.board.actor(&browser(person))?;
        Some(actor.name.to_string())
    }

    pub(super) fn participant_id(&self, person: &str) -> ParticipantId {
        let actor = self.board.actor(&browser(person));
        actor
            .unwrap_or_else(|| panic!("{person} has not joined"))
            .id
    }
}
