//! A receiver of webhooks in a process of its own, which does nothing else: it answers at once, or never.

use std::{io, process::ExitCode};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// The argument that makes the bench binary run this receiver.
pub const COMMAND: &str = "webhook-receiver";

/// Messages to this path are accepted at once.
pub const ANSWERED: &str = "/answered";

/// Messages to this path are read, and never answered.
pub const SILENT: &str = "/silent";

/// Receives until it is killed.
pub fn run() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(serve()).unwrap();
    ExitCode::SUCCESS
}

async fn serve() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    eprintln!("serving at http://{}/", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(receive(stream));
    }
}

async fn receive(stream: TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut body = Vec::new();
    while let Some(head) = read_head(&mut stream).await? {
        if head.is_silent {
            // Until the sender gives up.
            stream.read_to_end(&mut body).await?;
            return Ok(());
        }
        body.resize(head.length, 0);
        stream.read_exact(&mut body).await?;
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer).await?;
    }
    Ok(())
}

struct Head {
    is_silent: bool,
    /// Of the body.
    length: usize,
}

/// None if the connection has ended.
async fn read_head(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Head>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut head = Head {
        is_silent: line.split(' ').nth(1) == Some(SILENT),
        length: 0,
    };
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.split_once(':') else {
            return Ok(Some(head));
        };
        if name.eq_ignore_ascii_case("content-length") {
            head.length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
}
