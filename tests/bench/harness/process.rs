//! A server process: SAVT, or the bare server.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use super::{bare_server, machine, webhook_receiver};

/// Killed when dropped.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    log: Arc<Mutex<String>>,
    log_reader: Option<JoinHandle<()>>,
}

impl Process {
    /// `savt serve` on a database.
    pub fn savt(url: &str) -> Process {
        Process::start(serve(savt(), url))
    }

    /// `savt serve` with the default limits on the size of a board.
    pub fn savt_with_default_limits(url: &str) -> Process {
        Process::start(serve(savt_with_default_limits(), url))
    }

    /// The bare server, which sends messages of this length.
    pub fn bare(bytes: usize) -> Process {
        Process::bare_with(bytes.to_string().as_ref())
    }

    /// The bare server, which serves the page in this file.
    pub fn bare_page(page: &Path) -> Process {
        Process::bare_with(page.as_os_str())
    }

    /// A receiver of webhooks.
    pub fn webhook_receiver() -> Process {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(webhook_receiver::COMMAND);
        Process::start(command)
    }

    fn bare_with(argument: &OsStr) -> Process {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(bare_server::COMMAND).arg(argument);
        Process::start(command)
    }

    fn start(mut command: Command) -> Process {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let shared_log = log.clone();
        let (sender, receiver) = mpsc::channel();
        let log_reader = thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(address) = listen_address(&line) {
                    let _ = sender.send(address);
                }
                *shared_log.lock().unwrap() += &format!("{line}\n");
            }
        });
        let Ok(address) = receiver.recv_timeout(Duration::from_secs(20)) else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the server does not listen: {}", log.lock().unwrap());
        };
        Process {
            child,
            address,
            log,
            log_reader: Some(log_reader),
        }
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> f64 {
        machine::resident_kib(self.child.id())
    }

    /// Makes the present memory the peak.
    pub fn reset_peak(&self) {
        machine::reset_peak(self.child.id());
    }

    /// The peak of the resident memory in KiB.
    pub fn peak_kib(&self) -> f64 {
        machine::peak_kib(self.child.id())
    }

    /// CPU time so far, in milliseconds.
    pub fn cpu_ms(&self) -> f64 {
        machine::cpu_ms(self.child.id())
    }

    /// Stops the process with SIGTERM, waits for its exit, and returns its log.
    pub fn stop(mut self) -> String {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        self.child.wait().unwrap();
        self.log_reader.take().unwrap().join().unwrap();
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The process may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A board created by `savt seed`, by its number of items. Each item has 5 features, and 8 people vetoed every tenth of
/// them.
#[derive(Clone, Copy)]
pub struct BoardSize(pub u32);

pub const SMALL: BoardSize = BoardSize(10);
pub const LARGE: BoardSize = BoardSize(1_000);

impl BoardSize {
    pub fn features(self) -> usize {
        self.0 as usize * 5
    }

    /// Creates the board in a database.
    pub fn seed(self, url: &str) {
        self.seed_with_features(5, url);
    }

    /// The same with another number of features for each item.
    pub fn seed_with_features(self, features: u32, url: &str) {
        let items = self.0.to_string();
        let seed = [
            "seed",
            "--features",
            &features.to_string(),
            "--items",
            &items,
            "--database-url",
            url,
        ];
        run(&seed);
    }
}

/// Creates the demo board in a database.
pub fn seed_demo(url: &str) {
    run(&["seed", "--database-url", url]);
}

fn run(command: &[&str]) {
    let output = savt().args(command).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} failed: {stderr}", command[0]);
}

/// The path of the program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_savt");

/// The program with an empty environment.
fn savt() -> Command {
    let mut command = savt_with_default_limits();
    // Benchmarks measure large boards too.
    for limit in ["ITEMS", "FEATURES", "PARTICIPANTS"] {
        command.env(format!("SAVT_MAX_{limit}"), "1000000");
    }
    command
}

fn savt_with_default_limits() -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear();
    command
}

/// The command that serves a database.
fn serve(mut savt: Command, url: &str) -> Command {
    savt.args(["serve", "--listen", "127.0.0.1:0", "--database-url", url]);
    savt.args(["--monitor", "127.0.0.1:0"]);
    savt
}

/// The address in the log line that announces it.
fn listen_address(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("serving at http://")?;
    rest.split_once('/')?.0.parse().ok()
}
