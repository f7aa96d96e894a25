//! The fields of every form: scripts send them, and so do pages loaded before an update.

use std::collections::BTreeMap;

use scraper::{Html, Selector};

use crate::harness::{app::Savt, client::TestClient, databases::db_test};

/// The fields of each form by its address. Forms with the same address are combined.
const FIELDS: [(&str, &[&str]); 26] = [
    ("/boards", &["from", "name", "terminology"]),
    ("/close", &["at", "chosen", "deadline", "outcome"]),
    ("/consent", &["fine", "seen"]),
    ("/create/feature/", &["amount", "item_id", "name"]),
    ("/create/item/", &["kind", "name"]),
    ("/create/items/", &["kind", "names"]),
    ("/features/:id/delete", &[]),
    (
        "/features/:id/edit",
        &["amount", "name", "was_amount", "was_name"],
    ),
    ("/features/:id/move", &["item_id"]),
    ("/features/:id/unveto", &[]),
    ("/features/:id/veto", &["existing", "reason"]),
    ("/items/:id/delete", &[]),
    (
        "/items/:id/edit",
        &["kind", "name", "note", "was_kind", "was_name", "was_note"],
    ),
    ("/items/:id/merge", &["into"]),
    ("/items/:id/split", &[]),
    ("/language", &["language", "to"]),
    ("/login", &["password", "to"]),
    ("/participant", &["asked", "claim", "name"]),
    ("/participants/:id/aside", &["aside"]),
    ("/personal-link/open", &["key"]),
    ("/redo/last", &[]),
    ("/reopen", &["deadline"]),
    (
        "/settings",
        &[
            "feature_word",
            "feature_words",
            "item_word",
            "item_words",
            "name",
            "purpose",
            "reasons",
            "was_feature_word",
            "was_feature_words",
            "was_item_word",
            "was_item_words",
            "was_name",
            "was_purpose",
            "was_reasons",
        ],
    ),
    ("/undo/:id", &[]),
    ("/undo/last", &[]),
    ("/logout", &[]),
];

db_test!(posted_fields_keep_their_names);
async fn posted_fields_keep_their_names(savt: Savt) {
    let anna = savt.person();
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let answer = anna.post(path, fields).await.is(303);
        answer.header("location").to_owned()
    };
    let one = [("name", "One"), ("kind", "vegan")];
    assert_eq!(post("/create/item/", &one).await, "/#item-1");
    let two = [("name", "Two"), ("kind", "")];
    assert_eq!(post("/create/item/", &two).await, "/#item-2");
    let ham = [("name", "Ham"), ("amount", "2"), ("item_id", "1")];
    assert_eq!(post("/create/feature/", &ham).await, "/#feature-1");
    let egg = [("name", "Egg"), ("item_id", "")];
    assert_eq!(post("/create/feature/", &egg).await, "/#feature-2");
    assert_eq!(anna.sees().await, "One (vegan): Ham ×2\nTwo\nfree: Egg");

    post("/participant", &[("name", "Anna")]).await;
    post("/consent", &[("fine", "1"), ("seen", "5")]).await;
    post("/consent", &[("fine", "0")]).await;
    post("/participants/1/aside", &[("aside", "1")]).await;
    post("/participants/1/aside", &[("aside", "0")]).await;
    post("/features/1/veto", &[("reason", "too salty")]).await;
    post("/features/2/veto", &[]).await;
    let seen = "One (vegan): Ham ×2 [vetoed by Anna (too salty)]\nTwo\nfree: Egg [vetoed by Anna]";
    assert_eq!(anna.sees().await, seen);
    // Without the field the reason stays; an empty field removes it.
    post("/features/1/veto", &[]).await;
    assert_eq!(anna.sees().await, seen);
    post("/features/1/veto", &[("reason", "")]).await;
    post("/features/2/unveto", &[]).await;
    assert_eq!(
        anna.sees().await,
        "One (vegan): Ham ×2 [vetoed by Anna]\nTwo\nfree: Egg"
    );

    post("/features/1/edit", &[("name", "Speck"), ("amount", "3")]).await;
    post("/features/2/move", &[("item_id", "2")]).await;
    post("/items/2/edit", &[("name", "Deux"), ("kind", "spicy")]).await;
    assert_eq!(
        anna.sees().await,
        "One (vegan): Speck ×3 [vetoed by Anna, when it was Ham]\nDeux (spicy): Egg"
    );
    post("/features/2/move", &[("item_id", "")]).await;
    post("/items/1/merge", &[("into", "2")]).await;
    assert_eq!(
        anna.sees().await,
        "One-Deux (spicy): Speck ×3 [vetoed by Anna, when it was Ham]\nfree: Egg"
    );

    let several = [("names", "Three\r\nFour"), ("kind", "vegan")];
    assert_eq!(post("/create/items/", &several).await, "/#item-3");
    let seen = "One-Deux (spicy): Speck ×3 [vetoed by Anna, when it was Ham]\nThree (vegan)\nFour (vegan)\nfree: Egg";
    assert_eq!(anna.sees().await, seen);

    let phone = savt.person();
    let me = [("name", "Anna")];
    phone.post("/participant", &me).await.is(409);
    let me = [("name", "Anna"), ("claim", "1")];
    phone.post("/participant", &me).await.is(303);
    assert!(phone.page().await.me.contains("Anna"));

    let german = [("language", "de"), ("to", "/history")];
    assert_eq!(post("/language", &german).await, "/history");
    let page = anna.get("").await.is(200);
    assert!(page.body.contains("<html lang=\"de\">"));

    let board = post("/boards", &[("name", "Venues")]).await;
    let title = anna.on_board(&board).get("").await.one("h1");
    assert_eq!(title, "Venues");

    let link = anna.get("/personal-link").await.is(200);
    let link = link.attribute(".address a", "href");
    let key = link.split_once("/personal-link/open?key=").unwrap().1;
    let tablet = savt.person();
    let fields = [("key", key)];
    tablet.post("/personal-link/open", &fields).await.is(303);
    assert!(tablet.page().await.me.contains("Anna"));
}

db_test!(page_forms_send_the_pinned_fields);
async fn page_forms_send_the_pinned_fields(savt: Savt) {
    let password: savt::web::Password = "a password".parse().unwrap();
    let lock = savt::web::SitePassword::new(&password).unwrap();
    let protected = savt.another_with(|app| app.with_site_password(lock)).await;
    let anna = protected.person();
    let mut forms = Forms::default();
    forms.read(&anna.get("/login").await.is(200).body);
    let fields = [("password", "a password"), ("to", "/")];
    anna.post("/login", &fields).await.is(303);
    let item = anna.create_item("One").await;
    // With the question for a name.
    forms.read(&anna.get("").await.is(200).body);
    let feature = anna.suggest("Ham", 2, item).await;
    anna.create_item("Two").await;
    let egg = anna.suggest("Egg", 1, None).await;
    anna.veto(egg).await;
    anna.set_name("Anna").await;
    let phone = protected.person();
    phone.post("/login", &fields).await.is(303);
    let taken = phone.post("/participant", &[("name", "Anna")]).await;
    forms.read(&taken.is(409).body);
    let deadline = [("at", "2999-12-31T23:59")];
    anna.post("/close", &deadline).await.is(303);
    for path in [
        "",
        "/history",
        "/boards",
        "/presence",
        "/settings",
        &format!("/items/{item}"),
        &format!("/features/{feature}"),
        &format!("/features/{egg}"),
        "/close",
    ] {
        forms.read(&anna.get(path).await.is(200).body);
    }
    let link = personal_link(&anna).await;
    forms.read(&phone.get(&link).await.is(200).body);
    let expected = FIELDS.map(|(address, names)| {
        let names = names.iter().map(|name| (*name).to_owned());
        (address.to_owned(), names.collect::<Vec<_>>())
    });
    assert_eq!(forms.0, BTreeMap::from(expected));
}

async fn personal_link(person: &TestClient) -> String {
    let answer = person.get("/personal-link").await.is(200);
    let link = answer.attribute(".address a", "href");
    let start = link.find("/personal-link").unwrap();
    link[start..].to_owned()
}

/// The field names of each form, by its address.
#[derive(Default)]
struct Forms(BTreeMap<String, Vec<String>>);

impl Forms {
    fn read(&mut self, html: &str) {
        let page = Html::parse_document(html);
        let select = |selector| Selector::parse(selector).unwrap();
        let (form, field) = (select("form[method=post]"), select("[name]"));
        for form in page.select(&form) {
            let action = form.attr("action").unwrap();
            let parts = action.split('/').map(|part| match part.parse::<i64>() {
                Ok(_) => ":id",
                Err(_) => part,
            });
            let address = parts.collect::<Vec<_>>().join("/");
            let names = self.0.entry(address).or_default();
            let fields = form.select(&field).filter_map(|field| field.attr("name"));
            names.extend(fields.map(str::to_owned));
            names.sort();
            names.dedup();
        }
    }
}
