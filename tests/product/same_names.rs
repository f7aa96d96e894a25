//! Rule 1 through HTTP: invisible characters, apostrophes, dashes and look-alike letters make no other name.

use diesel::dsl::sql_query;
use savt::store;

use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
};

db_test!(names_that_look_the_same_are_the_same);
async fn names_that_look_the_same_are_the_same(savt: Savt) {
    let ann = savt.person_called("Ann").await;
    let other = savt.person();
    for name in ["Ann\u{200b}", "\u{410}nn", "A\u{ad}nn"] {
        let answer = other.post("/participant", &[("name", name)]).await.is(409);
        assert_eq!(answer.one("#me-reason-text"), "This name is taken.");
    }
    ann.suggest("Mum's", 1, None).await;
    ann.suggest("Mum’s", 1, None).await;
    ann.suggest("BBQ -\u{200b}", 1, None).await;
    ann.suggest("BBQ –", 1, None).await;
    assert_eq!(ann.sees().await, "free: Mum's ×2, BBQ - ×2");
    ann.create_item("Quattro\u{200b} Stagioni").await;
    ann.create_item("quattro stag\u{ad}ioni").await;
    let seen = "Quattro Stagioni\nquattro stagioni-2\nfree: Mum's ×2, BBQ - ×2";
    assert_eq!(ann.sees().await, seen);
}

db_test!(a_database_of_an_earlier_version_keeps_names_that_are_now_the_same);
async fn a_database_of_an_earlier_version_keeps_names_that_are_now_the_same(fresh: Fresh) {
    let old = Savt::at(fresh.url()).await;
    let ann = old.person_called("Ann").await;
    let bob = old.person_called("Bobby").await;
    let pizza = ann.create_item("Margherita").await;
    ann.suggest("Mum's", 1, pizza).await;
    let second = bob.suggest("Daddys", 2, pizza).await;
    ann.veto(second).await;
    // What an earlier version stored.
    let mut transaction = fresh.open().await.write().await.unwrap();
    for (name, stored) in [("Bobby", "Ann\u{200b}"), ("Daddys", "Mum’s")] {
        for (table, column) in [
            ("participants", "name"),
            ("features", "name"),
            ("events", "actor_name"),
            ("events", "action"),
            ("events", "change"),
        ] {
            let update =
                format!("UPDATE {table} SET {column} = replace({column}, '{name}', '{stored}')");
            transaction.execute(sql_query(update)).await.unwrap();
        }
    }
    transaction.commit().await.unwrap();

    let savt = Savt::at(fresh.url()).await;
    let reader = savt.person_called("Cem").await;
    let seen = "Margherita: Mum's, Mum’s ×2 [vetoed by Ann]";
    assert_eq!(reader.sees().await, seen);
    let mut findings = Vec::new();
    let checked = store::check(savt.database(), |finding| {
        findings.push(finding.to_string())
    });
    checked.await.unwrap();
    assert_eq!(findings, [""; 0]);
    // Each can be changed as before, without a new name.
    reader.edit_feature(second, "Mum’s", 3).await;
    let answer = reader.post("/features/1/edit", &[("name", "MUM’S")]).await;
    answer.is(409);
    reader.delete_feature(second).await;
    assert_eq!(reader.sees().await, "Margherita: Mum's");
}
