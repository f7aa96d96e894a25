//! Invalid requests: the response states the error, is never a 500, and nothing changes.

mod invalid_ids;
mod invalid_names;
mod malformed_requests;
mod random_calls;
mod random_requests;

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
};

/// A board with items 1 and 2, feature 1 on item 1, feature 2 free and vetoed, and item 3 and feature 3 deleted.
struct BoardFixture {
    savt: Savt,
    alice: TestClient,
    before: savt::model::Board,
    page: String,
}

impl BoardFixture {
    async fn create(savt: Savt) -> BoardFixture {
        let alice = savt.person_called("Alice").await;
        let one = alice.create_item_of_kind("One", "vegan").await;
        alice.create_item("Other").await;
        let deleted = alice.create_item("Gone").await;
        alice.suggest("Ham", 2, one).await;
        let salad = alice.suggest("Salad", 1, None).await;
        alice.veto(salad).await;
        let rest = alice.suggest("Rest", 1, None).await;
        alice.delete_item(deleted).await;
        alice.delete_feature(rest).await;
        let page = alice.sees().await;
        // Consume the flash message.
        alice.page().await;
        BoardFixture {
            before: savt.stored().await,
            savt,
            alice,
            page,
        }
    }

    /// Posts a form without and with htmx and returns both responses.
    async fn post_both_ways(&self, path: &str, fields: &[(&str, &str)]) -> [Answer; 2] {
        [
            self.alice.post(path, fields).await,
            self.alice.with_htmx().post(path, fields).await,
        ]
    }

    /// Asserts that both responses have this status and reason: the page in a paragraph, the fragments in a toast.
    #[track_caller]
    fn assert_refused(&self, what: &str, answers: &[Answer; 2], status: u16, reason: &str) {
        let [page, fragments] = answers;
        for answer in answers {
            assert_eq!(answer.status, status, "{what}: {}", answer.body);
            assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        }
        assert!(
            page.all("p").iter().any(|text| text == reason),
            "{what}: no {reason:?} in {}",
            page.body
        );
        assert!(page.body.starts_with("<!DOCTYPE html>"), "{what}");
        assert_eq!(fragments.toasts(), [reason], "{what}");
        assert!(!fragments.body.contains("<html"), "{what}");
    }

    async fn assert_unchanged(&self) {
        assert_eq!(self.savt.stored().await, self.before);
        assert_eq!(self.alice.sees().await, self.page);
    }
}
