//! What the server says about its own answers: the OpenAPI document, and whether an answer keeps to it.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::schemas::Schemas;
use crate::harness::{
    app::Savt,
    client::{Answer, send},
};

/// The address of the document.
pub(super) const DOCUMENT: &str = "/api/v1/openapi.json";

const PREFIX: &str = "/api/v1";
const PROBLEM_JSON: &str = "application/problem+json";

/// The document and its schemas.
pub(super) struct Contract {
    pub(super) document: Value,
    pub(super) schemas: Schemas,
}

/// A request as it was sent.
pub(super) struct Sent<'r> {
    pub(super) method: &'r str,
    /// From the root, with its query.
    pub(super) path: &'r str,
    pub(super) body: Option<&'r str>,
}

impl Contract {
    /// That of a server. All servers of one program have the same.
    pub(super) async fn of(savt: &Savt) -> Arc<Contract> {
        static CONTRACT: OnceCell<Arc<Contract>> = OnceCell::const_new();
        let fetched = CONTRACT.get_or_init(|| async {
            let request = savt.person().get_request(DOCUMENT);
            let answer = send(request).await.unwrap().is(200);
            assert_eq!(answer.header("content-type"), "application/json");
            let document: Value = serde_json::from_str(&answer.body).unwrap();
            let schemas = Schemas::of(&document);
            Arc::new(Contract { document, schemas })
        });
        fetched.await.clone()
    }

    /// Each operation: its method in capitals, the template of its path, and its description.
    pub(super) fn operations(&self) -> impl Iterator<Item = (String, &str, &Value)> {
        let paths = self.document["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations
                .map(move |(method, operation)| (method.to_uppercase(), path.as_str(), operation))
        })
    }

    /// The operation that answers, and the template of its path. Literal segments precede parameters.
    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let path = path.split('?').next().unwrap().strip_prefix(PREFIX)?;
        let matching = self
            .operations()
            .filter(|(own, template, _)| own == method && matches(template, path));
        let best = matching.min_by_key(|(_, template, _)| template.matches('{').count());
        best.map(|(_, _, operation)| operation)
    }

    /// Asserts that the document describes an answer.
    #[track_caller]
    pub(super) fn assert_describes(&self, sent: &Sent, answer: &Answer) {
        let Sent { method, path, body } = sent;
        let status = answer.status;
        let context = format!("{method} {path}: {status} {}", answer.body);
        if *method == "OPTIONS" {
            assert_eq!((status, answer.body.as_str()), (204, ""), "{context}");
            answer.header("allow");
            return;
        }
        let described = match *method {
            "HEAD" => "GET",
            method => method,
        };
        let Some(operation) = self.operation(described, path) else {
            assert!(
                [401, 404, 405].contains(&status),
                "not described: {context}"
            );
            if *method != "HEAD" {
                self.assert_is_problem(answer, &context);
            }
            return;
        };
        let response = &operation["responses"][status.to_string()];
        assert!(response.is_object(), "no such status: {context}");
        // Shared headers are those of clients with limits, which a client on this machine has not.
        let headers = keys(&response["headers"]);
        for name in headers.filter(|name| response["headers"][name]["$ref"].is_null()) {
            assert!(answer.headers.contains_key(name), "no {name}: {context}");
        }
        if *method != "HEAD" {
            self.assert_body(response, answer, &context);
        }
        if status < 300
            && let Some(body) = body
        {
            self.assert_allows(operation, body, &context);
        }
    }

    #[track_caller]
    fn assert_body(&self, response: &Value, answer: &Answer, context: &str) {
        let contents = &response["content"];
        if contents.is_null() {
            assert_eq!(answer.body, "", "a body: {context}");
            return;
        }
        let content_type = answer.header("content-type");
        let essence = content_type.split(';').next().unwrap();
        let content = &contents[essence];
        assert!(content.is_object(), "{content_type}: {context}");
        let value = serde_json::from_str(&answer.body).unwrap();
        let errors = self.schemas.errors(&content["schema"], &value);
        assert!(errors.is_empty(), "{errors:?}: {context}");
        if essence == PROBLEM_JSON {
            self.assert_is_problem(answer, context);
        }
    }

    /// Asserts that the server accepted nothing that the document forbids.
    #[track_caller]
    fn assert_allows(&self, operation: &Value, body: &str, context: &str) {
        let contents = &operation["requestBody"]["content"];
        let Some(content) = keys(contents).next().map(|key| &contents[key]) else {
            assert_eq!(body, "", "accepted a body: {context}");
            return;
        };
        if body.is_empty() {
            let required = &operation["requestBody"]["required"];
            assert_ne!(*required, json!(true), "accepted no body: {context}");
            return;
        }
        let value = serde_json::from_str(body).unwrap();
        let errors = self.schemas.errors(&content["schema"], &value);
        assert!(errors.is_empty(), "accepted {body}, {errors:?}: {context}");
    }

    /// Asserts that an answer is a problem that the document lists.
    #[track_caller]
    fn assert_is_problem(&self, answer: &Answer, context: &str) {
        assert_eq!(answer.header("content-type"), PROBLEM_JSON, "{context}");
        assert_eq!(answer.header("cache-control"), "no-store", "{context}");
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        let schema = json!({"$ref": "#/components/schemas/Problem"});
        let errors = self.schemas.errors(&schema, &problem);
        assert!(errors.is_empty(), "{errors:?}: {context}");
        let of_this_type = |kind: &&Value| kind["type"] == problem["type"];
        let listed = self.problem_types().iter().find(of_this_type).unwrap();
        assert_eq!(problem["title"], listed["title"], "{context}");
        assert_eq!(problem["status"], listed["status"], "{context}");
        assert_eq!(problem["status"], answer.status, "{context}");
        assert_ne!(problem["detail"], "", "{context}");
    }

    /// The types of problems: `{type, status, title, detail}`.
    pub(super) fn problem_types(&self) -> &[Value] {
        let schema = &self.document["components"]["schemas"]["ProblemType"];
        schema["x-problem-types"].as_array().unwrap()
    }
}

/// The names of the members of an object, or of nothing.
pub(super) fn keys(object: &Value) -> impl Iterator<Item = &String> {
    object
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys())
}

fn matches(template: &str, path: &str) -> bool {
    let segments = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (template, path) = (segments(template), segments(path));
    template.len() == path.len()
        && template
            .iter()
            .zip(&path)
            .all(|(own, sent)| (own.starts_with('{') && !sent.is_empty()) || own == sent)
}
