//! The log: writes `tracing` events to standard error, as text or as JSON.

mod outage;
mod throttle;

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use tracing::{Dispatch, level_filters::LevelFilter};
use tracing_subscriber::{
    filter::Targets, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

pub use outage::OutageLog;
pub use throttle::LogThrottle;

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Plain text, colored on a terminal
    #[default]
    Text,
    /// One JSON object per line, for log collectors
    Json,
}

/// A part of a log filter that is not valid.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a log level; use error, warn, info, debug, trace or off, or a list such as \"info,savt=debug\""
)]
pub struct InvalidFilter(String);

/// Starts logging for the rest of the process, including panics. `filter` is a level or a list such as
/// `warn,savt=debug`. Times are UTC. A second call has no effect.
///
/// Whatever the filter, only SAVT itself logs more than `info`: see [`library_limit`].
///
/// # Errors
/// [`InvalidFilter`] names the invalid part.
pub fn start(format: Format, filter: &str) -> Result<(), InvalidFilter> {
    // https://no-color.org: any non-empty value counts.
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = io::stderr().is_terminal() && !no_color;
    if dispatch(format, filter, color, io::stderr)?
        .try_init()
        .is_ok()
    {
        // Logs a panic with the span, and so the request, in which it happened.
        std::panic::set_hook(Box::new(|panic| {
            tracing::error!("{}", panic.to_string().replace('\n', " "));
        }));
    }
    Ok(())
}

fn dispatch<W>(format: Format, filter: &str, color: bool, to: W) -> Result<Dispatch, InvalidFilter>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let log = tracing_subscriber::registry()
        .with(parse(filter)?)
        .with(library_limit());
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(color)
        .with_writer(to);
    Ok(match format {
        Format::Text => log.with(lines).into(),
        Format::Json => {
            let objects = lines.json().flatten_event(true).with_span_list(false);
            log.with(objects).into()
        }
    })
}

/// Limits what libraries log. Below `info`, tokio-postgres logs the parameters of every statement: the secret addresses of boards,
/// what people write, and hashes of cookies. No filter may request that.
fn library_limit() -> Targets {
    Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target(env!("CARGO_CRATE_NAME"), LevelFilter::TRACE)
}

/// Uses `Targets` instead of `EnvFilter`, which brings in regular expressions. `Targets` takes a misspelled level for the name of a
/// module and then logs nothing, so such a level is rejected first.
fn parse(filter: &str) -> Result<Targets, InvalidFilter> {
    let parts: Vec<&str> = filter.split(',').map(str::trim).collect();
    for part in &parts {
        let is_level = !part.is_empty() && part.parse::<LevelFilter>().is_ok();
        if !is_level && !part.contains('=') {
            return Err(InvalidFilter((*part).to_owned()));
        }
    }
    parts
        .join(",")
        .parse()
        .map_err(|_| InvalidFilter(filter.to_owned()))
}

#[cfg(test)]
pub(crate) mod testing {
    use std::{
        io::Write,
        sync::{Arc, LazyLock, Mutex},
    };

    use tracing::{Dispatch, dispatcher::DefaultGuard, subscriber::NoSubscriber};

    use super::{Format, dispatch};

    /// A second dispatcher. If there is just one, `tracing` asks the thread that comes first to an event whether anybody wants it. If that
    /// thread has none, the event is off for all threads.
    static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));

    /// Captures what this thread logs until it is dropped.
    pub(crate) struct Captured {
        lines: Arc<Mutex<Vec<u8>>>,
        _guard: DefaultGuard,
    }

    impl Captured {
        pub(crate) fn start(format: Format, filter: &str) -> Self {
            LazyLock::force(&SECOND);
            let lines = Arc::default();
            let writer = Writer(Arc::clone(&lines));
            let dispatch = dispatch(format, filter, false, move || writer.clone()).unwrap();
            let _guard = tracing::dispatcher::set_default(&dispatch);
            Self { lines, _guard }
        }

        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.lines.lock().unwrap().clone()).unwrap()
        }
    }

    #[derive(Clone)]
    struct Writer(Arc<Mutex<Vec<u8>>>);

    impl Write for Writer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{testing::Captured, *};

    #[test]
    fn a_text_line_has_a_utc_time() {
        let log = Captured::start(Format::Text, "info");
        tracing::info_span!("request", id = 7)
            .in_scope(|| tracing::warn!(path = "/history", "slow request"));
        let text = log.text();
        let (time, rest) = text.split_once(' ').unwrap();
        assert!(time.ends_with('Z'), "{time}");
        assert_eq!(
            rest.trim(),
            "WARN request{id=7}: savt::log::tests: slow request path=\"/history\""
        );
    }

    #[test]
    fn json_has_one_object_per_line() {
        let log = Captured::start(Format::Json, "info");
        tracing::info_span!("request", id = 7)
            .in_scope(|| tracing::warn!(path = "/history", "slow request"));
        let line: serde_json::Value = serde_json::from_str(&log.text()).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "slow request");
        assert_eq!(line["path"], "/history");
        assert_eq!(line["span"]["id"], 7);
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }

    #[test]
    fn the_filter_selects_events() {
        let log = Captured::start(Format::Text, "warn,savt=debug");
        tracing::debug!("own");
        tracing::info!(target: "another", "foreign");
        tracing::trace!("too much");
        assert!(log.text().contains("own"));
        assert_eq!(log.text().lines().count(), 1);
    }

    #[test]
    fn no_filter_makes_libraries_log_details() {
        for filter in [
            "trace",
            "info,tokio_postgres=trace",
            "tokio_postgres::query=debug",
        ] {
            let log = Captured::start(Format::Text, filter);
            tracing::debug!(target: "tokio_postgres::query", "executing with parameters");
            tracing::trace!(target: "h2", "a header");
            assert_eq!(log.text(), "", "{filter}");
            tracing::warn!(target: "tokio_postgres::query", "a warning");
            assert!(log.text().contains("a warning"), "{filter}");
        }
    }

    #[test]
    fn a_misspelled_level_is_rejected() {
        for (filter, invalid) in [("inof", "inof"), ("", ""), ("info,", ""), ("a=b", "a=b")] {
            assert_eq!(
                parse(filter).unwrap_err(),
                InvalidFilter(invalid.to_owned())
            );
        }
        for filter in ["info", "WARN", "off", "info, savt=trace", "hyper=off,debug"] {
            assert!(parse(filter).is_ok(), "{filter}");
        }
    }
}
