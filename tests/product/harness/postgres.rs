//! A temporary PostgreSQL cluster for the tests, with its own folder and socket. It is removed when the test process
//! ends, even by a crash. Tests never use an installed server.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tokio_postgres::{Client, NoTls};

use super::port::Port;

/// Runs PostgreSQL and executes the commands on its standard input. When that closes, which happens at the end of the
/// test process even if no destructor runs, it stops PostgreSQL immediately and removes the folder.
const WATCHDOG: &str = r#"
folder=$1; shift
start() {
    "$@" >>"$folder/log" 2>&1 &
    server=$!
}
stop() {
    kill -QUIT $server
    wait $server
}
# Kills the main process. The others notice and exit; a restart has to wait for them.
crash() {
    kill -KILL $server
    wait $server
    while ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -qF " $folder/data"; do sleep 0.01; done
    rm -f "$folder/data/postmaster.pid"
}
# Signals all processes, also those that serve connections.
signal() {
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/cwd" 2>/dev/null)" = "$folder/data" ] && kill "-$1" "${process#/proc/}"
    done
    : >"$folder/signalled"
}
start "$@"
while read -r command; do
    case $command in
        stop) stop ;;
        crash) crash ;;
        start) start "$@" ;;
        hang) signal STOP ;;
        wake) signal CONT ;;
    esac
done
stop
rm -rf "$folder"
"#;

/// Options of a cluster.
#[derive(Default)]
pub struct Options {
    /// Sync commits to disk. Off by default: most tests do not crash the cluster.
    pub durable: bool,
    /// Also listen on 127.0.0.1, with this certificate and key (PEM).
    pub tls: Option<(String, String)>,
}

/// A running PostgreSQL whose superuser is `savt`, without a password.
pub struct Cluster {
    folder: PathBuf,
    /// The TCP port; without TLS there is only the socket.
    reserved: Option<Port>,
    watchdog: ChildStdin,
}

impl Cluster {
    /// The cluster that all tests of this process share.
    pub fn shared() -> &'static Cluster {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Cluster::start(&Options::default()))
    }

    pub fn start(options: &Options) -> Cluster {
        let programs = programs();
        let owner = Owner::find();
        let folder = tempfile::Builder::new()
            .prefix("savt-postgres-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir()
            .unwrap()
            .keep();
        owner.chown(&folder);
        let data = folder.join("data");
        let mut initdb = owner.command(&programs.join("initdb"));
        initdb.args([
            "--username=savt",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
        ]);
        initdb
            .args(["--no-sync", "--no-instructions", "--pgdata"])
            .arg(&data);
        let output = initdb.current_dir("/").output().unwrap();
        assert!(
            output.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&output.stderr)
        );

        let reserved = options.tls.as_ref().map(|_| Port::reserve());
        let port = port_of(reserved.as_ref());
        let mut server = owner.command(&programs.join("postgres"));
        server
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&folder)
            .args(["-p", &port.to_string()]);
        let mut set = |setting: String| {
            server.args(["-c", &setting]);
        };
        set("max_connections=300".to_owned());
        if !options.durable {
            for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
                set(format!("{setting}=off"));
            }
        }
        if let Some((certificate, key)) = &options.tls {
            for (name, text) in [("server.crt", certificate), ("server.key", key)] {
                let file = data.join(name);
                fs::write(&file, text).unwrap();
                fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
                owner.chown(&file);
            }
            set("ssl=on".to_owned());
            set("listen_addresses=127.0.0.1".to_owned());
        } else {
            set("listen_addresses=".to_owned());
        }
        let mut watchdog = Command::new("sh");
        watchdog.args(["-c", WATCHDOG, "watchdog"]).arg(&folder);
        watchdog.arg(server.get_program()).args(server.get_args());
        // A separate process group, so that Ctrl-C reaches only the tests. The watchdog stops when they do.
        watchdog
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::piped());
        let mut watchdog = watchdog
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let cluster = Cluster {
            folder,
            reserved,
            watchdog: watchdog.stdin.take().unwrap(),
        };
        // The watchdog outlives the tests, so waiting for it would deadlock.
        drop(watchdog);
        cluster.wait_until_ready();
        cluster
    }

    /// Makes the server's user the owner of a folder.
    #[allow(dead_code, reason = "only the torture does that")]
    pub fn own(&self, folder: &Path) {
        Owner::find().chown(folder);
    }

    /// Stops it immediately, without a checkpoint, until [`Cluster::start_again`].
    pub fn stop(&mut self) {
        self.stop_with("stop");
    }

    /// Kills it with SIGKILL, until [`Cluster::start_again`].
    #[allow(dead_code, reason = "only the torture does that")]
    pub fn crash(&mut self) {
        self.stop_with("crash");
    }

    fn stop_with(&mut self, command: &str) {
        writeln!(self.watchdog, "{command}").unwrap();
        while self.state_file().exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Suspends all its processes, with connections left open, until [`Cluster::wake`].
    #[allow(dead_code, reason = "the torture does not")]
    pub fn hang(&mut self) {
        self.signal("hang");
    }

    #[allow(dead_code, reason = "the torture does not")]
    pub fn wake(&mut self) {
        self.signal("wake");
    }

    fn signal(&mut self, command: &str) {
        let signalled = self.folder.join("signalled");
        let _ = fs::remove_file(&signalled);
        writeln!(self.watchdog, "{command}").unwrap();
        while !signalled.exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn start_again(&mut self) {
        writeln!(self.watchdog, "start").unwrap();
        self.wait_until_ready();
    }

    fn state_file(&self) -> PathBuf {
        self.folder.join("data/postmaster.pid")
    }

    fn wait_until_ready(&self) {
        // The server writes the last line, "ready", when it accepts connections.
        let file = self.state_file();
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let state = fs::read_to_string(&file).unwrap_or_default();
            if state
                .lines()
                .nth(7)
                .is_some_and(|line| line.trim() == "ready")
            {
                return;
            }
            assert!(
                Instant::now() < until,
                "PostgreSQL did not start: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn log(&self) -> String {
        let mut log = String::new();
        if let Ok(mut file) = fs::File::open(self.folder.join("log")) {
            let _ = file.read_to_string(&mut log);
        }
        log
    }

    /// The URL of a database of this cluster, by its socket.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres:///{database}?host={}&port={}&user=savt",
            self.folder.display(),
            self.port()
        )
    }

    /// Its socket.
    #[allow(dead_code, reason = "the torture does not")]
    pub fn socket(&self) -> PathBuf {
        self.folder.join(format!(".s.PGSQL.{}", self.port()))
    }

    /// The TCP port, or the port in the name of its socket.
    pub fn port(&self) -> u16 {
        port_of(self.reserved.as_ref())
    }

    /// Opens a connection of the test, independent of SAVT.
    pub async fn connect(&self, database: &str) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.url(database), NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client
    }

    /// Runs statements as superuser.
    pub async fn run(&self, database: &str, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.connect(database).await.batch_execute(sql).await
    }
}

/// The user that runs PostgreSQL: it refuses to run as root, so tests run by root use an unprivileged user.
struct Owner(Option<(String, u32, u32)>);

impl Owner {
    fn find() -> Owner {
        if fs::metadata("/proc/self").unwrap().uid() != 0 {
            return Owner(None);
        }
        let users = fs::read_to_string("/etc/passwd").unwrap();
        let find = |expected: &str| {
            users.lines().find_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next().filter(|name| *name == expected)?;
                let user = fields.nth(1)?.parse().ok()?;
                let group = fields.next()?.parse().ok()?;
                Some((name.to_owned(), user, group))
            })
        };
        let someone = find("postgres").or_else(|| find("nobody"));
        Owner(Some(someone.expect(
            "as root the tests need a user named postgres or nobody",
        )))
    }

    fn chown(&self, path: &Path) {
        if let Some((_, user, group)) = self.0 {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }

    fn command(&self, program: &Path) -> Command {
        let Some((name, user, group)) = &self.0 else {
            return Command::new(program);
        };
        let mut command;
        if let Some(setpriv) = in_path("setpriv") {
            command = Command::new(setpriv);
            command.args([format!("--reuid={user}"), format!("--regid={group}")]);
            command.arg("--clear-groups");
        } else {
            command = Command::new("runuser");
            command.args(["-u", name, "--"]);
        }
        command.arg(program);
        command
    }
}

/// The folder of PostgreSQL's programs: that of `initdb` in the path, otherwise the newest Debian version.
pub fn programs() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut debian: Vec<PathBuf> = debian
        .map(|version| version.path().join("bin/initdb"))
        .collect();
    debian.retain(|initdb| initdb.is_file());
    debian.sort_by_key(|initdb| {
        let version = initdb
            .iter()
            .nth_back(2)
            .and_then(|version| version.to_str());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    let initdb = in_path("initdb").or_else(|| debian.pop());
    // Resolve links: the other programs may not be linked in the path.
    initdb.and_then(|initdb| Some(fs::canonicalize(initdb).ok()?.parent()?.to_owned())).expect(
        "these tests start their own PostgreSQL and found no initdb: install the Debian package `postgresql`",
    )
}

pub(super) fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn port_of(reserved: Option<&Port>) -> u16 {
    reserved.map_or(5432, Port::number)
}
