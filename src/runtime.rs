//! Threads apart for what everybody waits for: the doors of the boards and the connections to PostgreSQL. On the threads of the
//! requests they would queue behind every request that is ready to run, several times for each transaction, and the more
//! is asked for, the less would be done. Knows nothing of what runs there.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

/// How long the end waits for what is being done at that moment.
const FAREWELL: Duration = Duration::from_secs(5);

static APART: Mutex<Option<Runtime>> = Mutex::new(None);

fn apart() -> MutexGuard<'static, Option<Runtime>> {
    APART.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins a task on these threads, of which there are as many as processors.
pub fn spawn_apart<F>(task: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    apart().get_or_insert_with(begin).spawn(task)
}

fn begin() -> Runtime {
    let mut threads = Builder::new_multi_thread();
    match threads.enable_all().thread_name("doors").build() {
        Ok(runtime) => runtime,
        // As tokio does for the threads of `main`.
        Err(error) => panic!("no threads for the doors: {error}"),
    }
}

/// Ends these threads and all that is left there, before the process ends: with its last connection SQLite puts its file in
/// order. Not to be called by a task.
pub fn end() {
    let apart = apart().take();
    if let Some(apart) = apart {
        apart.shutdown_timeout(FAREWELL);
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn what_is_apart_does_not_wait_for_requests() {
        let requests = Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let (go, told_to_go) = std::sync::mpsc::channel::<()>();
        let done = requests.block_on(async {
            // The only thread is busy until what is apart is done.
            tokio::spawn(async move { told_to_go.recv() });
            let (tell, done) = tokio::sync::oneshot::channel();
            spawn_apart(async move {
                let name = thread::current().name().map(str::to_owned);
                let _ = tell.send(name);
            });
            done.await.unwrap()
        });
        assert_eq!(done.as_deref(), Some("doors"));
        go.send(()).unwrap();
    }
}
