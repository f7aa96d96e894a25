//! Double clicks and double taps: the second press acts on nothing, whatever has moved under the pointer.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::savt;
use crate::harness::browser::Browser;

const ITEM: &str = "#create-item input[name=name]";

/// Puts a button that counts its clicks at a place of the window.
const ADD_COUNTER: &str = "
    const [id, x, y] = PLACE;
    const button = Object.assign(document.createElement('button'), { id, textContent: '0' });
    Object.assign(button.style, { position: 'fixed', zIndex: 99, left: `${x - 20}px`, top: `${y - 20}px`, width: '40px', height: '40px' });
    button.addEventListener('click', () => { button.textContent = Number(button.textContent) + 1; });
    document.querySelector('main').append(button);
";

async fn add_counter(browser: &Browser, id: &str, (x, y): (f64, f64)) {
    let place = json!([id, x, y]).to_string();
    browser.script(&ADD_COUNTER.replace("PLACE", &place)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_press_of_a_double_press_acts_on_nothing() {
    for touch in [false, true] {
        let savt = savt().await;
        let browser = Browser::at(savt.address()).await;
        let press = async |place, at| match touch {
            false => browser.click_at(place, at).await,
            true => browser.tap_at(place, at).await,
        };
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        // The times of the presses are given, so that the pace of the machine does not matter.
        let begin = since_1970.as_secs_f64();
        // The form is empty after the first press, and an empty one would add `Pizza-1`.
        browser.type_into(ITEM, "Funghi").await;
        let add = browser.center_of("#create-item > button").await;
        press(add, begin).await;
        press((add.0 + 3.0, add.1 - 2.0), begin + 0.2).await;
        browser.read("#items > [id] .name", "Funghi").await;

        // Whatever stands there now, the next press is still the same. A press at another place acts at once.
        add_counter(&browser, "under", add).await;
        add_counter(&browser, "beside", (add.0, add.1 + 60.0)).await;
        press(add, begin + 0.5).await;
        press((add.0, add.1 + 60.0), begin + 0.6).await;
        press(add, begin + 0.7).await;
        browser.read("#beside", "1").await;
        browser.read("#under", "1").await;
        // Later it is another press; the keyboard repeats as fast as the person wants.
        press(add, begin + 2.0).await;
        browser.read("#under", "2").await;
        browser.type_into("#under", "\n\n").await;
        browser.read("#under", "4").await;
        // A second Enter in the field that the first has emptied is the same press.
        browser.type_into(ITEM, "Napoli\n\n").await;
        browser.read("#items > [id] .name", "Napoli").await;
        browser.type_into(ITEM, "Sicilia\n").await;
        browser.read("#items > [id] .name", "Sicilia").await;
        assert!(!savt.person().sees().await.contains("Pizza-"));

        // The press that loads another page is not repeated there.
        let link = browser.center_of("a[href='/history']").await;
        press(link, begin + 10.0).await;
        browser.see("li.event").await;
        add_counter(&browser, "there", link).await;
        press(link, begin + 10.3).await;
        press(link, begin + 11.0).await;
        browser.read("#there", "1").await;
        browser.close().await;
    }
}
