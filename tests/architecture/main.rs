//! The dependencies between the modules of `src/`: which module may use which, and no cycles, not even between two files
//! of one module. Reads the sources as text and runs nothing of SAVT.

mod graph;
mod imports;

use std::path::Path;

use graph::Sources;

/// What each top-level module may use besides itself; the arrows point down. Modules that are not listed may use nothing.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "commands",
        &[
            "board",
            "cli",
            "db",
            "http",
            "load",
            "log",
            "metrics",
            "model",
            "monitor",
            "open_files",
            "runtime",
            "seed",
            "server",
            "signals",
            "store",
            "tls",
            "transfer",
            "view",
            "web",
            "webhook",
        ],
    ),
    (
        "cli",
        &[
            "board", "db", "http", "load", "log", "model", "monitor", "view", "web", "webhook",
        ],
    ),
    ("server", &["api", "board", "http", "view", "web"]),
    (
        "api",
        &[
            "assets", "board", "db", "http", "model", "store", "view", "web",
        ],
    ),
    (
        "monitor",
        &[
            "assets", "board", "chart", "db", "http", "metrics", "web", "webhook",
        ],
    ),
    (
        "webhook",
        &[
            "api", "board", "db", "http", "metrics", "model", "store", "view",
        ],
    ),
    (
        "load",
        &["chart", "metrics", "model", "open_files", "signals"],
    ),
    ("seed", &["board", "model", "view"]),
    (
        "web",
        &[
            "assets", "board", "db", "http", "log", "metrics", "model", "store", "transfer", "view",
        ],
    ),
    (
        "board",
        &["db", "metrics", "model", "runtime", "store", "view"],
    ),
    ("transfer", &["db", "model", "store"]),
    ("view", &["assets", "model"]),
    ("store", &["db", "model"]),
    ("db", &["log", "metrics", "runtime", "tls"]),
    ("http", &["log"]),
];

/// The sources of SAVT itself.
fn savt() -> Sources {
    Sources::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

fn sources(files: &[(&str, &str)]) -> Sources {
    Sources::new(files.iter().copied())
}

#[test]
fn every_dependency_between_modules_is_allowed() {
    let forbidden = savt().forbidden(ALLOWED);
    assert!(forbidden.is_empty(), "{}", forbidden.join("\n"));
}

#[test]
fn no_files_depend_on_each_other_in_a_cycle() {
    let cycles = savt().cycles();
    assert!(cycles.is_empty(), "{}", cycles.join("\n"));
}

#[test]
fn every_source_file_is_part_of_the_graph() {
    let savt = savt();
    for module in [
        "lib",
        "main",
        "board::writer",
        "model::command",
        "web::router",
        "http::etag",
    ] {
        assert!(savt.contains(module), "{module} is missing");
    }
    assert!(savt.depends("board::writer", "store::commit"));
    assert!(!savt.depends("store::commit", "board::writer"));
}

#[test]
fn a_forbidden_import_is_reported() {
    let forbidden = |text: &str| {
        let files = [
            ("lib", "mod model; mod web;"),
            ("model", text),
            ("web", "mod router;"),
            ("web::router", "pub struct App;"),
        ];
        sources(&files).forbidden(&[("web", &["model"])])
    };
    let report = ["model uses web::router, but may not use web"];
    assert_eq!(forbidden("use crate::web::router::App;"), report);
    assert_eq!(forbidden("use crate::{web::{router::App}};"), report);
    assert_eq!(forbidden("fn f() { crate::web::router::App; }"), report);
    assert_eq!(
        forbidden("fn f() { html! { (super::web::router::App) } }"),
        report
    );
    assert!(forbidden("// use crate::web::router::App;").is_empty());
    assert!(forbidden("#[cfg(test)] mod tests { use crate::web::router::App; }").is_empty());
}

#[test]
fn files_that_only_tests_declare_are_left_out_with_those_below() {
    let files = [
        ("lib", "mod model;"),
        ("model", "#[cfg(test)] mod tests;"),
        ("model::tests", "mod rules; use super::*;"),
        ("model::tests::rules", "use super::*;"),
    ];
    let sources = sources(&files);
    assert!(sources.contains("model") && !sources.contains("model::tests::rules"));
    assert!(sources.cycles().is_empty());
}

#[test]
fn a_cycle_is_reported() {
    let files = [
        ("lib", "mod a;"),
        ("a", "mod b; mod c; mod d;"),
        ("a::b", "use super::c::C;"),
        ("a::c", "use super::d; use crate::a::d::D;"),
        ("a::d", "fn f() -> super::b::B {}"),
    ];
    assert_eq!(sources(&files).cycles(), ["a::b, a::c, a::d"]);
}

#[test]
fn a_parent_that_uses_its_child_and_is_used_by_it_is_a_cycle() {
    let files = [
        ("lib", "mod a;"),
        ("a", "mod b; use b::B; pub struct A(B);"),
        ("a::b", "use super::A; pub struct B;"),
    ];
    assert_eq!(sources(&files).cycles(), ["a, a::b"]);
}

#[test]
fn an_import_through_a_re_export_depends_on_the_defining_file() {
    let files = [
        ("lib", "mod a; mod e;"),
        (
            "a",
            "mod b; mod c; pub use b::{B, B as Other}; pub use c::*;",
        ),
        ("a::b", "pub struct B;"),
        ("a::c", "use super::B; use crate::e::E; pub struct C;"),
        ("e", "use crate::a::Other; pub struct E;"),
    ];
    let sources = sources(&files);
    assert!(sources.depends("a::c", "a::b"));
    assert!(sources.depends("e", "a::b"));
    assert_eq!(sources.cycles(), Vec::<String>::new());
}
