//! A request as a command for curl, which works when it is pasted into a shell that has the variables.

use serde_json::Value;

use super::example;

/// How requests reach this installation.
pub(super) struct Installation {
    /// Scheme, host, port and the path of the API.
    pub(super) base: String,
    pub(super) has_password: bool,
}

/// The command for an operation.
pub(super) fn command(
    installation: &Installation,
    method: &str,
    path: &str,
    operation: &Value,
    document: &Value,
) -> String {
    let mut lines = vec![match method {
        "GET" => format!("curl \"{}\"", address(installation, path)),
        method => format!("curl -X {method} \"{}\"", address(installation, path)),
    }];
    let securities = operation["security"].as_array().into_iter().flatten();
    let needs = |scheme: &str| {
        let mut alternatives = securities.clone();
        alternatives.any(|alternative| !alternative[scheme].is_null())
    };
    if needs("token") {
        lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    if needs("access") && installation.has_password {
        lines.push("-H \"SAVT-Access: $ACCESS\"".to_owned());
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if let Some(body) = example::body(document, schema) {
        lines.push("-H \"Content-Type: application/json\"".to_owned());
        lines.push(format!("-d '{}'", body.to_string().replace('\'', r"'\''")));
    }
    lines.join(" \\\n  ")
}

/// The address, with a variable of the shell for each parameter.
fn address(installation: &Installation, path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let name = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        match name {
            Some(name) => format!("${}", name.to_uppercase()),
            None => segment.to_owned(),
        }
    });
    let path = segments.collect::<Vec<_>>().join("/");
    format!("{}{path}", installation.base)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_command_has_everything_that_the_operation_needs() {
        let mut installation = Installation {
            base: "https://savt.example/api/v1".to_owned(),
            has_password: false,
        };
        let document = json!({"components": {"schemas": {"New": {"properties": {
            "name": {"type": "string", "example": "Anna's"},
            "note": {"type": "string"},
        }}}}});
        let operation = json!({
            "security": [{"token": []}, {"token": [], "access": []}],
            "requestBody": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/New"},
            }}},
        });
        let post = |installation: &Installation| {
            command(
                installation,
                "POST",
                "/boards/{slug}/items",
                &operation,
                &document,
            )
        };
        let expected = r#"curl -X POST "https://savt.example/api/v1/boards/$SLUG/items" \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"name":"Anna'\''s"}'"#;
        assert_eq!(post(&installation), expected);
        installation.has_password = true;
        assert!(post(&installation).contains("-H \"SAVT-Access: $ACCESS\" \\\n"));
        let read = command(&installation, "GET", "/openapi.json", &json!({}), &document);
        assert_eq!(read, "curl \"https://savt.example/api/v1/openapi.json\"");
    }
}
