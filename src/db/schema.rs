//! The tables for diesel, written by hand because one schema serves both databases.
//! `migrations/sqlite` and `migrations/postgres` create them; a test compares all three.

diesel::table! {
    boards (id) {
        id -> BigInt,
        slug -> Text,
        name -> Text,
        version -> BigInt,
        last_participant -> BigInt,
        last_item -> BigInt,
        last_feature -> BigInt,
        created_at -> Timestamp,
        epoch -> BigInt,
    }
}

diesel::table! {
    participants (board_id, id) {
        board_id -> BigInt,
        id -> BigInt,
        name -> Text,
        joined_at -> Timestamp,
    }
}

diesel::table! {
    browsers (board_id, token) {
        board_id -> BigInt,
        token -> Text,
        participant_id -> BigInt,
    }
}

diesel::table! {
    items (board_id, id) {
        board_id -> BigInt,
        id -> BigInt,
        name -> Text,
        kind -> Nullable<Text>,
        author_id -> BigInt,
        created_at -> Timestamp,
        deleted_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    features (board_id, id) {
        board_id -> BigInt,
        id -> BigInt,
        item_id -> Nullable<BigInt>,
        name -> Text,
        amount -> SmallInt,
        author_id -> BigInt,
        created_at -> Timestamp,
        deleted_at -> Nullable<Timestamp>,
        remainder -> Bool,
    }
}

diesel::table! {
    vetoes (board_id, feature_id, participant_id) {
        board_id -> BigInt,
        feature_id -> BigInt,
        participant_id -> BigInt,
        created_at -> Timestamp,
        reason -> Nullable<Text>,
        given_to -> Nullable<Text>,
    }
}

diesel::table! {
    events (board_id, number) {
        board_id -> BigInt,
        number -> BigInt,
        at -> Timestamp,
        actor_id -> BigInt,
        actor_name -> Text,
        action -> Text,
        change -> Text,
        undoes -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    boards,
    participants,
    browsers,
    items,
    features,
    vetoes,
    events,
);
