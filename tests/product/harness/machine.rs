//! How tests share the machine. More tests run at a time than there are processors, because most of them wait for something;
//! a semaphore keeps those that need many processors apart, so that they do not slow down each other and the rest.

use std::{cell::RefCell, num::NonZero, sync::OnceLock, thread::available_parallelism};

use tokio::sync::{Semaphore, SemaphorePermit};

/// One kind of share.
struct Shares {
    semaphore: OnceLock<Semaphore>,
    per_processor: usize,
}

/// Every test that has a database or a server takes one of these, or most of them.
static TESTS: Shares = Shares::new(4);
/// Every test that has a browser takes one of these, however many browsers it opens.
static BROWSERS: Shares = Shares::new(2);

thread_local! {
    /// What the test of this thread has taken. Each test has a thread of its own, at whose end it gives everything back.
    static TAKEN: RefCell<Taken> = const { RefCell::new(Taken { test: None, browser: None }) };
}

struct Taken {
    test: Option<SemaphorePermit<'static>>,
    browser: Option<SemaphorePermit<'static>>,
}

impl Shares {
    const fn new(per_processor: usize) -> Shares {
        Shares {
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

    async fn take(&'static self, number: usize) -> SemaphorePermit<'static> {
        let taken = self.semaphore().acquire_many(number as u32).await;
        taken.expect("nobody closes the semaphore")
    }
}

/// Waits until this test may run beside the others.
pub async fn share() {
    if TAKEN.with_borrow(|taken| taken.test.is_none()) {
        let permit = TESTS.take(1).await;
        TAKEN.with_borrow_mut(|taken| taken.test = Some(permit));
    }
}

/// Waits until this test has most of the machine: one light test may run beside it. For tests that fill the processors, or
/// that measure.
pub async fn most() {
    // What it has goes back first: two tests that keep theirs would wait for each other.
    TAKEN.with_borrow_mut(|taken| taken.test = None);
    let permit = TESTS.take(TESTS.number() - 1).await;
    TAKEN.with_borrow_mut(|taken| taken.test = Some(permit));
}

/// Waits until this test may open browsers.
pub async fn browsers() {
    if TAKEN.with_borrow(|taken| taken.browser.is_none()) {
        let permit = BROWSERS.take(1).await;
        TAKEN.with_borrow_mut(|taken| taken.browser = Some(permit));
    }
}
