//! libpq's password file, `~/.pgpass`: one line `host:port:database:user:password` for each password.
//!
//! Format and rules: PostgreSQL documentation, "The Password File" (section 34.16 of version 15). There is no maintained
//! crate for it.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// What a line must match.
pub(super) struct Login<'a> {
    /// The host name or the folder of the socket.
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) database: &'a str,
    pub(super) user: &'a str,
}

/// The password of the first of these logins that a line matches. A missing file has no passwords. A file that others can
/// read is ignored with a warning, as libpq does.
pub(super) fn find_password(file: &Path, logins: &[Login]) -> Option<String> {
    match read(file) {
        Ok(text) => logins.iter().find_map(|login| find(&text, login)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "the password file is ignored");
            None
        }
    }
}

fn read(file: &Path) -> io::Result<String> {
    let metadata = fs::metadata(file)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(io::Error::other(
            "its group or others have access; its mode must be 0600 or less",
        ));
    }
    fs::read_to_string(file)
}

fn find(text: &str, login: &Login) -> Option<String> {
    let port = login.port.to_string();
    let expected = [login.host, &port, login.database, login.user];
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut passwords = lines.filter_map(|line| {
        let mut rest = line;
        for value in expected {
            let (field, after) = split_field(rest)?;
            if field != "*" && unescape(field) != value {
                return None;
            }
            rest = after;
        }
        Some(unescape(rest))
    });
    passwords.find(|password| !password.is_empty())
}

/// The text up to the first colon that is not escaped, and the text after it.
fn split_field(line: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match c {
            ':' if !escaped => return Some((&line[..at], &line[at + 1..])),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    None
}

/// Removes the backslash before each escaped character.
fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use proptest::prelude::*;

    use super::*;

    const LOGIN: Login = Login {
        host: "db.example",
        port: 5432,
        database: "board",
        user: "savt",
    };

    #[test]
    fn the_first_matching_line_counts() {
        for (text, password) in [
            ("db.example:5432:board:savt:one", Some("one")),
            ("*:*:*:*:any\ndb.example:5432:board:savt:one", Some("any")),
            ("other:5432:board:savt:x\n*:5432:*:savt:two\n", Some("two")),
            ("# *:*:*:*:comment\r\n\r\n*:*:*:*:three\r\n", Some("three")),
            (r"*:*:*:*:a\:b\\c:d", Some(r"a:b\c:d")),
            ("*:*:*:*:", None),
            ("*:*:*:savt", None),
            ("*:5433:*:*:x", None),
            (r"\*:*:*:*:x", None),
            ("", None),
        ] {
            assert_eq!(find(text, &LOGIN).as_deref(), password, "{text}");
        }
    }

    #[test]
    fn a_file_that_others_can_read_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pgpass");
        let password = || find_password(&file, &[LOGIN]);
        assert_eq!(password(), None, "there is no such file");
        fs::write(&file, "*:*:*:*:one").unwrap();
        for (mode, expected) in [
            (0o600, Some("one")),
            (0o400, Some("one")),
            (0o640, None),
            (0o604, None),
        ] {
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            assert_eq!(password().as_deref(), expected, "{mode:o}");
        }
        assert_eq!(find_password(folder.path(), &[LOGIN]), None, "a folder");
    }

    proptest! {
        #[test]
        fn an_escaped_line_is_found(fields in prop::array::uniform4("[^\r\n]{1,8}")) {
            let [host, database, user, password] = &fields;
            prop_assume!(!host.starts_with('#'));
            let escape = |text: &str| text.replace('\\', r"\\").replace(':', r"\:");
            let fields = [host, "5432", database, user, password].map(escape);
            let login = Login { host, port: 5432, database, user };
            let found = find(&fields.join(":"), &login);
            prop_assert_eq!(found.as_deref(), Some(&**password));
        }
    }
}
