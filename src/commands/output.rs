//! Standard output of the commands.

use std::io::{self, ErrorKind, Write};

/// Standard output, for results. When its reader has closed the pipe, as `head` does, the rest of the output is dropped, and the
/// command goes on: its exit status still tells the result.
pub(super) fn output() -> impl Write {
    Output(io::stdout())
}

struct Output<W>(W);

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_no_error() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut output = Output(writer);
        writeln!(output, "a line").unwrap();
        output.flush().unwrap();
    }

    #[test]
    fn any_other_failure_is_an_error() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let error = writeln!(Output(full.unwrap()), "a line").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
    }
}
