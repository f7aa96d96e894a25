//! The share sheet: its buttons and its QR code.

use serde_json::json;

use super::{layout::assert_fits, open_pizza_board, savt};
use crate::harness::{
    browser::{Browser, ESCAPE, SCHEMES, SCREENS},
    qr,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_share_sheet_opens_and_closes() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    let link = format!("http://{}/", savt.address());
    browser.press("Share").await;
    browser.see("#sheet[open] svg.qr").await;
    browser.read("#sheet .address", &link).await;
    browser
        .read("#sheet .local-only", "--listen 0.0.0.0:")
        .await;
    browser.keys(ESCAPE).await;
    browser.see_no("#sheet").await;
    browser.focus_on("#share").await;
    assert_eq!(browser.path().await, "/");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_can_be_copied_and_shared() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    let link = format!("http://{}/", savt.address());
    browser
        .script(
            "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text } } });
             navigator.share = async (data) => { window.shared = data };
             document.documentElement.dataset.can = 'copy share';",
        )
        .await;
    browser.press("Share").await;
    browser.press("Copy link").await;
    browser.read("#sheet .share-status", "Link copied.").await;
    assert_eq!(browser.script("return window.copied").await, json!(link));
    browser.press("Share…").await;
    let shared = browser.script("return window.shared").await;
    assert_eq!(shared, json!({ "title": "SAVT", "url": link }));

    browser
        .script("navigator.clipboard.writeText = async () => { throw 'no' }")
        .await;
    browser.press("Copy link").await;
    browser
        .read("#sheet .share-status", "refused to copy")
        .await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsupported_share_action_has_no_button() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    let supported = "return 'share' in navigator";
    let supported = browser.script(supported).await == true;
    for page in ["/share", "/"] {
        browser.go(page).await;
        if page == "/" {
            browser.press("Share").await;
        }
        browser.see(".share-actions .copy").await;
        if !supported {
            browser.see_no(".share-actions .native-share").await;
        }
        browser
            .script("document.documentElement.dataset.can = ''")
            .await;
        browser.see_no(".share-actions button").await;
    }
    browser.close().await;

    let browser = Browser::without_javascript(savt.address()).await;
    browser.press("Share").await;
    assert_eq!(browser.path().await, "/share");
    browser.see("svg.qr").await;
    browser.see_no(".share-actions button").await;
    browser.press("← Back to the board").await;
    browser.see("#items-heading").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_qr_code_is_readable_on_every_screen() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    let link = format!("http://{}/", savt.address());
    for (width, screen) in SCREENS {
        for (dark, scheme) in SCHEMES {
            browser.set_viewport(width, dark).await;
            browser.go("/").await;
            browser.read("#connection", "Live").await;
            browser
                .screenshot(&format!("header-{screen}-{scheme}"))
                .await;
            browser.press("Share").await;
            browser.see("#sheet[open]").await;
            assert_fits(&browser, "the share sheet").await;
            let picture = browser
                .screenshot(&format!("share-{screen}-{scheme}"))
                .await;
            assert_eq!(
                qr::on_screen(&picture),
                [link.as_str()],
                "{screen} {scheme}"
            );
            browser.go("/share").await;
            assert_fits(&browser, "the share page").await;
        }
    }
    browser.screenshot("share-page-desktop-dark").await;
    browser.close().await;
}
