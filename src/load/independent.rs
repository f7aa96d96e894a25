//! A virtual user who acts independently of the others: starts, acts, thinks, and acts again until the run ends.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    schedule::{Schedule, ThinkTime},
    virtual_user::VirtualUser,
};

/// The pause after a failure in a closed model, which would otherwise flood a server that is down.
pub(super) const FAILURE_BACKOFF: Duration = Duration::from_millis(100);

/// What the user does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    Room,
    Plan,
}

pub(super) struct IndependentUser {
    pub(super) user: VirtualUser,
    pub(super) scenario: Scenario,
    pub(super) think_time: ThinkTime,
}

impl IndependentUser {
    /// Acts until the run ends. Returns the user, whose stream stays open until it is dropped.
    pub(super) async fn run(mut self, begin: Instant) -> VirtualUser {
        let run = self.user.run.clone();
        let mut schedule = Schedule::new(self.think_time, begin);
        tokio::select! {
            () = tokio::time::sleep_until(begin) => {}
            () = run.wait_for_end() => return self.user,
        }
        if self.scenario == Scenario::Room {
            self.user.open_page(Instant::now()).await;
        }
        while !run.has_ended() {
            let reload = self.user.reload.clone();
            tokio::select! {
                start = schedule.next() => {
                    run.stats().record_start(start);
                    let succeeded = self.act(start.at).await;
                    if !succeeded && self.think_time.is_zero() {
                        tokio::time::sleep(FAILURE_BACKOFF).await;
                    }
                }
                () = reload.notified() => {
                    self.user.open_page(Instant::now()).await;
                }
                () = run.wait_for_end() => break,
            }
        }
        self.user
    }

    /// Performs one action. Returns whether all its requests succeeded.
    async fn act(&mut self, start: Instant) -> bool {
        let user = &mut self.user;
        match self.scenario {
            Scenario::Plan => {
                let item = user.create_item(start).await;
                let feature = user.create_feature(Instant::now(), item).await;
                let page = user.load_page(Instant::now()).await;
                page.is_some() && feature.is_some() && item.is_some()
            }
            Scenario::Room => match rand::random_range(0..100) {
                0..65 => user.veto_or_withdraw(start).await.is_some(),
                65..80 => user.open_page(start).await,
                80..92 => {
                    let item = user.board.random_item();
                    user.create_feature(start, item).await.is_some()
                }
                _ => user.create_item(start).await.is_some(),
            },
        }
    }
}
