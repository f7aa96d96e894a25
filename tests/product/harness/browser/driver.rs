//! The program that drives Chromium: one for all tests, gone with its browsers when the test process is, however
//! that ends.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{ChildStdin, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use poem::http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::harness::{port::Port, postgres::in_path};

/// Runs chromedriver until standard input closes, which the end of the test process does even where no destructor
/// runs. The browsers hang on chromedriver by pipes and end with it; a folder cannot be removed before.
const WATCHDOG: &str = r#"
folder=$1; shift
"$@" >"$folder/log" 2>&1 &
driver=$!
cat >/dev/null
kill $driver
wait $driver
for try in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$folder" 2>/dev/null
    sleep 0.3
    [ -e "$folder" ] || break
done
"#;

/// A running chromedriver, on a port of its own.
pub(super) struct Driver {
    folder: PathBuf,
    port: Port,
    _alive: ChildStdin,
}

impl Driver {
    pub(super) fn shared() -> &'static Driver {
        static SHARED: OnceLock<Driver> = OnceLock::new();
        SHARED.get_or_init(Driver::start)
    }

    fn start() -> Driver {
        let program = |name: &str| {
            in_path(name).unwrap_or_else(|| {
                panic!(
                    "these tests look at the pages in a browser and found no {name}: \
                     install the Debian packages `chromium` and `chromium-driver`"
                )
            })
        };
        program("chromium");
        let folder = tempfile::Builder::new().prefix("savt-browser-").tempdir();
        let folder = folder.unwrap().keep();
        let mut watchdog = std::process::Command::new("sh");
        watchdog.args(["-c", WATCHDOG, "watchdog"]).arg(&folder);
        // Told to take any port, it gives up where the one it was given is another's in the other version of IP.
        let port = Port::reserve();
        watchdog.arg(program("chromedriver"));
        watchdog.arg(format!("--port={}", port.number()));
        // A group of its own: Ctrl-C at the terminal ends the tests, and only through them the watchdog.
        let mut watchdog = watchdog
            .process_group(0)
            // Whatever the browser leaves lying about goes with the folder.
            .env("TMPDIR", &folder)
            .env("HOME", &folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let alive = watchdog.stdin.take().unwrap();
        // It ends after the tests; waiting for it would be waiting for ourselves.
        drop(watchdog);
        wait_until_it_listens(&folder);
        Driver {
            folder,
            port,
            _alive: alive,
        }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.port.address())
    }

    /// What a new browser is to be like: without a window, with a profile of its own, and asking nobody but SAVT. It keeps
    /// these logs.
    pub(super) fn capabilities(&self, preferences: &Value, logs: Value) -> Capabilities {
        let profile = tempfile::Builder::new()
            .prefix("profile-")
            .tempdir_in(&self.folder);
        let profile = profile.unwrap().keep();
        let arguments = [
            "--headless",
            // For tests that run as root; the pages are our own.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--disable-sync",
            "--disable-background-networking",
            "--disable-component-update",
            // Of many windows each is at somebody's hand.
            "--disable-backgrounding-occluded-windows",
            // A mouse is at hand, whatever this machine has: it hovers (2) and is fine (4).
            "--blink-settings=availableHoverTypes=2,primaryHoverType=2,availablePointerTypes=4,primaryPointerType=4",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-extensions",
            "--disable-component-extensions-with-background-pages",
            "--disable-default-apps",
            "--lang=en-GB",
            "--remote-debugging-pipe",
            &format!("--user-data-dir={}", profile.display()),
        ];
        let capabilities = json!({
            "browserName": "chrome",
            // A script that looks at a whole page takes long where there is much else to do.
            "timeouts": { "script": 120_000 },
            "goog:chromeOptions": { "args": arguments, "prefs": preferences },
            "goog:loggingPrefs": logs,
        });
        match capabilities {
            Value::Object(map) => map,
            _ => unreachable!("an object was written above"),
        }
    }
}

/// It says so when it listens.
fn wait_until_it_listens(folder: &Path) {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        if log.contains("started successfully") {
            return;
        }
        assert!(Instant::now() < until, "chromedriver does not start: {log}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A command that chromedriver has beyond the standard.
#[derive(Debug)]
pub(super) struct Command {
    path: &'static str,
    body: Value,
}

impl Command {
    pub(super) fn new(path: &'static str, body: Value) -> Command {
        Command { path, body }
    }
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
