//! Inspects a board that people have written to.

use std::{cmp::Ordering, collections::BTreeSet, sync::atomic};

use rand::{SeedableRng, rngs::StdRng};
use savt::{model::Slug, store};

use super::{
    comparison::{Found, compare},
    inspection::Inspection,
    probe::probe,
    rows,
    state::{State, possible},
    subject::Subject,
};

impl Inspection {
    /// Inspects the board of a subject, and notes what is there now.
    pub async fn subject(&mut self, subject: &Subject, seed: u64) {
        let slug = &subject.slug;
        let operations = std::mem::take(&mut *subject.operations.lock().unwrap());
        let before = subject.state.lock().unwrap().clone();
        let states = possible(&before, &operations);
        let done = subject.history.lock().unwrap().join("\n    ");
        if states.is_empty() {
            let error = format!("board {slug}: these answers contradict each other:\n    {done}");
            self.errors.push(error);
        }
        let stored = store::stored_board(&self.database, &Slug::parse(slug).unwrap()).await;
        if stored.unwrap().is_none() {
            if !states.iter().any(|state| matches!(state, State::Deleted)) {
                let error = format!("board {slug} is lost, after\n    {done}");
                self.errors.push(error);
            }
            *subject.state.lock().unwrap() = State::Deleted;
            self.deleted(slug).await;
            return;
        }
        // A board that answers is idle by now; the probe changes it.
        match probe(
            &self.client,
            self.servers[0],
            slug,
            StdRng::seed_from_u64(seed),
        )
        .await
        {
            Ok(ledger) => subject.ledger.lock().unwrap().merge(ledger),
            Err(error) => self.errors.push(format!("board {slug}: {error}")),
        }
        let Some(found) = self.find(slug).await else {
            return;
        };
        // Two files of which one continues the other cannot be told apart, if the last import was killed.
        let mut beginnings = BTreeSet::new();
        let mut best: Option<(State, Vec<String>, u64)> = None;
        let id = found.board.id.0;
        let is_same = subject.last_id.swap(id, atomic::Ordering::SeqCst) == id;
        for state in states {
            if state.is_same(&before) != is_same {
                continue;
            }
            let Some((errors, lost)) = compare(subject, &state, &found) else {
                continue;
            };
            let beginning = state.beginning();
            match best.as_ref().map(|best| errors.len().cmp(&best.1.len())) {
                Some(Ordering::Equal) => drop(beginnings.insert(beginning)),
                None | Some(Ordering::Less) => beginnings = BTreeSet::from([beginning]),
                Some(Ordering::Greater) => {}
            }
            // Of equal ones the last, in which the fewest names have to be gone.
            if best
                .as_ref()
                .is_none_or(|best| errors.len() <= best.1.len())
            {
                best = Some((state, errors, lost));
            }
        }
        let Some((state, errors, lost)) = best else {
            let error = format!("board {slug} should not be there, after\n    {done}");
            return self.errors.push(error);
        };
        self.lost += lost;
        if !errors.is_empty() {
            let errors = errors.join("\n    ");
            let error = format!("board {slug}: {errors}\n    after\n    {done}");
            self.errors.push(error);
        }
        *subject.state.lock().unwrap() = state;
        if !is_same {
            *subject.beginnings.lock().unwrap() = beginnings;
        }
        let texts = subject.erased_texts();
        let before = self.errors.len();
        self.texts_are_gone(slug, &texts, &found).await;
        self.pages(slug, &texts, &found.board).await;
        if self.errors.len() > before {
            self.errors.push(format!("    after\n    {done}"));
        }
    }

    async fn texts_are_gone(&mut self, slug: &str, texts: &[String], found: &Found) {
        for text in texts {
            let exported = found.file.events.iter().any(|line| line.contains(text));
            let rows = rows::with_text(&self.database, found.board.id, text).await;
            if exported || rows > 0 {
                self.errors.push(format!(
                    "board {slug}: {text} was forgotten, but is in {rows} rows; exported: {exported}"
                ));
            }
        }
    }
}
