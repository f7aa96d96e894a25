//! A server as a process of its own: the built program, or the bare server beside it.

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

use super::{bare, machine};

/// Killed when dropped.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    log: Arc<Mutex<String>>,
    logging: Option<JoinHandle<()>>,
}

impl Process {
    /// `savt serve` on a database.
    pub fn savt(url: &str) -> Process {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--database-url", url];
        let monitored = ["--monitor", "127.0.0.1:0"];
        Process::start(savt().args(serve).args(monitored))
    }

    /// A server that does nothing but hand on messages of so many bytes.
    pub fn bare(bytes: usize) -> Process {
        Process::bare_with(bytes.to_string().as_ref())
    }

    /// A server that does nothing but hand out the page in this file.
    pub fn bare_page(page: &Path) -> Process {
        Process::bare_with(page.as_os_str())
    }

    fn bare_with(what: &OsStr) -> Process {
        let mut command = Command::new(std::env::current_exe().unwrap());
        Process::start(command.arg(bare::COMMAND).arg(what))
    }

    fn start(command: &mut Command) -> Process {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let written = log.clone();
        let (tell, told) = mpsc::channel();
        let logging = thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(address) = listens_at(&line) {
                    let _ = tell.send(address);
                }
                *written.lock().unwrap() += &format!("{line}\n");
            }
        });
        let Ok(address) = told.recv_timeout(Duration::from_secs(20)) else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("does not listen: {}", log.lock().unwrap());
        };
        Process {
            child,
            address,
            log,
            logging: Some(logging),
        }
    }

    /// What it holds in memory, in KiB.
    pub fn resident(&self) -> f64 {
        machine::resident(self.child.id())
    }

    /// What it has used of the processors so far, in milliseconds.
    pub fn busy(&self) -> f64 {
        machine::busy(self.child.id())
    }

    /// Tells it to stop and waits until it has; gives its log.
    pub fn end(mut self) -> String {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        self.child.wait().unwrap();
        self.logging.take().unwrap().join().unwrap();
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A board as `savt seed` makes it, by its items; each has 5 features, and 8 people vetoed every tenth of them.
#[derive(Clone, Copy)]
pub struct Board(pub u32);

pub const SMALL: Board = Board(10);
pub const LARGE: Board = Board(1_000);

impl Board {
    pub fn features(self) -> usize {
        self.0 as usize * 5
    }

    /// Fills a database with it.
    pub fn seed(self, url: &str) {
        let items = self.0.to_string();
        let seed = [
            "seed",
            "--features",
            "5",
            "--items",
            &items,
            "--database-url",
            url,
        ];
        run(&seed);
    }
}

/// Fills a database with the demo.
pub fn seed_demo(url: &str) {
    run(&["seed", "--database-url", url]);
}

fn run(command: &[&str]) {
    let ran = savt().args(command).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "cannot {}: {said}", command[0]);
}

/// Where the program is.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_savt");

/// The program with nothing in its environment.
fn savt() -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear();
    command
}

/// The address in the line of the log that names it.
fn listens_at(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("serving at http://")?;
    rest.split_once('/')?.0.parse().ok()
}
