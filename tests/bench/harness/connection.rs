//! A keep-alive connection that sends one request at a time. It implements as little HTTP as possible, so that clients use
//! less CPU time than the server.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const BUFFER_BYTES: usize = 16 * 1024;

pub struct Connection {
    stream: TcpStream,
    host: SocketAddr,
    buffer: Vec<u8>,
}

/// The head of a response.
pub struct Response {
    pub status: u16,
    /// The version of the board after the change.
    pub version: Option<i64>,
    pub etag: Option<String>,
}

impl Connection {
    pub async fn open(host: SocketAddr) -> io::Result<Connection> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Connection::from_stream(stream, host))
    }

    pub fn from_stream(stream: TcpStream, host: SocketAddr) -> Connection {
        Connection {
            stream,
            host,
            buffer: Vec::with_capacity(BUFFER_BYTES),
        }
    }

    /// Sends a request, or its head if a body follows. `headers` are complete lines.
    pub async fn send(&mut self, method: &str, path: &str, headers: &str) -> io::Result<()> {
        let host = self.host;
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
        self.stream.write_all(request.as_bytes()).await
    }

    /// Reads the head of a response; bytes after it stay in the buffer.
    pub async fn read_head(&mut self) -> io::Result<String> {
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            if read == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                let head = self.buffer.drain(..end + 4).collect();
                return String::from_utf8(head).map_err(|_| ErrorKind::InvalidData.into());
            }
        }
    }

    /// Sends a request and reads the response with its body.
    pub async fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
    ) -> io::Result<Response> {
        self.send(method, path, headers).await?;
        self.read_response().await
    }

    /// Sends a form, and reads the response with its body.
    pub async fn post(&mut self, path: &str, headers: &str, form: &str) -> io::Result<Response> {
        let length = form.len();
        let headers = format!(
            "{headers}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"
        );
        self.send("POST", path, &headers).await?;
        self.stream.write_all(form.as_bytes()).await?;
        self.read_response().await
    }

    async fn read_response(&mut self) -> io::Result<Response> {
        let head = self.read_head().await?;
        let status = parse_status(&head)?;
        let length: usize = match status {
            304 => 0,
            _ => {
                let length = header(&head, "content-length").and_then(|text| text.parse().ok());
                length.ok_or(ErrorKind::InvalidData)?
            }
        };
        while self.buffer.len() < length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(Response {
            status,
            version: header(&head, "savt-version").and_then(|text| text.parse().ok()),
            etag: header(&head, "etag").map(str::to_owned),
        })
    }

    /// The body of the last response to `request`.
    pub fn body(&self) -> &[u8] {
        &self.buffer
    }

    /// The stream, and the bytes already read after the head.
    pub fn into_parts(self) -> (TcpStream, Vec<u8>) {
        (self.stream, self.buffer)
    }
}

pub fn parse_status(head: &str) -> io::Result<u16> {
    let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
    status.ok_or_else(|| ErrorKind::InvalidData.into())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
