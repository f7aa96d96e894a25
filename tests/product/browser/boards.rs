//! The page of one's boards, as a browser has it that remembers what it looked at.

use super::{looks::assert_whole, savt};
use crate::harness::browser::{Browser, NARROWEST};

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_remembers_the_boards_it_looked_at() {
    let savt = savt().await;
    let alice = savt.person();
    let mut bases = Vec::new();
    for name in ["One", "<img src=x onerror=alert(1)>", "$& three"] {
        bases.push(alice.create_board(name).await);
    }
    let browser = Browser::at(savt.address()).await;
    browser.look(NARROWEST, false).await;
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
    browser.see("#looked-at").await;
    assert_eq!(browser.path().await, "/boards");
    assert_eq!(browser.texts("#boards a").await, ["One"]);
    let looked_at = ["$& three", "<img src=x onerror=alert(1)>", "SAVT"];
    assert_eq!(browser.texts("#looked-at a").await, looked_at);
    assert_whole(&browser, "one's boards").await;
    browser.screenshot("boards-narrow-light").await;

    browser.press("Forget $& three").await;
    browser.focus_on("#looked-at li:first-child button").await;
    browser.go("/boards").await;
    browser.see("#looked-at").await;
    assert_eq!(browser.texts("#looked-at a").await, looked_at[1..]);
    browser.press(looked_at[1]).await;
    browser.read("h1", looked_at[1]).await;
    assert_eq!(browser.path().await, bases[1]);

    // What is there that nobody of us wrote does no harm.
    for wrong in [
        "{",
        "7",
        "null",
        r#"[{"path":"javascript:alert(1)","title":"x"},{"path":"//x","title":"x"},null]"#,
    ] {
        let keep = format!(
            "localStorage.setItem('boards', {})",
            serde_json::json!(wrong)
        );
        browser.script(&keep).await;
        browser.go("/boards").await;
        browser.read("#boards", "One").await;
        browser.see_no("#looked-at").await;
    }
    browser.go("/").await;
    browser.see("#create-item").await;
    browser.go("/boards").await;
    browser.read("#looked-at", "SAVT").await;
    browser.press("Forget SAVT").await;
    browser.see_no("#looked-at").await;
    browser.focus_on(".new-board input").await;

    let number = "return JSON.parse(localStorage.getItem('boards')).length";
    browser
        .script(
            "const boards = Array.from({ length: 25 }, (_, n) => ({ path: `/b/x${n}`, title: `${n}` }));
             localStorage.setItem('boards', JSON.stringify(boards))",
        )
        .await;
    browser.go("/").await;
    browser.see("#create-item").await;
    assert_eq!(browser.script(number).await, 20);
    browser.close().await;
}
