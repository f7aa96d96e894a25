//! Command lines and environments, and the options that follow from them.

use clap::{CommandFactory, FromArgMatches};

use super::*;
use crate::cli::{Cli, CliCommand, Load, Serve};

fn parse(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Cli, clap::Error> {
    let arguments = ["savt"].iter().chain(arguments).map(OsString::from);
    let variables = variables
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let matches = read(&Cli::command(), arguments, variables)?;
    Cli::from_arg_matches(&matches)
}

#[track_caller]
fn serve(arguments: &[&str], variables: &[(&str, &str)]) -> Serve {
    let arguments = [&["serve"], arguments].concat();
    match parse(&arguments, variables).unwrap().command {
        CliCommand::Serve(serve) => *serve,
        _ => unreachable!(),
    }
}

#[track_caller]
fn load(arguments: &[&str], variables: &[(&str, &str)]) -> Load {
    let arguments = [&["load"], arguments].concat();
    match parse(&arguments, variables).unwrap().command {
        CliCommand::Load(load) => load,
        _ => unreachable!(),
    }
}

#[track_caller]
fn error(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    parse(arguments, variables).unwrap_err().to_string()
}

#[test]
fn an_unknown_variable_stops_every_command_and_names_the_nearest_one() {
    for command in Cli::command().get_subcommands() {
        let mut arguments = vec![command.get_name()];
        arguments.extend(command.get_positionals().map(|_| "http://x"));
        let error = error(&arguments, &[("SAVT_PASWORD", "geheim")]);
        assert_eq!(
            error,
            "error: environment variable SAVT_PASWORD (did you mean SAVT_PASSWORD?) is not known to savt\n"
        );
    }
    for (unknown, nearest) in [
        ("SAVT_LISTENS", "SAVT_LISTEN"),
        ("savt_listen", "SAVT_LISTEN"),
        ("SAVT_PASSWORDFILE", "SAVT_PASSWORD_FILE"),
        ("SAVT_DATABASE_URL", "DATABASE_URL"),
        ("SAVT_TRUSTED_PROXIES", "SAVT_TRUSTED_PROXY"),
    ] {
        let error = error(&["serve"], &[(unknown, "x")]);
        assert!(
            error.contains(&format!("{unknown} (did you mean {nearest}?)")),
            "{error}"
        );
    }
    let two = error(&["serve"], &[("SAVT_A", "x"), ("SAVT_B\n", "x")]);
    assert!(
        two.lines().count() == 1 && two.contains("SAVT_B\\n"),
        "{two}"
    );
}

#[test]
fn variables_of_others_are_no_mistakes() {
    for (name, value) in [
        ("SAVT_COMMIT", "abc"),
        ("SAVTY", "x"),
        ("SAVT", "x"),
        ("PATH", "/bin"),
        ("SAVT_PASWORD", ""),
        ("SAVT_SERVICE_HOST", "10.0.0.1"),
        ("SAVT_SERVICE_PORT", "8000"),
        ("SAVT_SERVICE_PORT_HTTP", "8000"),
        ("SAVT_SERVICE_PORT_WEB_2", "8000"),
        ("SAVT_PORT", "tcp://10.0.0.1:8000"),
        ("SAVT_PORT_8000_TCP", "tcp://10.0.0.1:8000"),
        ("SAVT_PORT_8000_TCP_PROTO", "tcp"),
        ("SAVT_PORT_8000_TCP_PORT", "8000"),
        ("SAVT_PORT_8000_TCP_ADDR", "10.0.0.1"),
        ("SAVT_PORT_53_UDP", "udp://10.0.0.1:53"),
        ("SAVT_PORT_9_SCTP_ADDR", "10.0.0.1"),
        ("SAVT_MONITOR_SERVICE_HOST", "10.0.0.1"),
        ("SAVT_MONITOR_PORT", "tcp://10.0.0.1:9090"),
        ("SAVT_MY_PORT_PORT_9090_TCP_ADDR", "10.0.0.1"),
    ] {
        assert!(parse(&["serve"], &[(name, value)]).is_ok(), "{name}");
    }
    for (name, value) in [
        ("SAVT_PORT", "8000"),
        ("SAVT_MONITOR_PORT", "9090"),
        ("SAVT_PORT_8000", "x"),
        ("SAVT_PORT_8000_TCP_HOST", "x"),
        ("SAVT_SERVICE_PORTS", "8000"),
        ("SAVT_SERVICE", "x"),
    ] {
        assert!(parse(&["serve"], &[(name, value)]).is_err(), "{name}");
    }
}

#[test]
fn help_is_shown_in_any_environment_and_names_the_variables() {
    let variables = [("SAVT_PASWORD", "x"), ("SAVT_NO_MIGRATE", "maybe")];
    for arguments in [&["--help"][..], &["serve", "--help"], &["--version"]] {
        assert!(!parse(arguments, &variables[..1]).unwrap_err().use_stderr());
    }
    let help = error(&["serve", "--help"], &[("SAVT_LISTEN", "")]);
    assert!(help.contains("SAVT_LISTEN") && help.contains("SAVT_NO_MIGRATE"));
}

#[test]
fn every_option_takes_an_empty_variable_for_unset() {
    let names = names(&Cli::command());
    assert!(names.contains("SAVT_LISTEN") && names.contains("DATABASE_URL"));
    for command in ["serve", "seed", "load", "healthcheck", "migrate"] {
        for value in ["", " \n", "\u{feff}"] {
            let variables: Vec<_> = names.iter().map(|name| (name.as_str(), value)).collect();
            let with = parse(&[command], &variables).unwrap();
            let without = parse(&[command], &[]).unwrap();
            assert_eq!(format!("{with:?}"), format!("{without:?}"));
        }
    }
}

#[test]
fn values_are_trimmed_wherever_they_come_from() {
    for blank in ["\n", "\r\n", " ", "\u{feff}"] {
        let value = format!("{blank}x y{blank}");
        for serve in [
            serve(&[], &[("SAVT_LISTEN", &value)]),
            serve(&["--listen", &value], &[]),
            serve(&[&format!("--listen={value}")], &[("SAVT_LISTEN", "other")]),
        ] {
            assert_eq!(serve.listen, "x y");
        }
        let url = format!("sqlite:nl.db{blank}");
        let database = serve(&[], &[("DATABASE_URL", &url)]).database;
        let url = database.database_url.unwrap();
        assert_eq!(url.expose(), "sqlite:nl.db");
    }
    assert_eq!(
        load(&[], &[("SAVT_LOAD_URL", " http://x\n")]).url,
        "http://x"
    );
    assert_eq!(
        load(&["http://y\n"], &[("SAVT_LOAD_URL", "http://x")]).url,
        "http://y"
    );
    assert_eq!(load(&["--", " http://y"], &[]).url, "http://y");
}

#[test]
fn lists_may_have_blanks() {
    let list = " 10.0.0.1 , fd00::/8,\n";
    let from_environment = serve(&[], &[("SAVT_TRUSTED_PROXY", list)]);
    let from_arguments = serve(&["--trusted-proxy", list], &[("SAVT_TRUSTED_PROXY", "::1")]);
    for serve in [from_environment, from_arguments] {
        let proxies = serve.rate_limits.trusted_proxy;
        let proxies: Vec<String> = proxies.iter().map(ToString::to_string).collect();
        assert_eq!(proxies, ["10.0.0.1/32", "fd00::/8"]);
    }
}

#[test]
fn a_switch_is_on_or_off() {
    for (value, on) in [
        ("1", true),
        ("true", true),
        ("Yes", true),
        ("on\n", true),
        ("0", false),
        ("false", false),
        ("No", false),
        (" off", false),
        ("", false),
    ] {
        assert_eq!(
            serve(&[], &[("SAVT_NO_MIGRATE", value)]).no_migrate,
            on,
            "{value}"
        );
        assert!(serve(&["--no-migrate"], &[("SAVT_NO_MIGRATE", value)]).no_migrate);
    }
    assert!(load(&[], &[("SAVT_LOAD_REMOTE", "1")]).remote);
    let error = error(&["serve"], &[("SAVT_NO_MIGRATE", "maybe")]);
    assert!(
        error.contains("SAVT_NO_MIGRATE") && error.lines().count() == 1,
        "{error}"
    );
}

#[test]
fn variables_keep_the_rules_between_options() {
    let password = ("SAVT_PASSWORD", "geheim");
    let file = ("SAVT_PASSWORD_FILE", "f");
    assert!(parse(&["serve"], &[password, file]).is_err());
    assert!(parse(&["serve", "--password-file", "f"], &[password]).is_err());
    assert!(parse(&["seed"], &[("SAVT_SEED_FEATURES", "3")]).is_err());
    assert!(
        parse(
            &["seed"],
            &[("SAVT_SEED_FEATURES", "3"), ("SAVT_SEED_ITEMS", "3")]
        )
        .is_ok()
    );
    let invalid = error(&["serve"], &[("SAVT_DB_CONNECTIONS", "0")]);
    assert!(invalid.contains("--db-connections"), "{invalid}");
    let global = parse(
        &["migrate", "status", "--log", "warn"],
        &[("SAVT_LOG", "info"), ("SAVT_DB_CONNECTIONS", "3")],
    );
    assert_eq!(global.unwrap().logging.log, "warn");
    let before = parse(&["--log", "warn", "serve"], &[("SAVT_LOG", "info")]).unwrap();
    assert_eq!(before.logging.log, "warn");
    // The value of an option is no subcommand.
    let value = parse(&["--log", "migrate", "serve"], &[("SAVT_LISTEN", "x")]).unwrap();
    assert!(matches!(value.command, CliCommand::Serve(serve) if serve.listen == "x"));
}
