//! The logging options, common to all commands.

use clap::Args;

use crate::log::Format;

#[derive(Debug, Args)]
pub struct LoggingOptions {
    /// Log format
    #[arg(long, env = "SAVT_LOG_FORMAT", value_enum, default_value_t = Format::Text, global = true)]
    pub log_format: Format,
    /// Log filter: a level, or a list such as `info,savt=debug`. Libraries never log more than `info`, because their details contain
    /// secrets
    #[arg(
        long,
        env = "SAVT_LOG",
        value_name = "FILTER",
        default_value = "info,poem=warn",
        global = true
    )]
    pub log: String,
}
