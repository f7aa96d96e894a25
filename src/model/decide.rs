//! `decide`: the single entry point of the rules, from a board and a command to events or a rejection.

use super::{
    board::{Board, BoardEdit},
    command::{ActionSequence, BoardAction, Command},
    consent::Standing,
    content::BoardContent,
    decision::Decision,
    event::{Actor, Event},
    id::{BoardObject, Timestamp},
    limits::Limits,
    name::Name,
    participant::BrowserId,
    rejection::Rejection,
    row_tag::RowTag,
    rules::{
        claim, closing, consent, effect::Effect, feature, fill, identity, item, limit, participant,
        press, settings, undo, veto,
    },
};

/// Handles a [`Command`] of a browser on a board: returns the resulting [`Event`](super::event::Event)s and the board after
/// them (as by [`Board::apply`]), or a [`Rejection`]. Pure: no I/O and no clock, the caller passes the limits and the time.
pub fn decide(
    board: &Board,
    by: &BrowserId,
    command: &Command,
    limits: &Limits,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    let decision = match command {
        Command::Rename(name) => participant::rename(board, by, name, at),
        Command::Claim(name) => claim::claim(board, by, name, at),
        Command::UsePersonalLink(link) => claim::use_personal_link(board, by, link, at),
        Command::Join => Ok(join(board, by, at)),
        Command::Sequence(sequence) => act_in_sequence(board, by, sequence, at),
        Command::Act(action) => act_as_participant(board, by, None, action, at),
        Command::ActAs { name, action } => act_as_participant(board, by, Some(name), action, at),
        Command::Press { name, action } => match press::repeated(board, by, action, at) {
            Some(decision) => Ok(decision),
            None => act_as_participant(board, by, name.as_ref(), action, at),
        },
        Command::AsParticipant(command) => match board.actor(by) {
            Some(_) => return decide(board, by, command, limits, at),
            None => Err(Rejection::NoParticipant),
        },
        Command::CloseAsOperator(outcome) => closing::close_as_operator(board, outcome, at),
        Command::Fill { name, content } => {
            fill_as_participant(board, by, name.as_ref(), content, limits, at)
        }
    }?;
    limit::check(limits, board, &decision)?;
    Ok(decision)
}

/// Runs an action as the browser's participant. A browser's first action records a separate `Joined` event before its
/// own, under `name` if that is free; if the action changes nothing, the browser does not join. A participant who was set aside
/// takes part again, which is a separate event after its own.
fn act_as_participant(
    board: &Board,
    by: &BrowserId,
    name: Option<&Name>,
    action: &BoardAction,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    closing::check_open(board, action, at)?;
    let (joined_board, actor, joined) = actor_or_join(board, by, name, at);
    let mut edit = BoardEdit::new(&joined_board);
    let effect = apply_action(&mut edit, action, &actor, at)?;
    let (mut after, change) = edit.finish();
    let mut events = Vec::new();
    if change.is_empty() {
        after = board.clone();
    } else {
        events.extend(joined);
        events.push(after.record(actor.clone(), effect.action, change, effect.undoes, at));
        // Not if the action itself set the actor aside.
        if joined_board.standing(actor.id) == Standing::NotTakingPart {
            events.extend(bring_back_actor(&mut after, actor, at)?);
        }
    }
    Ok(Decision {
        board: after,
        events,
        about: effect.about,
        note: effect.note,
        repeats: None,
    })
}

/// A browser that is nobody yet joins, also a closed board: it names itself.
fn join(board: &Board, by: &BrowserId, at: Timestamp) -> Decision {
    let (board, _, joined) = actor_or_join(board, by, None, at);
    participant::decision(board, joined.into_iter().collect())
}

/// Runs several actions, each of which sees what those before it did.
fn act_in_sequence(
    board: &Board,
    by: &BrowserId,
    sequence: &ActionSequence,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    if let Some((object, tag)) = &sequence.precondition {
        check_row(board, *object, tag)?;
    }
    let mut whole = participant::decision(board.clone(), Vec::new());
    for action in &sequence.actions {
        let decision = act_as_participant(&whole.board, by, None, action, at)?;
        whole.events.extend(decision.events);
        whole.board = decision.board;
        whole.about = decision.about.or(whole.about);
        whole.note = decision.note.or(whole.note);
    }
    Ok(whole)
}

/// Rejects a row that is not as the sender knows it.
fn check_row(board: &Board, object: BoardObject, tag: &RowTag) -> Result<(), Rejection> {
    let (current, name) = match object {
        BoardObject::Item(id) => {
            let item = board.live_item(id)?;
            (RowTag::of_item(item), &item.name)
        }
        BoardObject::Feature(id) => {
            let feature = board.live_feature(id)?;
            (RowTag::of_feature(feature), &feature.name)
        }
    };
    match current == *tag {
        true => Ok(()),
        false => Err(Rejection::RowChanged(object, name.clone())),
    }
}

/// Fills a board as the browser's participant, who joins as by any other action.
fn fill_as_participant(
    board: &Board,
    by: &BrowserId,
    name: Option<&Name>,
    content: &BoardContent,
    limits: &Limits,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    closing::check_not_closed(board, at)?;
    let (joined_board, actor, joined) = actor_or_join(board, by, name, at);
    let (mut after, filled) = fill::fill(&joined_board, content, &actor, limits.event_bytes, at);
    if filled.is_empty() {
        return Ok(participant::decision(board.clone(), Vec::new()));
    }
    let mut events: Vec<Event> = joined.into_iter().chain(filled).collect();
    events.extend(bring_back_actor(&mut after, actor, at)?);
    Ok(participant::decision(after, events))
}

/// The browser's participant; a new browser joins, under `name` if that is free.
fn actor_or_join(
    board: &Board,
    by: &BrowserId,
    name: Option<&Name>,
    at: Timestamp,
) -> (Board, Actor, Option<Event>) {
    if let Some(actor) = board.actor(by) {
        return (board.clone(), actor, None);
    }
    let free = name.filter(|name| board.participant_named(name).is_none());
    let (joined_board, joined) = participant::join(board, by, free, at);
    (joined_board, joined.actor.clone(), Some(joined))
}

/// Makes a participant who was set aside and acts again count again.
fn bring_back_actor(
    board: &mut Board,
    actor: Actor,
    at: Timestamp,
) -> Result<Option<Event>, Rejection> {
    if board.standing(actor.id) != Standing::NotTakingPart {
        return Ok(None);
    }
    let mut edit = BoardEdit::new(board);
    let Effect { action, .. } = consent::bring_back(&mut edit, actor.id)?;
    let (after, change) = edit.finish();
    *board = after;
    Ok(Some(board.record(actor, action, change, None, at)))
}

fn apply_action(
    edit: &mut BoardEdit,
    action: &BoardAction,
    actor: &Actor,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let by = actor.id;
    match action.clone() {
        BoardAction::CreateItem {
            name,
            kind,
            fallback,
        } => Ok(item::create(edit, name, kind, &fallback, by, at)),
        BoardAction::AddItem { name, kind, note } => item::add(edit, name, kind, note, by, at),
        BoardAction::CreateItems { names, kind } => {
            Ok(item::create_several(edit, names, kind, by, at))
        }
        BoardAction::EditItem {
            item,
            name,
            kind,
            note,
        } => item::edit(edit, item, name, kind, note),
        BoardAction::Merge { item, into } => item::merge(edit, item, into, at),
        BoardAction::Split(item) => item::split(edit, item, by, at),
        BoardAction::DeleteItem(item) => item::delete(edit, item, at),
        BoardAction::Suggest { name, amount, item } => {
            feature::suggest(edit, name, amount, item, by, at)
        }
        BoardAction::EditFeature {
            feature,
            name,
            amount,
        } => feature::edit(edit, feature, name, amount),
        BoardAction::Move { feature, to } => feature::move_to(edit, feature, to, at),
        BoardAction::DeleteFeature(feature) => feature::delete(edit, feature, at),
        BoardAction::Veto(feature) => veto::veto(edit, feature, by, at),
        BoardAction::VetoWithReason { feature, reason } => {
            veto::veto_with_reason(edit, feature, by, reason, at)
        }
        BoardAction::ChangeReason { feature, reason } => {
            veto::change_reason(edit, feature, by, reason, at)
        }
        BoardAction::WithdrawVeto(feature) => veto::withdraw_veto(edit, feature, by),
        BoardAction::EditSettings(edited) => settings::edit(edit, *edited),
        BoardAction::Consent { seen } => Ok(consent::consent(edit, by, seen)),
        BoardAction::WithdrawConsent => Ok(consent::withdraw(edit, by)),
        BoardAction::SetAside(participant) => consent::set_aside(edit, participant),
        BoardAction::BringBack(participant) => consent::bring_back(edit, participant),
        BoardAction::Close(outcome) => closing::close(edit, outcome, actor, at),
        BoardAction::SetDeadline(deadline) => closing::set_deadline(edit, deadline, actor, at),
        BoardAction::Reopen => Ok(closing::reopen(edit, at)),
        BoardAction::Undo(event) => {
            veto::check_undo(edit, &event, by)?;
            consent::check_undo(edit, &event, by)?;
            undo::undo(edit, &event)
        }
        BoardAction::UndoOwnIdentity(event) => {
            identity::check_undo(edit, &event, by)?;
            veto::check_undo(edit, &event, by)?;
            consent::check_undo(edit, &event, by)?;
            undo::undo(edit, &event)
        }
    }
}
