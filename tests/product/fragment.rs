//! Fragments for htmx: only what changed, independent of the size of the board.

use crate::harness::{app::Savt, client::TestClient, databases::db_test};

/// Posts a form with htmx and returns the targets and the size of the response.
async fn post_with_htmx(
    person: &TestClient,
    path: &str,
    fields: &[(&str, &str)],
) -> (Vec<String>, usize) {
    let answer = person.with_htmx().post(path, fields).await.is(200);
    (answer.targets(), answer.body.len())
}

db_test!(a_response_contains_only_changed_fragments);
async fn a_response_contains_only_changed_fragments(savt: Savt) {
    let alice = savt.person();
    let targets =
        async |path: &str, fields: &[(&str, &str)]| post_with_htmx(&alice, path, fields).await.0;

    let one = targets("/create/item/", &[("name", "One")]).await;
    let reason = "innerHTML #create-item-reason";
    let (stats, toast) = ("outerMorph #stats", "beforeend #toasts");
    let me = "outerMorph #me";
    let question = "innerHTML #ask-name";
    assert_eq!(one, ["place #items", stats, me, question, reason, toast]);
    let other = targets("/create/item/", &[("name", "Other")]).await;
    assert_eq!(other, ["place #items", stats, reason, toast]);

    let ham = targets("/create/feature/", &[("name", "Ham"), ("item_id", "1")]).await;
    let reason = "innerHTML #suggest-reason-1";
    assert_eq!(ham, ["place #item-1-features", stats, reason, toast]);
    let more = targets("/create/feature/", &[("name", "Ham"), ("item_id", "1")]).await;
    assert_eq!(more, ["place #item-1-features", stats, reason, toast]);
    let salad = targets("/create/feature/", &[("name", "Salad")]).await;
    let reason = "innerHTML #suggest-reason-free";
    assert_eq!(salad, ["place #free-features", stats, reason, toast]);

    for path in ["/features/1/veto", "/features/1/unveto"] {
        assert_eq!(
            targets(path, &[]).await,
            ["place #item-1-features", stats, toast]
        );
    }
    let edited = targets("/features/1/edit", &[("name", "Speck"), ("amount", "2")]).await;
    assert_eq!(edited, ["place #item-1-features", stats, toast]);
    let renamed = targets("/items/1/edit", &[("name", "First")]).await;
    assert_eq!(renamed, ["outerMorph #item-1-head", stats, toast]);

    let moved = targets("/features/1/move", &[("item_id", "2")]).await;
    assert_eq!(moved, ["place #item-2-features", stats, toast]);
    let freed = targets("/features/1/move", &[("item_id", "")]).await;
    assert_eq!(freed, ["place #free-features", stats, toast]);
    let deleted = targets("/features/1/delete", &[]).await;
    assert_eq!(deleted, ["delete #feature-1", stats, toast]);
    let number = alice.last_event().await;
    let back = targets(&format!("/undo/{number}"), &[]).await;
    assert_eq!(back, ["place #free-features", stats, toast]);

    let merged = targets("/items/1/merge", &[("into", "2")]).await;
    assert_eq!(
        merged,
        ["delete #item-1", "outerMorph #item-2-head", stats, toast]
    );
    let deleted = targets("/items/2/delete", &[]).await;
    assert_eq!(deleted, ["delete #item-2", stats, toast]);
}

db_test!(fragment_size_is_independent_of_the_board);
async fn fragment_size_is_independent_of_the_board(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let mut sizes = Vec::new();
    for items in [10, 300] {
        savt.fill(items, 5).await;
        sizes.push(perform_every_action(&alice).await);
    }
    let page = alice.get("").await.body.len();
    let large = sizes.pop().unwrap();
    let small = sizes.pop().unwrap();
    assert_eq!(large.len(), small.len());
    for ((path, small), (_, large)) in small.iter().zip(&large) {
        // Numbers in it may have more digits.
        assert!(*large <= small + small / 10, "{path}: {small}, {large}");
        assert!(large * 100 < page, "{path}: {large} of {page}");
    }
}

/// Performs each action once, and undoes those that would affect the next run.
async fn perform_every_action(alice: &TestClient) -> Vec<(String, usize)> {
    let item = alice.create_item("One").await;
    let other = alice.create_item("Other").await;
    let feature = alice.suggest("Ham", 1, item).await;
    alice.suggest("Olives", 1, item).await;
    let (into, free) = (other.to_string(), String::new());
    let [item, feature] = [format!("/items/{item}"), format!("/features/{feature}")];
    let mut sizes = Vec::new();
    for (path, fields) in [
        (
            "/create/item/".to_owned(),
            vec![("name", "Third".to_owned())],
        ),
        (
            "/create/feature/".to_owned(),
            vec![("name", "Third".to_owned())],
        ),
        (format!("{feature}/veto"), vec![]),
        (format!("{feature}/unveto"), vec![]),
        (
            format!("{feature}/edit"),
            vec![("name", "Speck".to_owned())],
        ),
        (format!("{feature}/move"), vec![("item_id", free)]),
        (format!("{feature}/delete"), vec![]),
        (format!("{item}/edit"), vec![("name", "First".to_owned())]),
        (format!("{item}/merge"), vec![("into", into)]),
        (format!("/items/{other}/delete"), vec![]),
    ] {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let (_, size) = post_with_htmx(alice, &path, &fields).await;
        sizes.push((path, size));
        if needs_undo(&sizes) {
            let undo = format!("/undo/{}", alice.last_event().await);
            let (_, size) = post_with_htmx(alice, &undo, &[]).await;
            sizes.push((undo, size));
        }
    }
    sizes
}

/// Whether the last action leaves new or free objects behind.
fn needs_undo(done: &[(String, usize)]) -> bool {
    done.last().is_some_and(|(path, _)| {
        path.starts_with("/create") || path.starts_with("/items") && path.ends_with("/delete")
    })
}

db_test!(page_size_grows_linearly_with_the_board);
async fn page_size_grows_linearly_with_the_board(savt: Savt) {
    let stranger = savt.person();
    let mut sizes = Vec::new();
    for items in [30, 300] {
        savt.fill(items, 5).await;
        let page = stranger.get("").await.is(200);
        assert_eq!(page.all("#items > li.item").len(), items as usize);
        sizes.push(page.body.len());
    }
    assert!(sizes[1] < 11 * sizes[0], "{sizes:?}");
}
