//! TLS to PostgreSQL with rustls: which certificate authorities to trust, and the client's certificate. The server's certificate
//! is always verified, with the host name.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::Error;
use super::url::{ClientCertificate, TlsOptions, Trust};
use crate::tls::system_roots;

/// A TLS connector that trusts the given authorities and presents the client's certificate, if there is one.
pub(super) fn connector(options: &TlsOptions) -> Result<MakeRustlsConnect, Error> {
    let roots = match &options.trust {
        Trust::System => system_roots(),
        Trust::File(file) => roots_from_file(file)?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Unusable(format!("TLS: {e}")))?
        .with_root_certificates(roots);
    let config = match &options.client {
        None => config.with_no_client_auth(),
        Some(client) => config
            .with_client_auth_cert(certificates("sslcert", &client.certificate)?, key(client)?)
            .map_err(|e| unusable("sslcert", &client.certificate, &e.to_string()))?,
    };
    Ok(MakeRustlsConnect::new(config))
}

fn roots_from_file(file: &Path) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("sslrootcert", file)? {
        roots
            .add(certificate)
            .map_err(|e| unusable("sslrootcert", file, &e.to_string()))?;
    }
    Ok(roots)
}

fn certificates(option: &str, file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    let certificates: Vec<_> = read.map_err(|e| unusable(option, file, &e.to_string()))?;
    match certificates.is_empty() {
        true => Err(unusable(option, file, "it contains no certificate")),
        false => Ok(certificates),
    }
}

fn key(client: &ClientCertificate) -> Result<PrivateKeyDer<'static>, Error> {
    let file = &client.key;
    let unusable = |reason: String| unusable("sslkey", file, &reason);
    let metadata = fs::metadata(file).map_err(|e| unusable(e.to_string()))?;
    // libpq's rule: PostgreSQL documentation, "Client Certificates" (section 34.19.2 of version 15).
    let forbidden = match metadata.uid() {
        0 => 0o037,
        _ => 0o077,
    };
    if metadata.mode() & forbidden != 0 {
        return Err(unusable(
            "its group or others have access; its mode must be 0600 or less, or 0640 if it belongs to root"
                .to_owned(),
        ));
    }
    PrivateKeyDer::from_pem_file(file).map_err(|e| unusable(e.to_string()))
}

fn unusable(option: &str, file: &Path, reason: &str) -> Error {
    Error::Unusable(format!("{option} {}: {reason}", file.display()))
}
