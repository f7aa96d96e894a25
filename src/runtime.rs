//! A second runtime for the writers of boards and for the connections to PostgreSQL. On the request threads, each transaction
//! would queue several times behind every request that is ready to run, and throughput would fall under load. Knows nothing
//! of the tasks it runs.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

/// How long a shutdown waits for running tasks.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

const THREAD_NAME: &str = "writers";

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
    writer_runtime().get_or_insert_with(start).spawn(task)
}

fn start() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    match builder.enable_all().thread_name(THREAD_NAME).build() {
        Ok(runtime) => runtime,
        // `tokio::main` also panics if its threads cannot be started.
        Err(error) => panic!("cannot start the threads of the writers: {error}"),
    }
}

/// Stops the writer runtime and drops its tasks before the process exits: when the last connection closes, SQLite writes its
/// log back to the database file. Must not be called from a task.
pub fn shut_down() {
    let runtime = writer_runtime().take();
    if let Some(runtime) = runtime {
        runtime.shutdown_timeout(SHUTDOWN_GRACE);
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
        assert_eq!(thread_name.as_deref(), Some(THREAD_NAME));
        finish.send(()).unwrap();
    }
}
