//! The commands and their options: clap, nothing else.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum, builder::PossibleValue};
use ipnet::IpNet;

use crate::{
    board::KEPT,
    db::{Settings, Url},
    load::{self, Behaviour, Targets, Think},
    log::Format,
    model::Identity,
    monitor::Place,
    view::{ByLanguage, Language, Languages, Terms},
    web::{
        Password, TrustedProxies,
        middleware::pace::{Allowance, Allowances, Pace},
    },
};

/// Suggestion And Veto Tool: a group suggests, anyone vetoes, everyone sees it.
#[derive(Debug, Parser)]
#[command(name = "savt", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub logging: Logging,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the boards to browsers
    Serve(Serve),
    /// Bring the database schema up to date, or look at it, or take the last step back
    Migrate(Migrate),
    /// Fill the board `main` with a lively demo; again is harmless
    Seed(Seed),
    /// Play people against a running SAVT and judge how it does: status 1 if a target is missed
    Load(Load),
    /// Check that every board's log leads to what its tables hold: status 1 if not, 2 if that cannot be told
    Check(Check),
    /// Ask the SAVT of this machine or container whether it is ready: status 1 if not
    Healthcheck(Healthcheck),
    /// Copy a SQLite database to a file, also while it is served
    Backup(Backup),
    /// Put a copy that `savt backup` made in the place of the SQLite database, while nobody serves it
    Restore(Restore),
}

/// Where `serve` listens if nothing else is said.
const LISTEN: &str = "127.0.0.1:8000";

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

#[derive(Debug, Args)]
pub struct Migrate {
    #[command(subcommand)]
    pub task: Option<MigrateTask>,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum MigrateTask {
    /// Run every migration that is missing (what `savt migrate` does)
    Up,
    /// List the migrations and which of them the database has
    Status,
    /// Take the last migration back, with the data it made room for
    Down,
}

#[derive(Debug, Args)]
pub struct Seed {
    /// Make a large board of this many items instead of the demo
    #[arg(long, env = "SAVT_SEED_ITEMS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub items: Option<u32>,
    /// Features of each item of a large board
    #[arg(long, env = "SAVT_SEED_FEATURES", value_name = "N", default_value_t = 5, requires = "items", value_parser = clap::value_parser!(u32).range(0..=1_000))]
    pub features: u32,
    /// People on a large board, each with some vetoes
    #[arg(long, env = "SAVT_SEED_PEOPLE", value_name = "N", default_value_t = 8, requires = "items", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub people: u32,
    #[command(flatten)]
    pub database: DatabaseOptions,
    #[command(flatten)]
    pub words: Words,
}

#[derive(Debug, Args)]
pub struct Load {
    /// The server, by plain HTTP
    #[arg(
        env = "SAVT_LOAD_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8000"
    )]
    pub url: String,
    /// How many people play
    #[arg(long, env = "SAVT_LOAD_USERS", value_name = "N", default_value_t = 33, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub users: u32,
    /// How long: 20s, 5m
    #[arg(long, env = "SAVT_LOAD_DURATION", value_name = "TIME", default_value = "1m", value_parser = load::time::parse_some)]
    pub duration: Duration,
    /// In which time they come, one after the other [default: a tenth of the duration, at most 30s]
    #[arg(long, env = "SAVT_LOAD_RAMP", value_name = "TIME", value_parser = load::time::parse)]
    pub ramp: Option<Duration>,
    /// What they do
    #[arg(
        long,
        env = "SAVT_LOAD_BEHAVIOUR",
        value_enum,
        default_value_t = Behaviour::Room
    )]
    pub behaviour: Behaviour,
    /// From one action to the next: 2s, 200ms..4s; 0 for a closed loop [default: 200ms..4s; plan: 2s..8s]
    #[arg(long, env = "SAVT_LOAD_THINK", value_name = "TIME[..TIME]")]
    pub think: Option<Think>,
    /// What must be so [default: average<500ms,p95<1500ms,failures<0.5%; with --monitor-url also connections<25,cache-hits>70%]
    #[arg(long, env = "SAVT_LOAD_TARGETS", value_name = "LIST")]
    pub targets: Option<Targets>,
    /// Play on this board instead of one made for it; `main` is the one at /
    #[arg(long, env = "SAVT_LOAD_BOARD", value_name = "SLUG", value_parser = slug)]
    pub board: Option<String>,
    /// Divide the people among so many new boards
    #[arg(long, env = "SAVT_LOAD_BOARDS", value_name = "N", default_value_t = 1, conflicts_with = "board", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub boards: u32,
    /// Items on each new board before they come, with 5 features each [default: 20; plan: 0]
    #[arg(long, env = "SAVT_LOAD_ITEMS", value_name = "N", conflicts_with = "board", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub items: Option<u32>,
    /// The server's monitor, such as http://127.0.0.1:9090, to show what it says meanwhile
    #[arg(long, env = "SAVT_LOAD_MONITOR_URL", value_name = "URL")]
    pub monitor_url: Option<String>,
    /// The server may be on another machine
    #[arg(long, env = "SAVT_LOAD_REMOTE")]
    pub remote: bool,
    /// Write all figures there
    #[arg(long, env = "SAVT_LOAD_JSON", value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write a page with curves there
    #[arg(long, env = "SAVT_LOAD_HTML", value_name = "FILE")]
    pub html: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Healthcheck {
    /// Where `serve` listens
    #[arg(long, env = "SAVT_LISTEN", value_name = "ADDRESS:PORT", default_value = LISTEN)]
    pub listen: String,
    /// The server, by plain HTTP, if it is to be asked at another address
    #[arg(long, env = "SAVT_HEALTHCHECK_URL", value_name = "URL")]
    pub url: Option<String>,
}

impl Healthcheck {
    /// The address to ask. Who listens on all addresses listens on the machine's own.
    pub fn asked(&self) -> String {
        if let Some(url) = &self.url {
            return url.clone();
        }
        let listen = match self.listen.rsplit_once(':') {
            Some(("0.0.0.0", port)) => format!("127.0.0.1:{port}"),
            Some(("[::]", port)) => format!("[::1]:{port}"),
            _ => self.listen.clone(),
        };
        format!("http://{listen}")
    }
}

#[derive(Debug, Args)]
pub struct Backup {
    /// Where the copy is to be
    pub file: PathBuf,
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The copy
    pub file: PathBuf,
    /// Replace the database that is there
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub database: DatabaseOptions,
}

/// The longest time in which people come if nothing else is said.
const RAMP: Duration = Duration::from_secs(30);

impl Load {
    pub fn options(self) -> load::Options {
        load::Options {
            people: self.users as usize,
            ramp: self.ramp.unwrap_or_else(|| RAMP.min(self.duration / 10)),
            think: self.think.unwrap_or_else(|| self.behaviour.think()),
            boards: self.boards as usize,
            items: self
                .items
                .map_or_else(|| self.behaviour.items(), |items| items as usize),
            url: self.url,
            duration: self.duration,
            behaviour: self.behaviour,
            targets: self.targets,
            board: self.board,
            monitor_url: self.monitor_url,
            remote: self.remote,
            json: self.json,
            html: self.html,
        }
    }
}

fn slug(text: &str) -> Result<String, String> {
    match crate::model::Slug::parse(text) {
        Some(slug) => Ok(slug.as_str().to_owned()),
        None => Err("is the last part of a board's address, such as in /b/SLUG".to_owned()),
    }
}

#[derive(Debug, Args)]
pub struct DatabaseOptions {
    /// The database: `sqlite:FILE`, or `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        default_value = "sqlite:savt.db",
        global = true
    )]
    pub database_url: Url,
    /// Connections to the database at most
    #[arg(long, env = "SAVT_DB_CONNECTIONS", value_name = "N", default_value_t = 20, global = true, value_parser = clap::value_parser!(u32).range(2..=1_000))]
    pub db_connections: u32,
    /// Longest wait for a database connection, in milliseconds; then the answer is 503
    #[arg(long, env = "SAVT_DB_WAIT_MS", value_name = "MS", default_value_t = 2_000, global = true, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub db_wait_ms: u64,
}

impl DatabaseOptions {
    pub fn settings(&self) -> Settings {
        Settings {
            connections: self.db_connections,
            wait: Duration::from_millis(self.db_wait_ms),
            ..Settings::new(self.database_url.clone())
        }
    }
}

#[derive(Debug, Args)]
pub struct Words {
    /// What an item is called: `pizza`
    #[arg(long, env = "SAVT_ITEM_WORD", value_name = "WORD", default_value = "item", value_parser = word)]
    pub item_word: String,
    /// Several of them, if not the word with an s
    #[arg(long, env = "SAVT_ITEM_WORDS", value_name = "WORDS", value_parser = word)]
    pub item_words: Option<String>,
    /// What a feature is called: `topping`
    #[arg(long, env = "SAVT_FEATURE_WORD", value_name = "WORD", default_value = "feature", value_parser = word)]
    pub feature_word: String,
    /// Several of them, if not the word with an s
    #[arg(long, env = "SAVT_FEATURE_WORDS", value_name = "WORDS", value_parser = word)]
    pub feature_words: Option<String>,
    /// What an item is called in German: `Pizza` [default: `Eintrag`, or the word chosen above]
    #[arg(long, env = "SAVT_ITEM_WORD_DE", value_name = "WORD", value_parser = word, requires = "item_words_de")]
    pub item_word_de: Option<String>,
    /// Several of them: `Pizzen`
    #[arg(long, env = "SAVT_ITEM_WORDS_DE", value_name = "WORDS", value_parser = word, requires = "item_word_de")]
    pub item_words_de: Option<String>,
    /// What a feature is called in German: `Belag` [default: `Merkmal`, or the word chosen above]
    #[arg(long, env = "SAVT_FEATURE_WORD_DE", value_name = "WORD", value_parser = word, requires = "feature_words_de")]
    pub feature_word_de: Option<String>,
    /// Several of them: `Beläge`
    #[arg(long, env = "SAVT_FEATURE_WORDS_DE", value_name = "WORDS", value_parser = word, requires = "feature_word_de")]
    pub feature_words_de: Option<String>,
}

impl Words {
    /// What is said on the pages, with these words in it.
    pub fn languages(&self) -> Languages {
        Languages::new(&ByLanguage::from_fn(|language| self.terms(language)))
    }

    fn terms(&self, language: Language) -> Terms {
        match language {
            Language::English => self.english(),
            Language::German => self.german(),
        }
    }

    fn english(&self) -> Terms {
        Terms::new(
            self.item_word.clone(),
            self.item_words.clone(),
            self.feature_word.clone(),
            self.feature_words.clone(),
        )
    }

    /// A word of one's own that nobody translated is the same in German, as a noun is written there.
    fn german(&self) -> Terms {
        let (usual, english) = (Terms::usual(Language::German), self.english());
        let chosen = english.capitals();
        let translated = |word: &Option<String>, own: bool, chosen: String, usual: String| {
            let otherwise = if own { chosen } else { usual };
            word.clone().unwrap_or(otherwise)
        };
        let plain = Terms::usual(Language::English);
        let own_item = (&english.item, &english.items) != (&plain.item, &plain.items);
        let own_feature =
            (&english.feature, &english.features) != (&plain.feature, &plain.features);
        Terms {
            item: translated(&self.item_word_de, own_item, chosen.item, usual.item),
            items: translated(&self.item_words_de, own_item, chosen.items, usual.items),
            feature: translated(
                &self.feature_word_de,
                own_feature,
                chosen.feature,
                usual.feature,
            ),
            features: translated(
                &self.feature_words_de,
                own_feature,
                chosen.features,
                usual.features,
            ),
        }
    }
}

/// A word is what a name is, and short.
fn word(text: &str) -> Result<String, String> {
    match crate::model::Kind::parse(text) {
        Ok(Some(word)) => Ok(word.to_string()),
        Ok(None) => Err("must not be empty".to_owned()),
        Err(_) => Err("must be a plain word of at most 50 characters".to_owned()),
    }
}

#[derive(Debug, Args)]
pub struct Logging {
    /// How the log is written
    #[arg(long, env = "SAVT_LOG_FORMAT", value_enum, default_value_t = Format::Text, global = true)]
    pub log_format: Format,
    /// What is logged: a level, or a filter such as `info,savt=debug`
    #[arg(
        long,
        env = "SAVT_LOG",
        value_name = "FILTER",
        default_value = "info,poem=warn",
        global = true
    )]
    pub log: String,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_password_is_not_told() {
        let line = ["savt", "serve", "--password", "Käsekuchen"];
        let cli = Cli::parse_from(line);
        assert!(!format!("{cli:?}").contains("Käsekuchen"));
        let both = [&line[..], &["--password-file", "x"]].concat();
        assert!(Cli::try_parse_from(both).is_err());
    }

    fn terms(line: &[&str], language: Language) -> Terms {
        let Command::Serve(serve) = Cli::parse_from(line).command else {
            panic!("not serve");
        };
        serve.words.terms(language)
    }

    #[test]
    fn words_are_german_as_far_as_somebody_says_how() {
        let words = |more: &[&str]| {
            let line = [&["savt", "serve"], more].concat();
            let terms = terms(&line, Language::German);
            terms.words().map(str::to_owned)
        };
        assert_eq!(words(&[]), ["Eintrag", "Einträge", "Merkmal", "Merkmale"]);
        let pizza = ["--item-word", "pizza"];
        assert_eq!(words(&pizza), ["Pizza", "Pizzas", "Merkmal", "Merkmale"]);
        let german = ["--item-word-de", "Pizza", "--item-words-de", "Pizzen"];
        let both = [&pizza[..], &german].concat();
        assert_eq!(words(&both), ["Pizza", "Pizzen", "Merkmal", "Merkmale"]);
        let alone = ["savt", "serve", "--feature-word-de", "Belag"];
        assert!(Cli::try_parse_from(alone).is_err(), "without its plural");
    }

    #[test]
    fn the_machine_itself_is_asked_whether_it_is_ready() {
        for (options, asked) in [
            (&[][..], "http://127.0.0.1:8000"),
            (&["--listen", "0.0.0.0:80"], "http://127.0.0.1:80"),
            (&["--listen", "[::]:80"], "http://[::1]:80"),
            (&["--listen", "savt.lan:80"], "http://savt.lan:80"),
            (&["--url", "http://x", "--listen", "0.0.0.0:1"], "http://x"),
        ] {
            let line = [&["savt", "healthcheck"], options].concat();
            let Command::Healthcheck(healthcheck) = Cli::parse_from(line).command else {
                panic!("not healthcheck");
            };
            assert_eq!(healthcheck.asked(), asked);
        }
    }

    #[test]
    fn words_have_plurals() {
        let words = |line: &[&str]| terms(line, Language::English);
        assert_eq!(
            words(&["savt", "serve", "--item-word", "pizza"]).items,
            "pizzas"
        );
        let criteria = [
            "savt",
            "serve",
            "--feature-word",
            "criterion",
            "--feature-words",
            "criteria",
        ];
        assert_eq!(words(&criteria).features, "criteria");
    }
}
