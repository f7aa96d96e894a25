//! A runtime as SAVT has one, with a thread for each processor, beside the single thread on which figures are taken.

use tokio::runtime::{Handle, Runtime};

pub struct Apart(Option<Runtime>);

impl Apart {
    pub fn new() -> Apart {
        Apart(Some(Runtime::new().unwrap()))
    }

    pub fn handle(&self) -> &Handle {
        self.0.as_ref().unwrap().handle()
    }

    /// Does something there.
    pub async fn run<F>(&self, what: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        self.handle().spawn(what).await.unwrap()
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        // It must not be waited for where other things run.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
