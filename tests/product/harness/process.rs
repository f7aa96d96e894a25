//! The program itself, as a user runs it.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use super::client::Person;

/// What one SAVT among many needs: they cannot all have the usual port of the monitor, nor refuse the work of a test because
/// others keep the processors busy.
const ONE_AMONG_MANY: [(&str, &str); 2] = [("SAVT_MONITOR", "off"), ("SAVT_CPU_WAIT_MS", "60000")];

/// The program with these arguments and nothing else in its environment but [`ONE_AMONG_MANY`].
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_savt"));
    command.env_clear().args(arguments).stdin(Stdio::null());
    command.envs(ONE_AMONG_MANY);
    command
}

/// Runs a command to its end.
pub fn run(arguments: &[&str]) -> Ran {
    Ran::from(program(arguments).output().unwrap())
}

/// How a command ended and what it said.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// What it said, if all went well.
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }
}

/// How long it may take to listen, on a machine that has much else to do.
const LISTENING: Duration = Duration::from_secs(60);

/// A `savt serve`, killed when dropped.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Process {
    /// Starts one and waits until it listens.
    pub fn serve(url: &str) -> Process {
        Process::starting(url).listening()
    }

    /// The same at an address that others had before, or will have.
    pub fn serve_at(address: SocketAddr, url: &str) -> Process {
        Process::starting_at(&address.to_string(), url).listening()
    }

    /// The same, watched at another address.
    pub fn serve_monitored(url: &str, monitor: &str) -> Process {
        let listen = ["--listen", "127.0.0.1:0", "--monitor", monitor];
        Process::starting_with(&listen, url).listening()
    }

    /// The same with more options.
    pub fn serve_with(options: &[&str], url: &str) -> Process {
        let listen = ["--listen", "127.0.0.1:0"];
        Process::starting_with(&[&listen, options].concat(), url).listening()
    }

    /// Starts one without waiting.
    pub fn starting(url: &str) -> Starting {
        Process::starting_at("127.0.0.1:0", url)
    }

    fn starting_at(address: &str, url: &str) -> Starting {
        Process::starting_with(&["--listen", address], url)
    }

    /// One that is started with so few open files as a shell usually allows, or fewer.
    pub fn serve_with_files(files: u32, url: &str) -> Process {
        let savt = env!("CARGO_BIN_EXE_savt");
        let script = format!("ulimit -Sn {files}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.env_clear().envs(ONE_AMONG_MANY);
        command.args(["-c", &script, savt, "serve", "--database-url", url]);
        command.args(["--listen", "127.0.0.1:0"]);
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
        let (tell, told) = mpsc::channel();
        let written = log.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(address) = listens_at(&line) {
                    let _ = tell.send(address);
                }
                *written.lock().unwrap() += &format!("{line}\n");
            }
        });
        Starting { child, told, log }
    }

    pub fn person(&self) -> Person {
        Person::at(self.address)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Ends it without a word, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it to stop.
    pub fn terminate(&self) {
        let kill = format!("kill -TERM {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
    }

    /// How it ended, if it does within this time.
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
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One that may not listen yet.
pub struct Starting {
    child: Child,
    told: mpsc::Receiver<SocketAddr>,
    log: Arc<Mutex<String>>,
}

impl Starting {
    pub fn listening(self) -> Process {
        let Starting {
            mut child,
            told,
            log,
        } = self;
        match told.recv_timeout(LISTENING) {
            Ok(address) => Process {
                child,
                address,
                log,
            },
            Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                panic!("does not listen: {}", log.lock().unwrap());
            }
        }
    }
}

/// The address in the line of the log that names it.
fn listens_at(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("serving at http://")?;
    rest.split_once('/')?.0.parse().ok()
}
