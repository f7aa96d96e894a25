//! How connections are encrypted, and whom they trust.

use std::path::PathBuf;

use super::super::invalid::invalid_address;
use super::options::Options;
use crate::db::error::Error;

/// Whom to trust, and how to prove one's own identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) struct TlsOptions {
    pub(in crate::db) trust: Trust,
    pub(in crate::db) client: Option<ClientCertificate>,
}

/// The certificate authorities to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) enum Trust {
    System,
    File(PathBuf),
}

/// The files with the certificate and the private key of the client, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) struct ClientCertificate {
    pub(in crate::db) certificate: PathBuf,
    pub(in crate::db) key: PathBuf,
}

/// Reads the options of TLS. Certificates in the environment alone do not turn it on.
pub(super) fn tls_options(
    options: &Options,
    own_keys: &[&str],
) -> Result<Option<TlsOptions>, Error> {
    let uses_tls = match options.get("sslmode").map(String::as_str) {
        None | Some("disable" | "allow" | "prefer") => false,
        Some("require" | "verify-ca" | "verify-full") => true,
        Some(_) => {
            return Err(invalid_address(
                "sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full",
            ));
        }
    };
    if !uses_tls {
        return match own_keys.contains(&"sslcert") || own_keys.contains(&"sslkey") {
            true => Err(invalid_address(
                "sslcert and sslkey need sslmode=require, verify-ca or verify-full",
            )),
            false => Ok(None),
        };
    }
    let trust = match options.get("sslrootcert").map(String::as_str) {
        None | Some("system") => Trust::System,
        Some(file) => Trust::File(PathBuf::from(file)),
    };
    let client = match (options.get("sslcert"), options.get("sslkey")) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some(ClientCertificate {
            certificate: PathBuf::from(certificate),
            key: PathBuf::from(key),
        }),
        _ => return Err(invalid_address("sslcert and sslkey are needed together")),
    };
    Ok(Some(TlsOptions { trust, client }))
}
