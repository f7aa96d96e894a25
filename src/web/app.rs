//! The state shared by all requests.

use std::{io, ops::Deref, sync::Arc, time::Duration};

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

/// The boards, and the settings of the web application. All requests share one: a clone costs a single counter, which the threads
/// of the server compete for.
#[derive(Clone)]
pub struct App(Arc<State>);

/// What an [`App`] consists of.
#[derive(Clone)]
pub struct State {
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

impl Deref for App {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
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
        App(Arc::new(State {
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
        }))
    }

    /// Changes a setting, before requests share it.
    fn with(mut self, change: impl FnOnce(&mut State)) -> App {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Replaces the default rate limits.
    #[must_use]
    pub fn with_rate_limits(self, rate_limiter: RateLimiter) -> App {
        self.with(|state| state.rate_limiter = Arc::new(rate_limiter))
    }

    /// Names the limits of the listener, whose figures the monitor shows.
    #[must_use]
    pub fn with_connection_limits(self, connection_limits: Arc<ConnectionLimits>) -> App {
        self.with(|state| state.connection_limits = connection_limits)
    }

    /// The connections of the listener.
    pub fn connection_limits(&self) -> &ConnectionLimits {
        &self.connection_limits
    }

    /// Sets at which addresses people reach SAVT.
    #[must_use]
    pub fn with_addresses(self, origin_policy: OriginPolicy, allowed_hosts: AllowedHosts) -> App {
        self.with(|state| {
            state.origin_policy = origin_policy;
            state.allowed_hosts = allowed_hosts;
        })
    }

    /// Lets pages of these origins use the API.
    #[must_use]
    pub fn with_api_origins(self, api_origins: AllowedOrigins) -> App {
        self.with(|state| state.api_origins = api_origins)
    }

    /// The hosts that may be requested, also of the monitor.
    pub fn allowed_hosts(&self) -> &AllowedHosts {
        &self.allowed_hosts
    }

    /// Sets how participants prove who they are.
    pub fn with_identity(self, identity: Identity) -> App {
        self.with(|state| state.identity = identity)
    }

    /// Sets after how long without a change a board is deleted, for its pages.
    #[must_use]
    pub fn with_board_expiry(self, board_expiry: Option<TimeDelta>) -> App {
        self.with(|state| state.board_expiry = board_expiry)
    }

    /// Requires a login with this password.
    pub fn with_site_password(self, site_password: SitePassword) -> App {
        self.with(|state| {
            state.page_hash = short_hash(&[&state.page_hash, "closed"]).into();
            state.site_password = Some(Arc::new(site_password));
        })
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
