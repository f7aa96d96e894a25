//! Under which addresses people reach SAVT.

use clap::Args;

use crate::http::{allowed_hosts::HostPattern, allowed_origins::OriginPattern, origin::Origin};

#[derive(Debug, Args)]
pub struct PublicAddress {
    /// URL at which people reach SAVT, such as `https://savt.example/`. Links, QR codes, the `Secure` attribute of cookies and the
    /// check that a form comes from SAVT's own pages then use it instead of what a proxy forwards
    #[arg(long, env = "SAVT_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Origin>,
    /// Host names that SAVT answers to, comma-separated; `*.example.org` stands for all names below it. Addresses, localhost and
    /// the host of --public-url are always included [default: any name, unless --public-url is given]
    #[arg(
        long,
        env = "SAVT_ALLOWED_HOST",
        value_name = "NAME",
        value_delimiter = ','
    )]
    pub allowed_host: Vec<HostPattern>,
    /// Origins whose pages may use the JSON API in a browser, comma-separated, such as `https://app.example`; `*` stands for any.
    /// Every change needs a token: cookies do not count for the API [default: none]
    #[arg(
        long,
        env = "SAVT_API_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub api_origin: Vec<OriginPattern>,
}
