//! Measures how long a runnable task waits for a runtime thread. An overloaded server queues its work there; a request cannot
//! tell how long it has waited, so probe tasks measure it continuously.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use prometheus::Histogram;
use tokio::runtime::Handle;

/// From the end of one probe to the start of the next.
const PROBE_INTERVAL: Duration = Duration::from_millis(50);

/// The scheduling delay of a runtime; zero until [`SchedulingDelay::watch`] is called.
pub struct SchedulingDelay {
    created: Instant,
    /// Delay, in microseconds, from which on the runtime counts as overloaded.
    limit_us: AtomicU64,
    /// Delay of the last probe, in microseconds.
    last_us: AtomicU64,
    /// Start of the pending probe, in microseconds since `created`; 0 if there is none.
    pending_since_us: AtomicU64,
    histogram: Histogram,
}

impl SchedulingDelay {
    /// `histogram` receives the delay of each probe, in seconds.
    pub fn new(histogram: Histogram) -> SchedulingDelay {
        SchedulingDelay {
            created: Instant::now(),
            limit_us: AtomicU64::new(u64::MAX),
            last_us: AtomicU64::new(0),
            pending_since_us: AtomicU64::new(0),
            histogram,
        }
    }

    /// The delay of the last probe, or the time the pending probe has waited so far, whichever is longer.
    pub fn current(&self) -> Duration {
        let last = self.last_us.load(Ordering::Relaxed);
        let pending = match self.pending_since_us.load(Ordering::Relaxed) {
            0 => 0,
            since => self.elapsed_us().saturating_sub(since),
        };
        Duration::from_micros(last.max(pending))
    }

    /// Whether the runtime is overloaded.
    pub fn exceeds_limit(&self) -> bool {
        self.current().as_micros() >= self.limit_us.load(Ordering::Relaxed).into()
    }

    /// The delays of all probes, in seconds.
    pub fn histogram(&self) -> &Histogram {
        &self.histogram
    }

    /// Sends probes into the current runtime until the runtime or `self` is dropped, and reports an overload from `limit` on.
    /// A thread outside the runtime sends them: a task that spawns another may bypass the queue that other tasks wait in.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn watch(self: &Arc<Self>, limit: Duration) -> io::Result<()> {
        let limit_us = limit.as_micros().try_into().unwrap_or(u64::MAX);
        self.limit_us.store(limit_us, Ordering::Relaxed);
        let (runtime, weak) = (Handle::current(), Arc::downgrade(self));
        thread::Builder::new()
            .name("delay-probe".to_owned())
            .spawn(move || {
                while let Some(scheduling_delay) = weak.upgrade() {
                    let (done, finished) = mpsc::channel();
                    scheduling_delay.probe_started();
                    runtime.spawn(async move {
                        scheduling_delay.probe_ran();
                        let _ = done.send(());
                    });
                    if finished.recv().is_err() {
                        break;
                    }
                    thread::sleep(PROBE_INTERVAL);
                }
            })
            .map(drop)
    }

    fn probe_started(&self) {
        let now = self.elapsed_us();
        self.pending_since_us.store(now, Ordering::Relaxed);
    }

    fn probe_ran(&self) {
        let since = self.pending_since_us.swap(0, Ordering::Relaxed);
        let delay = self.elapsed_us().saturating_sub(since);
        self.last_us.store(delay, Ordering::Relaxed);
        self.histogram
            .observe(Duration::from_micros(delay).as_secs_f64());
    }

    fn elapsed_us(&self) -> u64 {
        self.created.elapsed().as_micros() as u64
    }

    /// A delay that never changes.
    #[cfg(test)]
    pub(crate) fn fixed(delay: Duration, limit: Duration) -> SchedulingDelay {
        let us = |time: Duration| AtomicU64::new(time.as_micros() as u64);
        SchedulingDelay {
            last_us: us(delay),
            limit_us: us(limit),
            ..SchedulingDelay::new(testing::histogram())
        }
    }
}

#[cfg(test)]
mod testing {
    use prometheus::{Histogram, HistogramOpts};

    pub(super) fn histogram() -> Histogram {
        Histogram::with_opts(HistogramOpts::new("delay", "Scheduling delay.")).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(300);

    #[test]
    fn an_overloaded_runtime_exceeds_the_limit_until_it_has_caught_up() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let scheduling_delay = Arc::new(SchedulingDelay::new(testing::histogram()));
        assert!(!scheduling_delay.exceeds_limit());
        for _ in 0..40 {
            runtime.spawn(async { thread::sleep(Duration::from_millis(25)) });
        }
        let _entered = runtime.enter();
        scheduling_delay.watch(LIMIT).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while !scheduling_delay.exceeds_limit() {
            assert!(Instant::now() < deadline, "the overload was not detected");
            thread::sleep(Duration::from_millis(5));
        }
        while scheduling_delay.exceeds_limit() {
            assert!(Instant::now() < deadline, "the overload did not end");
            thread::sleep(Duration::from_millis(5));
        }
        assert!(scheduling_delay.histogram().get_sample_count() > 1);
    }
}
