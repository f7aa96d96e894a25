//! A file that is not whole, or that SAVT did not write: one clear line that names the place, and nothing changes.

use super::{Files, assert_sound, file_of_two_boards, forged, refusal, rows};
use crate::harness::databases::{Fresh, db_test};

fn without_line(file: &str, number: usize) -> String {
    let lines = file.split_inclusive('\n').enumerate();
    lines
        .filter(|(index, _)| index + 1 != number)
        .map(|(_, line)| line)
        .collect()
}

fn with_swapped_lines(file: &str, number: usize) -> String {
    let mut lines: Vec<&str> = file.split_inclusive('\n').collect();
    lines.swap(number - 1, number);
    lines.concat()
}

/// The number of the line with a text, from 1.
fn line_with(file: &str, text: &str) -> usize {
    file.lines().position(|line| line.contains(text)).unwrap() + 1
}

db_test!(each_kind_of_damage_is_named_with_its_place_and_changes_nothing);
async fn each_kind_of_damage_is_named_with_its_place_and_changes_nothing(fresh: Fresh) {
    let whole = file_of_two_boards(&fresh).await;
    let last_line = whole.lines().count();
    let checksum = line_with(&whole, "{\"sha256\":");
    let second = checksum + 1;
    let start = |line: usize| -> usize {
        let lines = whole.split_inclusive('\n').take(line - 1);
        lines.map(str::len).sum()
    };
    let ham = line_with(&whole, "\"amount\":2");
    let cases: Vec<(Vec<u8>, String)> = vec![
        (Vec::new(), "line 1, byte 0: the file is empty".to_owned()),
        (
            b"Dear diary\n".to_vec(),
            "line 1, byte 0: this is not a line of a file that savt export wrote".to_owned(),
        ),
        (
            b"{\"savt\":\"board\",\"format\":2}\n".to_vec(),
            "line 1, byte 0: the file has format 2, which this version".to_owned(),
        ),
        (
            whole.as_bytes()[..start(second)].to_vec(),
            format!(
                "line {second}, byte {}: the file ends here: it was cut",
                start(second)
            ),
        ),
        (
            whole.as_bytes()[..start(9)].to_vec(),
            format!("line 9, byte {}: the file ends here: it was cut", start(9)),
        ),
        (
            whole.as_bytes()[..start(9) + 20].to_vec(),
            format!(
                "line 9, byte {}: the file ends within a line: it was cut",
                start(9) + 20
            ),
        ),
        (
            without_line(&whole, last_line).into_bytes(),
            format!("line {last_line}, "),
        ),
        (
            without_line(&whole, 5).into_bytes(),
            format!("line 5, byte {}: event 4 should be here", start(5)),
        ),
        (
            with_swapped_lines(&whole, 7).into_bytes(),
            format!("line 7, byte {}: event 6 should be here", start(7)),
        ),
        (
            without_line(&whole, checksum - 1).into_bytes(),
            format!(
                "line {}, byte {}: event {} should be here",
                checksum - 1,
                start(checksum - 1),
                checksum - 2
            ),
        ),
        (
            without_line(&whole, checksum).into_bytes(),
            format!(
                "line {checksum}, byte {}: the checksum of the board should be here",
                start(checksum)
            ),
        ),
        (
            without_line(&whole, 1).into_bytes(),
            "line 1, byte 0: the first line of a board should be here".to_owned(),
        ),
        (
            format!("{whole}{whole}").into_bytes(),
            format!(
                "line {}, byte {}: something follows the last line",
                last_line + 1,
                whole.len()
            ),
        ),
        (
            whole
                .replacen("{\"boards\":2}", "{\"boards\":1}", 1)
                .into_bytes(),
            format!(
                "line {last_line}, byte {}: the number of boards should be 1, but is 2",
                start(last_line)
            ),
        ),
        (
            whole
                .replacen("\"amount\":2", "\"amount\":1", 2)
                .into_bytes(),
            ": the checksum does not match: the board was changed".to_owned(),
        ),
        (
            forged(&whole.replacen("\"amount\":2", "\"amount\":9", 1)).into_bytes(),
            format!("line {ham}, "),
        ),
        (
            forged(&whole.replacen("\"events\":", "\"events\":1", 1)).into_bytes(),
            format!("line {checksum}, "),
        ),
        (
            forged(&whole.replacen(",\"change\":", ",\"more\":1,\"change\":", 1)).into_bytes(),
            "from here on, the line is not as this version of savt would write it".to_owned(),
        ),
        (
            forged(&whole.replacen("\"number\":", "\"number\": ", 1)).into_bytes(),
            "line 2, byte ".to_owned(),
        ),
        (
            forged(&whole.replacen("\"did\":\"created_item\"", "\"did\":\"ate_item\"", 1))
                .into_bytes(),
            "unknown variant `ate_item`".to_owned(),
        ),
        (
            whole
                .replacen(
                    "\"change\":",
                    &format!("\"change\":{}", "[".repeat(100_000)),
                    1,
                )
                .into_bytes(),
            "line 2, byte ".to_owned(),
        ),
        (
            whole
                .bytes()
                .map(|byte| if byte == b'z' { 0xff } else { byte })
                .collect(),
            "line ".to_owned(),
        ),
        (
            whole.replace('\n', "\r\n").into_bytes(),
            "line 1, byte ".to_owned(),
        ),
        (
            vec![0; 100_000],
            "the file ends within a line: it was cut".to_owned(),
        ),
    ];
    let files = Files::new();
    let target = Fresh::migrated(fresh.open().await.backend()).await;
    let database = target.open().await;
    let before = rows(&database).await;
    for (number, (content, expected)) in cases.iter().enumerate() {
        files.write("damaged", content);
        let line = refusal(&files.import(target.url(), "damaged", &[]));
        assert!(
            line.contains(expected.as_str()),
            "case {number}: {line}, not {expected}"
        );
        assert!(line.len() < 500, "case {number}: {line}");
        assert_eq!(rows(&database).await, before, "case {number}: {line}");
    }
    assert_sound(target.url(), "1 board");
    // The whole file is not refused.
    files.write("whole", &whole);
    files.import(target.url(), "whole", &[]).expect_success();
    let line = refusal(&files.import(target.url(), "no-such-file", &[]));
    assert!(
        line.ends_with("No such file or directory (os error 2)"),
        "{line}"
    );
}
