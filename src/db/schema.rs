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
        renewal -> Nullable<BigInt>,
        renewal_by -> Nullable<BigInt>,
        renewal_before -> Nullable<BigInt>,
        renewal_before_by -> Nullable<BigInt>,
        deleted_at -> Nullable<Timestamp>,
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
        note -> Nullable<Text>,
        added_by_event -> BigInt,
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
        added_by_event -> BigInt,
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
    consents (board_id, participant_id) {
        board_id -> BigInt,
        participant_id -> BigInt,
        as_of -> Nullable<BigInt>,
    }
}

diesel::table! {
    settings (board_id, setting) {
        board_id -> BigInt,
        setting -> Text,
        value -> Text,
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
        makes_agreed -> Bool,
    }
}

diesel::table! {
    requests (board_id, key) {
        board_id -> BigInt,
        key -> Text,
        body_hash -> Text,
        salt -> Binary,
        at -> Timestamp,
        first_event -> Nullable<BigInt>,
        last_event -> Nullable<BigInt>,
        created_board_id -> Nullable<BigInt>,
        answer -> Nullable<Binary>,
    }
}

diesel::table! {
    webhook_endpoints (id) {
        id -> Text,
        host -> Text,
        format -> Text,
        registered_at -> Timestamp,
        delivered_at -> Nullable<Timestamp>,
        disabled_at -> Nullable<Timestamp>,
        reason -> Nullable<Text>,
        leased_by -> Nullable<Text>,
        lease -> BigInt,
        renewed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    webhook_cursors (board_id, endpoint) {
        board_id -> BigInt,
        endpoint -> Text,
        epoch -> BigInt,
        position -> BigInt,
        attempts -> Integer,
        first_failure_at -> Nullable<Timestamp>,
        next_attempt_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        deadline -> Nullable<Timestamp>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    boards,
    participants,
    browsers,
    items,
    features,
    vetoes,
    consents,
    settings,
    events,
    requests,
    webhook_cursors,
);
