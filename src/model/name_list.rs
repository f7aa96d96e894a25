//! Several names as one text, one a line.

use super::name::{InvalidName, Name};

/// How many names a text may have.
pub const MAX_NAMES: usize = 200;

/// Why a text is not a list of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidNames {
    /// There is no name in it.
    Empty,
    /// There are more names than this.
    TooMany(usize),
    /// The line of this number, counted from 1, is not a name.
    Line { line: usize, reason: InvalidName },
}

/// Parses one name a line; blank lines are ignored.
pub fn parse_names(text: &str) -> Result<Vec<Name>, InvalidNames> {
    let mut names = Vec::new();
    for (index, line) in text.replace("\r\n", "\n").split(['\n', '\r']).enumerate() {
        match Name::parse(line) {
            Ok(name) => names.push(name),
            Err(InvalidName::Empty) => {}
            Err(reason) => {
                let line = index + 1;
                return Err(InvalidNames::Line { line, reason });
            }
        }
        if names.len() > MAX_NAMES {
            return Err(InvalidNames::TooMany(MAX_NAMES));
        }
    }
    match names.is_empty() {
        true => Err(InvalidNames::Empty),
        false => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<String>, InvalidNames> {
        let names = parse_names(text)?;
        Ok(names.iter().map(Name::to_string).collect())
    }

    #[test]
    fn each_line_is_a_name_and_blank_lines_are_ignored() {
        let text = "\r\n Margherita \r\n\r\nFunghi\n \t\nNapoli  bianca\rSicilia";
        let names = ["Margherita", "Funghi", "Napoli bianca", "Sicilia"];
        assert_eq!(parsed(text), Ok(names.map(str::to_owned).to_vec()));
        for blank in ["", "\n", " \r\n\t"] {
            assert_eq!(parsed(blank), Err(InvalidNames::Empty));
        }
    }

    #[test]
    fn an_invalid_line_is_named() {
        let text = format!("Funghi\r\n\r\n{}\nNapoli", "x".repeat(Name::MAX + 1));
        let reason = InvalidName::TooLong(Name::MAX);
        assert_eq!(parsed(&text), Err(InvalidNames::Line { line: 3, reason }));
    }

    #[test]
    fn there_is_a_maximum_of_names() {
        let many = "Funghi\n".repeat(MAX_NAMES);
        assert_eq!(parsed(&many).map(|names| names.len()), Ok(MAX_NAMES));
        let too_many = parsed(&(many + "Napoli"));
        assert_eq!(too_many, Err(InvalidNames::TooMany(MAX_NAMES)));
    }
}
