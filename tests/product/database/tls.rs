//! TLS to PostgreSQL: only with a server whose certificate is valid for its name.

use savt::db::{Database, Error, Settings};

use crate::harness::postgres::{Cluster, Options};

#[derive(diesel::QueryableByName)]
struct Encrypted {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    ssl: bool,
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_verified_against_the_given_authority() {
    let authority = Authority::new();
    let cluster = Cluster::start(&Options {
        tls: Some(authority.certify("localhost")),
        ..Options::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("custom root.pem");
    std::fs::write(&root, authority.pem()).unwrap();
    let root = root.display().to_string().replace(' ', "%20");
    let connect = async |host: &str, options: &str| {
        let url = format!(
            "postgres://savt@{host}:{}/postgres?{options}",
            cluster.port()
        );
        let database = Database::open(&Settings::new(url.parse().unwrap())).await?;
        let query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let row = database.read().await?.get(diesel::sql_query(query)).await?;
        Ok::<bool, Error>(row.is_some_and(|encrypted: Encrypted| encrypted.ssl))
    };
    for mode in ["require", "verify-ca", "verify-full"] {
        let trusted = connect("localhost", &format!("sslmode={mode}&sslrootcert={root}")).await;
        assert!(trusted.unwrap(), "{mode} is encrypted");
        let untrusted = connect("localhost", &format!("sslmode={mode}"))
            .await
            .unwrap_err();
        assert!(
            untrusted.to_string().contains("UnknownIssuer"),
            "{mode}: {untrusted}"
        );
        let wrong_host = connect("127.0.0.1", &format!("sslmode={mode}&sslrootcert={root}")).await;
        let error = wrong_host.unwrap_err().to_string();
        assert!(error.contains("not valid for name"), "{mode}: {error}");
    }
    assert!(!connect("localhost", "sslmode=disable").await.unwrap());
    let missing = connect("localhost", "sslmode=require&sslrootcert=/no/such.pem").await;
    assert!(matches!(missing, Err(Error::Unusable(_))), "{missing:?}");
}

/// A certificate authority for this test.
pub(super) struct Authority {
    key: rcgen::KeyPair,
    params: rcgen::CertificateParams,
}

impl Authority {
    pub(super) fn new() -> Authority {
        let mut params = rcgen::CertificateParams::new([]).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = rcgen::KeyPair::generate().unwrap();
        Authority { key, params }
    }

    pub(super) fn pem(&self) -> String {
        self.params.self_signed(&self.key).unwrap().pem()
    }

    /// A certificate for a host name, and its key.
    pub(super) fn certify(&self, host: &str) -> (String, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new([host.to_owned()]).unwrap();
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, host);
        let issuer = rcgen::Issuer::from_params(&self.params, &self.key);
        (
            params.signed_by(&key, &issuer).unwrap().pem(),
            key.serialize_pem(),
        )
    }
}
