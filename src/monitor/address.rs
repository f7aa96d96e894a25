//! Where the monitor listens.

use std::{convert::Infallible, str::FromStr};

/// The value of `--monitor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MonitorAddress {
    Off,
    /// `127.0.0.1:9090`, `[::1]:9090` or `localhost:9090`; `:9090` for all interfaces.
    Listen(String),
}

impl FromStr for MonitorAddress {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<MonitorAddress, Infallible> {
        Ok(match text {
            "off" => MonitorAddress::Off,
            address => MonitorAddress::Listen(address.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_monitor_has_an_address_or_is_off() {
        assert_eq!("off".parse(), Ok(MonitorAddress::Off));
        assert_eq!(
            "[::1]:9090".parse(),
            Ok(MonitorAddress::Listen("[::1]:9090".to_owned()))
        );
    }
}
