//! `savt serve`: the web server, its monitor and the database behind them.

use std::{process, time::Duration};

use tokio::sync::oneshot;

use super::{
    error::Error,
    schema::{migrate_to_latest, require_current},
    secret_file,
};
use crate::{
    board::Boards,
    cli::Serve,
    db::Database,
    http::{
        allowed_hosts::AllowedHosts,
        client_address::TrustedProxies,
        listener::{Deadlines, Listener},
        origin::OriginPolicy,
    },
    monitor::{self, MonitorGuard},
    open_files,
    signals::{self, ShutdownSignals},
    web::{self, App, SitePassword},
};

/// The number of open files to ask the operating system for. A connection that follows a board takes one, and some 34 KiB of memory.
const OPEN_FILES: u64 = 65_536;

/// Serves until a signal asks to end. The first one ends the start at once, or the server after its pending responses; another one
/// ends the process.
pub(super) async fn serve(options: Serve) -> Result<(), Error> {
    let mut signals = ShutdownSignals::new().map_err(Error::Signals)?;
    let (listener, app, _monitor) = tokio::select! {
        started = start(options) => started?,
        _ = signals.received() => {
            tracing::info!("ended before the start was complete");
            return Ok(());
        }
    };
    let (shut_down, shutdown) = oneshot::channel::<()>();
    let serving = web::serve(listener, app, async {
        let _ = shutdown.await;
    });
    let ended = async {
        signals.received().await;
        let _ = shut_down.send(());
        signals.received_again().await
    };
    tokio::select! {
        served = serving => served.map_err(Error::Listen),
        kind = ended => {
            tracing::warn!("ended by a second signal; pending responses are lost");
            process::exit(signals::exit_status(kind));
        }
    }
}

/// Listens, and opens the database.
async fn start(options: Serve) -> Result<(Listener, App, Option<MonitorGuard>), Error> {
    open_files::raise_nofile_limit(OPEN_FILES);
    let password = site_password(&options)?;
    // Listens before it opens the database, so that a wrong address creates no database file. Early connections wait in the backlog.
    let deadlines = Deadlines {
        write: options.write_timeout,
        ..Deadlines::default()
    };
    let listener = Listener::bind(&options.listen, deadlines)
        .await
        .map_err(Error::Listen)?;
    let monitor_listener = monitor::listen(options.monitor.as_ref())
        .await
        .map_err(Error::Monitor)?;
    if password.is_some() {
        warn_without_trusted_proxy(&options, &listener);
    }
    let database = Database::open(&options.database.settings()).await?;
    if options.no_migrate {
        require_current(&database).await?;
    } else {
        migrate_to_latest(&database).await?;
    }
    let boards = Boards::with_limits(
        database,
        options.terminology.languages(),
        options.cache_boards,
        options.limits.limits(),
    );
    boards.start_peer_sync();
    let origin_policy = OriginPolicy {
        public: options.address.public_url,
        proxies: TrustedProxies::new(options.rate_limits.trusted_proxy.clone()),
    };
    let allowed_hosts =
        AllowedHosts::new(origin_policy.public.as_ref(), options.address.allowed_host);
    if allowed_hosts.allows_any() && password.is_none() && !is_loopback(&listener) {
        tracing::warn!(
            "SAVT answers to any host name and has no password, so a website can use its visitors' browsers to reach it (DNS rebinding); name its hosts with --allowed-host or --public-url"
        );
    }
    let app = App::new(boards)
        .with_addresses(origin_policy, allowed_hosts)
        .with_rate_limits(options.rate_limits.rate_limiter())
        .with_identity(options.identity);
    let app = match password {
        Some(password) => app.with_site_password(password),
        None => app,
    };
    app.shed_excess(Duration::from_millis(options.cpu_wait_ms))
        .map_err(Error::Listen)?;
    let monitor = monitor_listener.map(|listener| monitor::start(listener, &app));
    Ok((listener, app, monitor))
}

/// Whether only this machine can reach the server.
fn is_loopback(listener: &Listener) -> bool {
    let mut addresses = listener.addresses();
    addresses.all(|address| address.ip().to_canonical().is_loopback())
}

/// The password that people need to log in, if there is one.
fn site_password(options: &Serve) -> Result<Option<SitePassword>, Error> {
    let password = match (&options.password, &options.password_file) {
        (Some(password), _) => password.clone(),
        (None, Some(file)) => secret_file::first_line(file)
            .and_then(|line| {
                line.parse()
                    .map_err(|why| format!("the password in the first line {why}"))
            })
            .map_err(|why| Error::PasswordFile {
                file: file.clone(),
                why,
            })?,
        (None, None) => return Ok(None),
    };
    let password =
        SitePassword::new(&password).map_err(|error| Error::Password(error.to_string()))?;
    Ok(Some(password.with_session_epoch(&options.session_epoch)))
}

/// Warns if wrong passwords cannot be limited per client: on loopback all clients are a proxy on this machine.
fn warn_without_trusted_proxy(options: &Serve, listener: &Listener) {
    let is_local = listener
        .addresses()
        .all(|address| address.ip().is_loopback());
    if is_local && options.rate_limits.trusted_proxy.is_empty() {
        tracing::warn!(
            "there is a password, and the server listens on loopback without --trusted-proxy: behind a proxy, all clients count as one, so wrong passwords are not limited per client and the log does not name their addresses"
        );
    }
}
