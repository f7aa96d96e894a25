//! Rule 16: the result of a board, or how it stands so far. Every format of the result reads this.

use super::{
    board::{Board, Closed, ConsentCount},
    consent::Standing,
    feature::Feature,
    id::{ItemId, ParticipantId, Timestamp},
    item::Item,
    name::{Name, Reason},
    setting::Deadline,
    veto::Veto,
};

/// What a board has come to at a time. Computed anew for each reader, in time linear in the size of the board.
pub struct DecisionResult<'b> {
    pub board: &'b Board,
    /// Who closed it, when and with what; `None` while the board is open.
    pub closed: Option<Closed>,
    /// When an open board closes by itself.
    pub deadline: Option<&'b Deadline>,
    pub is_agreed: bool,
    /// The items of the outcome that the board still knows.
    pub chosen: Vec<&'b Item>,
    /// The items that everyone can live with: without a vetoed feature.
    pub acceptable: Vec<ResultItem<'b>>,
    /// All other items.
    pub others: Vec<ResultItem<'b>>,
    /// The features without an item.
    pub free: Vec<ResultFeature<'b>>,
    pub count: ConsentCount,
    pub fine: Vec<&'b Name>,
    pub outdated: Vec<&'b Name>,
    /// Those whose consent the decision needs and who have not given it.
    pub not_yet: Vec<&'b Name>,
    pub not_taking_part: Vec<&'b Name>,
}

/// An item of a result.
pub struct ResultItem<'b> {
    pub item: &'b Item,
    pub is_chosen: bool,
    pub features: Vec<ResultFeature<'b>>,
}

/// A feature of a result, with its vetoes.
pub struct ResultFeature<'b> {
    pub feature: &'b Feature,
    pub vetoes: Vec<ResultVeto<'b>>,
}

/// A veto of a result.
pub struct ResultVeto<'b> {
    pub participant: ParticipantId,
    pub name: &'b Name,
    pub reason: Option<&'b Reason>,
    /// What the feature was called when the veto was given, if it has another name now.
    pub given_to: Option<&'b Name>,
}

impl<'b> DecisionResult<'b> {
    /// The result at a time, because a deadline closes a board without an event.
    pub fn new(board: &'b Board, at: Timestamp) -> DecisionResult<'b> {
        let closed = board.closed(at);
        let chosen: &[ItemId] = match &closed {
            Some(closed) => &closed.outcome.chosen,
            None => &[],
        };
        let is_chosen = |item: &Item| chosen.binary_search(&item.id).is_ok();
        let items = board.items().map(|item| ResultItem {
            item,
            is_chosen: is_chosen(item),
            features: features_of(board, Some(item.id)),
        });
        let (acceptable, others) = items.partition(|item| board.is_acceptable(item.item.id));
        let standing = |standing: Standing| {
            let people = board.participants();
            let people = people.filter(|person| {
                let needed = standing != Standing::NotYet || board.is_needed(person.id);
                needed && board.standing(person.id) == standing
            });
            people.map(|person| &person.name).collect()
        };
        DecisionResult {
            board,
            deadline: board.deadline().filter(|_| closed.is_none()),
            is_agreed: board.is_agreed(),
            chosen: chosen.iter().filter_map(|id| board.item(*id)).collect(),
            acceptable,
            others,
            free: features_of(board, None),
            count: board.consent_count(),
            fine: standing(Standing::Fine),
            outdated: standing(Standing::Outdated),
            not_yet: standing(Standing::NotYet),
            not_taking_part: standing(Standing::NotTakingPart),
            closed,
        }
    }

    /// All items: those that everyone can live with, then the others.
    pub fn items(&self) -> impl Iterator<Item = &ResultItem<'b>> {
        self.acceptable.iter().chain(&self.others)
    }

    /// The vetoed features, each with its item.
    pub fn vetoed(&self) -> impl Iterator<Item = (Option<&'b Item>, &ResultFeature<'b>)> {
        let of_items = self.others.iter().flat_map(|item| {
            let features = item.features.iter();
            features.map(|feature| (Some(item.item), feature))
        });
        let free = self.free.iter().map(|feature| (None, feature));
        of_items
            .chain(free)
            .filter(|(_, feature)| feature.is_vetoed())
    }

    /// The free features that nobody vetoed.
    pub fn free_remaining(&self) -> impl Iterator<Item = &'b Feature> {
        remaining(&self.free)
    }
}

impl<'b> ResultItem<'b> {
    /// What is left of the item: the features that nobody vetoed.
    pub fn remaining(&self) -> impl Iterator<Item = &'b Feature> {
        remaining(&self.features)
    }
}

impl ResultFeature<'_> {
    pub fn is_vetoed(&self) -> bool {
        !self.vetoes.is_empty()
    }
}

fn remaining<'b>(features: &[ResultFeature<'b>]) -> impl Iterator<Item = &'b Feature> {
    let remaining = features.iter().filter(|feature| !feature.is_vetoed());
    remaining.map(|feature| feature.feature)
}

fn features_of(board: &Board, item: Option<ItemId>) -> Vec<ResultFeature<'_>> {
    let features = board.features_of(item).map(|feature| ResultFeature {
        feature,
        vetoes: vetoes_of(board, feature),
    });
    features.collect()
}

fn vetoes_of<'b>(board: &'b Board, feature: &Feature) -> Vec<ResultVeto<'b>> {
    let vetoes = board.vetoes_of(feature.id).filter_map(|veto: &Veto| {
        Some(ResultVeto {
            participant: veto.participant,
            name: &board.participant(veto.participant)?.name,
            reason: veto.reason.as_ref(),
            given_to: veto.given_to.as_ref(),
        })
    });
    vetoes.collect()
}
