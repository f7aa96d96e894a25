//! Consent: the button "I'm fine with the rest", what came since, the people by how they stand, and when a board is agreed.

mod people;

use futures_util::future::join_all;
use savt::{
    db::Backend,
    model::{ConsentState, Standing},
};

use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::{Fresh, db_test},
    follower::Follower,
    stream::Stream,
};

const BUTTON: &str = "#consent button";
const GIVEN: &str = "You are fine with this ✓";

impl TestClient {
    /// How the page says that this browser stands.
    async fn standing(&self) -> String {
        self.get("").await.is(200).one("#consent .standing")
    }
}

db_test!(consent_is_given_and_taken_back_without_javascript);
async fn consent_is_given_and_taken_back_without_javascript(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("Margherita").await;
    savt.person_called("Bob").await;
    // Somebody who only looks is asked, too.
    for person in [&alice, &savt.person()] {
        let page = person.get("").await.is(200);
        assert_eq!(page.one(BUTTON), "I’m fine with the rest");
        assert_eq!(page.one("#consent .standing"), "");
        assert!(page.all("#consent .fine-count").is_empty());
        assert_eq!(page.attribute("#consent [name=seen]", "value"), "3");
    }
    let answer = alice
        .post("/consent", &[("fine", "1"), ("seen", "3")])
        .await;
    assert_eq!(answer.is(303).header("location"), "/#consent");
    let page = alice.get("").await.is(200);
    assert_eq!(page.one("#consent .standing"), GIVEN);
    assert_eq!(page.one("#consent .fine-count"), "1 of 2 is fine");
    assert_eq!(page.attribute("#consent .fine-count", "href"), "/presence");
    assert_eq!(page.one(BUTTON), "take back");
    alice.post("/consent", &[("fine", "0")]).await.is(303);
    assert_eq!(alice.standing().await, "");
    assert_eq!(
        alice.history().await[..2],
        [
            "Alice took back being fine with the rest",
            "Alice is fine with the rest"
        ]
    );
    let before = alice.last_event().await;
    for fields in [
        &[][..],
        &[("fine", "")],
        &[("fine", "2")],
        &[("fine", "1"), ("seen", "much")],
    ] {
        let answer = alice.post("/consent", fields).await.is(422);
        assert!(answer.body.contains("cannot tell whether you are fine"));
    }
    assert_eq!(alice.last_event().await, before);
}

db_test!(a_consent_says_what_came_since);
async fn a_consent_says_what_came_since(savt: Savt) {
    let [alice, bob] = [
        savt.person_called("Alice").await,
        savt.person_called("Bob").await,
    ];
    let item = alice.create_item("Margherita").await;
    alice.consent().await;
    // What one adds oneself, and vetoes, outdate nothing.
    let basil = alice.suggest("Basil", 1, item).await;
    bob.veto(basil).await;
    assert_eq!(alice.standing().await, GIVEN);
    let ham = bob.suggest("Ham", 1, item).await;
    let egg = bob.suggest("Egg", 1, None).await;
    let page = alice.get("").await.is(200);
    let look = "2 new toppings since you were fine: look";
    assert_eq!(page.one("#consent .standing"), look);
    let first = format!("#feature-{ham}");
    assert_eq!(page.attribute("#consent .standing a", "href"), first);
    let rows = format!("feature-{ham} feature-{egg}");
    assert_eq!(page.attribute("#consent", "data-new"), rows);
    assert_eq!(page.one(BUTTON), "I’m still fine");
    bob.create_item("Napoli").await;
    assert_eq!(
        alice.standing().await,
        "1 new pizza and 2 new toppings since you were fine: look"
    );
    let german = alice.reading("de").get("").await.is(200);
    assert_eq!(
        german.one("#consent .standing"),
        "Neu, seit du einverstanden warst: 1 Pizza und 2 Beläge – ansehen"
    );
    alice.consent().await;
    assert_eq!(alice.standing().await, GIVEN);
    // Renamed, or gone again: there is nothing to look at.
    let changed = "The board has changed since you were fine.";
    bob.edit_feature(ham, "Speck", 1).await;
    assert_eq!(alice.standing().await, changed);
    alice.consent().await;
    let olives = bob.suggest("Olives", 1, item).await;
    assert_eq!(
        alice.standing().await,
        "1 new topping since you were fine: look"
    );
    bob.delete_feature(olives).await;
    assert_eq!(alice.standing().await, changed);
}

db_test!(a_press_on_an_old_page_does_not_consent_to_what_was_not_seen);
async fn a_press_on_an_old_page_does_not_consent_to_what_was_not_seen(savt: Savt) {
    let [alice, bob] = [
        savt.person_called("Alice").await,
        savt.person_called("Bob").await,
    ];
    let item = alice.create_item("Margherita").await;
    let seen = alice
        .get("")
        .await
        .attribute("#consent [name=seen]", "value");
    bob.suggest("Ham", 1, item).await;
    let fields = [("fine", "1"), ("seen", seen.as_str())];
    let answer = alice.with_htmx().post("/consent", &fields).await.is(200);
    assert_eq!(
        answer.targets(),
        ["outerMorph #stats", "outerMorph #consent"],
        "the page itself says it, so there is no toast"
    );
    assert_eq!(
        answer.one("#consent .standing"),
        "1 new topping since you were fine: look"
    );
}

db_test!(the_number_of_new_things_is_capped);
async fn the_number_of_new_things_is_capped(savt: Savt) {
    let [alice, bob] = [
        savt.person_called("Alice").await,
        savt.person_called("Bob").await,
    ];
    alice.create_item("Margherita").await;
    alice.consent().await;
    let names: Vec<String> = (0..120).map(|n| format!("Pizza {n}")).collect();
    let fields = [("names", names.join("\n"))];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    bob.post("/create/items/", &fields).await.is(303);
    let page = alice.get("").await.is(200);
    assert_eq!(
        page.one("#consent .standing"),
        "More than 99 new pizzas and toppings since you were fine: look"
    );
    let marked = page.attribute("#consent", "data-new");
    assert_eq!(marked.split(' ').count(), 99);
}

db_test!(consent_is_live_on_every_page);
async fn consent_is_live_on_every_page(savt: Savt) {
    let [alice, bob] = [
        savt.person_called("Alice").await,
        savt.person_called("Bob").await,
    ];
    let item = alice.create_item("Margherita").await;
    let mut pages = Vec::new();
    for person in [&alice, &bob, &savt.person()] {
        pages.push(Follower::open(person).await);
    }
    let consent = async |page: &mut Follower| {
        let seen = page.last().to_string();
        page.submit("/consent", &[("fine", "1"), ("seen", &seen)])
            .await
            .is(200);
    };
    consent(&mut pages[0]).await;
    for page in &mut pages {
        page.assert_matches_reload().await;
        assert!(page.page.consent.contains("1 of 2 is fine"));
    }
    bob.suggest("Ham", 1, item).await;
    for page in &mut pages {
        page.assert_matches_reload().await;
        let has_new = page
            .page
            .consent
            .contains("1 new topping since you were fine");
        assert_eq!(has_new, page.page.me.contains("Alice"), "{}", page.page.me);
    }
    for page in &mut pages[..2] {
        page.assert_matches_reload().await;
        consent(page).await;
    }
    for page in &mut pages {
        page.assert_matches_reload().await;
        let agreed = "Everybody is fine with this. Well done! Close with what is left";
        assert!(page.page.consent.starts_with(agreed));
        assert!(page.page.consent.ends_with("2 of 2 are fine"));
    }
    // What was missed comes with the rest.
    pages[2].drop_stream();
    bob.suggest("Egg", 1, item).await;
    pages[2].resume().await;
    pages[2].assert_matches_reload().await;
    assert!(pages[2].page.consent.ends_with("1 of 2 is fine"));
    assert_eq!(pages[2].reloads, 0);
}

db_test!(nothing_is_sent_about_consent_while_nobody_consented);
async fn nothing_is_sent_about_consent_while_nobody_consented(savt: Savt) {
    let [alice, bob] = [
        savt.person_called("Alice").await,
        savt.person_called("Bob").await,
    ];
    let item = alice.create_item("Margherita").await;
    let ham = alice.suggest("Ham", 1, item).await;
    let mut stream = Stream::open(&bob, &bob.page().await.stream, None).await;
    let row = format!("place #item-{item}-features");
    alice.veto(ham).await;
    let message = stream.next_event().await;
    assert_eq!(message.targets(), [row.as_str(), "outerMorph #stats"]);
    let path = format!("/features/{ham}/veto");
    let answer = bob.with_htmx().post(&path, &[]).await;
    assert!(!answer.targets().contains(&"outerMorph #consent".to_owned()));
    stream.next_event().await;
    alice.consent().await;
    let message = stream.next_event().await;
    assert_eq!(
        message.targets(),
        ["outerMorph #stats", "outerMorph #consent"]
    );
    // A veto changes nothing about consent, so others are told nothing about it.
    alice.withdraw_veto(ham).await;
    let message = stream.next_event().await;
    assert_eq!(message.targets(), [row.as_str(), "outerMorph #stats"]);
}

db_test!(the_fragment_is_as_large_on_a_large_board);
async fn the_fragment_is_as_large_on_a_large_board(savt: Savt) {
    let alice = savt.person_called("Alice").await.with_htmx();
    let mut sizes = Vec::new();
    for items in [10, 300] {
        savt.fill(items, 5).await;
        let answer = alice.post("/consent", &[("fine", "1")]).await.is(200);
        sizes.push(answer.body.len());
        alice.post("/consent", &[("fine", "0")]).await.is(200);
    }
    assert!(sizes[1] <= sizes[0] + 20, "{sizes:?}");
}

db_test!(nobody_is_fine_with_what_they_have_not_seen);
async fn nobody_is_fine_with_what_they_have_not_seen(savt: Savt) {
    let bob = savt.person_called("Bob").await;
    let item = bob.create_item("Margherita").await;
    let people = savt.people(33);
    let pages = join_all(people.iter().map(TestClient::page)).await;
    let consents = people.iter().zip(&pages).map(async |(person, page)| {
        let seen = page.version.to_string();
        let fields = [("fine", "1"), ("seen", seen.as_str())];
        person.post("/consent", &fields).await.is(303);
    });
    tokio::join!(join_all(consents), bob.suggest("Ham", 1, item));
    let board = savt.stored().await;
    let ham = board.features_of(None).chain(
        board
            .items()
            .flat_map(|item| board.features_of(Some(item.id))),
    );
    let ham = ham.last().unwrap().added_by_event;
    let mut outdated = 0;
    for person in board.participants() {
        if let Some(ConsentState::Fine { as_of }) = board.consent(person.id) {
            assert!(as_of < ham);
            assert_eq!(board.standing(person.id), Standing::Outdated);
            outdated += 1;
        }
    }
    assert_eq!(outdated, 33);
    let shown = join_all(people.iter().map(TestClient::standing)).await;
    assert_eq!(shown, vec!["1 new topping since you were fine: look"; 33]);
    join_all(people.iter().map(TestClient::consent)).await;
    let count = savt.stored().await.consent_count();
    assert_eq!((count.fine, count.of), (33, 34));
}

db_test!(an_agreed_board_says_so_everywhere);
async fn an_agreed_board_says_so_everywhere(savt: Savt) {
    let [alice, bob] = [
        savt.person_called("Alice").await,
        savt.person_called("Bob").await,
    ];
    alice.create_item("Margherita").await;
    alice.consent().await;
    let description = "meta[name=description]";
    assert_eq!(
        bob.get("").await.attribute(description, "content"),
        "1 pizza, 0 toppings, 0 vetoed. 1 of 2 is fine."
    );
    bob.consent().await;
    for path in ["", "/?view=wall"] {
        let page = savt.person().get(path).await.is(200);
        assert_eq!(
            page.one("#consent .agreed"),
            "Everybody is fine with this. Well done!"
        );
        assert_eq!(page.attribute("#consent .standing a", "href"), "/close");
        assert_eq!(
            page.attribute(description, "content"),
            "1 pizza, 0 toppings, 0 vetoed. Everybody is fine with this."
        );
    }
    bob.create_item("Napoli").await;
    assert!(alice.get("").await.is(200).all(".agreed").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_is_shared_between_processes() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let savts = [Savt::at(fresh.url()).await, Savt::at(fresh.url()).await];
    let alice = savts[0].person_called("Alice").await;
    let bob = savts[1].person_called("Bob").await;
    let item = alice.create_item("Margherita").await;
    let mut pages = [Follower::open(&alice).await, Follower::open(&bob).await];
    alice.consent().await;
    bob.suggest("Ham", 1, item).await;
    for page in &mut pages {
        page.receive_until(5).await;
        page.assert_matches_reload().await;
    }
    assert!(pages[0].page.consent.starts_with("1 new topping"));
    bob.consent().await;
    alice.consent().await;
    for page in &mut pages {
        page.receive_until(7).await;
        page.assert_matches_reload().await;
        assert!(page.page.consent.starts_with("Everybody is fine"));
    }
}
