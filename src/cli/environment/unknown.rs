//! Finds environment variables that look like options and are none.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
};

/// The prefix of SAVT's own variables, in any case.
const PREFIX: &str = "SAVT_";

/// Variables that are no options: the build reads this one, and it may be set where the program runs.
const NO_OPTIONS: [&str; 1] = ["SAVT_COMMIT"];

/// One line that names the unknown variables, each with the nearest known one. Does not contain their values.
pub(super) fn complaint(
    known: &BTreeSet<String>,
    variables: &BTreeMap<OsString, OsString>,
) -> Option<String> {
    let unknown: Vec<String> = variables
        .iter()
        .map(|(name, value)| (name.to_string_lossy(), value.to_string_lossy()))
        .filter(|(name, value)| is_unknown(known, name, value))
        .map(|(name, _)| {
            let nearest = known
                .iter()
                .min_by_key(|known| strsim::levenshtein(known, &name.to_uppercase()));
            let nearest = nearest.map(|nearest| format!(" (did you mean {nearest}?)"));
            format!("{}{}", name.escape_debug(), nearest.unwrap_or_default())
        })
        .collect();
    let (variables, are) = match unknown.len() {
        0 => return None,
        1 => ("environment variable", "is"),
        _ => ("environment variables", "are"),
    };
    let unknown = unknown.join(", ");
    Some(format!("{variables} {unknown} {are} not known to savt"))
}

fn is_unknown(known: &BTreeSet<String>, name: &str, value: &str) -> bool {
    let has_prefix = name
        .get(..PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    has_prefix
        && !known.contains(name)
        && !NO_OPTIONS.contains(&name)
        && !is_service_link(name, value)
}

/// Whether Kubernetes sets this variable, for a service named `savt` or `savt-…`. It sets the variables of every service of a
/// namespace in every container, in the format of Docker links.
///
/// <https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>
fn is_service_link(name: &str, value: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if name.ends_with("_SERVICE_HOST") {
        return true;
    }
    if let Some((_, port)) = name.split_once("_SERVICE_PORT") {
        return (port.is_empty() || port.starts_with('_')) && is_number(value);
    }
    // `SAVT_PORT=8000` is a mistake; the variable of a service has a URL.
    if name.ends_with("_PORT") && value.contains("://") {
        return true;
    }
    name.rsplit_once("_PORT_").is_some_and(|(_, rest)| {
        let mut parts = rest.split('_');
        parts.next().is_some_and(is_number)
            && matches!(parts.next(), Some("TCP" | "UDP" | "SCTP"))
            && matches!(parts.next(), None | Some("PROTO" | "PORT" | "ADDR"))
            && parts.next().is_none()
    })
}
