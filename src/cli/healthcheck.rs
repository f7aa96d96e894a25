//! The options of `savt healthcheck`.

use clap::Args;

use super::serve::DEFAULT_LISTEN_ADDRESS;
use crate::http::listener::all_interfaces_port;

#[derive(Debug, Args)]
pub struct Healthcheck {
    /// Address and port that `savt serve` listens on
    #[arg(long, env = "SAVT_LISTEN", value_name = "ADDRESS:PORT", default_value = DEFAULT_LISTEN_ADDRESS)]
    pub listen: String,
    /// URL of the server, `http://` only; overrides --listen
    #[arg(long, env = "SAVT_HEALTHCHECK_URL", value_name = "URL")]
    pub url: Option<String>,
}

impl Healthcheck {
    /// The URLs to check, one of which must be ready. A server that listens on all interfaces is checked at the loopback addresses.
    pub fn server_urls(&self) -> Vec<String> {
        if let Some(url) = &self.url {
            return vec![url.clone()];
        }
        if let Some(port) = all_interfaces_port(&self.listen) {
            let hosts = ["127.0.0.1", "[::1]"];
            return hosts.map(|host| format!("http://{host}:{port}")).into();
        }
        let address = match self.listen.rsplit_once(':') {
            Some(("0.0.0.0", port)) => format!("127.0.0.1:{port}"),
            _ => self.listen.clone(),
        };
        vec![format!("http://{address}")]
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct TestCli {
        #[command(flatten)]
        healthcheck: Healthcheck,
    }

    #[test]
    fn a_server_on_all_interfaces_is_checked_at_the_loopback_addresses() {
        let both = &["http://127.0.0.1:80", "http://[::1]:80"][..];
        for (options, urls) in [
            (&[][..], &["http://127.0.0.1:8000"][..]),
            (&["--listen", "0.0.0.0:80"], &["http://127.0.0.1:80"]),
            (&["--listen", ":80"], both),
            (&["--listen", "*:80"], both),
            (&["--listen", "[::]:80"], both),
            (&["--listen", "savt.lan:80"], &["http://savt.lan:80"]),
            (&["--url", "http://x", "--listen", ":1"], &["http://x"]),
        ] {
            let arguments = [&["healthcheck"], options].concat();
            let cli = TestCli::parse_from(arguments);
            assert_eq!(cli.healthcheck.server_urls(), urls);
        }
    }
}
