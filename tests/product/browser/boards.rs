//! The page of the user's boards, with the recent boards that the browser stores in `localStorage`.

use super::{layout::assert_fits, savt};
use crate::harness::browser::{Browser, NARROWEST};

#[tokio::test(flavor = "multi_thread")]
async fn the_boards_page_lists_recently_opened_boards() {
    let savt = savt().await;
    let alice = savt.person();
    let mut bases = Vec::new();
    for name in ["One", "<img src=x onerror=alert(1)>", "$& three"] {
        bases.push(alice.create_board(name).await);
    }
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(NARROWEST, false).await;
    for base in &bases {
        browser.go(base).await;
        browser.see("#create-item").await;
    }
    browser.go(&bases[0]).await;
    browser
        .type_into("#create-item input[name=name]", "Here\n")
        .await;
    browser.see("#item-1").await;
    browser.press("Your boards").await;
    browser.see("#recent-boards").await;
    assert_eq!(browser.path().await, "/boards");
    assert_eq!(browser.texts("#boards a").await, ["One"]);
    let recent = ["$& three", "<img src=x onerror=alert(1)>", "SAVT"];
    assert_eq!(browser.texts("#recent-boards a").await, recent);
    assert_fits(&browser, "the boards page").await;
    browser.screenshot("boards-narrow-light").await;

    browser.press("Forget $& three").await;
    browser
        .focus_on("#recent-boards li:first-child button")
        .await;
    browser.go("/boards").await;
    browser.see("#recent-boards").await;
    assert_eq!(browser.texts("#recent-boards a").await, recent[1..]);
    browser.press(recent[1]).await;
    browser.read("h1", recent[1]).await;
    assert_eq!(browser.path().await, bases[1]);

    // Invalid stored values are ignored.
    for invalid in [
        "{",
        "7",
        "null",
        r#"[{"path":"javascript:alert(1)","title":"x"},{"path":"//x","title":"x"},null]"#,
    ] {
        let store = format!(
            "localStorage.setItem('boards', {})",
            serde_json::json!(invalid)
        );
        browser.script(&store).await;
        browser.go("/boards").await;
        browser.read("#boards", "One").await;
        browser.see_no("#recent-boards").await;
    }
    browser.go("/").await;
    browser.see("#create-item").await;
    browser.go("/boards").await;
    browser.read("#recent-boards", "SAVT").await;
    browser.press("Forget SAVT").await;
    browser.see_no("#recent-boards").await;
    browser.focus_on(".new-board input").await;

    let count = "return JSON.parse(localStorage.getItem('boards')).length";
    browser
        .script(
            "const boards = Array.from({ length: 25 }, (_, n) => ({ path: `/b/x${n}`, title: `${n}` }));
             localStorage.setItem('boards', JSON.stringify(boards))",
        )
        .await;
    browser.go("/").await;
    browser.see("#create-item").await;
    assert_eq!(browser.script(count).await, 20);
    browser.close().await;
}
