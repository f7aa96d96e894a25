//! The options of `savt healthcheck`.

use clap::Args;

use super::LISTEN;

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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::{Cli, Command};

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
}
