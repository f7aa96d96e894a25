//! A table people sit around: a board, the log of what they did, and a clock that goes on with every wish.
//! After every wish the board is checked to be whole, so each test here proves more than it says.

use chrono::{DateTime, TimeDelta};
use savt::model::{
    Action, Amount, Board, BoardId, Decision, Deed, Event, FeatureId, ItemId, Kind, Moment, Name,
    ParticipantId, Reason, Refusal, Rows, Slug, Token, Wish, decide,
};

use super::{picture, whole};

/// What a board says to a wish.
pub(super) type Said = Result<Decision, Refusal>;

pub(super) struct Table {
    pub(super) board: Board,
    pub(super) events: Vec<Event>,
    seconds: i64,
}

pub(super) fn name(text: &str) -> Name {
    Name::parse(text).unwrap_or_else(|bad| panic!("{text:?} is no name: {bad:?}"))
}

pub(super) fn kind(text: &str) -> Option<Kind> {
    Kind::parse(text).unwrap_or_else(|bad| panic!("{text:?} is no kind: {bad:?}"))
}

pub(super) fn reason(text: &str) -> Option<Reason> {
    Reason::parse(text).unwrap_or_else(|bad| panic!("{text:?} is no reason: {bad:?}"))
}

pub(super) fn amount(number: i64) -> Amount {
    Amount::new(number).unwrap_or_else(|| panic!("{number} is no amount"))
}

pub(super) fn browser(of: &str) -> Token {
    Token::hashed(format!("the browser of {of}"))
}

/// A board nothing has happened on.
pub(super) fn empty() -> Board {
    Board::new(BoardId(1), Slug::main(), name("main"))
}

impl Table {
    /// Nobody has done anything yet.
    pub(super) fn empty() -> Table {
        Table {
            board: empty(),
            events: Vec::new(),
            seconds: 0,
        }
    }

    /// People who are here already, each called as said.
    pub(super) fn of<const N: usize>(people: [&str; N]) -> Table {
        let mut table = Table::empty();
        for person in people {
            table.call(person, person).expect("a name for everyone");
        }
        table
    }

    pub(super) fn now(&self) -> Moment {
        DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::seconds(self.seconds)
    }

    /// What the board says to a wish of somebody's browser. If it says yes, it has happened.
    pub(super) fn wish(&mut self, who: &str, wish: impl Into<Wish>) -> Said {
        self.seconds += 1;
        let decision = decide(&self.board, &browser(who), &wish.into(), self.now())?;
        self.events.extend(decision.events.iter().cloned());
        self.board = decision.board.clone();
        whole::check(&self.board, &self.events);
        Ok(decision)
    }

    pub(super) fn item(&mut self, who: &str, called: &str) -> ItemId {
        self.make(who, called).expect("an item");
        ItemId(self.board.last().item)
    }

    pub(super) fn create(&mut self, who: &str, called: Option<&str>, of_kind: &str) -> Said {
        let deed = Deed::CreateItem {
            name: called.map(name),
            kind: kind(of_kind),
            fallback: name("Pizza"),
        };
        self.wish(who, deed)
    }

    pub(super) fn make(&mut self, who: &str, called: &str) -> Said {
        self.create(who, Some(called), "")
    }

    pub(super) fn edit_item(
        &mut self,
        who: &str,
        item: ItemId,
        called: &str,
        of_kind: &str,
    ) -> Said {
        let (name, kind) = (name(called), kind(of_kind));
        self.wish(who, Deed::EditItem { item, name, kind })
    }

    pub(super) fn merge(&mut self, who: &str, item: ItemId, into: ItemId) -> Said {
        self.wish(who, Deed::Merge { item, into })
    }

    pub(super) fn split(&mut self, who: &str, item: ItemId) -> Said {
        self.wish(who, Deed::Split(item))
    }

    pub(super) fn delete_item(&mut self, who: &str, item: ItemId) -> Said {
        self.wish(who, Deed::DeleteItem(item))
    }

    /// Suggests a feature that is not there yet.
    pub(super) fn feature(
        &mut self,
        who: &str,
        item: impl Into<Option<ItemId>>,
        called: &str,
        much: i64,
    ) -> FeatureId {
        let last = self.board.last().feature;
        self.suggest(who, item, called, much).expect("a feature");
        assert_eq!(self.board.last().feature, last + 1, "{called} was there");
        FeatureId(last + 1)
    }

    pub(super) fn suggest(
        &mut self,
        who: &str,
        item: impl Into<Option<ItemId>>,
        called: &str,
        much: i64,
    ) -> Said {
        let (name, amount, item) = (name(called), amount(much), item.into());
        self.wish(who, Deed::Suggest { name, amount, item })
    }

    pub(super) fn edit_feature(
        &mut self,
        who: &str,
        feature: FeatureId,
        called: &str,
        much: i64,
    ) -> Said {
        let (name, amount) = (name(called), amount(much));
        self.wish(
            who,
            Deed::EditFeature {
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
    ) -> Said {
        let to = to.into();
        self.wish(who, Deed::Move { feature, to })
    }

    pub(super) fn delete_feature(&mut self, who: &str, feature: FeatureId) -> Said {
        self.wish(who, Deed::DeleteFeature(feature))
    }

    pub(super) fn veto(&mut self, who: &str, feature: FeatureId) -> Said {
        self.wish(who, Deed::Veto(feature))
    }

    /// Vetoes and says why; nothing takes the reason away.
    pub(super) fn veto_because(&mut self, who: &str, feature: FeatureId, why: &str) -> Said {
        let reason = reason(why);
        self.wish(who, Deed::VetoBecause { feature, reason })
    }

    pub(super) fn take_back(&mut self, who: &str, feature: FeatureId) -> Said {
        self.wish(who, Deed::TakeBack(feature))
    }

    pub(super) fn call(&mut self, who: &str, called: &str) -> Said {
        self.wish(who, Wish::Call(name(called)))
    }

    pub(super) fn claim(&mut self, who: &str, called: &str) -> Said {
        self.wish(who, Wish::Claim(name(called)))
    }

    /// Undoes the event of this number.
    pub(super) fn undo(&mut self, who: &str, number: i64) -> Said {
        let event = self.event(number).clone();
        self.wish(who, Deed::Undo(Box::new(event)))
    }

    pub(super) fn undo_last(&mut self, who: &str) -> Said {
        self.undo(who, self.board.version())
    }

    pub(super) fn event(&self, number: i64) -> &Event {
        let at = usize::try_from(number - 1).expect("events count from 1");
        &self.events[at]
    }

    /// What the last event did.
    pub(super) fn did(&self) -> &Action {
        &self.events.last().expect("something happened").action
    }

    pub(super) fn version(&self) -> i64 {
        self.board.version()
    }

    pub(super) fn rows(&self) -> Rows {
        self.board.rows()
    }

    /// The board as people see it: a line for each item, and one for the free features if there are any.
    pub(super) fn shows(&self) -> Vec<String> {
        picture::of(&self.board)
    }

    /// Everyone's names in the order they came.
    pub(super) fn people(&self) -> Vec<&str> {
        let people = self.board.participants();
        people.map(|person| person.name.as_str()).collect()
    }

    /// Who somebody's browser is.
    pub(super) fn who(&self, person: &str) -> Option<String> {
        let actor = self.board.actor(&browser(person))?;
        Some(actor.name.to_string())
    }

    pub(super) fn id_of(&self, person: &str) -> ParticipantId {
        let actor = self.board.actor(&browser(person));
        actor.unwrap_or_else(|| panic!("{person} is nobody yet")).id
    }
}
