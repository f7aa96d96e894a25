//! The HTTP client of one virtual user: connections and cookies, as a browser keeps them. Does not know what it requests, and does
//! not measure time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::Incoming,
    client::conn::http1::{self, SendRequest},
    header::{self, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{
    body_reader::{BROWSER_ENCODINGS, BodyReader, DECODABLE_ENCODINGS, ReadMode},
    failure::{Failure, FailureKind},
    server_address::ServerAddress,
};

type Connection = SendRequest<Full<Bytes>>;

/// A request to send.
#[derive(Clone, Debug)]
pub(super) struct RequestSpec<'a> {
    pub(super) path: &'a str,
    /// The body of a form; the method is POST if there is one, else GET.
    pub(super) form: Option<String>,
    /// What a program sends instead.
    pub(super) call: Option<Call>,
    /// Whether to request fragments instead of a page, as htmx does.
    pub(super) htmx: bool,
    /// How much of the response body to keep.
    pub(super) read: ReadMode,
    /// An additional header.
    pub(super) header: Option<(header::HeaderName, HeaderValue)>,
}

/// A call of the JSON API.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// The value of `Authorization`.
    pub(super) token: Option<HeaderValue>,
    /// JSON, or nothing.
    pub(super) body: String,
}

impl<'a> RequestSpec<'a> {
    pub(super) fn get(path: &'a str) -> RequestSpec<'a> {
        RequestSpec {
            path,
            form: None,
            call: None,
            htmx: false,
            read: ReadMode::Discard,
            header: None,
        }
    }

    pub(super) fn post(path: &'a str, form: String) -> RequestSpec<'a> {
        RequestSpec {
            form: Some(form),
            htmx: true,
            ..RequestSpec::get(path)
        }
    }

    pub(super) fn call(path: &'a str, call: Call) -> RequestSpec<'a> {
        RequestSpec {
            call: Some(call),
            ..RequestSpec::get(path)
        }
    }

    pub(super) fn read(self, read: ReadMode) -> RequestSpec<'a> {
        RequestSpec { read, ..self }
    }

    pub(super) fn header(
        self,
        header: Option<(header::HeaderName, HeaderValue)>,
    ) -> RequestSpec<'a> {
        RequestSpec { header, ..self }
    }

    pub(super) fn method(&self) -> Method {
        match (&self.call, &self.form) {
            (Some(call), _) => call.method.clone(),
            (None, Some(_)) => Method::POST,
            (None, None) => Method::GET,
        }
    }
}

/// A response whose body was received completely.
pub(super) struct ServerResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The part of the body that the [`ReadMode`] keeps.
    pub(super) text: String,
    /// The length of the body as sent, before decoding.
    pub(super) bytes: u64,
}

/// A response whose body has not been read, with its connection.
pub(super) struct StreamingResponse {
    pub(super) response: Response<Incoming>,
    _connection: Connection,
}

/// How many idle connections a browser keeps to a server.
const MAX_IDLE_CONNECTIONS: usize = 6;

pub(super) struct Browser {
    server: Arc<ServerAddress>,
    idle: Mutex<Vec<Connection>>,
    cookies: Mutex<Vec<(String, String)>>,
}

impl Browser {
    pub(super) fn new(server: Arc<ServerAddress>) -> Browser {
        Browser {
            server,
            idle: Mutex::default(),
            cookies: Mutex::default(),
        }
    }

    /// Sends a request and reads the complete response, whatever its status.
    ///
    /// # Errors
    /// There is no complete response.
    pub(super) async fn send(&self, request: RequestSpec<'_>) -> Result<ServerResponse, Failure> {
        let read = request.read;
        let (connection, response) = self.exchange(request).await?;
        let (head, mut body) = response.into_parts();
        let mut reader = BodyReader::new(read, &head.headers)?;
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Failure::from_http(&error))?;
            if let Some(data) = frame.data_ref() {
                bytes += data.len() as u64;
                reader.push(data)?;
            }
        }
        let mut idle = lock(&self.idle);
        if idle.len() < MAX_IDLE_CONNECTIONS {
            idle.push(connection);
        }
        drop(idle);
        Ok(ServerResponse {
            status: head.status,
            headers: head.headers,
            text: reader.into_text(),
            bytes,
        })
    }

    /// Sends a request whose response does not end.
    ///
    /// # Errors
    /// There is no response.
    pub(super) async fn open_stream(
        &self,
        request: RequestSpec<'_>,
    ) -> Result<StreamingResponse, Failure> {
        let (connection, response) = self.exchange(request).await?;
        Ok(StreamingResponse {
            response,
            _connection: connection,
        })
    }

    /// Closes all idle connections, and keeps the cookies.
    pub(super) fn disconnect(&self) {
        lock(&self.idle).clear();
    }

    async fn exchange(
        &self,
        request: RequestSpec<'_>,
    ) -> Result<(Connection, Response<Incoming>), Failure> {
        let mut request = self.build_request(request)?;
        // The server may have closed an idle connection. Nothing was sent then, and browsers retry too.
        while let Some(mut connection) = self.pop_idle() {
            if connection.ready().await.is_err() {
                continue;
            }
            match connection.try_send_request(request).await {
                Ok(response) => {
                    self.store_cookies(&response);
                    return Ok((connection, response));
                }
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(Failure::from_http(error.error())),
                },
            }
        }
        let mut connection = self.connect().await?;
        let response = connection.send_request(request).await;
        let response = response.map_err(|error| Failure::from_http(&error))?;
        self.store_cookies(&response);
        Ok((connection, response))
    }

    fn build_request(&self, spec: RequestSpec<'_>) -> Result<Request<Full<Bytes>>, Failure> {
        let accept_encoding = match spec.read {
            ReadMode::Discard => BROWSER_ENCODINGS,
            ReadMode::Head | ReadMode::Full => DECODABLE_ENCODINGS,
        };
        let mut request = Request::builder()
            .method(spec.method())
            .uri(spec.path)
            .header(header::HOST, &self.server.host)
            .header(
                header::USER_AGENT,
                concat!("savt-load/", env!("CARGO_PKG_VERSION")),
            )
            .header(header::ACCEPT_ENCODING, accept_encoding);
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        if spec.form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if spec.htmx {
            request = request.header("hx-request", "true");
        }
        if let Some((name, value)) = spec.header {
            request = request.header(name, value);
        }
        let mut body = spec.form.unwrap_or_default();
        if let Some(call) = spec.call {
            if let Some(token) = call.token {
                request = request.header(header::AUTHORIZATION, token);
            }
            if !call.body.is_empty() {
                request = request.header(header::CONTENT_TYPE, "application/json");
            }
            body = call.body;
        }
        let body = Full::new(Bytes::from(body));
        let request = request.body(body);
        request.map_err(|error| Failure::new(FailureKind::Other, error.to_string()))
    }

    fn pop_idle(&self) -> Option<Connection> {
        lock(&self.idle).pop()
    }

    async fn connect(&self) -> Result<Connection, Failure> {
        let stream = TcpStream::connect(self.server.address).await;
        let stream = stream.map_err(|error| Failure::from_io(&error))?;
        // With Nagle's algorithm, a POST on an idle connection could wait for an acknowledgement.
        stream
            .set_nodelay(true)
            .map_err(|error| Failure::from_io(&error))?;
        let connected = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = connected.map_err(|error| Failure::from_http(&error))?;
        // The sender reports the errors of the connection.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(sender)
    }

    fn store_cookies(&self, response: &Response<Incoming>) {
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            if let Some((name, value)) = cookie.to_str().ok().and_then(parse_cookie) {
                let mut cookies = lock(&self.cookies);
                cookies.retain(|(known, _)| known != name);
                if !value.is_empty() {
                    cookies.push((name.to_owned(), value.to_owned()));
                }
            }
        }
    }

    fn cookie_header(&self) -> String {
        let cookies = lock(&self.cookies);
        let pairs = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The name and the value of a `Set-Cookie` header.
fn parse_cookie(cookie: &str) -> Option<(&str, &str)> {
    cookie.split(';').next()?.trim().split_once('=')
}
