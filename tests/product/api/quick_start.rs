//! The quick start in the README works word for word.

use serde_json::Value;

use super::shell::sh;
use crate::harness::{app::Savt, databases::db_test};

const README: &str = include_str!("../../../src/api/README.md");

/// The address that the quick start uses.
const ADDRESS: &str = "SAVT=http://127.0.0.1:8000/api/v1\n";

/// The blocks of shell commands in a section of the README.
fn commands(section: &str) -> String {
    let start = README.find(&format!("## {section}\n")).unwrap();
    let rest = &README[start + 3..];
    let text = rest.find("\n## ").map_or(rest, |end| &rest[..end]);
    let blocks = text.split("```sh\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap())
        .collect()
}

db_test!(the_quick_start_reaches_a_decision);
async fn the_quick_start_reaches_a_decision(savt: Savt) {
    let commands = commands("Quick start");
    assert_eq!(commands.matches(ADDRESS).count(), 1);
    let own = format!("SAVT=http://{}/api/v1\n", savt.address());
    let printed = sh(commands.replace(ADDRESS, &own)).await;
    // Every answer on a line of its own; the last one is the result.
    let result = &printed[printed.rfind("{\"board\"").unwrap()..];
    let result: Value = serde_json::from_str(result).unwrap();
    assert_eq!(result["state"], "closed");
    assert_eq!(result["agreed"], true);
    assert_eq!(result["closed"]["by"], "Bob");
    assert_eq!(result["outcome"]["text"], "Margherita it is");
    assert_eq!(result["outcome"]["chosen"][0]["name"], "Margherita");
    let veto = &result["others"][0]["features"][0]["vetoes"][0];
    assert_eq!(
        (&veto["name"], &veto["reason"]),
        (&"Ann".into(), &"No fruit on pizza".into())
    );
    assert_eq!(result["free_features"][0]["amount"], 2);
    assert_eq!(result["consent"]["fine"], 2);
}
