//! The chromedriver process: one for all tests. It stops with its browsers when the test process ends, even by a crash.

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

/// Runs chromedriver until standard input closes, which happens at the end of the test process even if no destructor
/// runs. The browsers are connected to chromedriver by pipes and stop with it; only then can the folder be removed.
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

/// A running chromedriver on a reserved port.
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
                    "the browser tests need {name}, which was not found: \
                     install the Debian packages `chromium` and `chromium-driver`"
                )
            })
        };
        program("chromium");
        let folder = tempfile::Builder::new().prefix("savt-browser-").tempdir();
        let folder = folder.unwrap().keep();
        let mut watchdog = std::process::Command::new("sh");
        watchdog.args(["-c", WATCHDOG, "watchdog"]).arg(&folder);
        // With `--port=0` chromedriver fails if the port it gets on IPv4 is in use on IPv6, or the reverse.
        let port = Port::reserve();
        watchdog.arg(program("chromedriver"));
        watchdog.arg(format!("--port={}", port.number()));
        // A separate process group, so that Ctrl-C reaches only the tests. The watchdog stops when they do.
        let mut watchdog = watchdog
            .process_group(0)
            // Temporary files of the browser are removed with the folder.
            .env("TMPDIR", &folder)
            .env("HOME", &folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let alive = watchdog.stdin.take().unwrap();
        // The watchdog outlives the tests, so waiting for it would deadlock.
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

    /// The capabilities of a new browser: headless, with a fresh profile, no background requests, and these logs
    /// enabled.
    pub(super) fn capabilities(&self, preferences: &Value, logs: Value) -> Capabilities {
        let profile = tempfile::Builder::new()
            .prefix("profile-")
            .tempdir_in(&self.folder);
        let profile = profile.unwrap().keep();
        let arguments = [
            "--headless",
            // Needed to run as root. The browser opens only pages of SAVT.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--disable-sync",
            "--disable-background-networking",
            "--disable-component-update",
            // Every window of [`super::BrowserWindows`] counts as visible.
            "--disable-backgrounding-occluded-windows",
            // Simulates a mouse on every machine: it can hover (2) and is a fine pointer (4).
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
            // A script that checks a whole page can take long on a busy machine.
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

/// Waits for the line that chromedriver logs once it listens.
fn wait_until_it_listens(folder: &Path) {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        if log.contains("started successfully") {
            return;
        }
        assert!(Instant::now() < until, "chromedriver did not start: {log}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A command of chromedriver that is not part of the WebDriver standard.
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
