//! Logs refused forms. The usual cause is a proxy that does not pass the host, which only the operator can fix.

use poem::{Request, http::header};
use tracing::field::debug;

use crate::log::LogThrottle;

/// One line a second at most.
#[derive(Default)]
pub(super) struct CrossSiteLog(LogThrottle);

impl CrossSiteLog {
    /// Logs the two headers that differ, quoted and escaped, because the client chooses them.
    pub(super) fn record(&self, request: &Request) {
        let Some(suppressed) = self.0.record() else {
            return;
        };
        let headers = request.headers();
        let quoted = |name| headers.get(name).map(debug);
        tracing::warn!(
            host = quoted(header::HOST),
            origin = quoted(header::ORIGIN),
            suppressed,
            "refused a form as sent from another site; if it was not, let the proxy pass the Host header unchanged, or set --public-url"
        );
    }
}
