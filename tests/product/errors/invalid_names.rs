//! Invalid names, kinds and amounts in every form: the form is returned as it was filled in.

use super::BoardFixture;
use crate::harness::{app::Savt, client::Answer, databases::db_test};

const CONTROL: &str = "This contains control characters. Remove them.";
const TURNS: &str =
    "This contains characters that change the direction of the text around them. Remove them.";
const INVISIBLE: &str = "This contains only invisible characters. Enter a visible one.";
const EMPTY: &str = "Enter a name.";
const AMOUNT: &str = "Choose an amount from 1 to 3.";

fn too_long(max: usize) -> (String, String) {
    let reason = format!("This is too long. Use at most {max} characters.");
    ("ä".repeat(max + 1), reason)
}

/// Invalid values for names and kinds, with the reason.
fn invalid(max: usize) -> Vec<(String, String)> {
    let mut invalid = vec![too_long(max)];
    for (typed, reason) in [
        ("a\0b", CONTROL),
        ("\u{7}", CONTROL),
        ("a\u{1b}[31mb", CONTROL),
        ("abc\u{202e}fdp", TURNS),
        ("\u{2066}abc", TURNS),
        ("\u{200b}\u{200d}", INVISIBLE),
        ("\u{3164}", INVISIBLE),
    ] {
        invalid.push((typed.to_owned(), reason.to_owned()));
    }
    invalid
}

/// Invalid values for required names.
fn invalid_names() -> Vec<(String, String)> {
    let empty = ["", " ", "\u{a0}\t\u{2003}"].map(|typed| (typed.to_owned(), EMPTY.to_owned()));
    invalid(100).into_iter().chain(empty).collect()
}

/// The value as an input shows it: HTML cannot contain NUL, so parsers replace it by U+FFFD.
fn as_displayed(typed: &str) -> String {
    typed.replace('\0', "\u{fffd}")
}

/// Asserts that `selector` shows the reason and `field` still holds the input.
#[track_caller]
fn assert_form_refilled(
    answers: &[Answer; 2],
    form: &str,
    field: &str,
    typed: &str,
    selector: &str,
    reason: &str,
) {
    let [page, fragments] = answers;
    assert_eq!(page.one(selector), reason);
    let field = format!("{form} input[name={field}]");
    assert_eq!(
        page.attribute(&field, "value"),
        as_displayed(typed),
        "{field}"
    );
    // An edit form is replaced as a whole, any other gets the reason.
    let target = match selector.starts_with("#edit-") {
        true => "outerMorph #edit-form".to_owned(),
        false => format!("innerHTML {selector}"),
    };
    assert!(fragments.targets().contains(&target), "{target}");
}

db_test!(an_invalid_item_name_or_kind_is_rejected);
async fn an_invalid_item_name_or_kind_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let selector = "#create-item-reason";
    for (typed, reason) in invalid(100) {
        let fields = [("name", typed.as_str()), ("kind", "vegan")];
        let answers = fixture.post_both_ways("/create/item/", &fields).await;
        fixture.assert_refused(&typed, &answers, 422, &reason);
        assert_form_refilled(&answers, "#create-item", "name", &typed, selector, &reason);
        assert_form_refilled(&answers, "#create-item", "kind", "vegan", selector, &reason);
    }
    for (typed, reason) in invalid(50) {
        let fields = [("name", "Fine"), ("kind", typed.as_str())];
        let answers = fixture.post_both_ways("/create/item/", &fields).await;
        fixture.assert_refused(&typed, &answers, 422, &reason);
        assert_form_refilled(&answers, "#create-item", "kind", &typed, selector, &reason);
        assert_form_refilled(&answers, "#create-item", "name", "Fine", selector, &reason);
    }
    fixture.assert_unchanged().await;
}

db_test!(an_invalid_feature_name_is_rejected);
async fn an_invalid_feature_name_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    for (item, form, selector) in [
        ("", ".free .suggest", "#suggest-reason-free"),
        ("1", "#item-1 .suggest", "#suggest-reason-1"),
    ] {
        for (typed, reason) in invalid_names() {
            let fields = [("name", typed.as_str()), ("amount", "2"), ("item_id", item)];
            let answers = fixture.post_both_ways("/create/feature/", &fields).await;
            fixture.assert_refused(&typed, &answers, 422, &reason);
            assert_form_refilled(&answers, form, "name", &typed, selector, &reason);
            let amount = answers[0].attribute(&format!("{form} option[selected]"), "value");
            assert_eq!(amount, "2");
        }
    }
    fixture.assert_unchanged().await;
}

db_test!(an_invalid_edit_is_rejected);
async fn an_invalid_edit_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let selector = "#edit-reason";
    for (typed, reason) in invalid_names() {
        let fields = [("name", typed.as_str()), ("kind", "raw"), ("amount", "3")];
        for path in ["/items/1/edit", "/features/1/edit"] {
            let answers = fixture.post_both_ways(path, &fields).await;
            fixture.assert_refused(path, &answers, 422, &reason);
            assert_form_refilled(&answers, "main", "name", &typed, selector, &reason);
        }
    }
    for (typed, reason) in invalid(50) {
        let fields = [("name", "Fine"), ("kind", typed.as_str())];
        let answers = fixture.post_both_ways("/items/1/edit", &fields).await;
        fixture.assert_refused(&typed, &answers, 422, &reason);
        let selector = "#edit-kind-reason";
        assert_form_refilled(&answers, "main", "kind", &typed, selector, &reason);
    }
    fixture.assert_unchanged().await;
}

db_test!(an_invalid_participant_name_is_rejected);
async fn an_invalid_participant_name_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    for (typed, reason) in invalid_names() {
        for claim in ["", "1"] {
            let fields = [("name", typed.as_str()), ("claim", claim)];
            let answers = fixture.post_both_ways("/participant", &fields).await;
            fixture.assert_refused(&typed, &answers, 422, &reason);
            let [page, fragments] = &answers;
            assert_eq!(page.one("#me-reason-text"), reason);
            let name = page.attribute("#me input[name=name]", "value");
            assert_eq!(name, as_displayed(&typed));
            assert!(page.all("#me-reason button").is_empty());
            assert_eq!(fragments.targets()[0], "outerMorph #me-reason");
        }
    }
    fixture.assert_unchanged().await;
}

db_test!(an_amount_outside_one_to_three_is_rejected);
async fn an_amount_outside_one_to_three_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
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
        let answers = fixture.post_both_ways("/create/feature/", &fields).await;
        fixture.assert_refused(amount, &answers, 422, AMOUNT);
        assert_form_refilled(
            &answers,
            ".free",
            "name",
            "Fine",
            "#suggest-reason-free",
            AMOUNT,
        );
        let answers = fixture.post_both_ways("/features/1/edit", &fields).await;
        fixture.assert_refused(amount, &answers, 422, AMOUNT);
        let selector = "#edit-amount-reason";
        assert_form_refilled(&answers, "main", "name", "Fine", selector, AMOUNT);
    }
    fixture.assert_unchanged().await;
}

db_test!(a_form_without_its_fields_is_rejected);
async fn a_form_without_its_fields_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    for path in [
        "/create/feature/",
        "/items/1/edit",
        "/features/1/edit",
        "/participant",
    ] {
        for fields in [&[][..], &[("nonsense", "1")], &[("Name", "X")]] {
            let answers = fixture.post_both_ways(path, fields).await;
            fixture.assert_refused(path, &answers, 422, EMPTY);
        }
    }
    let answers = fixture.post_both_ways("/items/1/merge", &[]).await;
    let reason = "Choose the pizza to merge into.";
    fixture.assert_refused("merge", &answers, 422, reason);
    fixture.assert_unchanged().await;
}

db_test!(user_input_is_escaped);
async fn user_input_is_escaped(savt: Savt) {
    let markup = r#""><script>alert('1')</script>&amp;{{x}}"#;
    let eve = savt.person_called(markup).await;
    let pizza = eve.create_item_of_kind(markup, "<b>vegan</b>").await;
    let ham = eve.suggest(markup, 1, pizza).await;
    eve.veto(ham).await;
    let expected = format!("{markup} (<b>vegan</b>): {markup} [vetoed by {markup}]");
    assert_eq!(eve.sees().await, expected);
    for path in ["", "/history", "/items/1", "/features/1"] {
        let page = eve.get(path).await.is(200);
        assert!(page.all("b").is_empty(), "{path}");
        assert!(!page.body.contains("<script>"), "{path}");
    }
    let answer = eve.with_htmx().post("/features/1/unveto", &[]).await;
    assert!(!answer.is(200).body.contains("<script>"));
    let answer = eve
        .post("/create/item/", &[("name", &markup.repeat(4))])
        .await;
    assert!(!answer.is(422).body.contains("<script>"));
    let answer = eve.get("/%3Cscript%3Ealert(1)").await;
    assert!(!answer.is(404).body.contains("<script>alert"));
}
