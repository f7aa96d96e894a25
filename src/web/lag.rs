//! How long what is ready to run waits for a processor. That is where a server's work queues when it is more than the machine
//! can do; no request can tell how long it has waited there, so a probe waits there all the time.

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

use crate::figures::{SHORT, histogram};

/// From the return of one probe to the next.
const EVERY: Duration = Duration::from_millis(50);

/// How far the runtime is behind. Nothing, until somebody watches.
pub(super) struct Lag {
    began: Instant,
    /// Microseconds from which on it is too much.
    limit: AtomicU64,
    /// Microseconds that the last probe waited.
    last: AtomicU64,
    /// Microseconds after `began` when the probe set out that is under way; 0 if none is.
    set_out: AtomicU64,
    waits: Histogram,
}

impl Lag {
    pub(super) fn new() -> Lag {
        Lag {
            began: Instant::now(),
            limit: AtomicU64::new(u64::MAX),
            last: AtomicU64::new(0),
            set_out: AtomicU64::new(0),
            waits: histogram(
                "savt_lag_seconds",
                "How long what is ready to run waits for a processor; from --cpu-wait-ms on, requests are refused.",
                &SHORT,
            ),
        }
    }

    /// How long what became ready some moments ago has waited, or still does.
    pub(super) fn now(&self) -> Duration {
        let last = self.last.load(Ordering::Relaxed);
        let under_way = match self.set_out.load(Ordering::Relaxed) {
            0 => 0,
            set_out => self.micros().saturating_sub(set_out),
        };
        Duration::from_micros(last.max(under_way))
    }

    /// Whether that is so much that more should not be begun.
    pub(super) fn is_too_much(&self) -> bool {
        self.now().as_micros() >= self.limit.load(Ordering::Relaxed).into()
    }

    /// How long each probe waited, in seconds.
    pub(super) fn waits(&self) -> &Histogram {
        &self.waits
    }

    /// Sends probes into this runtime as long as it and the lag are there, to tell when one waits as long as the limit. They
    /// come from a thread outside, for what a task of the runtime itself begins need not queue behind what others wait for.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub(super) fn watch(self: &Arc<Self>, limit: Duration) -> io::Result<()> {
        let limit = limit.as_micros().try_into().unwrap_or(u64::MAX);
        self.limit.store(limit, Ordering::Relaxed);
        let (runtime, lag) = (Handle::current(), Arc::downgrade(self));
        thread::Builder::new()
            .name("lag".to_owned())
            .spawn(move || {
                while let Some(lag) = lag.upgrade() {
                    let (tell, returned) = mpsc::channel();
                    lag.set_out.store(lag.micros(), Ordering::Relaxed);
                    let probe = lag.clone();
                    runtime.spawn(async move {
                        probe.arrived();
                        let _ = tell.send(());
                    });
                    drop(lag);
                    if returned.recv().is_err() {
                        break;
                    }
                    thread::sleep(EVERY);
                }
            })
            .map(drop)
    }

    fn arrived(&self) {
        let set_out = self.set_out.swap(0, Ordering::Relaxed);
        let waited = self.micros().saturating_sub(set_out);
        self.last.store(waited, Ordering::Relaxed);
        self.waits
            .observe(Duration::from_micros(waited).as_secs_f64());
    }

    fn micros(&self) -> u64 {
        self.began.elapsed().as_micros() as u64
    }

    /// One that stays as it is.
    #[cfg(test)]
    pub(super) fn of(lag: Duration, limit: Duration) -> Lag {
        let micros = |time: Duration| AtomicU64::new(time.as_micros() as u64);
        Lag {
            last: micros(lag),
            limit: micros(limit),
            ..Lag::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(300);

    #[test]
    fn a_runtime_that_has_too_much_to_do_is_behind() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let lag = Arc::new(Lag::new());
        assert!(!lag.is_too_much());
        for _ in 0..40 {
            runtime.spawn(async { thread::sleep(Duration::from_millis(25)) });
        }
        let _entered = runtime.enter();
        lag.watch(LIMIT).unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        while !lag.is_too_much() {
            assert!(Instant::now() < until, "nobody noticed");
            thread::sleep(Duration::from_millis(5));
        }
        while lag.is_too_much() {
            assert!(Instant::now() < until, "it never ends");
            thread::sleep(Duration::from_millis(5));
        }
        assert!(lag.waits().get_sample_count() > 1);
    }
}
