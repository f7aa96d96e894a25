//! Middleware as functions: each gets what it wraps, and the request. poem's own `around` does the same, but passes the request by
//! value: it has 488 bytes, and seventeen middlewares copied it 145 times, 190 KB with the futures around it. Here it stays where it is.

use std::{future::Future, pin::Pin, sync::Arc};

use poem::{Endpoint, IntoResponse, Request, Response, Result};

/// What a middleware wraps: another middleware, or an endpoint.
pub trait Next: Send + Sync + 'static {
    /// Answers a request.
    fn run(&self, request: Box<Request>) -> impl Future<Output = Result<Response>> + Send;
}

/// An endpoint below all middleware.
pub struct Innermost<E>(E);

impl<E: Endpoint + 'static> Next for Innermost<E> {
    async fn run(&self, request: Box<Request>) -> Result<Response> {
        self.0.call(*request).await.map(IntoResponse::into_response)
    }
}

/// What is wrapped, and the function that wraps it.
pub struct Wrapped<N, F> {
    inner: Arc<N>,
    middleware: F,
}

impl<N, F, R> Next for Wrapped<N, F>
where
    N: Next,
    F: Fn(Arc<N>, Box<Request>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Response>> + Send,
{
    fn run(&self, request: Box<Request>) -> impl Future<Output = Result<Response>> + Send {
        (self.middleware)(self.inner.clone(), request)
    }
}

impl<N, F, R> Endpoint for Wrapped<N, F>
where
    N: Next,
    F: Fn(Arc<N>, Box<Request>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Response>> + Send,
{
    type Output = Response;

    fn call(&self, request: Request) -> impl Future<Output = Result<Response>> + Send {
        self.run(Box::new(request))
    }
}

type Running<'n> = Pin<Box<dyn Future<Output = Result<Response>> + Send + 'n>>;

/// [`Next`] without its type.
trait DynNext: Send + Sync {
    fn run_boxed(&self, request: Box<Request>) -> Running<'_>;
}

impl<N: Next> DynNext for N {
    fn run_boxed(&self, request: Box<Request>) -> Running<'_> {
        Box::pin(self.run(request))
    }
}

/// A stack of one type, whatever is in it.
pub struct BoxedNext(Box<dyn DynNext>);

impl Next for BoxedNext {
    fn run(&self, request: Box<Request>) -> impl Future<Output = Result<Response>> + Send {
        self.0.run_boxed(request)
    }
}

/// Wraps an endpoint.
pub trait Wrap: Endpoint + Sized + 'static {
    /// Lets a middleware handle each request: it gets the endpoint and the request.
    fn wrap<F, R>(self, middleware: F) -> Wrapped<Innermost<Self>, F>
    where
        F: Fn(Arc<Innermost<Self>>, Box<Request>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Response>> + Send,
    {
        wrapped(Innermost(self), middleware)
    }
}

impl<E: Endpoint + 'static> Wrap for E {}

impl<N, F, R> Wrapped<N, F>
where
    N: Next,
    F: Fn(Arc<N>, Box<Request>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Response>> + Send + 'static,
{
    /// Adds the next outer middleware. Not that of [`Wrap`], which would move the request in between.
    pub fn wrap<G, S>(self, middleware: G) -> Wrapped<Self, G>
    where
        G: Fn(Arc<Self>, Box<Request>) -> S + Send + Sync + 'static,
        S: Future<Output = Result<Response>> + Send,
    {
        wrapped(self, middleware)
    }

    /// Forgets the type of the stack.
    pub fn boxed(self) -> BoxedNext {
        BoxedNext(Box::new(self))
    }
}

impl BoxedNext {
    /// Adds the next outer middleware.
    pub fn wrap<F, R>(self, middleware: F) -> Wrapped<BoxedNext, F>
    where
        F: Fn(Arc<BoxedNext>, Box<Request>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Response>> + Send,
    {
        wrapped(self, middleware)
    }
}

fn wrapped<N, F>(inner: N, middleware: F) -> Wrapped<N, F> {
    Wrapped {
        inner: Arc::new(inner),
        middleware,
    }
}
