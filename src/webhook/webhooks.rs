//! All endpoints of this process.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use tokio::{
    sync::{Mutex, mpsc, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    delivery::Delivery,
    endpoint::Endpoint,
    lease::Term,
    metrics::{EndpointMetrics, Metrics},
    settings::Settings,
    status::{Status, Statuses},
    worker::Worker,
};
use crate::{
    board::{Boards, now},
    db,
    metrics::Collectors,
    store::webhooks,
};

/// How many reports of deliveries may wait to be recorded.
const MAX_REPORTS: usize = 1_024;

/// How long the end of the process waits.
const STOP_LIMIT: Duration = Duration::from_secs(4);

/// The webhooks of this process. Cheap to clone.
#[derive(Clone)]
pub struct Webhooks(Arc<Running>);

struct Running {
    metrics: Metrics,
    endpoints: Vec<(String, EndpointMetrics)>,
    statuses: Arc<Statuses>,
    stop: watch::Sender<bool>,
    workers: Mutex<Vec<JoinHandle<()>>>,
}

impl Webhooks {
    /// Starts to deliver to these endpoints. A new one gets what happens from now on.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn start(
        boards: &Boards,
        endpoints: Vec<Endpoint>,
        settings: &Settings,
    ) -> Result<Webhooks, db::Error> {
        let metrics = Metrics::new();
        let statuses = Arc::new(Statuses::new(&endpoints));
        let (stop, stopped) = watch::channel(false);
        let process = hex::encode(rand::random::<[u8; 8]>());
        let mut workers = Vec::new();
        let mut known = Vec::new();
        for endpoint in endpoints {
            let (id, host) = (endpoint.id(), endpoint.host());
            let format = endpoint.format().name();
            // Before the boards are looked at for the first time, so that no change is missed.
            let changed = boards.watch_changes();
            webhooks::register(boards.database(), id, host, format, now()).await?;
            tracing::info!(endpoint = id, host, format, "sending webhooks");
            let own_metrics = metrics.of(&endpoint);
            known.push((id.to_owned(), own_metrics.clone()));
            let (sender, reports) = mpsc::channel(MAX_REPORTS);
            let worker = Worker {
                delivery: Arc::new(Delivery {
                    boards: boards.clone(),
                    settings: settings.clone(),
                    endpoint,
                    term: Term::default(),
                    metrics: own_metrics,
                    reports: sender,
                }),
                reports,
                changed,
                process: process.clone(),
                statuses: statuses.clone(),
                stop: stopped.clone(),
            };
            workers.push(tokio::spawn(worker.run()));
        }
        Ok(Webhooks(Arc::new(Running {
            metrics,
            endpoints: known,
            statuses,
            stop,
            workers: Mutex::new(workers),
        })))
    }

    /// What is known about each endpoint.
    pub fn statuses(&self) -> Vec<Status> {
        let mut statuses = self.0.statuses.all();
        for status in &mut statuses {
            let mut endpoints = self.0.endpoints.iter();
            if let Some((_, metrics)) = endpoints.find(|(id, _)| *id == status.id) {
                status.deliveries = metrics.deliveries.get();
                status.failures = metrics.failures.get();
            }
        }
        statuses
    }

    /// All metrics, for export.
    pub fn collectors(&self) -> Collectors {
        self.0.metrics.collectors()
    }

    /// Stops after the messages that are on their way, and lets another process deliver.
    pub async fn stop(&self) {
        let _ = self.0.stop.send(true);
        let workers = std::mem::take(&mut *self.0.workers.lock().await);
        let _ = timeout(STOP_LIMIT, join_all(workers)).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for worker in self.workers.get_mut() {
            worker.abort();
        }
    }
}
