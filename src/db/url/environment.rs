//! The environment variables of libpq that complete the URL of a PostgreSQL database.

use std::collections::HashMap;

/// The name of the user that runs this process, as its login shell or service manager set it.
const SYSTEM_USER: &str = "USER";

/// Variables of libpq, and `USER` and `HOME`. Empty ones count as absent.
///
/// Source: PostgreSQL documentation, "Environment Variables" (section 34.15 of version 15).
#[derive(Default)]
pub struct Environment(HashMap<String, String>);

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn of_process() -> Environment {
        let variables = std::env::vars_os();
        variables
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with("PG") || [SYSTEM_USER, "HOME"].contains(&&**name))
            .collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// The user to log in as if the URL names none. The system's user database is never asked: in a static binary that
    /// would load modules of another C library into the process, which can crash it.
    pub(super) fn user(&self) -> Option<&str> {
        self.get("PGUSER").or_else(|| self.get(SYSTEM_USER))
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Environment {
        Environment(variables.into_iter().collect())
    }
}
