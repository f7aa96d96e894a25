//! What holds whatever people do, in whatever order: rules 5 to 9 as properties.

use std::collections::BTreeSet;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use savt::model::{Action, Refusal};

use super::{
    play::{Turn, evening},
    table::Table,
    watch::Watch,
};

proptest! {
    #[test]
    fn a_board_stays_whole_whatever_people_do(evening in evening()) {
        let mut table = Table::empty();
        let mut watch = Watch::default();
        for turn in evening {
            let Some(wish) = turn.wish(&table) else { continue };
            let before = table.board.clone();
            let said = table.wish(turn.who, wish.clone());
            watch.see(&before, &table, &wish, &said);
        }
        watch.end(&table);
    }
}

/// The players do get everywhere, or the property above would prove less than it says.
#[test]
fn the_players_reach_every_kind_of_event_and_refusal() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for _ in 0..300 {
        let turns = evening()
            .new_tree(&mut runner)
            .expect("an evening")
            .current();
        play(turns, &mut reached);
    }
    let wanted = "Joined Renamed Claimed CreatedItem EditedItem Merged Split DeletedItem Suggested Added \
        EditedFeature Moved DeletedFeature Vetoed GaveReason TookBack Undid Redid \
        Unknown Gone ItemNameTaken FeatureNameTaken ParticipantNameTaken IntoItself NothingToSplit ChangedSince \
        Undone Deleted Restored KindChanged AmountChanged VetoChanged BrowserChanged BuiltUpon NameTaken \
        OwnerGone TookPart lost stays left over Full reason unsaid";
    let missing: Vec<&str> = wanted
        .split_whitespace()
        .filter(|what| !reached.contains(*what))
        .collect();
    assert_eq!(missing, [""; 0], "never reached");
}

fn play(turns: Vec<Turn>, reached: &mut BTreeSet<String>) {
    let mut table = Table::empty();
    for turn in turns {
        let Some(wish) = turn.wish(&table) else {
            continue;
        };
        match table.wish(turn.who, wish) {
            Ok(decision) => {
                reached.extend(decision.note.as_ref().map(variant));
                for event in decision.events {
                    reached.insert(variant(&event.action));
                    reached.extend(remarkable(&event.action).map(str::to_owned));
                }
            }
            Err(refusal) => {
                reached.insert(variant(&refusal));
                if let Refusal::ChangedSince(drift) = refusal {
                    reached.insert(variant(&drift));
                }
            }
        }
    }
}

/// The name of an enum's variant.
fn variant(of: &impl std::fmt::Debug) -> String {
    let text = format!("{of:?}");
    let end = text.find(|c: char| !c.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}

fn remarkable(action: &Action) -> Option<&'static str> {
    match action {
        Action::DeletedItem { lost, .. } if !lost.is_empty() => Some("lost"),
        Action::Merged { stays: true, .. } => Some("stays"),
        Action::Moved { left: Some(_), .. } => Some("left"),
        Action::Added { over: Some(_), .. } => Some("over"),
        Action::Vetoed {
            reason: Some(_), ..
        } => Some("reason"),
        Action::GaveReason { reason: None, .. } => Some("unsaid"),
        _ => None,
    }
}
