//! Whoever writes to SAVT's socket, nothing breaks: no answer is a fault, nothing that is refused or only looked at changes
//! anything, nothing that was written comes back as markup, and in the end the tables, the log and the memory agree.
//! A panic ends the fuzzer at once, in whichever task it is.

mod ask;
mod house;
mod wire;

use std::cell::RefCell;

use tokio::runtime::{Builder, Runtime};

use crate::typed::MARKUP;
use ask::Ask;
pub use ask::Asks;
use house::{House, Table};
use wire::Answer;

/// After so many visits everything is checked and another house is built, lest everything get slower and slower.
const VISITS: usize = 250;

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().enable_all().build().unwrap();
    static HOUSE: RefCell<Option<House>> = const { RefCell::new(None) };
}

/// Sends them, in the house of all that were sent before.
pub fn run(asks: Asks) {
    RUNTIME.with(|runtime| HOUSE.with_borrow_mut(|house| runtime.block_on(visit(house, asks))));
}

async fn visit(house: &mut Option<House>, asks: Asks) {
    if house.is_none() {
        *house = Some(House::built().await);
    }
    let built = house.as_mut().unwrap();
    let table = built.lay().await;
    let mut streams = Vec::new();
    for ask in asks.all {
        streams.extend(put(built, &table, asks.door, &ask).await);
    }
    drop(streams);
    built.agrees(&table).await;
    if built.visits >= VISITS {
        built.is_well().await;
        *house = None;
    }
}

/// Asks, and looks at the answer; gives what stays open.
async fn put(house: &House, table: &Table, door: u8, ask: &Ask) -> Option<wire::Stream> {
    let before = house.versions(table).await;
    let bytes = ask.bytes(house, table);
    let wire = house.door(door);
    let Ask::Form(form) = ask else {
        // Who hangs up at once may not be answered.
        wire.scrawl(&bytes, ask.number()).await;
        return None;
    };
    let shown = || String::from_utf8_lossy(&bytes[..bytes.len().min(600)]).into_owned();
    let Some((answer, stream)) = wire.ask(&bytes, form.number()).await else {
        panic!("no answer to {}", shown());
    };
    let status = answer.status;
    assert!(status < 500, "{status} to {}", shown());
    if status >= 400 || !form.may_change() {
        let after = house.versions(table).await;
        assert_eq!(before, after, "{status} to {} changed something", shown());
    }
    harmless(&answer, &shown);
    stream
}

fn harmless(answer: &Answer, shown: &impl Fn() -> String) {
    // What is compressed is the same, and seen when it is not.
    let body = String::from_utf8_lossy(&answer.body);
    assert!(!body.contains(MARKUP), "markup from {}", shown());
    if let Some(to) = answer.header("location") {
        let ours = to.starts_with('/') && !to.starts_with("//");
        assert!(ours, "led to {to} by {}", shown());
    }
}
