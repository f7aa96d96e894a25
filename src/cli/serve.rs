//! The options of `savt serve`.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum, builder::PossibleValue};
use ipnet::IpNet;

use super::{
    connections::ConnectionOptions, database::DatabaseOptions, limits::LimitOptions,
    public_address::PublicAddress, secret::Secret, terminology::TerminologyArgs,
    webhook::WebhookOptions,
};
use crate::{
    board::DEFAULT_CACHE_MIB,
    http::client_address::TrustedProxies,
    load,
    model::Identity,
    monitor::MonitorAddress,
    web::rate_limit::{RateLimit, RateLimiter, RateLimits},
};

/// Where `savt serve` listens by default.
pub(super) const DEFAULT_LISTEN_ADDRESS: &str = "127.0.0.1:8000";

#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on; `:8000` means all interfaces, with IPv4 and IPv6
    #[arg(long, env = "SAVT_LISTEN", value_name = "ADDRESS:PORT", default_value = DEFAULT_LISTEN_ADDRESS)]
    pub listen: String,
    /// Address and port of the monitor, or `off`: a health page for operators (`/`) and Prometheus metrics (`/metrics`). It asks
    /// for no password, so keep it unreachable for the public [default: 127.0.0.1:9090, if that port is free]
    #[arg(long, env = "SAVT_MONITOR", value_name = "ADDRESS:PORT")]
    pub monitor: Option<MonitorAddress>,
    /// Do not migrate the database; refuse to start if its schema is out of date
    #[arg(long, env = "SAVT_NO_MIGRATE")]
    pub no_migrate: bool,
    /// Memory for boards that nobody views, in MiB. The default is enough for 1,000 boards of 10 items
    #[arg(long, env = "SAVT_CACHE_MIB", value_name = "MIB", default_value_t = DEFAULT_CACHE_MIB, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub cache_mib: u64,
    /// Replaced by `--cache-mib`; ignored, so that installations that set it still start
    #[arg(long, env = "SAVT_CACHE_BOARDS", value_name = "N", hide = true)]
    pub cache_boards: Option<String>,
    /// Delete boards on which nothing has changed for this time, such as 365d, except `main`. Their pages say so from 30 days before
    #[arg(long, env = "SAVT_EXPIRE_BOARDS", value_name = "TIME", value_parser = load::duration::parse_positive)]
    pub expire_boards: Option<Duration>,
    // A request that waits half a second for a processor takes more than a second in total.
    /// Maximum scheduling delay (the time a request waits for a processor), in milliseconds; above it, requests get status 503
    #[arg(long, env = "SAVT_CPU_WAIT_MS", value_name = "MS", default_value_t = 500, value_parser = clap::value_parser!(u64).range(100..=60_000))]
    pub cpu_wait_ms: u64,
    /// How participants are identified
    #[arg(
        long,
        env = "SAVT_IDENTITY",
        value_enum,
        default_value_t = Identity::Open
    )]
    pub identity: Identity,
    /// Password that everybody needs to log in. Prefer the environment variable: other users of this machine can see command lines
    #[arg(
        long,
        env = "SAVT_PASSWORD",
        hide_env_values = true,
        allow_hyphen_values = true,
        value_name = "PASSWORD"
    )]
    pub password: Option<Secret>,
    /// File whose first line is that password
    #[arg(
        long,
        env = "SAVT_PASSWORD_FILE",
        value_name = "FILE",
        conflicts_with = "password"
    )]
    pub password_file: Option<PathBuf>,
    /// Any number or text. A new value ends all sessions, without a new password
    #[arg(
        long,
        env = "SAVT_SESSION_EPOCH",
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    pub session_epoch: String,
    #[command(flatten)]
    pub address: PublicAddress,
    /// Time after which a client that does not read its response is disconnected; it has to read 1 KiB per second on average
    #[arg(long, env = "SAVT_WRITE_TIMEOUT", value_name = "TIME", default_value = "30s", value_parser = load::duration::parse_positive)]
    pub write_timeout: Duration,
    #[command(flatten)]
    pub rate_limits: RateLimitOptions,
    #[command(flatten)]
    pub connections: ConnectionOptions,
    #[command(flatten)]
    pub limits: LimitOptions,
    #[command(flatten)]
    pub database: DatabaseOptions,
    #[command(flatten)]
    pub terminology: TerminologyArgs,
    #[command(flatten)]
    pub webhooks: WebhookOptions,
}

impl ValueEnum for Identity {
    fn value_variants<'a>() -> &'a [Identity] {
        &[Identity::Open, Identity::Claimed]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Identity::Open => ("open", "Anybody can take a name over with \"That's me\""),
            Identity::Claimed => (
                "claimed",
                "A name belongs to the browser that took it and moves to another browser by a personal link",
            ),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

#[derive(Debug, Args)]
pub struct RateLimitOptions {
    /// Maximum changes per minute and client address, or `off`. Clients on this machine have no limit
    #[arg(long, env = "SAVT_WRITES_PER_MINUTE", value_name = "N", default_value_t = RateLimits::default().writes)]
    pub writes_per_minute: RateLimit,
    /// Maximum requests for pages and live streams per minute and client address, or `off`
    #[arg(long, env = "SAVT_READS_PER_MINUTE", value_name = "N", default_value_t = RateLimits::default().reads)]
    pub reads_per_minute: RateLimit,
    /// Maximum new boards per hour and client address, or `off`
    #[arg(long, env = "SAVT_BOARDS_PER_HOUR", value_name = "N", default_value_t = RateLimits::default().boards)]
    pub boards_per_hour: RateLimit,
    /// Maximum open live streams per client address, or `off`
    #[arg(long, env = "SAVT_STREAMS_PER_CLIENT", value_name = "N", default_value_t = RateLimits::default().streams)]
    pub streams_per_client: RateLimit,
    /// Proxies whose `Forwarded` and `X-Forwarded-For` headers are trusted for the client address, and `X-Forwarded-Proto` for the scheme; from any other address these headers are ignored
    #[arg(long, env = "SAVT_TRUSTED_PROXY", value_name = "ADDRESS[/PREFIX]", value_delimiter = ',', value_parser = TrustedProxies::parse)]
    pub trusted_proxy: Vec<IpNet>,
}

impl RateLimitOptions {
    pub fn rate_limiter(self) -> RateLimiter {
        let limits = RateLimits {
            writes: self.writes_per_minute,
            reads: self.reads_per_minute,
            boards: self.boards_per_hour,
            streams: self.streams_per_client,
        };
        RateLimiter::new(limits, TrustedProxies::new(self.trusted_proxy))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct TestCli {
        #[command(flatten)]
        _serve: Serve,
    }

    #[test]
    fn debug_output_hides_the_password() {
        let arguments = ["serve", "--password", "Käsekuchen"];
        let cli = TestCli::parse_from(arguments);
        assert!(!format!("{cli:?}").contains("Käsekuchen"));
        let both = [&arguments[..], &["--password-file", "x"]].concat();
        assert!(TestCli::try_parse_from(both).is_err());
    }
}
