//! Inspects an installation: after each round, and when it ends.

use std::{collections::BTreeSet, sync::Arc};

use rand::{RngExt, rngs::StdRng};
use savt::{db::Database, model::Slug, store};
use tokio::task::block_in_place;

use super::{
    board_file::BoardFile,
    command::{Outcome, run},
    idle_board::{Fate, IdleBoard},
    inspection::{Inspection, eventually},
    installation::Installation,
    messages::{self, Followed, FollowedBoard},
    operator_report::OperatorReport,
    rows,
    subject::Subject,
};
use crate::{environment::Environment, report::Results, round::check_database};

impl Installation {
    async fn inspection(&self) -> Inspection {
        let (url, servers) = (&self.environment.url, self.servers.addresses.all());
        Inspection::begin(url, servers, self.client.clone(), self.files.clone()).await
    }

    /// Inspects what people have written to, and everything else.
    pub async fn inspect(
        &mut self,
        working: &[Arc<Subject>],
        results: &mut Results,
        rng: &mut StdRng,
    ) {
        let mut inspection = self.inspection().await;
        for subject in working {
            inspection.subject(subject, rng.random()).await;
        }
        self.inspect_others(&mut inspection).await;
        results.errors.append(&mut inspection.errors);
        results.administration.lost += inspection.lost;
        check_database(&self.environment.url, results);
    }

    /// Inspects what nobody has worked on meanwhile.
    async fn inspect_others(&mut self, inspection: &mut Inspection) {
        for copy in &self.copies {
            inspection.copy(copy).await;
        }
        let mut remaining = Vec::new();
        for idle in &self.idle_boards {
            if inspection.idle(idle).await {
                remaining.push(idle.slug.clone());
            }
        }
        let live = self.live_subjects();
        let slugs = live.iter().map(|subject| subject.slug.clone());
        let copied = self.copies.iter().map(|copy| copy.slug.clone());
        let known: BTreeSet<String> = slugs.chain(copied).chain(remaining).collect();
        let adopted = inspection.all_boards(&known, &self.uncertain_copies).await;
        let (idle, copies): (Vec<_>, Vec<_>) =
            adopted.into_iter().partition(|copy| copy.file.is_aged());
        self.copies.extend(copies);
        self.idle_boards
            .extend(idle.into_iter().map(|copy| IdleBoard {
                slug: copy.slug,
                file: copy.file,
                fate: Fate::Either,
            }));
    }

    /// Starts everything once more, and inspects what has to stay for ever, what is left of what does not, and the messages.
    pub async fn end(mut self, results: &mut Results, rng: &mut StdRng) -> Environment {
        let (servers, environment) = (&mut self.servers, &self.environment);
        block_in_place(|| servers.replace_all(environment, results));
        let database = self.database().await;
        let mut inspection = self.inspection().await;
        for subject in self.subjects.clone() {
            inspection.subject(&subject, rng.random()).await;
        }
        self.inspect_others(&mut inspection).await;
        results.errors.append(&mut inspection.errors);
        results.administration.lost += inspection.lost;
        if let Some(file) = self.some_file(rng) {
            rows::age_staged_boards(&database).await;
            let import = ["import", file.arguments(), "--new-address"];
            let mut report = OperatorReport::default();
            let ran = run(&self.environment.url, &import, None).await;
            report.add_copy(&ran, &file);
            self.add(report, results);
        }
        let staged = rows::staged_boards(&database).await;
        let is_clean = eventually(async || rows::orphans(&database).await == 0).await;
        if staged > 0 || !is_clean {
            let orphans = rows::orphans(&database).await;
            results.errors.push(format!(
                "{staged} boards and {orphans} rows are left of boards that do not exist"
            ));
        }
        let followed = self.followed(&database).await;
        let (received, messages) =
            messages::compare(&self.receiver, &followed, &mut results.errors).await;
        check_database(&self.environment.url, results);
        block_in_place(|| self.servers.kill_all(results));
        let counts = &mut results.administration;
        counts.received += received;
        counts.messages += messages;
        counts.kills += self.servers.kills;
        for subject in &self.subjects {
            counts.changes += subject.ledger.lock().unwrap().counts();
            let forgotten = subject.forgotten.lock().unwrap();
            let done = forgotten.iter().filter(|one| one.outcome == Outcome::Done);
            counts.forgotten += done.count() as u64;
        }
        self.environment
    }

    /// Everything that messages can be about.
    async fn followed(&self, database: &Database) -> Vec<Followed> {
        let mut followed = Vec::new();
        let imported = |file: &BoardFile| file.events.len() as i64 + 1;
        for subject in &self.subjects {
            let files = subject.files.lock().unwrap().clone();
            let own = std::iter::once(1);
            let beginnings = own.chain(files.iter().map(|file| imported(file)));
            let possible = subject.beginnings.lock().unwrap().clone();
            let names = subject.forgotten.lock().unwrap().clone();
            followed.push(Followed {
                slug: subject.slug.clone(),
                beginnings: beginnings.collect(),
                board: followed_board(database, &subject.slug, possible).await,
                names: names.into_iter().map(|one| one.name).collect(),
            });
        }
        let copies = self.copies.iter().map(|copy| (&copy.slug, &copy.file));
        let idle = self.idle_boards.iter().map(|idle| (&idle.slug, &idle.file));
        for (slug, file) in copies.chain(idle) {
            let beginning = imported(file);
            followed.push(Followed {
                slug: slug.clone(),
                beginnings: BTreeSet::from([beginning]),
                board: followed_board(database, slug, BTreeSet::from([beginning])).await,
                names: BTreeSet::new(),
            });
        }
        followed
    }
}

async fn followed_board(
    database: &Database,
    slug: &str,
    beginnings: BTreeSet<i64>,
) -> Option<FollowedBoard> {
    let stored = store::stored_board(database, &Slug::parse(slug).unwrap()).await;
    let id = stored.unwrap()?.id;
    let log = store::events_after(database, id, 0, usize::MAX).await;
    Some(FollowedBoard {
        id: id.0,
        beginnings,
        log: log.unwrap().unwrap(),
    })
}
