//! Reads a secret, such as a password, from a file.

use std::{fs::File, io::Read, path::Path};

use crate::cli::trim;

/// The most bytes to read, so that a wrong path such as `/dev/zero` ends. No secret is that long.
const MAX_LENGTH: u64 = 64 * 1024;

/// The first line of a file, without the blanks, the line end and the byte order mark around it. May be empty.
///
/// # Errors
/// The file cannot be read, or is not UTF-8. The message does not contain the secret.
pub(super) fn first_line(file: &Path) -> Result<String, String> {
    let bytes = read(file)?;
    let line = bytes.split(|&byte| byte == b'\n').next();
    let line = std::str::from_utf8(line.unwrap_or_default())
        .map_err(|_| "its first line is not UTF-8".to_owned())?;
    Ok(trim(line).to_owned())
}

/// All lines of a file that are not empty, likewise.
///
/// # Errors
/// As for [`first_line`].
pub(super) fn lines(file: &Path) -> Result<Vec<String>, String> {
    let text = String::from_utf8(read(file)?).map_err(|_| "it is not UTF-8".to_owned())?;
    let lines = text.lines().map(trim).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|file| file.take(MAX_LENGTH).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file<T>(content: &[u8], read: impl FnOnce(&Path) -> T) -> T {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, content).unwrap();
        read(&file)
    }

    fn read(content: &[u8]) -> Result<String, String> {
        with_file(content, first_line)
    }

    #[test]
    fn a_file_can_have_several_secrets() {
        let read = |content: &[u8]| with_file(content, lines);
        let both = Ok(vec!["one".to_owned(), "two".to_owned()]);
        assert_eq!(read("\u{feff}one\r\n\n two ".as_bytes()), both);
        assert_eq!(read(b"\n"), Ok(Vec::new()));
        assert!(!read(b"geheim\xff").unwrap_err().contains("geheim"));
    }

    #[test]
    fn a_secret_is_the_trimmed_first_line() {
        for content in [
            "ge heim",
            "ge heim\n",
            "ge heim\r\nmore\r\n",
            "\u{feff}ge heim\r\n",
            " ge heim \nmore",
        ] {
            assert_eq!(read(content.as_bytes()).as_deref(), Ok("ge heim"));
        }
        assert_eq!(read(b"").as_deref(), Ok(""));
        assert_eq!(read(b"\nsecond").as_deref(), Ok(""));
    }

    #[test]
    fn an_unreadable_file_is_reported_without_its_content() {
        let error = read(b"geheim\xff\n").unwrap_err();
        assert!(error.contains("UTF-8") && !error.contains("geheim"));
        assert!(first_line(Path::new("/nowhere/at/all")).is_err());
        assert!(first_line(Path::new("/")).is_err());
    }
}
