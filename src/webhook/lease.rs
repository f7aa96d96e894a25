//! Which process delivers to an endpoint: the one that holds the lease. It increases a number in the database again and again. Another
//! process takes the lease over after it has not seen the number change for some time, by its own clock: the clocks of two machines may
//! differ. The holder starts no message that could last longer than that.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::client::TIME_LIMIT;
use crate::{
    board::now,
    db::{self, Database},
    store::webhooks::{self, Endpoint},
};

/// Why nothing is delivered to an endpoint that this process has, and the database has not.
const REMOVED: &str = "it was removed; SAVT starts with it anew when it is restarted";

/// How often [`without_process`] looks.
const LOOK_INTERVAL: Duration = Duration::from_millis(200);

/// What the database says about an endpoint.
pub(super) enum Standing {
    /// This process delivers.
    Held,
    Other,
    Disabled {
        reason: String,
    },
}

/// An endpoint as it was seen last, if no process delivers to it: none renews the lease within this time.
///
/// # Errors
/// If the database fails.
pub async fn without_process(
    database: &Database,
    seen: Endpoint,
    limit: Duration,
) -> Result<Option<Endpoint>, db::Error> {
    let until = Instant::now() + limit;
    while Instant::now() < until {
        sleep(LOOK_INTERVAL).await;
        match webhooks::endpoint(database, &seen.id).await? {
            Some(row) if row.leased_by.is_none() => return Ok(Some(row)),
            Some(row) if row.lease != seen.lease => return Ok(None),
            _ => {}
        }
    }
    Ok(Some(seen))
}

/// Until when this process may start to send. Shared by everything that sends to an endpoint.
#[derive(Default)]
pub(super) struct Term(Mutex<Option<Instant>>);

impl Term {
    pub(super) fn may_send(&self) -> bool {
        let until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    /// Sets the term of a lease that was asked for at `asked_at` and granted.
    pub(super) fn renew(&self, asked_at: Instant, lease: Duration) {
        // Of a short lease, as in tests, half is for a message.
        let reserve = TIME_LIMIT.min(lease / 2);
        self.set(Some(asked_at + (lease - reserve)));
    }

    pub(super) fn end(&self) {
        self.set(None);
    }

    fn set(&self, until: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

/// The lease of one endpoint, as one process sees it.
pub(super) struct Lease {
    endpoint: String,
    process: String,
    duration: Duration,
    /// The number and the holder that were seen last, and since when.
    seen: Option<(i64, Option<String>, Instant)>,
}

impl Lease {
    pub(super) fn new(endpoint: &str, process: &str, duration: Duration) -> Lease {
        Lease {
            endpoint: endpoint.to_owned(),
            process: process.to_owned(),
            duration,
            seen: None,
        }
    }

    /// Takes the lease if nobody holds it, or its holder has not answered for long enough.
    pub(super) async fn try_take(
        &mut self,
        database: &Database,
        term: &Term,
    ) -> Result<Standing, db::Error> {
        let asked_at = Instant::now();
        let row = webhooks::endpoint(database, &self.endpoint).await?;
        let Some(row) = row else {
            let reason = REMOVED.to_owned();
            return Ok(Standing::Disabled { reason });
        };
        if row.disabled_at.is_some() {
            let reason = row.reason.unwrap_or_default();
            return Ok(Standing::Disabled { reason });
        }
        let is_free = row.leased_by.is_none() || row.leased_by.as_ref() == Some(&self.process);
        if !is_free && !self.is_abandoned(row.lease, &row.leased_by) {
            return Ok(Standing::Other);
        }
        match webhooks::take_lease(database, &row, &self.process, now()).await? {
            false => Ok(Standing::Other),
            true => {
                self.seen = None;
                term.renew(asked_at, self.duration);
                Ok(Standing::Held)
            }
        }
    }

    fn is_abandoned(&mut self, lease: i64, by: &Option<String>) -> bool {
        match &self.seen {
            Some((number, holder, since)) if *number == lease && holder == by => {
                since.elapsed() >= self.duration
            }
            _ => {
                self.seen = Some((lease, by.clone(), Instant::now()));
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_abandoned_only_if_nothing_changes() {
        let holder = Some("other".to_owned());
        let mut lease = Lease::new("e", "me", Duration::ZERO);
        assert!(!lease.is_abandoned(1, &holder));
        assert!(!lease.is_abandoned(2, &holder));
        assert!(!lease.is_abandoned(2, &None));
        assert!(lease.is_abandoned(2, &None));
        let mut lease = Lease::new("e", "me", Duration::from_secs(3_600));
        assert!(!lease.is_abandoned(1, &holder));
        assert!(!lease.is_abandoned(1, &holder));
    }

    #[test]
    fn nothing_is_sent_at_the_end_of_a_term() {
        let term = Term::default();
        assert!(!term.may_send());
        term.renew(Instant::now(), TIME_LIMIT * 2);
        assert!(term.may_send());
        let long_ago = Instant::now().checked_sub(TIME_LIMIT).unwrap();
        term.renew(long_ago, TIME_LIMIT * 2);
        assert!(!term.may_send());
        term.renew(Instant::now(), TIME_LIMIT * 2);
        term.end();
        assert!(!term.may_send());
    }
}
