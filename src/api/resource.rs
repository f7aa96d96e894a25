//! One address of the API with its methods, as an endpoint: what every request has in common, before and after its handler.

use std::{future::Future, sync::Arc};

use poem::{
    Endpoint, PathPattern, Request, Response, Result,
    http::{Method, header},
};

use super::{
    accept::Accept,
    answer::Answer,
    call::Call,
    handler::{Handler, Handling, Reply},
    once,
    problem::{Problem, ProblemKind},
    render::failure,
};
use crate::{
    view::Texts,
    web::{App, request::language_preference::LanguagePreference, request_context::RequestContext},
};

/// One address with its methods.
#[derive(Default)]
pub(super) struct Resource {
    operations: Vec<Operation>,
}

struct Operation {
    method: Method,
    /// Whether only a participant may call it.
    needs_token: bool,
    /// What it answers with besides problems.
    media_types: &'static [&'static str],
    handler: Handler,
}

const JSON: &[&str] = &["application/json"];

impl Resource {
    /// Adds an operation that answers with JSON.
    pub(super) fn on<H, F, A>(self, method: Method, handler: H) -> Resource
    where
        H: Fn(Call) -> F + Send + Sync + 'static,
        F: Future<Output = Result<A, Problem>> + Send + 'static,
        A: Into<Reply>,
    {
        self.answering(method, JSON, handler)
    }

    /// Adds an operation of a participant: without a token of one, nothing else of the request is looked at.
    pub(super) fn acting<H, F, A>(self, method: Method, handler: H) -> Resource
    where
        H: Fn(Call) -> F + Send + Sync + 'static,
        F: Future<Output = Result<A, Problem>> + Send + 'static,
        A: Into<Reply>,
    {
        let mut resource = self.answering(method, JSON, handler);
        if let Some(operation) = resource.operations.last_mut() {
            operation.needs_token = true;
        }
        resource
    }

    /// Adds an operation that answers with one of these media types.
    pub(super) fn answering<H, F, A>(
        mut self,
        method: Method,
        media_types: &'static [&'static str],
        handler: H,
    ) -> Resource
    where
        H: Fn(Call) -> F + Send + Sync + 'static,
        F: Future<Output = Result<A, Problem>> + Send + 'static,
        A: Into<Reply>,
    {
        let handler = move |call| -> Handling {
            let handling = handler(call);
            Box::pin(async move { handling.await.map(Into::into) })
        };
        self.operations.push(Operation {
            method,
            needs_token: false,
            media_types,
            handler: Arc::new(handler),
        });
        self
    }

    /// The methods of the resource.
    pub(super) fn methods(&self) -> impl Iterator<Item = &Method> {
        self.operations.iter().map(|operation| &operation.method)
    }

    /// The value of `Allow`.
    fn allow(&self) -> String {
        let mut allowed = vec!["OPTIONS"];
        for method in self.methods() {
            allowed.push(method.as_str());
            if *method == Method::GET {
                allowed.push("HEAD");
            }
        }
        allowed.sort_unstable();
        allowed.join(", ")
    }

    async fn respond(
        &self,
        app: App,
        mut request: Request,
        texts: Arc<Texts>,
    ) -> Result<Response, Problem> {
        let method = match *request.method() {
            Method::OPTIONS => {
                let answer = Answer::no_content().with(header::ALLOW, &self.allow());
                return Ok(answer.into_response());
            }
            // The server sends the head only.
            Method::HEAD => Method::GET,
            ref method => method.clone(),
        };
        let mut operations = self.operations.iter();
        let Some(operation) = operations.find(|operation| operation.method == method) else {
            let problem = Problem::new(ProblemKind::MethodNotAllowed);
            return Err(problem.with_header(header::ALLOW, &self.allow()));
        };
        if !Accept::of(request.headers()).accepts(operation.media_types) {
            return Err(Problem::new(ProblemKind::NotAcceptable));
        }
        let call = Call::new(app, &mut request, texts).await?;
        if operation.needs_token {
            call.actor().await?;
        }
        if method == Method::DELETE {
            // What a client wants to say must not be ignored.
            call.expect_no_members()?;
        }
        match (method == Method::POST)
            .then(|| call.idempotency_key(!operation.needs_token))
            .transpose()?
            .flatten()
        {
            // Few requests have a key, and all would copy the large future.
            Some(key) => Box::pin(once::run(call, key, &operation.handler)).await,
            None => (operation.handler)(call).await.map(Reply::into_response),
        }
    }
}

impl Endpoint for Resource {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let app = App::from_request(&request)?.clone();
        let context = request.data::<RequestContext>().cloned();
        if let (Some(context), Some(route)) = (&context, request.data::<PathPattern>()) {
            context.set_route(route.0.clone());
        }
        let language = LanguagePreference::from_headers(request.headers()).language();
        let texts = app.boards().languages().texts(language).clone();
        // Boxed, because its future has five kilobytes, which the endpoints around this one would copy.
        let response = Box::pin(self.respond(app, request, texts.clone())).await;
        Ok(response.unwrap_or_else(|problem| {
            let of_board = context.as_ref().and_then(RequestContext::texts);
            failure(problem, of_board.unwrap_or(&texts)).into_response()
        }))
    }
}
