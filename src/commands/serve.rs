//! `savt serve`: the web server, its monitor and the database behind them.

use std::{net::SocketAddr, process, sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::sync::oneshot;

use super::{
    database,
    error::Error,
    schema::{migrate_to_latest, require_current},
    secret_file, webhook_endpoints,
};
use crate::{
    board::{Boards, CacheSize},
    cli::Serve,
    db::{self, Database, Settings},
    http::{
        allowed_hosts::AllowedHosts,
        allowed_origins::AllowedOrigins,
        client_address::TrustedProxies,
        listener::{Deadlines, Listener},
        origin::OriginPolicy,
    },
    monitor::{self, Monitor},
    open_files,
    server::Server,
    signals::{self, ShutdownSignals},
    web::{App, SitePassword},
    webhook::{self, Webhooks},
};

/// The number of open files to ask the operating system for. A connection that follows a board takes one, and some 34 KiB of memory.
const OPEN_FILES: u64 = 65_536;

/// Serves until a signal asks to end. The first one ends the start at once, or the server after its pending responses; another one
/// ends the process.
pub(super) async fn serve(options: Serve) -> Result<(), Error> {
    let mut signals = ShutdownSignals::new().map_err(Error::Signals)?;
    let (server, app, _monitor, webhooks) = tokio::select! {
        started = start(options) => started?,
        _ = signals.received() => {
            tracing::info!("ended before the start was complete");
            return Ok(());
        }
    };
    let (shut_down, shutdown) = oneshot::channel::<()>();
    let serving = server.serve(app, async {
        let _ = shutdown.await;
    });
    let ended = async {
        signals.received().await;
        let _ = shut_down.send(());
        signals.received_again().await
    };
    let result = tokio::select! {
        served = serving => served.map_err(Error::Listen),
        kind = ended => {
            tracing::warn!("ended by a second signal; pending responses are lost");
            process::exit(signals::exit_status(kind));
        }
    };
    webhooks.stop().await;
    result
}

/// Listens, and opens the database.
async fn start(options: Serve) -> Result<(Server, App, Option<Monitor>, Webhooks), Error> {
    let database_connections = options.database.db_connections;
    let files = options.connections.files(database_connections);
    let files = open_files::raise_nofile_limit(files.unwrap_or_default().max(OPEN_FILES));
    if options.cache_boards.is_some() {
        tracing::warn!(
            "--cache-boards (SAVT_CACHE_BOARDS) is ignored; use --cache-mib (SAVT_CACHE_MIB), the memory for boards in MiB"
        );
    }
    let password = site_password(&options)?;
    let settings = database::settings(&options.database)?;
    let endpoints = webhook_endpoints::endpoints(&options.webhooks)?;
    let webhook_client = webhook_endpoints::client(&options.webhooks)?;
    let languages = options.terminology.languages();
    // Listens before it opens the database, so that a wrong address creates no database file. Early connections wait in the backlog.
    let deadlines = Deadlines {
        write: options.write_timeout,
        ..Deadlines::default()
    };
    let listener = Listener::bind(&options.listen, deadlines)
        .await
        .map_err(Error::Listen)?;
    let connection_limits = options.connections.limits(
        files,
        database_connections,
        &options.rate_limits.trusted_proxy,
    );
    let connection_limits = Arc::new(connection_limits);
    let listener = listener.with_limits(connection_limits.clone());
    let monitor_listener = monitor::listen(options.monitor.as_ref())
        .await
        .map_err(Error::Monitor)?;
    if password.is_some() {
        warn_without_trusted_proxy(&options, &listener);
    }
    let addresses: Vec<SocketAddr> = listener.addresses().collect();
    let api_origins = AllowedOrigins::new(&options.address.api_origin);
    let mut server = Server::new(listener, languages.clone(), api_origins.clone());
    let origin_policy = OriginPolicy {
        public: options.address.public_url.clone(),
        proxies: TrustedProxies::new(options.rate_limits.trusted_proxy.clone()),
    };
    let webhook_settings = webhook::Settings {
        client: webhook_client,
        public_url: options.address.public_url.clone(),
        language: options.webhooks.webhook_language,
        timing: webhook::Timing::default(),
    };
    let named_hosts = options.address.allowed_host.clone();
    let allowed_hosts = AllowedHosts::new(origin_policy.public.as_ref(), named_hosts);
    let mut monitor =
        monitor_listener.map(|listener| Monitor::new(listener, allowed_hosts.clone()));
    let database = match prepare(&settings, &options, Duration::ZERO).await {
        // Answers health checks meanwhile, and says what it waits for.
        Err(Error::Database(db::Error::NotReady(_)))
            if !options.database.db_start_wait.is_zero() =>
        {
            if let Some(monitor) = &mut monitor {
                monitor.serve_while_starting();
            }
            tokio::select! {
                database = prepare(&settings, &options, options.database.db_start_wait) => database?,
                error = server.answer_while_starting() => return Err(Error::Listen(error)),
            }
        }
        prepared => prepared?,
    };
    let boards = Boards::with_limits(
        database,
        languages,
        CacheSize::mib(options.cache_mib),
        options.limits.limits(),
    );
    boards.start_peer_sync();
    let expiry = options
        .expire_boards
        .map(|idle| TimeDelta::from_std(idle).unwrap_or(TimeDelta::MAX));
    if let Some(idle) = expiry {
        boards.start_expiry(idle);
    }
    if is_open_to_rebinding(&allowed_hosts, password.is_some(), addresses.into_iter()) {
        tracing::warn!(
            "SAVT answers to any host name and has no password, so a website can use its visitors' browsers to reach it (DNS rebinding); name its hosts with --allowed-host or --public-url"
        );
    }
    let app = App::new(boards)
        .with_addresses(origin_policy, allowed_hosts)
        .with_api_origins(api_origins)
        .with_connection_limits(connection_limits)
        .with_rate_limits(options.rate_limits.rate_limiter())
        .with_identity(options.identity)
        .with_board_expiry(expiry);
    let app = match password {
        Some(password) => app.with_site_password(password),
        None => app,
    };
    app.shed_excess(Duration::from_millis(options.cpu_wait_ms))
        .map_err(Error::Listen)?;
    let webhooks = Webhooks::start(app.boards(), endpoints, &webhook_settings).await?;
    if let Some(monitor) = &mut monitor {
        monitor.serve(&app, Some(webhooks.clone()));
    }
    Ok((server, app, monitor, webhooks))
}

/// Opens the database and brings its schema to the version of this program. Waits up to `limit` for a server that is not ready.
async fn prepare(settings: &Settings, options: &Serve, limit: Duration) -> Result<Database, Error> {
    let database = database::when_ready(limit, || Database::open(settings)).await?;
    if options.no_migrate {
        require_current(&database).await?;
    } else {
        migrate_to_latest(&database).await?;
    }
    Ok(database)
}

/// Whether a website can use its visitors' browsers to reach a server that the website itself cannot reach. On loopback only
/// browsers on this machine can be used; a password also keeps them out.
fn is_open_to_rebinding(
    allowed: &AllowedHosts,
    has_password: bool,
    mut addresses: impl Iterator<Item = SocketAddr>,
) -> bool {
    let is_remote = |address: SocketAddr| !address.ip().to_canonical().is_loopback();
    allowed.allows_any() && !has_password && addresses.any(is_remote)
}

/// The password that people need to log in, if there is one.
fn site_password(options: &Serve) -> Result<Option<SitePassword>, Error> {
    let password = match (&options.password, &options.password_file) {
        (Some(password), _) => password.expose().parse().map_err(Error::InvalidPassword)?,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_the_network_without_names_and_password_is_open_to_rebinding() {
        let any = AllowedHosts::default();
        let named = AllowedHosts::new(None, vec!["savt.example".parse().unwrap()]);
        let public = AllowedHosts::new("https://savt.example/".parse().ok().as_ref(), Vec::new());
        let is_open = |allowed: &AllowedHosts, has_password, addresses: &[&str]| {
            let addresses = addresses.iter().map(|address| address.parse().unwrap());
            is_open_to_rebinding(allowed, has_password, addresses)
        };
        for addresses in [
            &["0.0.0.0:8000"][..],
            &["[::]:8000"],
            &["192.168.1.7:8000"],
            &["127.0.0.1:8000", "192.168.1.7:8000"],
        ] {
            assert!(is_open(&any, false, addresses), "{addresses:?}");
            assert!(!is_open(&any, true, addresses), "{addresses:?}");
            assert!(!is_open(&named, false, addresses), "{addresses:?}");
            assert!(!is_open(&public, false, addresses), "{addresses:?}");
        }
        for addresses in [
            &["127.0.0.1:8000"][..],
            &["127.0.0.1:8000", "[::1]:8000"],
            &["[::ffff:127.0.0.1]:8000"],
        ] {
            assert!(!is_open(&any, false, addresses), "{addresses:?}");
        }
    }
}
