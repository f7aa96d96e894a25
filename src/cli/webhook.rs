//! The options of webhooks, and of `savt webhook`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, builder::PossibleValue};

use super::{database::DatabaseOptions, secret::Secret};
use crate::{
    view::Language,
    webhook::{EventFilter, Format},
};

/// Where to send webhooks. The options besides the URLs are given once for all endpoints, or once for each in the same order.
#[derive(Debug, Args)]
pub struct WebhookOptions {
    /// URL that each event is sent to; for several, repeat the option, or separate them by blanks in the variable. Chats put a secret
    /// into the URL: prefer the variable
    #[arg(
        long = "webhook",
        env = "SAVT_WEBHOOK",
        hide_env_values = true,
        value_name = "URL",
        value_delimiter = ' '
    )]
    pub webhook: Vec<Secret>,
    /// Format of the messages: one for all endpoints, or one for each
    #[arg(
        long,
        env = "SAVT_WEBHOOK_FORMAT",
        value_name = "FORMAT",
        value_enum,
        value_delimiter = ',',
        default_value = "json"
    )]
    pub webhook_format: Vec<Format>,
    /// File with the secret (`whsec_…`) that signs the messages. Further lines are further secrets, which sign too while a receiver
    /// changes to the first. One file for all endpoints, or one for each
    #[arg(
        long,
        env = "SAVT_WEBHOOK_SECRET_FILE",
        value_name = "FILE",
        value_delimiter = ','
    )]
    pub webhook_secret_file: Vec<PathBuf>,
    /// Types of the events to send, comma-separated, such as `vetoed,decision.*`: one list for all endpoints, or one for each
    /// [default: all]
    #[arg(
        long,
        env = "SAVT_WEBHOOK_EVENTS",
        value_name = "TYPES",
        value_delimiter = ' '
    )]
    pub webhook_events: Vec<EventFilter>,
    /// Language of the format `text`
    #[arg(
        long,
        env = "SAVT_WEBHOOK_LANGUAGE",
        value_name = "LANGUAGE",
        value_enum,
        default_value_t = Language::English
    )]
    pub webhook_language: Language,
    /// Send also to addresses that are not public (loopback, private, link-local), and without TLS
    #[arg(long, env = "SAVT_WEBHOOK_ALLOW_PRIVATE")]
    pub webhook_allow_private: bool,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        &[Format::Json, Format::Text]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(match self {
            Format::Json => "Standard Webhooks, signed",
            Format::Text => "One line that Slack, Mattermost, Rocket.Chat, Google Chat and Discord (at /slack) accept",
        }))
    }
}

impl ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Language] {
        &Language::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.tag()).help(self.name()))
    }
}

#[derive(Debug, Args)]
pub struct Webhook {
    #[command(subcommand)]
    pub task: WebhookTask,
}

#[derive(Debug, Subcommand)]
pub enum WebhookTask {
    /// Send a test message to each endpoint.
    ///
    /// Exit status: 0 if all accept it, 1 if not
    Test(WebhookOptions),
    /// Show what is not delivered yet to each endpoint
    Status(WebhookStatus),
    /// Switch an endpoint on again that was switched off. It gets what happened meanwhile
    Enable(WebhookEnable),
    /// Forget an endpoint that is no longer configured, with what was not delivered to it. If it is configured again, it starts from then
    Remove(WebhookRemove),
}

#[derive(Debug, Args)]
pub struct WebhookStatus {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Debug, Args)]
pub struct WebhookEnable {
    /// The id that `savt webhook status` shows, or the URL
    pub endpoint: Secret,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Debug, Args)]
pub struct WebhookRemove {
    /// The id that `savt webhook status` shows, or the URL
    pub endpoint: Secret,
    #[command(flatten)]
    pub database: DatabaseOptions,
}
