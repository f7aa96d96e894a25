//! The load that SAVT is built for: 33 participants in 33 browser windows act at once. The short form has 6 participants.

use savt::db::Backend;
use serde_json::json;

use crate::harness::{
    app::Savt,
    browser::BrowserWindows,
    databases::{Fresh, FromDatabase, db_test},
    machine,
    page::{BoardContent, Page},
    soak,
};

const ACTIONS: usize = 6;

/// Submits random forms of the page, about one per second.
const ACT: &str = "
    const [actions] = arguments;
    const pick = (css) => {
        const matches = document.querySelectorAll(css);
        return matches[Math.floor(Math.random() * matches.length)];
    };
    const fill = (form, name) => { form.elements.name.value = name; return form; };
    const words = ['Ham', 'Basil', 'Olives', 'Garlic', 'Capers', 'Tuna', 'Rocket'];
    const word = () => words[Math.floor(Math.random() * words.length)];
    window.failures = [];
    document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
        const { status } = ctx.response;
        if (status >= 500 || status === 429) window.failures.push(`${status} ${ctx.request.action}`);
    });
    document.addEventListener('htmx:error', ({ detail }) => window.failures.push(String(detail.error)));
    let pending = 0;
    const count = (event, step) => document.addEventListener(event, ({ detail }) => {
        if (detail.ctx.sourceElement.id !== 'connection') pending += step;
    });
    count('htmx:before:request', 1);
    count('htmx:finally:request', -1);
    const act = () => {
        const chance = Math.random();
        if (chance < 0.1) return fill(pick('form.create'), word());
        if (chance < 0.4) return fill(pick('form.suggest'), word());
        return pick('.feature form');
    };
    (async () => {
        for (let n = 0; n < actions; n++) {
            act()?.requestSubmit();
            await new Promise((resolve) => setTimeout(resolve, 300 + 1700 * Math.random()));
        }
        while (pending) await new Promise((resolve) => setTimeout(resolve, 20));
        window.finished = true;
    })();
";

/// Script errors and failed requests, except rejections by a rule.
const FAILURES: &str = "return window.failures";
const FINISHED: &str = "return window.finished === true";
const LIVE: &str = "return document.getElementById('connection').textContent === 'Live'";

/// Whether the page shows the same as after a reload, except for attributes that depend on no event.
const SAME_AS_RELOADED: &str = "
    if (!window.reloaded) {
        window.reloaded = 'loading';
        fetch(location.href).then((response) => response.text()).then((text) => {
            window.reloaded = new DOMParser().parseFromString(text, 'text/html');
        });
    }
    if (window.reloaded === 'loading') return false;
    const rows = (page) => ['items', 'free-features', 'stats', 'me-name']
        .map((id) => page.getElementById(id))
        .map((part) => part.outerHTML.replaceAll(/ (class|data-htmx-powered|aria-busy|hx-sync)=\"[^\"]*\"/g, ''))
        .join('\\n');
    return rows(document) === rows(window.reloaded);
";
const PAGE: &str = "return document.documentElement.outerHTML";

db_test!(many_browsers_converge_to_the_same_board);
async fn many_browsers_converge_to_the_same_board(savt: Savt) {
    act_and_compare(&[&savt]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_browsers_on_two_processes_converge_to_the_same_board() {
    let savt = Savt::from_database(Fresh::migrated(Backend::Postgres).await).await;
    act_and_compare(&[&savt, &savt.another().await]).await;
}

async fn act_and_compare(servers: &[&Savt]) {
    let people = soak::size(6, 33);
    // One such test at a time: 33 windows use the whole capacity of a small machine.
    machine::most().await;
    servers[0].fill(3, 3).await;
    let initial_version = servers[0].stored().await.version();
    let addresses: Vec<_> = servers.iter().map(|server| server.address()).collect();
    let windows = BrowserWindows::at(&addresses, people).await;
    windows.until_each("live", LIVE).await;
    windows.each(ACT, &[ACTIONS.into()]).await;
    windows.until_each("finished", FINISHED).await;

    let failures = windows.each(FAILURES, &[]).await;
    assert!(
        failures.iter().all(|failure| *failure == json!([])),
        "{failures:?}"
    );

    let stored = servers[0].stored().await;
    let participants = stored.stats().people;
    assert_eq!(
        participants,
        people + 8,
        "the participants in the windows and those of the initial board"
    );
    // More than two changes per participant on average.
    let changes = stored.version() - initial_version;
    assert!(changes > 2 * people as i64, "{changes}");
    windows
        .until_each("the same as after a reload", SAME_AS_RELOADED)
        .await;
    for page in windows.each(PAGE, &[]).await {
        let shown = Page::parse(page.as_str().unwrap()).shown;
        // The parsed content excludes what depends on the participant, which the comparison above covers.
        assert_eq!(
            shown.to_string(),
            BoardContent::from_board(&stored).to_string()
        );
    }
    windows.close().await;
}
