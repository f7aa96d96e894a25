//! Renders a message once per class of viewers. Knows nothing of what is rendered.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use bytes::Bytes;

/// Messages by class of viewers.
pub(super) struct RenderCache<Class> {
    messages: Mutex<HashMap<Class, Arc<OnceLock<Bytes>>>>,
}

impl<Class> Default for RenderCache<Class> {
    fn default() -> Self {
        RenderCache {
            messages: Mutex::default(),
        }
    }
}

impl<Class: Eq + Hash> RenderCache<Class> {
    /// The message of a class, rendered by the first caller. Only callers of the same class wait for it: the lock on the
    /// map is not held while rendering.
    pub(super) fn get_or_render(&self, class: Class, render: impl FnOnce() -> Bytes) -> Bytes {
        let message = {
            let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
            messages.entry(class).or_default().clone()
        };
        message.get_or_init(render).clone()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        thread,
        time::Duration,
    };

    use super::*;

    #[test]
    fn concurrent_viewers_of_one_class_share_one_rendering() {
        let cache = RenderCache::default();
        let renderings = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let message = cache.get_or_render("class", || {
                        renderings.fetch_add(1, Ordering::Relaxed);
                        Bytes::from_static(b"message")
                    });
                    assert_eq!(message, "message");
                });
            }
        });
        assert_eq!(renderings.into_inner(), 1);
    }

    #[test]
    fn a_slow_rendering_does_not_block_other_classes() {
        let cache = RenderCache::default();
        let (started, wait_until_started) = mpsc::channel();
        let (finish, wait_to_finish) = mpsc::channel();
        thread::scope(|scope| {
            let cache = &cache;
            scope.spawn(move || {
                cache.get_or_render("slow", || {
                    started.send(()).unwrap();
                    let timeout = Duration::from_secs(20);
                    wait_to_finish.recv_timeout(timeout).unwrap();
                    Bytes::new()
                });
            });
            wait_until_started.recv().unwrap();
            cache.get_or_render("fast", Bytes::new);
            finish.send(()).unwrap();
        });
    }
}
