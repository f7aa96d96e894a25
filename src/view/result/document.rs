//! A small text document, as plain text or as Markdown. Escapes whatever it is given: only the document itself makes markup.

use std::borrow::Cow;

use super::markdown;

/// The format of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// As people write in a chat.
    Plain,
    Markdown,
}

/// A document that is being written.
pub(super) struct Document {
    syntax: Syntax,
    text: String,
}

impl Document {
    pub(super) fn new(syntax: Syntax) -> Document {
        Document {
            syntax,
            text: String::new(),
        }
    }

    /// The whole document. It ends with a line break.
    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) fn title(&mut self, text: &str) {
        self.line("# ", text);
    }

    /// Begins a section with a heading that says it all.
    pub(super) fn statement(&mut self, text: &str) {
        self.text.push('\n');
        self.line("## ", text);
        self.blank_line_in_markdown();
    }

    /// Begins a section with a heading for what follows.
    pub(super) fn heading(&mut self, text: &str) {
        match self.syntax {
            Syntax::Plain => self.statement(&format!("{text}:")),
            Syntax::Markdown => self.statement(text),
        }
    }

    /// A paragraph; line breaks in the text stay.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.blank_line_in_markdown();
        self.lines("", text);
    }

    /// A line of a list, and more lines that belong to it.
    pub(super) fn bullet(&mut self, text: &str, more: Option<&str>) {
        self.text.push_str("- ");
        let text = self.inline(text).into_owned();
        self.text.push_str(&text);
        if let Some(more) = more {
            self.break_line();
            self.lines("  ", more);
        } else {
            self.text.push('\n');
        }
    }

    /// A paragraph that is a link. The address is not escaped: it must be one that SAVT made.
    pub(super) fn link(&mut self, url: &str) {
        self.text.push('\n');
        let link = match self.syntax {
            Syntax::Plain => url.to_owned(),
            Syntax::Markdown => format!("<{url}>"),
        };
        self.text.push_str(&link);
        self.text.push('\n');
    }

    fn line(&mut self, mark: &str, text: &str) {
        if self.syntax == Syntax::Markdown {
            self.text.push_str(mark);
        }
        let text = self.inline(text).into_owned();
        self.text.push_str(&text);
        self.text.push('\n');
    }

    /// Lines of one paragraph: a blank line would end it.
    fn lines(&mut self, indent: &str, text: &str) {
        let lines = text.lines().filter(|line| !line.is_empty());
        for (n, line) in lines.enumerate() {
            if n > 0 {
                self.break_line();
            }
            self.text.push_str(indent);
            let line = self.inline(line).into_owned();
            self.text.push_str(&line);
        }
        self.text.push('\n');
    }

    /// Ends a line within a paragraph.
    fn break_line(&mut self) {
        if self.syntax == Syntax::Markdown {
            self.text.push('\\');
        }
        self.text.push('\n');
    }

    fn blank_line_in_markdown(&mut self) {
        if self.syntax == Syntax::Markdown && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// One line of text. Names that earlier versions stored may have control characters.
    fn inline<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text: Cow<str> = match text.contains(char::is_control) {
            true => text.replace(char::is_control, " ").into(),
            false => text.into(),
        };
        match self.syntax {
            Syntax::Plain => text,
            Syntax::Markdown => markdown::escape(&text).into(),
        }
    }
}
