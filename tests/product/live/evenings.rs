//! Whole evenings of people who press whatever they see, get their answers late, lose their stream and come back: each page
//! ends as the page that somebody loads.

use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::{
    harness::{app::Savt, client::Answer, databases::on_both, follower::Follower, soak},
    storm::{FINE, anything},
};

const PEOPLE: usize = 4;
const WISHES: usize = 60;

/// Somebody's page, and the answers that are on their way to it.
struct Guest {
    page: Follower,
    late: Vec<Answer>,
}

impl Guest {
    async fn presses_something(&mut self, rng: &mut StdRng) {
        let (path, fields) = anything(&self.page.page.shown, rng);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let answer = self.page.person.post(&path, &fields).await;
        let status = answer.status;
        assert!(
            status == 200 || FINE.contains(&status),
            "{path}: {}",
            answer.body
        );
        match rng.random_bool(0.7) {
            true => self.page.take(&answer),
            false => self.late.push(answer),
        }
    }

    async fn comes_or_goes(&mut self) {
        match self.page.is_listening() {
            true => self.page.drop_stream(),
            false => self.page.resume().await,
        }
    }

    /// Hears some of what there is to hear.
    async fn listens(&mut self, version: i64, rng: &mut StdRng) {
        let last = self.page.last();
        if self.page.is_listening() && last < version {
            self.page.hear_until(rng.random_range(last..=version)).await;
        }
    }

    fn gets_answers(&mut self) {
        for answer in self.late.drain(..) {
            self.page.take(&answer);
        }
    }

    /// What SAVT keeps rendered from one change to the next is what another renders that comes to it all at once.
    async fn sees_what_another_renders(&self, other: &Savt) {
        let here = self.page.person.page().await;
        let there = self.page.person.moved_to(other.address()).page().await;
        assert_eq!(here.shown, there.shown, "of {}", here.me);
    }

    async fn ends_as_loaded(&mut self) {
        if !self.page.is_listening() {
            self.page.resume().await;
        }
        self.page.is_as_loaded().await;
        self.gets_answers();
        self.page.is_as_loaded().await;
    }
}

on_both!(every_page_ends_as_loaded);
async fn every_page_ends_as_loaded(savt: Savt) {
    for seed in 0..soak::size(4, 12) {
        eprintln!("evening {seed}");
        evening(&savt, StdRng::seed_from_u64(seed)).await;
    }
}

async fn evening(savt: &Savt, mut rng: StdRng) {
    let host = savt.person();
    let board = host.create_board("An evening").await;
    let mut guests = Vec::new();
    for _ in 0..PEOPLE {
        let page = Follower::of(&savt.person().on_board(&board)).await;
        let late = Vec::new();
        guests.push(Guest { page, late });
    }
    for _ in 0..WISHES {
        let guest = rng.random_range(0..PEOPLE);
        guests[guest].presses_something(&mut rng).await;
        let version = host.on_board(&board).page().await.version;
        let other = &mut guests[rng.random_range(0..PEOPLE)];
        match rng.random_range(0..10) {
            0..2 => other.comes_or_goes().await,
            2..6 => other.listens(version, &mut rng).await,
            6..7 => other.gets_answers(),
            7..8 => other.ends_as_loaded().await,
            _ => {}
        }
    }
    let another = savt.another().await;
    for guest in &mut guests {
        guest.ends_as_loaded().await;
        guest.sees_what_another_renders(&another).await;
    }
}
