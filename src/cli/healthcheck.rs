//! The options of `savt healthcheck`.

use clap::Args;

use super::serve::DEFAULT_LISTEN_ADDRESS;

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
    /// The URL to check. A server that listens on all addresses is checked at the loopback address.
    pub fn server_url(&self) -> String {
        if let Some(url) = &self.url {
            return url.clone();
        }
        let address = match self.listen.rsplit_once(':') {
            Some(("0.0.0.0", port)) => format!("127.0.0.1:{port}"),
            Some(("[::]", port)) => format!("[::1]:{port}"),
            _ => self.listen.clone(),
        };
        format!("http://{address}")
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
    fn a_server_on_all_addresses_is_checked_at_the_loopback_address() {
        for (options, url) in [
            (&[][..], "http://127.0.0.1:8000"),
            (&["--listen", "0.0.0.0:80"], "http://127.0.0.1:80"),
            (&["--listen", "[::]:80"], "http://[::1]:80"),
            (&["--listen", "savt.lan:80"], "http://savt.lan:80"),
            (&["--url", "http://x", "--listen", "0.0.0.0:1"], "http://x"),
        ] {
            let arguments = [&["healthcheck"], options].concat();
            let cli = TestCli::parse_from(arguments);
            assert_eq!(cli.healthcheck.server_url(), url);
        }
    }
}
