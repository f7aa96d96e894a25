//! What the screens of a group show: up to which event, whether the board is agreed or closed, and since when. Knows no requests.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use super::panels::Panels;

/// What one person's page shows.
#[derive(Debug, Default)]
pub(super) struct Screen {
    /// The number of the last event.
    pub(super) position: i64,
    pub(super) is_agreed: bool,
    pub(super) is_closed: bool,
    /// When it began to show that the board is agreed, since the last call of `begin_round`.
    agreed_at: Vec<Instant>,
}

/// The screens of all people of a board, by their number.
pub(super) struct Screens(watch::Sender<Vec<Screen>>);

/// One of the screens, for the stream that updates it.
#[derive(Clone)]
pub(super) struct ScreenUpdater {
    pub(super) screens: Arc<Screens>,
    pub(super) number: usize,
}

impl Screens {
    pub(super) fn new(count: usize) -> Screens {
        let screens = (0..count).map(|_| Screen::default());
        Screens(watch::Sender::new(screens.collect()))
    }

    pub(super) fn position(&self, number: usize) -> i64 {
        self.0.borrow()[number].position
    }

    /// Forgets when the screens showed that the board is agreed. It no longer is.
    pub(super) fn begin_round(&self) {
        self.0.send_modify(|screens| {
            for screen in screens {
                screen.is_agreed = false;
                screen.agreed_at.clear();
            }
        });
    }

    /// Waits until all screens show something, but not longer than `limit`.
    ///
    /// # Errors
    /// The number of screens that do not show it.
    pub(super) async fn all_show(
        &self,
        shows: impl Fn(&Screen) -> bool,
        limit: Duration,
    ) -> Result<(), usize> {
        let mut screens = self.0.subscribe();
        let all = screens.wait_for(|screens| screens.iter().all(&shows));
        let is_shown = timeout(limit, all).await.is_ok();
        match is_shown {
            true => Ok(()),
            false => {
                let screens = self.0.borrow();
                Err(screens.iter().filter(|screen| !shows(screen)).count())
            }
        }
    }

    /// How long it took from the sending of the last consent until the last screen showed that the board is agreed.
    ///
    /// # Errors
    /// A screen did not show it exactly once since the round began, or too early.
    pub(super) fn agreed_within(&self, sent_at: Instant) -> Result<Duration, String> {
        let mut last = Duration::ZERO;
        for screen in self.0.borrow().iter() {
            let [agreed_at] = screen.agreed_at[..] else {
                let times = screen.agreed_at.len();
                return Err(format!("a stream showed it {times} times, not once"));
            };
            let Some(latency) = agreed_at.checked_duration_since(sent_at) else {
                return Err("a stream showed it before the last consent was sent".to_owned());
            };
            last = last.max(latency);
        }
        Ok(last)
    }
}

impl ScreenUpdater {
    /// A message has arrived: the screen shows the events up to this one.
    pub(super) fn update(&self, position: i64, panels: Panels, now: Instant) {
        self.screens.0.send_modify(|screens| {
            let screen = &mut screens[self.number];
            screen.position = screen.position.max(position);
            if let Some(agreed) = panels.agreed {
                if agreed && !screen.is_agreed {
                    screen.agreed_at.push(now);
                }
                screen.is_agreed = agreed;
            }
            if let Some(closed) = panels.closed {
                screen.is_closed = closed;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    fn panels(agreed: bool) -> Panels {
        Panels {
            agreed: Some(agreed),
            closed: None,
        }
    }

    fn two_screens() -> (Arc<Screens>, [ScreenUpdater; 2]) {
        let screens = Arc::new(Screens::new(2));
        let updaters = [0, 1].map(|number| ScreenUpdater {
            screens: screens.clone(),
            number,
        });
        (screens, updaters)
    }

    #[test]
    fn the_last_screen_determines_how_long_it_took() {
        let (screens, [one, other]) = two_screens();
        let start = Instant::now();
        one.update(7, panels(true), at(start, 2));
        screens.begin_round();
        one.update(8, panels(true), at(start, 14));
        let missing = screens.agreed_within(at(start, 10));
        assert_eq!(missing.unwrap_err(), "a stream showed it 0 times, not once");
        other.update(8, panels(true), at(start, 15));
        // The same again is the same.
        other.update(8, panels(true), at(start, 16));
        assert_eq!(
            screens.agreed_within(at(start, 10)),
            Ok(Duration::from_millis(5))
        );
        let early = screens.agreed_within(at(start, 15)).unwrap_err();
        assert!(early.contains("before the last consent"), "{early}");
        other.update(9, panels(false), at(start, 17));
        other.update(10, panels(true), at(start, 18));
        let twice = screens.agreed_within(at(start, 10)).unwrap_err();
        assert_eq!(twice, "a stream showed it 2 times, not once");
    }

    #[tokio::test(start_paused = true)]
    async fn a_screen_that_lacks_something_is_waited_for() {
        let (screens, [one, other]) = two_screens();
        let now = Instant::now();
        one.update(7, Panels::default(), now);
        let shows = |screen: &Screen| screen.position >= 7;
        let limit = Duration::from_secs(1);
        assert_eq!(screens.all_show(shows, limit).await, Err(1));
        other.update(9, Panels::default(), now);
        assert_eq!(screens.all_show(shows, limit).await, Ok(()));
        assert_eq!(screens.position(1), 9);
        let closed = Panels {
            agreed: None,
            closed: Some(true),
        };
        other.update(9, closed, now);
        let is_closed = |screen: &Screen| screen.is_closed;
        assert_eq!(screens.all_show(is_closed, limit).await, Err(1));
    }
}
