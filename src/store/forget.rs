//! Takes a participant's name and reasons out of a board: rows, log and stored answers, in one transaction that holds the lock of the
//! board. Reads and writes the log a page at a time.

use diesel::prelude::*;

use super::{
    boards::{BoardRow, load_rows},
    check::load_page,
    epoch::new_epoch,
    rows::{EventRow, SettingRow},
    webhooks::keep_positions,
};
use crate::{
    db::{
        Conn, Database, Error, Notification, StatementBatch, columns,
        schema::{boards, browsers, events, participants, requests, settings, vetoes},
    },
    model::{
        Board, BoardId, BrowserId, Epoch, Erasure, Event, IntegrityFinding, Name, ParticipantId,
        Replay, Slug,
    },
};

/// How many events with long changes are loaded at once.
const EVENTS_PER_QUERY: i64 = 50;

/// Who is forgotten.
#[derive(Clone, Debug)]
pub enum Whom {
    Named(Name),
    Browser(BrowserId),
}

/// What was erased.
#[derive(Debug)]
pub struct Forgotten {
    pub participant: ParticipantId,
    /// What the participant is called now.
    pub name: Name,
    /// How many events were rewritten.
    pub events: usize,
}

/// Forgets a participant, in a new epoch of the board. None if the board has no such participant, or does not exist. The other
/// processes are notified in the same transaction.
///
/// # Errors
/// If the database fails, or if the log of the board does not replay to its rows: nothing is changed then.
pub async fn forget(
    database: &Database,
    board: BoardId,
    whom: &Whom,
    notification: &Notification,
) -> Result<Option<Forgotten>, Error> {
    let id = board.0;
    let mut conn = database.write().await?;
    let existing = boards::table.find(id).filter(boards::deleted_at.is_null());
    // Locks the row: the log does not grow meanwhile.
    let lock = diesel::update(existing).set(boards::version.eq(boards::version));
    let Some(ended) = conn.get::<i64, _>(lock.returning(boards::epoch)).await? else {
        conn.rollback().await?;
        return Ok(None);
    };
    // Another epoch makes every process load the board again.
    let epoch = new_epoch();
    conn.execute(diesel::update(boards::table.find(id)).set(boards::epoch.eq(epoch.0)))
        .await?;
    keep_positions(&mut conn, board, (Epoch(ended), epoch)).await?;
    let query = boards::table.find(id).select(columns::<BoardRow>());
    let Some(row) = conn.get::<BoardRow, _>(query).await? else {
        conn.rollback().await?;
        return Ok(None);
    };
    let stored = load_board(&mut conn, row).await?;
    let erasure = find(&stored, whom).and_then(|whom| Some((whom, Erasure::new(&stored, whom)?)));
    let Some((participant, mut erasure)) = erasure else {
        conn.rollback().await?;
        return Ok(None);
    };
    learn_handed_over(&mut conn, id, &stored, &mut erasure).await?;
    let (rewritten, replay) = rewrite_log(&mut conn, &stored, &mut erasure).await?;
    rewrite_rows(&mut conn, id, participant, &erasure).await?;
    let query = boards::table.find(id).select(columns::<BoardRow>());
    let row: Option<BoardRow> = conn.get(query).await?;
    let row = row.ok_or_else(|| damaged("the board does not exist"))?;
    let stored = load_board(&mut conn, row).await?;
    let mut finding = None;
    replay.finish(&stored, |found: IntegrityFinding| {
        finding.get_or_insert(found);
    });
    if let Some(finding) = finding {
        return Err(damaged(finding));
    }
    conn.notify(notification).await?;
    conn.commit().await?;
    Ok(Some(Forgotten {
        participant,
        name: erasure.name().clone(),
        events: rewritten,
    }))
}

async fn load_board(conn: &mut Conn, row: BoardRow) -> Result<Board, Error> {
    let (id, version, counters) = (row.id, row.version, row.counters());
    let renewals = row.renewals();
    let slug = Slug::parse(&row.slug).unwrap_or_else(Slug::main);
    let empty = row.into_empty_board(slug);
    let rows = load_rows(conn, id).await?;
    Ok(empty.with_rows(version, counters, renewals, rows))
}

fn find(board: &Board, whom: &Whom) -> Option<ParticipantId> {
    match whom {
        Whom::Browser(browser) => board.participant_for(browser),
        // Not one whose name only looks like it.
        Whom::Named(name) => {
            let participant = board.participant_named(name)?;
            (participant.name.key() == name.key()).then_some(participant.id)
        }
    }
}

/// Finds the people who became the participant: their reasons in the log are the participant's too.
async fn learn_handed_over(
    conn: &mut Conn,
    board: i64,
    stored: &Board,
    erasure: &mut Erasure,
) -> Result<(), Error> {
    let mut before = i64::MAX;
    loop {
        let query = events::table
            .filter(events::board_id.eq(board))
            .filter(events::number.lt(before))
            .filter(events::action.like("%\"handed_over\"%"))
            .order(events::number.desc())
            .limit(EVENTS_PER_QUERY);
        let rows = conn.load::<EventRow, _>(query).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        before = last.number();
        for row in rows {
            let event = Event::try_from(row)?;
            erasure.add_handed_over(stored, &event);
        }
    }
}

/// Rewrites the events of a board; returns how many were changed, and what they replay to.
async fn rewrite_log(
    conn: &mut Conn,
    stored: &Board,
    erasure: &mut Erasure,
) -> Result<(usize, Replay), Error> {
    let empty = Board::new(stored.id, stored.slug.clone(), stored.created_as().clone());
    let mut replay = Replay::new(empty);
    let (mut rewritten, mut after) = (0, i64::MIN);
    loop {
        let page = load_page(conn, stored.id.0, after).await?;
        let Some((last, _)) = page.last() else {
            return Ok((rewritten, replay));
        };
        after = *last;
        let mut batch = StatementBatch::default();
        let mut changed = 0;
        for (_, event) in page {
            let before = event?;
            let mut event = before.clone();
            erasure.erase(&mut event);
            let mut finding = None;
            replay.apply_rewritten(&mut event, |found| {
                finding.get_or_insert(found);
            });
            if let Some(finding) = finding {
                return Err(damaged(finding));
            }
            if event != before {
                changed += 1;
                batch.add(EventRow::from_model(stored.id.0, &event)?.rewrite());
            }
        }
        if changed > 0 {
            let guard = diesel::update(boards::table.find(stored.id.0))
                .set(boards::version.eq(boards::version));
            conn.run(guard, batch).await?;
        }
        rewritten += changed;
    }
}

/// Rewrites what is not in the log.
async fn rewrite_rows(
    conn: &mut Conn,
    board: i64,
    participant: ParticipantId,
    erasure: &Erasure,
) -> Result<(), Error> {
    let name = erasure.name().as_str().to_owned();
    let row = participants::table.find((board, participant.0));
    conn.execute(diesel::update(row).set(participants::name.eq(name)))
        .await?;
    let own = vetoes::table
        .filter(vetoes::board_id.eq(board))
        .filter(vetoes::participant_id.eq(participant.0));
    conn.execute(diesel::update(own).set(vetoes::reason.eq(None::<String>)))
        .await?;
    let own = browsers::table
        .filter(browsers::board_id.eq(board))
        .filter(browsers::participant_id.eq(participant.0));
    conn.execute(diesel::delete(own)).await?;
    let query = settings::table.filter(settings::board_id.eq(board));
    for row in conn.load::<SettingRow, _>(query).await? {
        let before = crate::model::Setting::try_from(row)?;
        let mut setting = before.clone();
        erasure.erase_from_setting(&mut setting);
        if setting != before {
            let row = SettingRow::from_model(board, &setting)?;
            let (key, value) = row.into_key_and_value();
            let update = diesel::update(settings::table.find(key)).set(settings::value.eq(value));
            conn.execute(update).await?;
        }
    }
    // A request without an answer is answered from its events.
    let answered = requests::table
        .filter(requests::board_id.eq(board))
        .or_filter(requests::created_board_id.eq(board));
    conn.execute(diesel::update(answered).set(requests::answer.eq(None::<Vec<u8>>)))
        .await?;
    Ok(())
}

fn damaged(finding: impl std::fmt::Display) -> Error {
    Error::Unusable(format!(
        "the log of the board does not match its tables, so nothing was changed ({finding}): run `savt check`"
    ))
}
