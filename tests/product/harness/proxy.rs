//! A reverse proxy as a child process, in front of a server under test.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{port::Port, tools::tool};

/// The time limit for a proxy to accept connections, on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A proxy of the tests' own, in the foreground and on loopback; killed when dropped.
pub struct Proxy {
    child: Child,
    port: Port,
    /// Its configuration and temporary files.
    _folder: TempDir,
}

impl Proxy {
    /// Starts nginx with these `server` blocks.
    pub fn nginx(configuration: impl FnOnce(SocketAddr) -> String) -> Proxy {
        Proxy::start("nginx", |folder, file, address| {
            // A single process: worker processes would survive when the main process is killed. The compiled paths need root.
            let folder = folder.display();
            let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map(|name| format!("{name}_temp_path {folder}/{name};"))
                .concat();
            let configuration = configuration(address);
            let text = format!(
                "daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}}\n\
                 http {{ access_log off; {paths}\n{configuration}}}"
            );
            fs::write(file, text).unwrap();
            let mut command = tool("nginx");
            command.args(["-e", "stderr", "-c"]).arg(file);
            command
        })
    }

    /// Starts Caddy with these sites.
    pub fn caddy(configuration: impl FnOnce(SocketAddr) -> String) -> Proxy {
        Proxy::start("caddy", |folder, file, address| {
            let ip = address.ip();
            // Otherwise it listens on all interfaces, redirects to TLS, and serves its own configuration on a fixed port.
            let text = format!(
                "{{\nadmin off\nauto_https off\ndefault_bind {ip}\n}}\n{}",
                configuration(address)
            );
            fs::write(file, text).unwrap();
            let mut command = tool("caddy");
            command.args(["run", "--adapter", "caddyfile", "--config"]);
            command.arg(file).envs([
                ("HOME", folder),
                ("XDG_DATA_HOME", folder),
                ("XDG_CONFIG_HOME", folder),
            ]);
            command
        })
    }

    /// Starts HAProxy with this configuration.
    pub fn haproxy(configuration: impl FnOnce(SocketAddr) -> String) -> Proxy {
        Proxy::start("haproxy", |_, file, address| {
            fs::write(file, configuration(address)).unwrap();
            // In the foreground, for 100 connections: by default it reserves memory for as many as there may be open files.
            let mut command = tool("haproxy");
            command.args(["-db", "-n", "100", "-f"]).arg(file);
            command
        })
    }

    /// Runs the command made from a folder, a file for the configuration and the address to listen at, and waits until something
    /// listens there.
    fn start(name: &str, command: impl FnOnce(&Path, &Path, SocketAddr) -> Command) -> Proxy {
        let folder = tempfile::tempdir().unwrap();
        let port = Port::reserve();
        let log = folder.path().join("log");
        let output = fs::File::create(&log).unwrap();
        let mut command = command(
            folder.path(),
            &folder.path().join("configuration"),
            port.address(),
        );
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output);
        let mut proxy = Proxy {
            child: command.spawn().unwrap(),
            port,
            _folder: folder,
        };
        let started_at = Instant::now();
        while TcpStream::connect(proxy.address()).is_err() {
            let exited = proxy.child.try_wait().unwrap();
            assert!(
                exited.is_none() && started_at.elapsed() < START_TIMEOUT,
                "{name} does not listen: {exited:?} {}",
                fs::read_to_string(&log).unwrap()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        proxy
    }

    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The process may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
