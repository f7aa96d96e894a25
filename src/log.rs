//! The log: what `tracing` hears goes to standard error, for people or for machines.

mod seldom;

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use tracing::{Dispatch, level_filters::LevelFilter};
use tracing_subscriber::{
    filter::Targets, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

pub use seldom::Seldom;

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// A line to read, coloured on a terminal
    #[default]
    Text,
    /// An object for a log collector
    Json,
}

/// A filter that cannot be meant.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no log level; write error, warn, info, debug, trace or off, or a list like \"info,savt=debug\""
)]
pub struct BadFilter(String);

/// Starts the log for the rest of the process, panics included. `filter` is a level or a list like
/// `warn,savt=debug`. Times are UTC. A second start changes nothing.
///
/// # Errors
/// [`BadFilter`] names the part that makes no sense.
pub fn start(format: Format, filter: &str) -> Result<(), BadFilter> {
    // https://no-color.org: any value but the empty one.
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = io::stderr().is_terminal() && !no_colour;
    if dispatch(format, filter, colour, io::stderr)?
        .try_init()
        .is_ok()
    {
        // A panic is logged like the rest, with the request it happened in.
        std::panic::set_hook(Box::new(|panic| {
            tracing::error!("{}", panic.to_string().replace('\n', " "));
        }));
    }
    Ok(())
}

fn dispatch<W>(format: Format, filter: &str, colour: bool, to: W) -> Result<Dispatch, BadFilter>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let log = tracing_subscriber::registry().with(parse(filter)?);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(colour)
        .with_writer(to);
    Ok(match format {
        Format::Text => log.with(lines).into(),
        Format::Json => {
            let objects = lines.json().flatten_event(true).with_span_list(false);
            log.with(objects).into()
        }
    })
}

/// `Targets` rather than `EnvFilter`, whose regular expressions nobody needs here. It takes a misspelt level
/// for the name of a module, and would then be silent.
fn parse(filter: &str) -> Result<Targets, BadFilter> {
    let parts: Vec<&str> = filter.split(',').map(str::trim).collect();
    for part in &parts {
        let is_level = !part.is_empty() && part.parse::<LevelFilter>().is_ok();
        if !is_level && !part.contains('=') {
            return Err(BadFilter((*part).to_owned()));
        }
    }
    parts
        .join(",")
        .parse()
        .map_err(|_| BadFilter(filter.to_owned()))
}

#[cfg(test)]
pub(crate) mod testing {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use tracing::dispatcher::DefaultGuard;

    use super::{Format, dispatch};

    /// What this thread logs while this lives.
    pub(crate) struct Captured {
        lines: Arc<Mutex<Vec<u8>>>,
        _guard: DefaultGuard,
    }

    impl Captured {
        pub(crate) fn start(format: Format, filter: &str) -> Self {
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
    fn text_is_a_line_in_utc() {
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
    fn json_is_an_object_a_line() {
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
    fn the_filter_decides() {
        let log = Captured::start(Format::Text, "warn,savt=debug");
        tracing::debug!("ours");
        tracing::info!(target: "another", "theirs");
        tracing::trace!("too much");
        assert!(log.text().contains("ours"));
        assert_eq!(log.text().lines().count(), 1);
    }

    #[test]
    fn a_misspelt_level_is_told() {
        for (filter, wrong) in [("inof", "inof"), ("", ""), ("info,", ""), ("a=b", "a=b")] {
            assert_eq!(parse(filter).unwrap_err(), BadFilter(wrong.to_owned()));
        }
        for filter in ["info", "WARN", "off", "info, savt=trace", "hyper=off,debug"] {
            assert!(parse(filter).is_ok(), "{filter}");
        }
    }
}
