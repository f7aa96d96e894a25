//! Consent in a browser: in reach of the thumb, live, and covering nothing.

use super::{disconnect_in_background, savt};
use crate::harness::browser::{Browser, DESKTOP, PHONE, SCHEMES};

const GIVE: &str = "I’m fine with the rest";
const STANDING: &str = "#consent .standing";

#[tokio::test(flavor = "multi_thread")]
async fn consent_is_in_reach_and_tells_what_came_since() {
    let savt = savt().await;
    let bob = savt.person_called("Bob").await;
    let phone = Browser::at(savt.address()).await;
    phone.set_viewport(PHONE, false).await;
    phone.go("/").await;
    phone.read("#connection", "Live").await;
    phone.see_no("#consent").await;
    let wall = Browser::at(savt.address()).await;
    wall.set_viewport(DESKTOP, false).await;
    wall.go("/?view=wall").await;
    wall.read("#connection", "Live").await;

    // A board that is longer than the screen.
    for n in 1..=9 {
        bob.create_item(&format!("Pizza {n}")).await;
    }
    phone.read("#stats", "9 pizzas").await;
    let at_the_bottom = "
        const { top, bottom, width } = document.getElementById('consent').getBoundingClientRect();
        const button = document.querySelector('#consent button').getBoundingClientRect();
        return Math.round(bottom) === innerHeight && top > innerHeight * 0.75 && button.height >= 44
            && button.width > width / 2 && document.documentElement.scrollWidth <= innerWidth;";
    phone.until_script(at_the_bottom, true).await;

    // The field that is typed into is not covered, and neither is the toast.
    phone
        .type_into("#item-9 .suggest input[name=name]", "Ham")
        .await;
    phone
        .until_script(
            "return getComputedStyle(document.getElementById('consent')).position",
            "static",
        )
        .await;
    phone.keys("\n").await;
    phone.read("#toasts", "suggested Ham").await;
    phone
        .script("document.activeElement.blur(); scrollTo(0, 0)")
        .await;
    phone
        .until_script(
            "const box = (css) => document.querySelector(css).getBoundingClientRect();
             return box('#toasts .toast').bottom <= box('#consent').top && box('#consent').bottom <= innerHeight + 1;",
            true,
        )
        .await;

    phone.press(GIVE).await;
    phone.read(STANDING, "You are fine with this ✓").await;
    wall.read("#consent", "1 of 2 is fine").await;
    bob.suggest("Egg", 1, 9).await;
    bob.suggest("Basil", 1, 9).await;
    phone
        .read(STANDING, "2 new toppings since you were fine:")
        .await;
    let marked = "return [...document.querySelectorAll('main [data-new]')].map((place) => place.textContent.trim()).join()";
    phone.until_script(marked, "Egg,Basil").await;
    // A veto renders the row anew.
    bob.veto(2).await;
    phone.read("#feature-2 .vetoers", "vetoed by Bob").await;
    phone
        .until_script(
            "return document.querySelectorAll('main [data-new]').length",
            2,
        )
        .await;
    for (dark, scheme) in SCHEMES {
        phone.set_viewport(PHONE, dark).await;
        phone
            .screenshot(&format!("consent-outdated-phone-{scheme}"))
            .await;
    }
    phone.press("look").await;
    phone
        .until_script(
            "const row = document.getElementById('feature-2').getBoundingClientRect();
             return row.top >= 0 && row.bottom <= document.getElementById('consent').getBoundingClientRect().top;",
            true,
        )
        .await;
    phone.press("I’m still fine").await;
    phone.read(STANDING, "You are fine with this").await;
    phone.until_script(marked, "").await;

    // Agreed, on all screens.
    bob.consent().await;
    phone.read(STANDING, "Everybody is fine with this").await;
    wall.read("#consent", "Everybody is fine with this").await;
    wall.see_no("#consent button").await;
    wall.see_no("#consent .standing a").await;
    for (dark, scheme) in SCHEMES {
        phone.set_viewport(PHONE, dark).await;
        phone
            .screenshot(&format!("consent-agreed-phone-{scheme}"))
            .await;
        wall.set_viewport(DESKTOP, dark).await;
        wall.screenshot(&format!("consent-agreed-wall-{scheme}"))
            .await;
    }
    phone.press("2 of 2 are fine").await;
    phone.read("#sheet", "Fine with the rest 2").await;
    phone.screenshot("consent-people-phone").await;
    phone.press("Close").await;
    phone.press("take back").await;
    phone.read("#consent", "1 of 2 is fine").await;
    wall.read("#consent", "1 of 2 is fine").await;
    wall.close().await;
    phone.set_viewport(DESKTOP, false).await;
    phone
        .script("document.getElementById('consent').scrollIntoView()")
        .await;
    phone.screenshot("consent-desktop").await;
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_to_what_is_new_leads_there_whatever_the_filter_hides() {
    let savt = savt().await;
    let bob = savt.person_called("Bob").await;
    for n in 1..=20 {
        bob.create_item(&format!("Pizza {n}")).await;
    }
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser.press(GIVE).await;
    browser.read(STANDING, "You are fine with this").await;
    bob.suggest("Egg", 1, 20).await;
    browser.read(STANDING, "1 new topping").await;
    let row_is_in_view = "
        const { top, bottom } = document.getElementById('feature-1').getBoundingClientRect();
        return top >= 0 && bottom > top && bottom <= document.getElementById('consent').getBoundingClientRect().top;";
    // Hidden with its card by a choice, and by what is searched.
    browser
        .see("#filter label:has([value=vetoed])")
        .await
        .click()
        .await
        .unwrap();
    browser.see_no("#feature-1").await;
    browser.press("look").await;
    browser.until_script(row_is_in_view, true).await;
    browser
        .read("#shown output", "Showing everything again, including Egg")
        .await;
    browser.script("scrollTo(0, 0)").await;
    browser.type_into("#search", "Pizza 3").await;
    browser.see_no("#feature-1").await;
    browser.press("look").await;
    browser.until_script(row_is_in_view, true).await;
    assert_eq!(browser.value("#search").await, "");
    // What the filter shows anyway leaves it as it is.
    browser.type_into("#search", "Pizza 20").await;
    browser.see_no("#item-1").await;
    browser.press("look").await;
    browser.until_script(row_is_in_view, true).await;
    assert_eq!(browser.value("#search").await, "Pizza 20");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_open_list_of_people_is_live() {
    const SHEET: &str = "#sheet .menu";
    let savt = savt().await;
    let bob = savt.person_called("Bob").await;
    let carla = savt.person_called("Carla").await;
    let ham = bob
        .suggest("Ham", 1, bob.create_item("Margherita").await)
        .await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser.press("1 here").await;
    browser.read(SHEET, "Not yet 2").await;
    // The button keeps the focus, and stays the one of its person.
    let focus = "
        const button = document.querySelector('#sheet [aria-label*=Carla]');
        button.focus();
        return Boolean(button);";
    assert_eq!(browser.script(focus).await, true);
    bob.consent().await;
    browser.read(SHEET, "Fine with the rest 1").await;
    browser.read(SHEET, "Not yet 1").await;
    let focused = "return document.activeElement.getAttribute('aria-label')";
    browser
        .until_script(focused, "Note that Carla is not taking part")
        .await;
    carla.veto(ham).await;
    browser.read(SHEET, "1 veto").await;
    carla.set_name("Chiara").await;
    browser.read(SHEET, "Chiara").await;
    let second = Browser::at(savt.address()).await;
    second.read("#connection", "Live").await;
    browser.read(SHEET, "2 here").await;
    second.close().await;
    browser.read(SHEET, "1 here").await;
    carla.post("/close", &[]).await.is(303);
    browser.see_no("#sheet .people button").await;
    carla.post("/reopen", &[]).await.is(303);
    browser.press("Note that Chiara is not taking part").await;
    browser.see_no("#sheet").await;
    // The link at the foot opens the same list.
    browser.press("1 of 1 is fine").await;
    browser.read(SHEET, "Not taking part 1").await;
    savt.person_called("Dora").await;
    browser.read(SHEET, "Dora").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_count_in_the_header_starts_with_the_reader() {
    let savt = savt().await;
    let browser = Browser::without_javascript(savt.address()).await;
    browser.see("#share").await;
    browser.see_no("#presence > span").await;
    browser.go("/presence").await;
    browser.read("main h2", "1 here").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_does_not_consent_to_what_it_has_not_shown() {
    let savt = savt().await;
    let bob = savt.person_called("Bob").await;
    let item = bob.create_item("Margherita").await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    bob.suggest("Ham", 1, item).await;
    browser.see("#feature-1").await;
    // The stream that follows brings nothing for a while.
    browser.hold_responses("events").await;
    disconnect_in_background(&browser, &bob).await;
    browser.close_front_tab().await;
    bob.suggest("Egg", 1, item).await;
    let press = "
        const form = document.querySelector('#consent form');
        form.requestSubmit();
        return form.elements.seen.value;";
    assert_eq!(browser.script(press).await, "3");
    let new = "1 new topping since you were fine";
    browser.read(STANDING, new).await;
    browser.release_responses().await;
    browser.see("#feature-2").await;
    browser.read(STANDING, new).await;
    browser.press("I’m still fine").await;
    browser.read(STANDING, "You are fine with this").await;
    browser.close().await;
}
