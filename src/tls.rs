//! The certificate authorities that are trusted if no others are named.

use rustls::RootCertStore;

/// The system's authorities, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name; if there are none (for example in a container),
/// Mozilla's, which are built in.
pub fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}
