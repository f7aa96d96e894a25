//! A group that decides together, round after round: its people suggest a little and veto, become fine one after another, and when
//! the board is agreed, one of them closes it; then one opens it again. Judges when every screen shows that the board is agreed.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep, sleep_until};

use super::{
    action::Action,
    board::Board,
    browser::Browser,
    failure::{Failure, FailureKind},
    independent::FAILURE_BACKOFF,
    run_state::{RESPONSE_TIMEOUT, RunState},
    schedule::ThinkTime,
    screens::{Screen, ScreenUpdater, Screens},
    virtual_user::VirtualUser,
};

/// The fewest people who can decide: one's own suggestions never outdate one's own consent.
pub(super) const MIN_PEOPLE: usize = 2;

/// In the first round, one person of this many suggests a feature; the others veto.
const PEOPLE_PER_SUGGESTION: usize = 3;

pub(super) struct Group {
    board: Arc<Board>,
    run: Arc<RunState>,
    people: Vec<VirtualUser>,
    screens: Arc<Screens>,
    think_time: ThinkTime,
    /// The item that stays without vetoes, so that the board can be agreed. The group chooses it.
    acceptable: Option<i64>,
    /// How many rounds have begun.
    rounds: usize,
}

impl Group {
    /// The people with these browsers.
    pub(super) fn new(
        browsers: Vec<Browser>,
        board: Arc<Board>,
        run: Arc<RunState>,
        think_time: ThinkTime,
    ) -> Group {
        let screens = Arc::new(Screens::new(browsers.len()));
        let people = browsers.into_iter().enumerate().map(|(number, browser)| {
            let screen = ScreenUpdater {
                screens: screens.clone(),
                number,
            };
            VirtualUser::new(browser, board.clone(), run.clone(), Some(screen))
        });
        Group {
            people: people.collect(),
            board,
            run,
            screens,
            think_time,
            acceptable: None,
            rounds: 0,
        }
    }

    /// Decides again and again until the run ends; a round that has begun is completed. `starts` is when each person comes. Returns
    /// the people, whose streams stay open until they are dropped.
    pub(super) async fn run(mut self, starts: Vec<Instant>) -> Vec<VirtualUser> {
        let run = self.run.clone();
        let all_join = self.people.iter_mut().zip(starts).map(join);
        tokio::select! {
            _ = join_all(all_join) => {}
            () = run.wait_for_end() => return self.people,
        }
        while !run.has_ended() {
            if self.decide().await.is_none() {
                sleep(FAILURE_BACKOFF).await;
            }
            self.rounds += 1;
            self.think().await;
        }
        self.people
    }

    /// One round. `None` if something failed, which is recorded.
    async fn decide(&mut self) -> Option<()> {
        self.reload_pages().await;
        let changed = match self.rounds {
            0 => self.suggest_and_veto().await?,
            _ => self.open_again().await?,
        };
        let is_current = |screen: &Screen| screen.position >= changed && !screen.is_closed;
        self.all_show(is_current, "what was added").await?;
        self.screens.begin_round();
        let sent_at = self.become_fine().await?;
        self.all_show(|screen| screen.is_agreed, "that the board is agreed")
            .await?;
        self.think().await;
        self.close().await?;
        self.all_show(|screen| screen.is_closed, "that the board is closed")
            .await?;
        match self.screens.agreed_within(sent_at) {
            Ok(latency) => self.run.stats().record_agreement(latency),
            Err(why) => {
                self.fail(why);
                return None;
            }
        }
        Some(())
    }

    /// Everybody suggests a feature or vetoes one, at the same time. Returns the version of the board after it.
    async fn suggest_and_veto(&mut self) -> Option<i64> {
        let acceptable = self.person(0).create_acceptable_item(Instant::now());
        self.acceptable = Some(acceptable.await?);
        let people = self.people.iter_mut().enumerate();
        let contributions = people.map(async |(number, person)| {
            let now = Instant::now();
            match number % PEOPLE_PER_SUGGESTION {
                0 => {
                    let item = person.board.random_item();
                    person.create_feature(now, item).await
                }
                _ => person.veto_or_withdraw(now).await,
            }
        });
        let versions: Option<Vec<i64>> = join_all(contributions).await.into_iter().collect();
        versions?.into_iter().max()
    }

    /// One person opens the board again, another suggests a feature, and a third vetoes one or withdraws a veto. Returns the version
    /// of the board after it.
    async fn open_again(&mut self) -> Option<i64> {
        let round = self.rounds;
        let reopened = self.person(round + 1).send_form(
            Action::Reopen,
            "/reopen",
            String::new(),
            Instant::now(),
        );
        reopened.await?;
        self.think().await;
        // Not the last one to become fine: what one suggests oneself outdates everybody else's consent only.
        let item = self.board.random_item();
        let suggested = self
            .person(round)
            .create_feature(Instant::now(), item)
            .await?;
        self.think().await;
        let count = self.people.len();
        let vetoer = &mut self.people[(round + 2) % count];
        let vetoed = vetoer.veto_or_withdraw(Instant::now()).await?;
        Some(suggested.max(vetoed))
    }

    /// Everybody becomes fine, one after another. Returns when the last consent was sent.
    async fn become_fine(&self) -> Option<Instant> {
        let count = self.people.len();
        let mut sent_at = Instant::now();
        for turn in 0..count {
            self.think().await;
            let number = (self.rounds + turn) % count;
            let form = format!("fine=1&seen={}", self.screens.position(number));
            sent_at = Instant::now();
            let consent = self.people[number].send_form(Action::Consent, "/consent", form, sent_at);
            consent.await?;
        }
        Some(sent_at)
    }

    /// One person closes the board with the item that nobody vetoed.
    async fn close(&self) -> Option<i64> {
        let chosen = self.acceptable.map(|item| format!("&chosen={item}"));
        let round = self.rounds + 1;
        let form = format!("outcome=Round%20{round}{}", chosen.unwrap_or_default());
        self.person(round + 1)
            .send_form(Action::Close, "/close", form, Instant::now())
            .await
    }

    /// Waits until all screens show something; else that is a failure.
    async fn all_show(&self, shows: impl Fn(&Screen) -> bool, what: &str) -> Option<()> {
        let shown = self.screens.all_show(shows, RESPONSE_TIMEOUT).await;
        shown
            .map_err(|missing| {
                let seconds = RESPONSE_TIMEOUT.as_secs();
                self.fail(format!(
                    "{missing} streams did not show {what} within {seconds} s"
                ));
            })
            .ok()
    }

    fn fail(&self, why: String) {
        let failure = Failure::new(FailureKind::NotDelivered, why);
        self.run.stats().add_failure(&failure, || {
            format!("round {} on {}", self.rounds + 1, self.board.path())
        });
    }

    /// Loads the pages again whose stream has asked for that.
    async fn reload_pages(&mut self) {
        for person in &mut self.people {
            if person.takes_reload_request() {
                person.open_page(Instant::now()).await;
            }
        }
    }

    /// The person with this number, counted in circles.
    fn person(&self, number: usize) -> &VirtualUser {
        &self.people[number % self.people.len()]
    }

    /// The pause before the next action; none once the run has ended.
    async fn think(&self) {
        if !self.run.has_ended() {
            tokio::select! {
                () = sleep(self.think_time.random()) => {}
                () = self.run.wait_for_end() => {}
            }
        }
    }
}

/// Opens the page, and takes a name: a group asks everybody who has one.
async fn join((person, start): (&mut VirtualUser, Instant)) {
    sleep_until(start).await;
    person.open_page(Instant::now()).await;
    let form = person.board.name_form();
    person
        .send_form(Action::Name, "/participant", form, Instant::now())
        .await;
}
