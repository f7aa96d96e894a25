//! One browser: its connections, its cookies, its requests. Knows HTTP, nothing of what is asked or how long it takes.

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
    failure::{Failure, Kind},
    reading::{BROWSER, Keep, READABLE, Reading},
    server::Server,
};

type Connection = SendRequest<Full<Bytes>>;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Ask<'a> {
    pub(super) path: &'a str,
    /// The fields of a form, sent with POST.
    pub(super) form: Option<String>,
    /// Whether only fragments are wanted, as by the page's script.
    pub(super) htmx: bool,
    pub(super) keep: Keep,
    /// What is added to the headers.
    pub(super) header: Option<(header::HeaderName, HeaderValue)>,
}

impl<'a> Ask<'a> {
    pub(super) fn get(path: &'a str) -> Ask<'a> {
        Ask {
            path,
            form: None,
            htmx: false,
            keep: Keep::Nothing,
            header: None,
        }
    }

    pub(super) fn post(path: &'a str, form: String) -> Ask<'a> {
        Ask {
            form: Some(form),
            htmx: true,
            ..Ask::get(path)
        }
    }

    pub(super) fn keep(self, keep: Keep) -> Ask<'a> {
        Ask { keep, ..self }
    }

    pub(super) fn header(self, header: Option<(header::HeaderName, HeaderValue)>) -> Ask<'a> {
        Ask { header, ..self }
    }

    pub(super) fn method(&self) -> Method {
        match self.form {
            Some(_) => Method::POST,
            None => Method::GET,
        }
    }
}

/// What came back, whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// What was to be kept of it.
    pub(super) text: String,
    /// The length of the body as it was sent.
    pub(super) bytes: u64,
}

/// A stream whose body has not come yet, and the connection it takes up.
pub(super) struct Open {
    pub(super) response: Response<Incoming>,
    _connection: Connection,
}

/// Connections a browser keeps to one server at most.
const KEPT: usize = 6;

pub(super) struct Browser {
    server: Arc<Server>,
    idle: Mutex<Vec<Connection>>,
    cookies: Mutex<Vec<(String, String)>>,
}

impl Browser {
    pub(super) fn new(server: Arc<Server>) -> Browser {
        Browser {
            server,
            idle: Mutex::default(),
            cookies: Mutex::default(),
        }
    }

    /// Asks and hears the whole answer, whatever its status.
    ///
    /// # Errors
    /// There is no whole answer.
    pub(super) async fn ask(&self, ask: Ask<'_>) -> Result<Answer, Failure> {
        let keep = ask.keep;
        let (connection, response) = self.send(ask).await?;
        let (head, mut body) = response.into_parts();
        let mut reading = Reading::new(keep, &head.headers)?;
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Failure::of_http(&error))?;
            if let Some(data) = frame.data_ref() {
                bytes += data.len() as u64;
                reading.take_in(data)?;
            }
        }
        let mut idle = lock(&self.idle);
        if idle.len() < KEPT {
            idle.push(connection);
        }
        drop(idle);
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            text: reading.text(),
            bytes,
        })
    }

    /// Asks for what does not end.
    ///
    /// # Errors
    /// There is no answer.
    pub(super) async fn open(&self, ask: Ask<'_>) -> Result<Open, Failure> {
        let (connection, response) = self.send(ask).await?;
        Ok(Open {
            response,
            _connection: connection,
        })
    }

    async fn send(&self, ask: Ask<'_>) -> Result<(Connection, Response<Incoming>), Failure> {
        let mut request = self.request(ask)?;
        // One that was kept may have been closed meanwhile: nothing was sent, and browsers try again too.
        while let Some(mut connection) = self.kept() {
            if connection.ready().await.is_err() {
                continue;
            }
            match connection.try_send_request(request).await {
                Ok(response) => return Ok(self.heard(connection, response)),
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(Failure::of_http(error.error())),
                },
            }
        }
        let mut connection = self.connect().await?;
        let sent = connection.send_request(request).await;
        let response = sent.map_err(|error| Failure::of_http(&error))?;
        Ok(self.heard(connection, response))
    }

    fn request(&self, ask: Ask<'_>) -> Result<Request<Full<Bytes>>, Failure> {
        let accepted = match ask.keep {
            Keep::Nothing => BROWSER,
            Keep::Head | Keep::All => READABLE,
        };
        let mut request = Request::builder()
            .method(ask.method())
            .uri(ask.path)
            .header(header::HOST, &self.server.host)
            .header(
                header::USER_AGENT,
                concat!("savt-load/", env!("CARGO_PKG_VERSION")),
            )
            .header(header::ACCEPT_ENCODING, accepted);
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        if ask.form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if ask.htmx {
            request = request.header("hx-request", "true");
        }
        if let Some((name, value)) = ask.header {
            request = request.header(name, value);
        }
        let body = Full::new(Bytes::from(ask.form.unwrap_or_default()));
        let request = request.body(body);
        request.map_err(|error| Failure::new(Kind::Other, error.to_string()))
    }

    fn kept(&self) -> Option<Connection> {
        lock(&self.idle).pop()
    }

    async fn connect(&self) -> Result<Connection, Failure> {
        let stream = TcpStream::connect(self.server.address).await;
        let stream = stream.map_err(|error| Failure::of_io(&error))?;
        // Without it a POST on a kept connection may wait for an acknowledgement.
        stream
            .set_nodelay(true)
            .map_err(|error| Failure::of_io(&error))?;
        let shaken = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = shaken.map_err(|error| Failure::of_http(&error))?;
        // What goes wrong with it, who asks by it hears.
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(sender)
    }

    fn heard(
        &self,
        connection: Connection,
        response: Response<Incoming>,
    ) -> (Connection, Response<Incoming>) {
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            if let Some((name, value)) = cookie.to_str().ok().and_then(pair) {
                let mut cookies = lock(&self.cookies);
                cookies.retain(|(known, _)| known != name);
                if !value.is_empty() {
                    cookies.push((name.to_owned(), value.to_owned()));
                }
            }
        }
        (connection, response)
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

/// The name and the value of a `Set-Cookie`.
fn pair(cookie: &str) -> Option<(&str, &str)> {
    cookie.split(';').next()?.trim().split_once('=')
}
