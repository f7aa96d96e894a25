//! Sharing in a browser: the sheet, what its buttons do, and that a camera can read the code.

use serde_json::json;

use super::{at_a_pizza, looks::assert_whole, savt};
use crate::harness::{
    browser::{Browser, ESCAPE, SCHEMES, SCREENS},
    qr,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_sheet_opens_and_closes() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    let link = format!("http://{}/", savt.address());
    browser.press("Share").await;
    browser.see("#sheet[open] svg.qr").await;
    browser.read("#sheet .address", &link).await;
    browser.read("#sheet .only-here", "--listen 0.0.0.0:").await;
    browser.keys(ESCAPE).await;
    browser.see_no("#sheet").await;
    browser.focus_on("#share").await;
    assert_eq!(browser.path().await, "/");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_is_copied_and_handed_on() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    let link = format!("http://{}/", savt.address());
    browser
        .script(
            "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text } } });
             navigator.share = async (what) => { window.handed = what };
             document.documentElement.dataset.can = 'copy hand';",
        )
        .await;
    browser.press("Share").await;
    browser.press("Copy link").await;
    browser.read("#sheet .said", "Link copied.").await;
    assert_eq!(browser.script("return window.copied").await, json!(link));
    browser.press("Share…").await;
    let handed = browser.script("return window.handed").await;
    assert_eq!(handed, json!({ "title": "SAVT", "url": link }));

    browser
        .script("navigator.clipboard.writeText = async () => { throw 'no' }")
        .await;
    browser.press("Copy link").await;
    browser.read("#sheet .said", "refused to copy").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_cannot_has_no_button() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    let has = "return 'share' in navigator";
    let can = browser.script(has).await == true;
    for page in ["/share", "/"] {
        browser.go(page).await;
        if page == "/" {
            browser.press("Share").await;
        }
        browser.see(".ways .copy").await;
        if !can {
            browser.see_no(".ways .hand").await;
        }
        browser
            .script("document.documentElement.dataset.can = ''")
            .await;
        browser.see_no(".ways button").await;
    }
    browser.close().await;

    let plain = Browser::without_script(savt.address()).await;
    plain.press("Share").await;
    assert_eq!(plain.path().await, "/share");
    plain.see("svg.qr").await;
    plain.see_no(".ways button").await;
    plain.press("← Back to the board").await;
    plain.see("#items-heading").await;
    plain.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_reads_the_code() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    let link = format!("http://{}/", savt.address());
    for (width, screen) in SCREENS {
        for (dark, scheme) in SCHEMES {
            browser.look(width, dark).await;
            browser.go("/").await;
            browser.read("#connection", "Live").await;
            browser.screenshot(&format!("head-{screen}-{scheme}")).await;
            browser.press("Share").await;
            browser.see("#sheet[open]").await;
            assert_whole(&browser, "the sheet").await;
            let picture = browser
                .screenshot(&format!("share-{screen}-{scheme}"))
                .await;
            assert_eq!(
                qr::on_screen(&picture),
                [link.as_str()],
                "{screen} {scheme}"
            );
            browser.go("/share").await;
            assert_whole(&browser, "the page").await;
        }
    }
    browser.screenshot("share-page-desktop-dark").await;
    browser.close().await;
}
