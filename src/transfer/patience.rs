//! Waits for a database that is busy with something else.

use tokio::time::{Duration, Instant, sleep};

use crate::db;

/// How long an import waits at most for a database that is busy.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(200);

/// Repeats an operation that a busy database refuses.
pub(super) async fn patiently<T>(
    operation: impl AsyncFn() -> Result<T, db::Error>,
) -> Result<T, db::Error> {
    let start = Instant::now();
    loop {
        match operation().await {
            Err(error) if error.is_unavailable() && start.elapsed() < PATIENCE => {
                sleep(PAUSE).await;
            }
            result => return result,
        }
    }
}
