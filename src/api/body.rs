//! The body of a request: JSON, read strictly. A member that the API does not know is an error, and every error names the member by
//! its JSON pointer (RFC 6901).

use poem::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use super::{
    problem::{Problem, ProblemKind},
    resources::problem::FieldError,
};

/// Reads the body as `T`.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Otherwise serde takes an array for the members in their order.
    if bytes.trim_ascii_start().starts_with(b"[") {
        let reason = "invalid type: array, expected an object";
        return Err(Problem::invalid_members(vec![FieldError::new("", reason)]));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let pointer = pointer(error.path());
        rejected(error.into_inner(), pointer)
    })?;
    deserializer
        .end()
        .map_err(|error| rejected(error, String::new()))?;
    Ok(value)
}

/// The same; an absent body is one without members.
pub(super) fn parse_optional<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    match bytes {
        b"" => parse(b"{}"),
        bytes => parse(bytes),
    }
}

/// Whether the request says that its body is JSON, or a merge patch (RFC 7396).
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    content_type.is_some_and(|content_type| {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        ["application/json", "application/merge-patch+json"]
            .iter()
            .any(|json| essence.eq_ignore_ascii_case(json))
    })
}

fn rejected(error: serde_json::Error, pointer: String) -> Problem {
    if error.is_data() {
        // Without the line and the column, which the pointer replaces.
        let text = error.to_string();
        let reason = text
            .rsplit_once(" at line ")
            .map_or(&*text, |(reason, _)| reason);
        return Problem::invalid_members(vec![FieldError::new(pointer, reason.to_owned())]);
    }
    Problem::new(ProblemKind::MalformedJson).with_detail(error.to_string())
}

fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer += &format!("/{index}"),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer += "/";
                pointer += &key.replace('~', "~0").replace('/', "~1");
            }
            Segment::Unknown => {}
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::api::present::present;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        name: String,
        #[serde(default, deserialize_with = "present")]
        note: Option<Option<String>>,
        #[serde(default)]
        chosen: Vec<i64>,
    }

    fn errors(json: &str) -> Vec<(String, String)> {
        let problem = parse::<Body>(json.as_bytes()).unwrap_err();
        let errors = problem.errors.into_iter();
        errors.map(|error| (error.pointer, error.detail)).collect()
    }

    #[test]
    fn errors_name_the_member() {
        for (json, pointer, reason) in [
            (r#"{"name": 7}"#, "/name", "invalid type"),
            (
                r#"{"name": "a", "chosen": [1, "x"]}"#,
                "/chosen/1",
                "invalid type",
            ),
            (r#"{"name": "a", "a/b~c": 1}"#, "/a~1b~0c", "unknown field"),
            (r#"{"name": "a", "name": "b"}"#, "", "duplicate field"),
            ("{}", "", "missing field `name`"),
            ("[]", "", "invalid"),
        ] {
            let errors = errors(json);
            let [(found, why)] = &errors[..] else {
                panic!("{errors:?}");
            };
            assert_eq!(found, pointer, "{json}");
            assert!(
                why.contains(reason) && !why.contains("line"),
                "{json}: {why}"
            );
        }
    }

    #[test]
    fn what_is_no_json_has_no_member() {
        for json in [
            "",
            "{",
            "{\"name\": \"a\"} x",
            "\u{feff}{}",
            "{\"name\": \"\\ud800\"}",
        ] {
            let problem = parse::<Body>(json.as_bytes()).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::MalformedJson, "{json}");
        }
    }

    #[test]
    fn null_is_not_absent() {
        let note = |json: &str| {
            let body: Body = parse(json.as_bytes()).unwrap();
            assert_eq!((&*body.name, &*body.chosen), ("a", &[] as &[i64]));
            body.note
        };
        assert_eq!(note(r#"{"name": "a"}"#), None);
        assert_eq!(note(r#"{"name": "a", "note": null}"#), Some(None));
        let text = note(r#"{"name": "a", "note": "b"}"#);
        assert_eq!(text, Some(Some("b".to_owned())));
    }
}
