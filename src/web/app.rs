//! The state shared by all requests.

use std::{io, sync::Arc, time::Duration};

use chrono::TimeDelta;
use poem::Request;
use prometheus::Histogram;

use super::{
    auth::site_password::SitePassword, error::HttpError, metrics::Metrics, rate_limit::RateLimiter,
};
use crate::{
    assets,
    board::Boards,
    http::{
        allowed_hosts::AllowedHosts, allowed_origins::AllowedOrigins, etag::short_hash,
        listener::ConnectionLimits, origin::OriginPolicy, scheduling_delay::SchedulingDelay,
    },
    metrics::{SHORT_LATENCY_BUCKETS, histogram},
    model::Identity,
    view::{Language, Languages},
};

/// The boards, and the settings of the web application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) boards: Boards,
    /// Hash of everything that all pages depend on besides the boards: build, terminology, and whether there is a password.
    pub(crate) page_hash: Arc<str>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) rate_limiter: Arc<RateLimiter>,
    /// Those of the listener; shown by the monitor.
    connection_limits: Arc<ConnectionLimits>,
    pub(crate) scheduling_delay: Arc<SchedulingDelay>,
    pub(crate) identity: Identity,
    pub(crate) origin_policy: OriginPolicy,
    pub(crate) allowed_hosts: AllowedHosts,
    /// The origins whose pages may use the API.
    pub(crate) api_origins: AllowedOrigins,
    /// After how long without a change a board is deleted, if ever.
    pub(crate) board_expiry: Option<TimeDelta>,
    /// The password of the installation; `None` if it is open.
    pub(crate) site_password: Option<Arc<SitePassword>>,
}

impl App {
    pub fn new(boards: Boards) -> App {
        let terminology = |language| &boards.languages().texts(language).terminology;
        let words = Language::ALL.map(|language| terminology(language).words());
        let page_hash = short_hash(&[&[assets::BUILD_HASH], words.as_flattened()].concat());
        let scheduling_delay = histogram(
            "savt_scheduling_delay_seconds",
            "Time that runnable tasks wait for a processor; requests are rejected from --cpu-wait-ms on.",
            &SHORT_LATENCY_BUCKETS,
        );
        App {
            boards,
            page_hash: page_hash.into(),
            metrics: Arc::new(Metrics::new()),
            rate_limiter: Arc::default(),
            connection_limits: Arc::default(),
            scheduling_delay: Arc::new(SchedulingDelay::new(scheduling_delay)),
            identity: Identity::default(),
            origin_policy: OriginPolicy::default(),
            allowed_hosts: AllowedHosts::default(),
            api_origins: AllowedOrigins::default(),
            board_expiry: None,
            site_password: None,
        }
    }

    /// Replaces the default rate limits.
    #[must_use]
    pub fn with_rate_limits(self, rate_limiter: RateLimiter) -> App {
        let rate_limiter = Arc::new(rate_limiter);
        App {
            rate_limiter,
            ..self
        }
    }

    /// Names the limits of the listener, whose figures the monitor shows.
    #[must_use]
    pub fn with_connection_limits(self, connection_limits: Arc<ConnectionLimits>) -> App {
        App {
            connection_limits,
            ..self
        }
    }

    /// The connections of the listener.
    pub fn connection_limits(&self) -> &ConnectionLimits {
        &self.connection_limits
    }

    /// Sets at which addresses people reach SAVT.
    #[must_use]
    pub fn with_addresses(self, origin_policy: OriginPolicy, allowed_hosts: AllowedHosts) -> App {
        App {
            origin_policy,
            allowed_hosts,
            ..self
        }
    }

    /// Lets pages of these origins use the API.
    #[must_use]
    pub fn with_api_origins(self, api_origins: AllowedOrigins) -> App {
        App {
            api_origins,
            ..self
        }
    }

    /// The hosts that may be requested, also of the monitor.
    pub fn allowed_hosts(&self) -> &AllowedHosts {
        &self.allowed_hosts
    }

    /// Sets how participants prove who they are.
    pub fn with_identity(self, identity: Identity) -> App {
        App { identity, ..self }
    }

    /// Sets after how long without a change a board is deleted, for its pages.
    #[must_use]
    pub fn with_board_expiry(self, board_expiry: Option<TimeDelta>) -> App {
        App {
            board_expiry,
            ..self
        }
    }

    /// Requires a login with this password.
    pub fn with_site_password(self, site_password: SitePassword) -> App {
        App {
            page_hash: short_hash(&[&self.page_hash, "closed"]).into(),
            site_password: Some(Arc::new(site_password)),
            ..self
        }
    }

    /// The state that the router attaches to every request.
    pub(crate) fn from_request(request: &Request) -> Result<&App, HttpError> {
        request
            .data()
            .ok_or_else(|| HttpError::internal("the request has no application state"))
    }

    pub fn boards(&self) -> &Boards {
        &self.boards
    }

    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Starts load shedding: requests are rejected while tasks wait `limit` or longer for a thread of the current runtime.
    ///
    /// # Errors
    /// The probe thread cannot be started.
    pub fn shed_excess(&self, limit: Duration) -> io::Result<()> {
        self.scheduling_delay.watch(limit)
    }

    /// Time that runnable tasks wait for a thread, in seconds; measured while load shedding is on.
    pub fn scheduling_delay(&self) -> &Histogram {
        self.scheduling_delay.histogram()
    }

    pub(crate) fn languages(&self) -> &Languages {
        self.boards.languages()
    }
}
