//! PgBouncer in transaction mode. Version 1.18, which Debian 12 has, loses prepared statements.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use savt::db::Backend;
use tempfile::TempDir;

use crate::harness::databases::Fresh;
use crate::harness::process::{Process, run};
use crate::harness::tools::tool;

/// A running PgBouncer before the shared cluster, killed when dropped.
struct PgBouncer {
    child: Child,
    folder: TempDir,
}

impl PgBouncer {
    /// Starts one before the server of a database. It keeps at most `connections` to the server.
    fn start(fresh: &Fresh, connections: u32) -> PgBouncer {
        let folder = tempfile::tempdir().unwrap();
        // It refuses to run as root.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let (_, query) = fresh.url().split_once("?host=").unwrap();
        let server = query.split('&').next().unwrap();
        let path = folder.path().display();
        let settings = format!(
            "[databases]\n* = host={server} port=5432 user=savt\n\
             [pgbouncer]\nlisten_port=6432\nunix_socket_dir={path}\nauth_type=any\n\
             pool_mode=transaction\ndefault_pool_size={connections}\n"
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        let mut command = tool("pgbouncer");
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            command.args(["-u", "nobody"]);
        }
        let command = command.arg("-q").arg(&file);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let bouncer = PgBouncer { child, folder };
        let socket = bouncer.folder.path().join(".s.PGSQL.6432");
        let until = Instant::now() + Duration::from_secs(30);
        while !Path::new(&socket).exists() {
            assert!(Instant::now() < until, "PgBouncer does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        bouncer
    }

    fn url(&self, fresh: &Fresh) -> String {
        let folder = self.folder.path().display();
        format!(
            "postgres:///{}?host={folder}&port=6432&user=savt",
            fresh.name()
        )
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_loses_prepared_statements_is_recognized_and_can_be_used_without_them() {
    for connections in [1, 5] {
        let fresh = Fresh::empty(Backend::Postgres).await;
        let bouncer = PgBouncer::start(&fresh, connections);
        let url = bouncer.url(&fresh);
        for _ in 0..2 {
            let ran = run(&["migrate", "--database-url", &url]);
            assert_eq!(ran.code, Some(1), "{ran:?}");
            assert!(ran.err.contains("--db-statement-cache off"), "{ran:?}");
            assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        }
        let bouncer = match connections {
            // A new one has no connections on which the attempts above have left statements.
            1 => continue,
            _ => {
                drop(bouncer);
                PgBouncer::start(&fresh, connections)
            }
        };
        let url = bouncer.url(&fresh);
        let off = ["--db-statement-cache", "off"];
        for command in ["migrate", "migrate", "seed", "check"] {
            let ran = run(&[&[command, "--database-url", &url], &off[..]].concat());
            assert!(!ran.err.contains("prepared statement"), "{ran:?}");
            ran.expect_success();
        }
        let servers = [(); 2].map(|()| Process::serve_with(&off, &url));
        for (number, server) in servers.iter().enumerate() {
            let person = server.person();
            for item in 0..5 {
                person.create_item(&format!("Item {number}-{item}")).await;
            }
        }
        for server in &servers {
            let log = server.log();
            assert!(!log.contains("prepared statement"), "{log}");
        }
    }
}
