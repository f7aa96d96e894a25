//! Whatever is sent: the answer says what is wrong, is never a 500, and nothing comes of it.

mod names;
mod noise;
mod requests;
mod targets;

use crate::harness::{
    app::Savt,
    client::{Answer, Person},
};

/// A board with one of each on it: item 1 and 2, feature 1 of item 1 and the free 2, vetoed; item 3 and feature 3 deleted.
struct Table {
    savt: Savt,
    alice: Person,
    before: savt::model::Board,
    page: String,
}

impl Table {
    async fn laid(savt: Savt) -> Table {
        let alice = savt.person_called("Alice").await;
        let one = alice.create_item_of_kind("One", "vegan").await;
        alice.create_item("Other").await;
        let gone = alice.create_item("Gone").await;
        alice.suggest("Ham", 2, one).await;
        let salad = alice.suggest("Salad", 1, None).await;
        alice.veto(salad).await;
        let rest = alice.suggest("Rest", 1, None).await;
        alice.delete_item(gone).await;
        alice.delete_feature(rest).await;
        let page = alice.sees().await;
        // What was done last is told once.
        alice.page().await;
        Table {
            before: savt.stored().await,
            savt,
            alice,
            page,
        }
    }

    /// Sends a form as a page would, and as htmx would. Gives both answers.
    async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> [Answer; 2] {
        [
            self.alice.post(path, fields).await,
            self.alice.with_htmx().post(path, fields).await,
        ]
    }

    /// Both say this with this status: the page in one place of it, the fragments in a toast.
    #[track_caller]
    fn refused(&self, what: &str, answers: &[Answer; 2], status: u16, reason: &str) {
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

    async fn is_as_it_was(&self) {
        assert_eq!(self.savt.stored().await, self.before);
        assert_eq!(self.alice.sees().await, self.page);
    }
}
