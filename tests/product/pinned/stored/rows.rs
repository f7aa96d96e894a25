//! Every row of an old database, table by table.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use savt::db::schema::{boards, browsers, events, features, items, participants, vetoes};

use super::old_database::{OldDatabase, line, or_null, time};
use crate::harness::databases::db_test;

db_test!(an_old_database_keeps_every_row);
async fn an_old_database_keeps_every_row(old: OldDatabase) {
    let mut conn = old.database.read().await.unwrap();
    // Columns by name: later versions may have more.
    let rows = boards::table.order(boards::id).select((
        boards::id,
        boards::slug,
        boards::name,
        boards::version,
        boards::last_participant,
        boards::last_item,
        boards::last_feature,
        boards::created_at,
    ));
    type Board = (i64, String, String, i64, i64, i64, i64, NaiveDateTime);
    let rows: Vec<Board> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| {
        let numbers = [r.3, r.4, r.5, r.6];
        let numbers = numbers.map(|number| number.to_string()).join("\t");
        line(&[&r.0, &r.1, &r.2, &numbers, &time(r.7)])
    });
    old.assert_rows("boards", &lines.collect::<Vec<_>>());

    let rows = participants::table
        .order((participants::board_id, participants::id))
        .select((
            participants::board_id,
            participants::id,
            participants::name,
            participants::joined_at,
        ));
    let rows: Vec<(i64, i64, String, NaiveDateTime)> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| line(&[&r.0, &r.1, &r.2, &time(r.3)]));
    old.assert_rows("participants", &lines.collect::<Vec<_>>());

    let rows = browsers::table
        .order((browsers::board_id, browsers::token))
        .select((
            browsers::board_id,
            browsers::token,
            browsers::participant_id,
        ));
    let rows: Vec<(i64, String, i64)> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| line(&[&r.0, &r.1, &r.2]));
    old.assert_rows("browsers", &lines.collect::<Vec<_>>());

    let rows = items::table.order((items::board_id, items::id)).select((
        items::board_id,
        items::id,
        items::name,
        items::kind,
        items::author_id,
        items::created_at,
        items::deleted_at,
    ));
    type Item = (
        i64,
        i64,
        String,
        Option<String>,
        i64,
        NaiveDateTime,
        Option<NaiveDateTime>,
    );
    let rows: Vec<Item> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| {
        let (created, deleted) = (time(r.5), or_null(&r.6.map(time)));
        line(&[&r.0, &r.1, &r.2, &or_null(&r.3), &r.4, &created, &deleted])
    });
    old.assert_rows("items", &lines.collect::<Vec<_>>());

    let rows = features::table
        .order((features::board_id, features::id))
        .select((
            features::board_id,
            features::id,
            features::item_id,
            features::name,
            features::amount,
            features::author_id,
            features::created_at,
            features::deleted_at,
        ));
    type Feature = (
        i64,
        i64,
        Option<i64>,
        String,
        i16,
        i64,
        NaiveDateTime,
        Option<NaiveDateTime>,
    );
    let rows: Vec<Feature> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| {
        let (created, deleted) = (time(r.6), or_null(&r.7.map(time)));
        line(&[
            &r.0,
            &r.1,
            &or_null(&r.2),
            &r.3,
            &r.4,
            &r.5,
            &created,
            &deleted,
        ])
    });
    old.assert_rows("features", &lines.collect::<Vec<_>>());

    let rows = vetoes::table
        .order((vetoes::board_id, vetoes::feature_id, vetoes::participant_id))
        .select((
            vetoes::board_id,
            vetoes::feature_id,
            vetoes::participant_id,
            vetoes::created_at,
            vetoes::reason,
        ));
    type Veto = (i64, i64, i64, NaiveDateTime, Option<String>);
    let rows: Vec<Veto> = conn.load(rows).await.unwrap();
    let lines = rows
        .iter()
        .map(|r| line(&[&r.0, &r.1, &r.2, &time(r.3), &or_null(&r.4)]));
    old.assert_rows("vetoes", &lines.collect::<Vec<_>>());

    let rows = events::table
        .order((events::board_id, events::number))
        .select((
            events::board_id,
            events::number,
            events::at,
            events::actor_id,
            events::actor_name,
            events::action,
            events::change,
            events::undoes,
        ));
    type Event = (
        i64,
        i64,
        NaiveDateTime,
        i64,
        String,
        String,
        String,
        Option<i64>,
    );
    let rows: Vec<Event> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| {
        let undoes = or_null(&r.7);
        line(&[&r.0, &r.1, &time(r.2), &r.3, &r.4, &r.5, &r.6, &undoes])
    });
    old.assert_rows("events", &lines.collect::<Vec<_>>());
}
