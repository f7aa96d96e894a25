//! `GET …/history.atom`: the history for feed readers.

use crate::harness::{app::Savt, client::Answer, databases::db_test};

/// What is between the tags of an element, in order, as far as it has no elements within it. Panics unless the document is
/// well-formed XML.
fn texts_of(xml: &str, element: &str) -> Vec<String> {
    let rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let (mut open, mut found) = (Vec::new(), Vec::new());
    let mut rest = rest.unwrap_or_else(|| panic!("no prolog: {xml}"));
    while let Some((text, tagged)) = rest.split_once('<') {
        for entity in text.split('&').skip(1) {
            let (name, _) = entity.split_once(';').unwrap();
            assert!(["amp", "lt", "gt", "quot"].contains(&name), "{name}");
        }
        let (tag, after) = tagged.split_once('>').unwrap();
        assert!(!tag.contains('<') && !tag.is_empty(), "{tag}");
        match tag.strip_prefix('/') {
            Some(name) => {
                assert_eq!(open.pop(), Some(name), "{xml}");
                if name == element {
                    found.push(text.to_owned());
                }
            }
            None => open.push(tag.split(' ').next().unwrap()),
        }
        rest = after;
    }
    assert!(open.is_empty() && rest.is_empty(), "{open:?} {rest}");
    found
}

fn links_of(answer: &Answer) -> Vec<&str> {
    let parts = answer.body.split("href=\"").skip(1);
    parts.map(|part| part.split_once('"').unwrap().0).collect()
}

db_test!(the_feed_has_the_last_events_as_sentences);
async fn the_feed_has_the_last_events_as_sentences(savt: Savt) {
    let anna = savt.person_called("Anna <b> & \"x\u{fffe}\"").await;
    let base = anna.create_board("Nacht & Nebel").await;
    for person in [anna.clone(), anna.on_board(&base)] {
        let item = person.create_item("Funghi <i>").await;
        let ham = person.suggest("Ham", 1, item).await;
        person.veto(ham).await;
        let history = person.get("/history").await.is(200);
        let address = history.attribute("link[type='application/atom+xml']", "href");
        let feed = savt.person().reading("en").get_request(&address);
        let feed = crate::harness::client::send(feed).await.unwrap().is(200);
        assert_eq!(
            feed.header("content-type"),
            "application/atom+xml; charset=utf-8"
        );
        let titles = texts_of(&feed.body, "title");
        let by = "Anna &lt;b&gt; &amp; &quot;x&quot;";
        assert_eq!(titles[1], format!("{by} vetoed Ham on Funghi &lt;i&gt;"));
        assert_eq!(titles[3], format!("{by} added Funghi &lt;i&gt;"));
        assert_eq!(texts_of(&feed.body, "name")[0], by);
        let mut ids = texts_of(&feed.body, "id");
        assert!(
            ids.iter()
                .all(|id| id.starts_with("urn:uuid:") && id.len() == 45),
            "{ids:?}"
        );
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), titles.len(), "all ids differ");
        let updated = texts_of(&feed.body, "updated");
        assert_eq!(updated[0], updated[1]);
        // The links lead to the board and to the events.
        let links = links_of(&feed);
        assert_eq!(links[0], person.address_of("/history.atom"));
        assert_eq!(links[1], person.address_of(""));
        let last = person.last_event().await;
        let event = format!("/history?before={}#event-{last}", last + 1);
        assert_eq!(links[2], person.address_of(&event));
        let page = person
            .get(&format!("/history?before={}", last + 1))
            .await
            .is(200);
        assert_eq!(page.attribute("li.event", "id"), format!("event-{last}"));
    }
}

db_test!(a_feed_has_at_most_fifty_events_and_is_read_again_only_after_a_change);
async fn a_feed_has_at_most_fifty_events_and_is_read_again_only_after_a_change(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let fresh = savt.person().on_board(&anna.create_board("Empty").await);
    let empty = fresh.get("/history.atom").await.is(200);
    assert_eq!(texts_of(&empty.body, "entry"), [""; 0]);
    for n in 0..60 {
        anna.create_item(&n.to_string()).await;
    }
    let feed = anna.get("/history.atom").await.is(200);
    assert_eq!(texts_of(&feed.body, "name").len(), 50);
    let etag = feed.header("etag").to_owned();
    // Whoever reads it.
    for person in [&anna, &savt.person()] {
        let again = person
            .get_request("/history.atom")
            .header("If-None-Match", &etag);
        assert_eq!(again.send().await.unwrap().status(), 304);
    }
    let german = anna.reading("de").get_request("/history.atom");
    let german = german.header("If-None-Match", &etag).send().await.unwrap();
    assert_eq!(german.status(), 200);
    let german = german.text().await.unwrap();
    assert!(
        texts_of(&german, "title")[0].starts_with("Verlauf – "),
        "{german}"
    );
    anna.create_item("One more").await;
    let changed = anna
        .get_request("/history.atom")
        .header("If-None-Match", &etag);
    let changed = changed.send().await.unwrap();
    assert_eq!(changed.status(), 200);
    let titles = texts_of(&changed.text().await.unwrap(), "title");
    assert_eq!(titles[1], "Anna added One more");
}
