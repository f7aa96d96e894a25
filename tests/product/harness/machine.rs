//! How tests share the machine. More tests run at a time than there are processors, because they spend most of their
//! time waiting. A semaphore prevents tests that need many processors from slowing down each other and the rest.

use std::{cell::RefCell, num::NonZero, sync::OnceLock, thread::available_parallelism};

use tokio::sync::{Semaphore, SemaphorePermit};

/// A semaphore with a number of permits per processor.
struct Permits {
    semaphore: OnceLock<Semaphore>,
    per_processor: usize,
}

/// Every test with a database or a server holds one permit, or most of them.
static TESTS: Permits = Permits::new(4);
/// Every test with a browser holds one permit, regardless of the number of browsers.
static BROWSERS: Permits = Permits::new(2);

thread_local! {
    /// The permits of the test on this thread. Each test has its own thread, which releases them when it ends.
    static HELD: RefCell<Held> = const { RefCell::new(Held { test: None, browser: None }) };
}

struct Held {
    test: Option<SemaphorePermit<'static>>,
    browser: Option<SemaphorePermit<'static>>,
}

impl Permits {
    const fn new(per_processor: usize) -> Permits {
        Permits {
            semaphore: OnceLock::new(),
            per_processor,
        }
    }

    fn number(&self) -> usize {
        self.per_processor * available_parallelism().map_or(1, NonZero::get)
    }

    fn semaphore(&self) -> &Semaphore {
        self.semaphore.get_or_init(|| Semaphore::new(self.number()))
    }

    async fn acquire(&'static self, number: usize) -> SemaphorePermit<'static> {
        let held = self.semaphore().acquire_many(number as u32).await;
        held.expect("the semaphore is never closed")
    }
}

/// Waits for a permit to run next to other tests.
pub async fn share() {
    if HELD.with_borrow(|held| held.test.is_none()) {
        let permit = TESTS.acquire(1).await;
        HELD.with_borrow_mut(|held| held.test = Some(permit));
    }
}

/// Waits until this test has all permits but one, so that one light test can run next to it. For tests that use all
/// processors or measure time.
pub async fn most() {
    // Release the own permit first: two tests that kept theirs would deadlock.
    HELD.with_borrow_mut(|held| held.test = None);
    let permit = TESTS.acquire(TESTS.number() - 1).await;
    HELD.with_borrow_mut(|held| held.test = Some(permit));
}

/// Waits for a permit to open browsers.
pub async fn browsers() {
    if HELD.with_borrow(|held| held.browser.is_none()) {
        let permit = BROWSERS.acquire(1).await;
        HELD.with_borrow_mut(|held| held.browser = Some(permit));
    }
}
