//! A kept connection that asks one thing after the other: as little HTTP as it takes, so that the people cost less than
//! the server.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How much is read at once, in bytes.
const ROOM: usize = 16 * 1024;

pub struct Connection {
    stream: TcpStream,
    host: SocketAddr,
    buffer: Vec<u8>,
}

/// The head of what came back.
pub struct Answer {
    pub status: u16,
    /// The board's version with what was done.
    pub version: Option<i64>,
    pub etag: Option<String>,
}

impl Connection {
    pub async fn to(host: SocketAddr) -> io::Result<Connection> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Connection::on(stream, host))
    }

    pub fn on(stream: TcpStream, host: SocketAddr) -> Connection {
        Connection {
            stream,
            host,
            buffer: Vec::with_capacity(ROOM),
        }
    }

    /// Sends a request without a body. `headers` are whole lines.
    pub async fn send(&mut self, method: &str, path: &str, headers: &str) -> io::Result<()> {
        let host = self.host;
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
        self.stream.write_all(request.as_bytes()).await
    }

    /// Reads the head of an answer; what was read beyond it stays in the buffer.
    pub async fn head(&mut self) -> io::Result<String> {
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

    pub async fn ask(&mut self, method: &str, path: &str, headers: &str) -> io::Result<Answer> {
        self.send(method, path, headers).await?;
        let head = self.head().await?;
        let status = status(&head)?;
        let length: usize = match status {
            304 => 0,
            _ => {
                let length = field(&head, "content-length").and_then(|text| text.parse().ok());
                length.ok_or(ErrorKind::InvalidData)?
            }
        };
        while self.buffer.len() < length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(Answer {
            status,
            version: field(&head, "savt-version").and_then(|text| text.parse().ok()),
            etag: field(&head, "etag").map(str::to_owned),
        })
    }

    /// The body of the last answer that was asked for.
    pub fn body(&self) -> &[u8] {
        &self.buffer
    }

    /// The stream, and what was read of it after the head.
    pub fn into_rest(self) -> (TcpStream, Vec<u8>) {
        (self.stream, self.buffer)
    }
}

pub fn status(head: &str) -> io::Result<u16> {
    let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
    status.ok_or_else(|| ErrorKind::InvalidData.into())
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
