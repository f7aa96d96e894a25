//! The room this is built for: 33 people at 33 browsers, who all press at once. The short form has 6 of them.

use savt::db::Backend;
use serde_json::json;

use crate::harness::{
    app::Savt,
    browser::Crowd,
    databases::{Fresh, Given, on_both},
    machine,
    page::{Page, Shown},
    soak,
};

const ACTIONS: usize = 6;

/// Presses one thing after the other, a second apart, by the page's own forms.
const ACT: &str = "
    const [actions] = arguments;
    const one = (css) => {
        const found = document.querySelectorAll(css);
        return found[Math.floor(Math.random() * found.length)];
    };
    const type = (form, name) => { form.elements.name.value = name; return form; };
    const words = ['Ham', 'Basil', 'Olives', 'Garlic', 'Capers', 'Tuna', 'Rocket'];
    const word = () => words[Math.floor(Math.random() * words.length)];
    window.failures = [];
    document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
        const { status } = ctx.response;
        if (status >= 500 || status === 429) window.failures.push(`${status} ${ctx.request.action}`);
    });
    document.addEventListener('htmx:error', ({ detail }) => window.failures.push(String(detail.error)));
    let underWay = 0;
    const counts = (event, step) => document.addEventListener(event, ({ detail }) => {
        if (detail.ctx.sourceElement.id !== 'connection') underWay += step;
    });
    counts('htmx:before:request', 1);
    counts('htmx:finally:request', -1);
    const act = () => {
        const chance = Math.random();
        if (chance < 0.1) return type(one('form.create'), word());
        if (chance < 0.4) return type(one('form.suggest'), word());
        return one('.feature form');
    };
    (async () => {
        for (let n = 0; n < actions; n++) {
            act()?.requestSubmit();
            await new Promise((wake) => setTimeout(wake, 300 + 1700 * Math.random()));
        }
        while (underWay) await new Promise((wake) => setTimeout(wake, 20));
        window.done = true;
    })();
";

/// What went wrong in the words of the page, apart from what a rule refuses.
const FAILURES: &str = "return window.failures";
const ALL_DONE: &str = "return window.done === true";
const LIVE: &str = "return document.getElementById('connection').textContent === 'Live'";

/// Whether the page shows what it would after a reload, except for what belongs to no event.
const AS_LOADED: &str = "
    if (!window.asLoaded) {
        window.asLoaded = 'asked';
        fetch(location.href).then((answer) => answer.text()).then((text) => {
            window.asLoaded = new DOMParser().parseFromString(text, 'text/html');
        });
    }
    if (window.asLoaded === 'asked') return false;
    const rows = (page) => ['items', 'free-features', 'stats', 'me-name']
        .map((id) => page.getElementById(id))
        .map((part) => part.outerHTML.replaceAll(/ (class|data-htmx-powered|aria-busy|hx-sync)=\"[^\"]*\"/g, ''))
        .join('\\n');
    return rows(document) === rows(window.asLoaded);
";
const PAGE: &str = "return document.documentElement.outerHTML";

on_both!(a_room_of_browsers_ends_with_the_same_board);
async fn a_room_of_browsers_ends_with_the_same_board(savt: Savt) {
    room(&[&savt]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_of_browsers_at_two_savts_ends_with_the_same_board() {
    let savt = Savt::given(Fresh::migrated(Backend::Postgres).await).await;
    room(&[&savt, &savt.another().await]).await;
}

async fn room(savts: &[&Savt]) {
    let people = soak::size(6, 33);
    // One room at a time: 33 windows are as much as a small machine can draw.
    machine::most().await;
    savts[0].fill(3, 3).await;
    let filled = savts[0].stored().await.version();
    let addresses: Vec<_> = savts.iter().map(|savt| savt.address()).collect();
    let crowd = Crowd::at(&addresses, people).await;
    crowd.until_each("live", LIVE).await;
    crowd.each(ACT, &[ACTIONS.into()]).await;
    crowd.until_each("done", ALL_DONE).await;

    let failures = crowd.each(FAILURES, &[]).await;
    assert!(
        failures.iter().all(|failed| *failed == json!([])),
        "{failures:?}"
    );

    let stored = savts[0].stored().await;
    let known = stored.stats().people;
    assert_eq!(known, people + 8, "those here, and those of the board");
    // Each came, and did something besides.
    let changes = stored.version() - filled;
    assert!(changes > 2 * people as i64, "{changes}");
    crowd.until_each("as after a reload", AS_LOADED).await;
    for page in crowd.each(PAGE, &[]).await {
        let shown = Page::parse(page.as_str().unwrap()).shown;
        // Whose button is which is compared above.
        assert_eq!(shown.to_string(), Shown::of(&stored).to_string());
    }
    crowd.close().await;
}
