//! A runtime with one thread per processor, like SAVT's, separate from the single thread that takes the measurements.

use tokio::runtime::{Handle, Runtime};

pub struct IsolatedRuntime(Option<Runtime>);

impl IsolatedRuntime {
    pub fn new() -> IsolatedRuntime {
        IsolatedRuntime(Some(Runtime::new().unwrap()))
    }

    pub fn handle(&self) -> &Handle {
        self.0.as_ref().unwrap().handle()
    }

    /// Runs a future on this runtime.
    pub async fn run<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        self.handle().spawn(future).await.unwrap()
    }
}

impl Drop for IsolatedRuntime {
    fn drop(&mut self) {
        // Dropping a runtime blocks, which panics inside another runtime.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
