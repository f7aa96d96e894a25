//! The options of `savt serve`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, builder::PossibleValue};
use ipnet::IpNet;

use super::{DatabaseOptions, LISTEN, Words};
use crate::{
    board::KEPT,
    model::Identity,
    monitor::Place,
    web::{
        Password, TrustedProxies,
        middleware::pace::{Allowance, Allowances, Pace},
    },
};

#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on
    #[arg(long, env = "SAVT_LISTEN", value_name = "ADDRESS:PORT", default_value = LISTEN)]
    pub listen: String,
    /// Where the figures are shown (`/`) and collected (`/metrics`), to keepers and never to the public; `off`: nowhere.
    /// Anywhere but on this machine, let nobody else reach it [default: 127.0.0.1:9090, if that is free]
    #[arg(long, env = "SAVT_MONITOR", value_name = "ADDRESS:PORT")]
    pub monitor: Option<Place>,
    /// Do not touch the schema: refuse to start if it is not up to date
    #[arg(long, env = "SAVT_NO_MIGRATE")]
    pub no_migrate: bool,
    /// Boards kept in memory at most that nobody looks at
    #[arg(long, env = "SAVT_CACHE_BOARDS", value_name = "N", default_value_t = KEPT, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub cache_boards: u64,
    // Whoever has waited for half a second just for a processor would wait for more than a second in all.
    /// Longest wait for a processor, in milliseconds; then the answer is 503, until the machine has caught up
    #[arg(long, env = "SAVT_CPU_WAIT_MS", value_name = "MS", default_value_t = 500, value_parser = clap::value_parser!(u64).range(100..=60_000))]
    pub cpu_wait_ms: u64,
    /// Whether people are believed when they say who they are
    #[arg(
        long,
        env = "SAVT_IDENTITY",
        value_enum,
        default_value_t = Identity::Open
    )]
    pub identity: Identity,
    /// Let in only who knows this password; better in the environment, for everybody on this machine sees a command line
    #[arg(
        long,
        env = "SAVT_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    pub password: Option<Password>,
    /// The same password, in the first line of a file
    #[arg(
        long,
        env = "SAVT_PASSWORD_FILE",
        value_name = "FILE",
        conflicts_with = "password"
    )]
    pub password_file: Option<PathBuf>,
    #[command(flatten)]
    pub pace: PaceOptions,
    #[command(flatten)]
    pub database: DatabaseOptions,
    #[command(flatten)]
    pub words: Words,
}

impl ValueEnum for Identity {
    fn value_variants<'a>() -> &'a [Identity] {
        &[Identity::Open, Identity::Claimed]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Identity::Open => ("open", "Whoever says \"That's me\" is believed"),
            Identity::Claimed => (
                "claimed",
                "A name belongs to the browser that took it, and moves by a personal link",
            ),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

#[derive(Debug, Args)]
pub struct PaceOptions {
    /// Changes that one client may make in a minute, by its address; `off`: any number. For this machine itself there is no limit
    #[arg(long, env = "SAVT_WRITES_PER_MINUTE", value_name = "N", default_value_t = Allowances::default().writes)]
    pub writes_per_minute: Allowance,
    /// Pages and live streams that one client may ask for in a minute, or `off`
    #[arg(long, env = "SAVT_READS_PER_MINUTE", value_name = "N", default_value_t = Allowances::default().reads)]
    pub reads_per_minute: Allowance,
    /// Boards that one client may make in an hour, or `off`
    #[arg(long, env = "SAVT_BOARDS_PER_HOUR", value_name = "N", default_value_t = Allowances::default().boards)]
    pub boards_per_hour: Allowance,
    /// Live streams that one client may have open at once, or `off`
    #[arg(long, env = "SAVT_STREAMS_PER_CLIENT", value_name = "N", default_value_t = Allowances::default().streams)]
    pub streams_per_client: Allowance,
    /// Proxies that say in `Forwarded` or `X-Forwarded-For` which client they speak for; from others that is not believed
    #[arg(long, env = "SAVT_TRUSTED_PROXY", value_name = "ADDRESS[/PREFIX]", value_delimiter = ',', value_parser = TrustedProxies::parse)]
    pub trusted_proxy: Vec<IpNet>,
}

impl PaceOptions {
    pub fn pace(self) -> Pace {
        let allowances = Allowances {
            writes: self.writes_per_minute,
            reads: self.reads_per_minute,
            boards: self.boards_per_hour,
            streams: self.streams_per_client,
        };
        Pace::new(allowances, TrustedProxies::new(self.trusted_proxy))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::Cli;

    #[test]
    fn a_password_is_not_told() {
        let line = ["savt", "serve", "--password", "Käsekuchen"];
        let cli = Cli::parse_from(line);
        assert!(!format!("{cli:?}").contains("Käsekuchen"));
        let both = [&line[..], &["--password-file", "x"]].concat();
        assert!(Cli::try_parse_from(both).is_err());
    }
}
