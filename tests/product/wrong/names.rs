//! Wrong names, kinds and amounts, in every form that has them: the form comes back as it was typed.

use super::Table;
use crate::harness::{app::Savt, client::Answer, databases::on_both};

const CONTROL: &str = "That has control characters in it.";
const TURNS: &str = "That has characters in it that turn the direction of the text around them.";
const INVISIBLE: &str = "That has no character one can see.";
const EMPTY: &str = "Please type a name.";
const AMOUNT: &str = "Please choose an amount from 1 to 3.";

fn too_long(max: usize) -> (String, String) {
    let reason = format!("That is too long: at most {max} characters.");
    ("ä".repeat(max + 1), reason)
}

/// What no name and no kind can be, and why.
fn wrong(max: usize) -> Vec<(String, String)> {
    let mut wrong = vec![too_long(max)];
    for (typed, reason) in [
        ("a\0b", CONTROL),
        ("\u{7}", CONTROL),
        ("a\u{1b}[31mb", CONTROL),
        ("abc\u{202e}fdp", TURNS),
        ("\u{2066}abc", TURNS),
        ("\u{200b}\u{200d}", INVISIBLE),
        ("\u{3164}", INVISIBLE),
    ] {
        wrong.push((typed.to_owned(), reason.to_owned()));
    }
    wrong
}

/// What no name that has to be given can be.
fn wrong_names() -> Vec<(String, String)> {
    let empty = ["", " ", "\u{a0}\t\u{2003}"].map(|typed| (typed.to_owned(), EMPTY.to_owned()));
    wrong(100).into_iter().chain(empty).collect()
}

/// What an input shows again: HTML cannot hold a NUL, a parser makes it U+FFFD.
fn shown(typed: &str) -> String {
    typed.replace('\0', "\u{fffd}")
}

/// The reason stands at `place`, and `field` holds what was typed.
#[track_caller]
fn comes_back(
    answers: &[Answer; 2],
    form: &str,
    field: &str,
    typed: &str,
    place: &str,
    reason: &str,
) {
    let [page, fragments] = answers;
    assert_eq!(page.one(place), reason);
    let field = format!("{form} input[name={field}]");
    assert_eq!(page.attribute(&field, "value"), shown(typed), "{field}");
    let target = format!("innerHTML {place}");
    assert!(fragments.targets().contains(&target), "{target}");
}

on_both!(no_wrong_name_of_an_item_is_taken);
async fn no_wrong_name_of_an_item_is_taken(savt: Savt) {
    let table = Table::laid(savt).await;
    let place = "#create-item-reason";
    for (typed, reason) in wrong(100) {
        let fields = [("name", typed.as_str()), ("kind", "vegan")];
        let answers = table.sends("/create/item/", &fields).await;
        table.refused(&typed, &answers, 422, &reason);
        comes_back(&answers, "#create-item", "name", &typed, place, &reason);
        comes_back(&answers, "#create-item", "kind", "vegan", place, &reason);
    }
    for (typed, reason) in wrong(50) {
        let fields = [("name", "Fine"), ("kind", typed.as_str())];
        let answers = table.sends("/create/item/", &fields).await;
        table.refused(&typed, &answers, 422, &reason);
        comes_back(&answers, "#create-item", "kind", &typed, place, &reason);
        comes_back(&answers, "#create-item", "name", "Fine", place, &reason);
    }
    table.is_as_it_was().await;
}

on_both!(no_wrong_name_of_a_feature_is_taken);
async fn no_wrong_name_of_a_feature_is_taken(savt: Savt) {
    let table = Table::laid(savt).await;
    for (item, form, place) in [
        ("", ".free .suggest", "#suggest-reason-free"),
        ("1", "#item-1 .suggest", "#suggest-reason-1"),
    ] {
        for (typed, reason) in wrong_names() {
            let fields = [("name", typed.as_str()), ("amount", "2"), ("item_id", item)];
            let answers = table.sends("/create/feature/", &fields).await;
            table.refused(&typed, &answers, 422, &reason);
            comes_back(&answers, form, "name", &typed, place, &reason);
            let amount = answers[0].attribute(&format!("{form} option[selected]"), "value");
            assert_eq!(amount, "2");
        }
    }
    table.is_as_it_was().await;
}

on_both!(no_wrong_edit_is_taken);
async fn no_wrong_edit_is_taken(savt: Savt) {
    let table = Table::laid(savt).await;
    let place = "#edit-reason";
    for (typed, reason) in wrong_names() {
        let fields = [("name", typed.as_str()), ("kind", "raw"), ("amount", "3")];
        for path in ["/items/1/edit", "/features/1/edit"] {
            let answers = table.sends(path, &fields).await;
            table.refused(path, &answers, 422, &reason);
            comes_back(&answers, "main", "name", &typed, place, &reason);
        }
    }
    for (typed, reason) in wrong(50) {
        let fields = [("name", "Fine"), ("kind", typed.as_str())];
        let answers = table.sends("/items/1/edit", &fields).await;
        table.refused(&typed, &answers, 422, &reason);
        comes_back(&answers, "main", "kind", &typed, place, &reason);
    }
    table.is_as_it_was().await;
}

on_both!(no_wrong_name_of_a_person_is_taken);
async fn no_wrong_name_of_a_person_is_taken(savt: Savt) {
    let table = Table::laid(savt).await;
    for (typed, reason) in wrong_names() {
        for claim in ["", "1"] {
            let fields = [("name", typed.as_str()), ("claim", claim)];
            let answers = table.sends("/participant", &fields).await;
            table.refused(&typed, &answers, 422, &reason);
            let [page, fragments] = &answers;
            assert_eq!(page.one("#me-reason-text"), reason);
            let name = page.attribute("#me input[name=name]", "value");
            assert_eq!(name, shown(&typed));
            assert!(page.all("#me-reason button").is_empty());
            assert_eq!(fragments.targets()[0], "outerMorph #me-reason");
        }
    }
    table.is_as_it_was().await;
}

on_both!(no_amount_is_taken_but_one_to_three);
async fn no_amount_is_taken_but_one_to_three(savt: Savt) {
    let table = Table::laid(savt).await;
    for amount in [
        "0",
        "4",
        "-1",
        "x",
        "1.5",
        "²",
        "1 2",
        "99999999999999999999",
    ] {
        let fields = [("name", "Fine"), ("amount", amount)];
        let answers = table.sends("/create/feature/", &fields).await;
        table.refused(amount, &answers, 422, AMOUNT);
        comes_back(
            &answers,
            ".free",
            "name",
            "Fine",
            "#suggest-reason-free",
            AMOUNT,
        );
        let answers = table.sends("/features/1/edit", &fields).await;
        table.refused(amount, &answers, 422, AMOUNT);
        comes_back(&answers, "main", "name", "Fine", "#edit-reason", AMOUNT);
    }
    table.is_as_it_was().await;
}

on_both!(a_form_without_its_fields_is_no_surprise);
async fn a_form_without_its_fields_is_no_surprise(savt: Savt) {
    let table = Table::laid(savt).await;
    for path in [
        "/create/feature/",
        "/items/1/edit",
        "/features/1/edit",
        "/participant",
    ] {
        for fields in [&[][..], &[("nonsense", "1")], &[("Name", "X")]] {
            let answers = table.sends(path, fields).await;
            table.refused(path, &answers, 422, EMPTY);
        }
    }
    let answers = table.sends("/items/1/merge", &[]).await;
    let reason = "Please choose the pizza to merge into.";
    table.refused("merge", &answers, 422, reason);
    table.is_as_it_was().await;
}

on_both!(what_people_type_stays_text);
async fn what_people_type_stays_text(savt: Savt) {
    let nasty = r#""><script>alert('1')</script>&amp;{{x}}"#;
    let eve = savt.person_called(nasty).await;
    let pizza = eve.create_item_of_kind(nasty, "<b>vegan</b>").await;
    let ham = eve.suggest(nasty, 1, pizza).await;
    eve.veto(ham).await;
    let expected = format!("{nasty} (<b>vegan</b>): {nasty} [vetoed by {nasty}]");
    assert_eq!(eve.sees().await, expected);
    for path in ["", "/history", "/items/1", "/features/1"] {
        let page = eve.get(path).await.is(200);
        assert!(page.all("b").is_empty(), "{path}");
        assert!(!page.body.contains("<script>"), "{path}");
    }
    let answer = eve.with_htmx().post("/features/1/unveto", &[]).await;
    assert!(!answer.is(200).body.contains("<script>"));
    let answer = eve
        .post("/create/item/", &[("name", &nasty.repeat(4))])
        .await;
    assert!(!answer.is(422).body.contains("<script>"));
    let answer = eve.get("/%3Cscript%3Ealert(1)").await;
    assert!(!answer.is(404).body.contains("<script>alert"));
}
