//! The `savt` program as a child process.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use super::client::TestClient;

/// Settings for servers that run side by side: no monitor, whose default port is the same for all, and no load shedding
/// when other tests use the processors.
const TEST_ENVIRONMENT: [(&str, &str); 2] =
    [("SAVT_MONITOR", "off"), ("SAVT_CPU_WAIT_MS", "60000")];

/// The program with these arguments and only [`TEST_ENVIRONMENT`] as its environment.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_savt"));
    command.env_clear().args(arguments).stdin(Stdio::null());
    command.envs(TEST_ENVIRONMENT);
    command
}

/// Runs a command and waits until it exits.
pub fn run(arguments: &[&str]) -> CommandOutput {
    CommandOutput::from(program(arguments).output().unwrap())
}

/// The exit code and the output of a command.
#[derive(Debug)]
pub struct CommandOutput {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for CommandOutput {
    fn from(output: Output) -> CommandOutput {
        CommandOutput {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl CommandOutput {
    /// Asserts exit code 0 and returns the standard output.
    #[track_caller]
    pub fn expect_success(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }
}

/// The time limit for a server to start listening, on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// The time limit for an event to be logged.
const LOG_TIMEOUT: Duration = Duration::from_secs(20);

/// A `savt serve` process, killed when dropped.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Process {
    /// Starts a server and waits until it listens.
    pub fn serve(url: &str) -> Process {
        Process::starting(url).listening()
    }

    /// Like [`Process::serve`], at a given address.
    pub fn serve_at(address: SocketAddr, url: &str) -> Process {
        Process::starting_at(&address.to_string(), url).listening()
    }

    /// Like [`Process::serve`], with a monitor at a second address.
    pub fn serve_monitored(url: &str, monitor: &str) -> Process {
        let listen = ["--listen", "127.0.0.1:0", "--monitor", monitor];
        Process::starting_with(&listen, url).listening()
    }

    /// Like [`Process::serve`], with additional options.
    pub fn serve_with(options: &[&str], url: &str) -> Process {
        let listen = ["--listen", "127.0.0.1:0"];
        Process::starting_with(&[&listen, options].concat(), url).listening()
    }

    /// Starts a server without waiting until it listens.
    pub fn starting(url: &str) -> Starting {
        Process::starting_at("127.0.0.1:0", url)
    }

    /// Like [`Process::starting`], with a monitor.
    pub fn starting_monitored(url: &str) -> Starting {
        let listen = ["--listen", "127.0.0.1:0", "--monitor", "127.0.0.1:0"];
        Process::starting_with(&listen, url)
    }

    fn starting_at(address: &str, url: &str) -> Starting {
        Process::starting_with(&["--listen", address], url)
    }

    /// Starts a server with this soft limit on open files.
    pub fn serve_with_files(files: u32, url: &str) -> Process {
        Process::serve_limited(&format!("-Sn {files}"), &[], url)
    }

    /// Starts a server that cannot open more files than this.
    pub fn serve_with_at_most_files(files: u32, options: &[&str], url: &str) -> Process {
        Process::serve_limited(&format!("-n {files}"), options, url)
    }

    /// Starts a server with a limit of the shell.
    fn serve_limited(limit: &str, options: &[&str], url: &str) -> Process {
        let savt = env!("CARGO_BIN_EXE_savt");
        let script = format!("ulimit {limit}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.env_clear().envs(TEST_ENVIRONMENT);
        command.args(["-c", &script, savt, "serve", "--database-url", url]);
        command.args(["--listen", "127.0.0.1:0"]).args(options);
        command.stdin(Stdio::null());
        Process::started(command).listening()
    }

    fn starting_with(options: &[&str], url: &str) -> Starting {
        let serve = ["serve", "--database-url", url];
        Process::started(program(&[&serve, options].concat()))
    }

    fn started(mut command: Command) -> Starting {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let (sender, address) = mpsc::channel();
        let written = log.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(address) = listening_address(&line) {
                    let _ = sender.send(address);
                }
                *written.lock().unwrap() += &format!("{line}\n");
            }
        });
        Starting {
            child,
            address,
            log,
        }
    }

    pub fn person(&self) -> TestClient {
        TestClient::at(self.address)
    }

    /// The address of its monitor.
    pub fn monitor(&self) -> SocketAddr {
        let log = self.log();
        let mut lines = log.lines();
        lines
            .find_map(|line| address_after(line, "monitor listening at"))
            .unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Kills the process with SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Sends a signal, such as `INT`.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until the log has this text.
    pub async fn logged(&self, text: &str) {
        let until = Instant::now() + LOG_TIMEOUT;
        while !self.log().contains(text) {
            assert!(Instant::now() < until, "no {text:?} in {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for the exit status, at most this long.
    pub async fn ended_within(&mut self, time: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + time;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The process may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server process that may not listen yet.
pub struct Starting {
    child: Child,
    address: mpsc::Receiver<SocketAddr>,
    log: Arc<Mutex<String>>,
}

impl Starting {
    /// The process as it is, without the address that it has not logged.
    pub fn not_listening(self) -> Process {
        Process {
            child: self.child,
            address: SocketAddr::from(([0, 0, 0, 0], 0)),
            log: self.log,
        }
    }

    /// Waits until it answers health checks, while it waits for its database.
    pub fn waiting(self) -> Process {
        let until = Instant::now() + START_TIMEOUT;
        let address = loop {
            let log = self.log.lock().unwrap().clone();
            if let Some(address) = log
                .lines()
                .find_map(|line| address_after(line, "answering health checks at"))
            {
                break address;
            }
            assert!(Instant::now() < until, "the server does not answer: {log}");
            std::thread::sleep(Duration::from_millis(10));
        };
        Process {
            child: self.child,
            address,
            log: self.log,
        }
    }

    pub fn listening(self) -> Process {
        let Starting {
            mut child,
            address,
            log,
        } = self;
        match address.recv_timeout(START_TIMEOUT) {
            Ok(address) => Process {
                child,
                address,
                log,
            },
            Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                panic!(
                    "the server did not start listening: {}",
                    log.lock().unwrap()
                );
            }
        }
    }
}

/// The address in the log line that announces it.
fn listening_address(line: &str) -> Option<SocketAddr> {
    address_after(line, "serving at")
}

fn address_after(line: &str, text: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once(text)?.1.split_once("http://")?;
    rest.split_once('/')?.0.parse().ok()
}
