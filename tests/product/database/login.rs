//! How SAVT logs in to PostgreSQL: the URL, its file, the environment variables and the password file of libpq, several hosts.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use savt::db::{Backend, Database, Settings};

use super::tls::Authority;
use crate::harness::databases::Fresh;
use crate::harness::postgres::{Cluster, Options};
use crate::harness::process::{CommandOutput, program};

/// Runs `savt migrate status` with these variables and arguments only.
fn status(environment: &[(&str, &str)], arguments: &[&str]) -> CommandOutput {
    let mut command =
        program(&[&["migrate", "status", "--db-start-wait", "0"], arguments].concat());
    command.envs(environment.iter().copied());
    CommandOutput::from(command.output().unwrap())
}

/// Whether it connected.
#[track_caller]
fn assert_connects(environment: &[(&str, &str)], arguments: &[&str]) {
    let ran = status(environment, arguments);
    assert!(
        ran.code == Some(0) && ran.out.contains("pending"),
        "{ran:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_completes_the_url() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let query = fresh.url().split_once('?').unwrap().1;
    let value = |key: &str| {
        let pair = query.split('&').find(|pair| pair.starts_with(key));
        pair.unwrap().split_once('=').unwrap().1
    };
    let (host, port) = (value("host"), value("port"));
    let server = [
        ("PGHOST", host),
        ("PGPORT", port),
        ("PGDATABASE", fresh.name()),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&server[..], more].concat();
    let url = ("DATABASE_URL", "postgres://");
    assert_connects(&with(&[url, ("PGUSER", "savt")]), &[]);
    assert_connects(&with(&[url, ("USER", "savt")]), &[]);
    assert_connects(&with(&[url, ("PGUSER", "savt"), ("USER", "nobody")]), &[]);
    let other = [
        ("PGHOST", "/nowhere"),
        ("PGUSER", "nobody"),
        ("PGPORT", "1"),
    ];
    assert_connects(&other, &["--database-url", fresh.url()]);

    let nobody = status(&with(&[url]), &[]);
    assert_eq!(nobody.code, Some(1), "{nobody:?}");
    assert!(nobody.err.contains("PGUSER"), "{nobody:?}");
    assert_eq!(nobody.err.lines().count(), 1, "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_url_can_be_in_a_file() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    let path = file.to_str().unwrap();
    fs::write(&file, format!("\u{feff} {}\r\nsecond line\n", fresh.url())).unwrap();
    assert_connects(&[], &["--database-url-file", path]);
    assert_connects(&[("DATABASE_URL_FILE", path)], &[]);
    let both = status(
        &[("DATABASE_URL", fresh.url())],
        &["--database-url-file", path],
    );
    assert_eq!(both.code, Some(1), "{both:?}");
    assert!(both.err.contains("either --database-url"), "{both:?}");
    fs::write(&file, "\n").unwrap();
    for (path, expected) in [(path, "empty"), ("/no/such/file", "/no/such/file")] {
        let ran = status(&[], &["--database-url-file", path]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.err.contains(expected), "{ran:?}");
    }
}

/// A cluster on 127.0.0.1 with TLS where the role `locked` needs the password `p:w\d` and the role `certified` a certificate.
async fn locked_cluster(authority: &Authority) -> Cluster {
    let cluster = Cluster::start(&Options {
        tls: Some(authority.certify("localhost")),
        ..Options::default()
    });
    let rules = "E'host all locked all scram-sha-256\\nhostssl all certified all cert\\nhost all all all trust\\nlocal all all trust'";
    let sql = format!(
        "CREATE ROLE locked LOGIN SUPERUSER PASSWORD 'p:w\\d'; CREATE ROLE certified LOGIN SUPERUSER;
         CREATE ROLE reader LOGIN; ALTER ROLE reader SET default_transaction_read_only = on;
         COPY (SELECT unnest(string_to_array({rules}, E'\\n'))) TO PROGRAM 'cat >pg_hba.conf';
         COPY (SELECT unnest(string_to_array('{}', E'\\n'))) TO PROGRAM 'cat >root.crt'",
        authority.pem()
    );
    cluster.run("postgres", &sql).await.unwrap();
    // Not in one transaction with the above.
    let set = "ALTER SYSTEM SET ssl_ca_file = 'root.crt'";
    cluster.run("postgres", set).await.unwrap();
    let reload = "SELECT pg_reload_conf()";
    cluster.run("postgres", reload).await.unwrap();
    cluster
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_and_certificates_are_found_where_libpq_finds_them() {
    let authority = Authority::new();
    let cluster = locked_cluster(&authority).await;
    let port = cluster.port();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str, mode: u32| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let url = format!("postgres://locked@127.0.0.1:{port}/postgres");
    let address = ["--database-url", &*url];
    let line = format!("127.0.0.1:{port}:*:locked:p\\:w\\\\d\n");
    let pass_file = write("pass", &line, 0o600);
    let open_file = write("open", &line, 0o644);
    write(".pgpass", &line, 0o600);
    let home = folder.path().to_str().unwrap();
    // The server may need a moment to load its new rules.
    while status(&[], &address).code == Some(0) {}
    assert_connects(&[("PGPASSWORD", r"p:w\d")], &address);
    assert_connects(&[("PGPASSFILE", &pass_file)], &address);
    assert_connects(&[("HOME", home)], &address);
    let with_password = url.replace("locked@", r"locked:p%3Aw\d@");
    assert_connects(
        &[("PGPASSWORD", "wrong")],
        &["--database-url", &with_password],
    );
    let ignored = status(&[("PGPASSFILE", &open_file)], &address);
    assert_eq!(ignored.code, Some(1), "{ignored:?}");
    assert!(
        ignored.err.contains("the password file is ignored"),
        "{ignored:?}"
    );
    let wrong = status(&[("PGPASSWORD", "wrong"), ("HOME", home)], &address);
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
    assert!(
        wrong.err.contains("rejects the user name or the password"),
        "{wrong:?}"
    );
    assert!(!wrong.err.contains("locked"), "{wrong:?}");

    let (certificate, key) = authority.certify("certified");
    let root = write("root.pem", &authority.pem(), 0o644);
    let certificate = write("client.pem", &certificate, 0o644);
    let (key, open_key) = (
        write("key.pem", &key, 0o600),
        write("open.pem", &key, 0o644),
    );
    let certified = |key: &str| {
        format!(
            "postgres://certified@localhost:{port}/postgres?sslmode=verify-full&sslrootcert={root}&sslcert={certificate}&sslkey={key}"
        )
    };
    assert_connects(&[], &["--database-url", &certified(&key)]);
    let ran = status(&[], &["--database-url", &certified(&open_key)]);
    assert!(ran.code == Some(1) && ran.err.contains("0600"), "{ran:?}");
    let none = certified(&key).split("&sslcert").next().unwrap().to_owned();
    let ran = status(&[], &["--database-url", &none]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    several_hosts(port).await;
}

async fn several_hosts(port: u16) {
    let open = async |url: String| Database::open(&Settings::new(url.parse().unwrap())).await;
    for hosts in [
        format!("127.0.0.1:1,127.0.0.1:{port}"),
        format!("127.0.0.1:{port},127.0.0.1:1"),
    ] {
        let url = format!("postgres://savt@{hosts}/postgres?target_session_attrs=read-write");
        open(url).await.unwrap().ping().await.unwrap();
        let read_only = open(format!("postgres://reader@{hosts}/postgres")).await;
        let error = read_only.err().expect("a writable server is needed");
        assert!(error.is_unavailable(), "{error}");
    }
}
