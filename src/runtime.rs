//! The runtime of the program, and a second one for the writers of boards and for the connections to PostgreSQL. On the request threads, each transaction
//! would queue several times behind every request that is ready to run, and throughput would fall under load. Knows nothing
//! of the tasks it runs.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

/// How long a shutdown waits for running tasks. A blocked name lookup, for example, cannot be cancelled.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// The least time for the writers to close their databases.
const MIN_WRITER_GRACE: Duration = Duration::from_secs(1);

const WRITER_THREAD: &str = "writers";

/// Runs a program to its end on a runtime with one thread per processor. Then stops both runtimes and drops their tasks.
///
/// # Panics
/// The threads cannot be started.
pub fn run<T>(program: impl Future<Output = T>) -> T {
    let runtime = start("requests");
    let result = runtime.block_on(program);
    let end = Instant::now() + SHUTDOWN_GRACE;
    runtime.shutdown_timeout(SHUTDOWN_GRACE);
    let remaining = end.saturating_duration_since(Instant::now());
    shut_down_writers(remaining.max(MIN_WRITER_GRACE));
    result
}

/// Started with the first task.
static WRITER_RUNTIME: Mutex<Option<Runtime>> = Mutex::new(None);

fn writer_runtime() -> MutexGuard<'static, Option<Runtime>> {
    WRITER_RUNTIME
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// Spawns a task on the writer runtime, which has one thread per processor.
pub fn spawn_writer<F>(task: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    writer_runtime()
        .get_or_insert_with(|| start(WRITER_THREAD))
        .spawn(task)
}

fn start(thread_name: &str) -> Runtime {
    let mut builder = Builder::new_multi_thread();
    match builder.enable_all().thread_name(thread_name).build() {
        Ok(runtime) => runtime,
        // The program cannot run without them.
        Err(error) => panic!("cannot start the {thread_name} threads: {error}"),
    }
}

/// Stops the writer runtime and drops its tasks before the process exits: when the last connection closes, SQLite writes its
/// log back to the database file.
fn shut_down_writers(grace: Duration) {
    let runtime = writer_runtime().take();
    if let Some(runtime) = runtime {
        runtime.shutdown_timeout(grace);
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread};

    use tokio::sync::oneshot;

    use super::*;

    #[test]
    fn writer_tasks_run_while_all_request_threads_are_busy() {
        let request_runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let (finish, wait_to_finish) = mpsc::channel::<()>();
        let thread_name = request_runtime.block_on(async {
            // Blocks the only request thread until the writer task has run.
            tokio::spawn(async move { wait_to_finish.recv() });
            let (sender, thread_name) = oneshot::channel();
            spawn_writer(async move {
                let name = thread::current().name().map(str::to_owned);
                let _ = sender.send(name);
            });
            thread_name.await.unwrap()
        });
        assert_eq!(thread_name.as_deref(), Some(WRITER_THREAD));
        finish.send(()).unwrap();
    }
}
