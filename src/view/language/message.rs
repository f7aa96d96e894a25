//! A message before its language is known: an id and arguments.

use std::borrow::Cow;

use crate::model::{Name, Timestamp};

/// A message by its id in `*.ftl`, with its arguments. [`super::Texts`] formats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    pub(super) id: &'static str,
    pub(super) args: Vec<(&'static str, MessageArg<'a>)>,
}

/// An argument of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageArg<'a> {
    /// Text that somebody typed; in a page its writing direction is isolated.
    Name(Cow<'a, str>),
    /// Text of the program.
    Text(Cow<'a, str>),
    Number(i64),
    /// In a page, the script converts it to the local time zone.
    Time(Timestamp),
    /// Text that somebody typed, or nothing. The message selects by `$has-…`, which is `yes` or `no`.
    OptionalName(Option<Cow<'a, str>>),
    /// `yes` or `no`, which the message selects by.
    Flag(&'static str),
}

/// A message without arguments.
pub fn message(id: &'static str) -> Message<'static> {
    Message {
        id,
        args: Vec::new(),
    }
}

impl<'a> Message<'a> {
    /// Adds a name as an argument.
    pub fn name(self, key: &'static str, name: &'a Name) -> Message<'a> {
        self.with(key, MessageArg::Name(Cow::Borrowed(name.as_str())))
    }

    /// Adds a name, or another text that somebody typed, if there is one.
    pub fn optional_name(self, key: &'static str, name: Option<&'a str>) -> Message<'a> {
        self.with(key, MessageArg::OptionalName(name.map(Cow::Borrowed)))
    }

    pub fn text(self, key: &'static str, text: impl Into<Cow<'a, str>>) -> Message<'a> {
        self.with(key, MessageArg::Text(text.into()))
    }

    /// Adds an argument that is `yes` or `no`.
    pub fn flag(self, key: &'static str, flag: bool) -> Message<'a> {
        self.with(key, MessageArg::Flag(if flag { "yes" } else { "no" }))
    }

    pub fn number(self, key: &'static str, number: impl Into<i64>) -> Message<'a> {
        self.with(key, MessageArg::Number(number.into()))
    }

    pub fn time(self, key: &'static str, at: Timestamp) -> Message<'a> {
        self.with(key, MessageArg::Time(at))
    }

    pub fn count(self, key: &'static str, count: usize) -> Message<'a> {
        self.number(key, i64::try_from(count).unwrap_or(i64::MAX))
    }

    fn with(mut self, key: &'static str, arg: MessageArg<'a>) -> Message<'a> {
        self.args.push((key, arg));
        self
    }

    pub fn into_owned(self) -> Message<'static> {
        let args = self.args.into_iter();
        Message {
            id: self.id,
            args: args.map(|(key, arg)| (key, arg.into_owned())).collect(),
        }
    }
}

impl MessageArg<'_> {
    fn into_owned(self) -> MessageArg<'static> {
        match self {
            MessageArg::Name(name) => MessageArg::Name(name.into_owned().into()),
            MessageArg::Text(text) => MessageArg::Text(text.into_owned().into()),
            MessageArg::Number(number) => MessageArg::Number(number),
            MessageArg::Time(at) => MessageArg::Time(at),
            MessageArg::OptionalName(name) => {
                MessageArg::OptionalName(name.map(|name| name.into_owned().into()))
            }
            MessageArg::Flag(flag) => MessageArg::Flag(flag),
        }
    }
}

impl From<&'static str> for Message<'_> {
    fn from(id: &'static str) -> Self {
        message(id)
    }
}
