//! Rule 4 through HTTP: each veto on a renamed feature says what it was given to.

use savt::store;

use crate::harness::{app::Savt, databases::db_test};

db_test!(a_renamed_feature_says_what_its_vetoes_were_given_to);
async fn a_renamed_feature_says_what_its_vetoes_were_given_to(savt: Savt) {
    let ann = savt.person_called("Ann").await;
    let bob = savt.person_called("Bob").await;
    let pizza = bob.create_item("Margherita").await;
    let ham = bob.suggest("Ham", 1, pizza).await;
    ann.veto(ham).await;
    bob.edit_feature(ham, "Bacon", 1).await;
    let toast = "Bob renamed Ham to Bacon on Margherita (×1); its veto was given to another name";
    assert_eq!(bob.page().await.toasts, [toast]);
    assert_eq!(bob.history().await[0], toast);

    let when = "vetoed by Ann, when it was Ham";
    let menu = format!("/features/{ham}");
    assert_eq!(bob.sees().await, format!("Margherita: Bacon [{when}]"));
    assert_eq!(bob.get("/?view=wall").await.is(200).one(".vetoers"), when);
    assert_eq!(ann.get(&menu).await.is(200).one(".menu .vetoers"), when);
    let german = bob.reading("de").get(&menu).await.is(200);
    let german = german.one(".menu .vetoers");
    assert_eq!(german, "Veto von Ann, als es noch Ham war");

    // Vetoes that were given to different names each say theirs.
    bob.veto_because(ham, "too fat").await;
    let row = "Margherita: Bacon [vetoed by Ann (when it was Ham), Bob (too fat)]";
    assert_eq!(bob.sees().await, row);
    // The stored rows and the log say the same.
    let other = savt.another().await;
    assert_eq!(other.person().sees().await, row);
    let mut findings = Vec::new();
    let checked = store::check(savt.database(), |finding| {
        findings.push(finding.to_string())
    });
    checked.await.unwrap();
    assert_eq!(findings, [""; 0]);

    // The owner, and nobody else, is offered to veto again.
    let buttons = async |person: &crate::harness::client::TestClient| {
        person
            .get(&menu)
            .await
            .is(200)
            .all(".menu .reason-form button")
    };
    assert_eq!(buttons(&ann).await, ["Veto Bacon again"]);
    assert_eq!(buttons(&bob).await, ["Save reason"]);
    let answer = ann
        .with_htmx()
        .post(&format!("{menu}/veto"), &[("reason", "")])
        .await;
    assert_eq!(answer.is(200).toasts(), ["Ann vetoed Bacon on Margherita"]);
    assert_eq!(buttons(&ann).await, ["Save reason"]);
    let row = "Margherita: Bacon [vetoed by Ann, Bob (too fat)]";
    assert_eq!(bob.sees().await, row);
    ann.undo(ann.last_event().await).await;
    ann.veto(ham).await;
    assert_eq!(bob.sees().await, row);
}
