//! Something to say, before it is known in which language.

use std::borrow::Cow;

use crate::model::Name;

/// A message by its id in `*.ftl`, with what it is about. Whoever knows the reader's language words it by [`super::Texts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    pub(super) id: &'static str,
    pub(super) about: Vec<(&'static str, Value<'a>)>,
}

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// What somebody typed: in a page it keeps its direction to itself.
    Name(Cow<'a, str>),
    /// Words of ours.
    Text(Cow<'a, str>),
    Number(i64),
    /// What somebody typed, or nothing: the message asks for `$has-…`, which is `yes` or `no`.
    Maybe(Option<Cow<'a, str>>),
    /// One of the cases a message makes.
    Case(&'static str),
}

/// A message that is about nothing, so far.
pub fn message(id: &'static str) -> Message<'static> {
    Message {
        id,
        about: Vec::new(),
    }
}

impl<'a> Message<'a> {
    /// About somebody or something that has a name.
    pub fn name(self, key: &'static str, name: &'a Name) -> Message<'a> {
        self.with(key, Value::Name(Cow::Borrowed(name.as_str())))
    }

    /// About somebody or something that has a name, if there is one.
    pub fn maybe(self, key: &'static str, name: Option<&'a str>) -> Message<'a> {
        self.with(key, Value::Maybe(name.map(Cow::Borrowed)))
    }

    pub fn text(self, key: &'static str, text: impl Into<Cow<'a, str>>) -> Message<'a> {
        self.with(key, Value::Text(text.into()))
    }

    /// In the message, this is `yes` or `no`.
    pub fn case(self, key: &'static str, so: bool) -> Message<'a> {
        self.with(key, Value::Case(if so { "yes" } else { "no" }))
    }

    pub fn number(self, key: &'static str, number: impl Into<i64>) -> Message<'a> {
        self.with(key, Value::Number(number.into()))
    }

    pub fn count(self, key: &'static str, count: usize) -> Message<'a> {
        self.number(key, i64::try_from(count).unwrap_or(i64::MAX))
    }

    fn with(mut self, key: &'static str, value: Value<'a>) -> Message<'a> {
        self.about.push((key, value));
        self
    }

    /// The same message on its own.
    pub fn into_owned(self) -> Message<'static> {
        let about = self.about.into_iter();
        Message {
            id: self.id,
            about: about
                .map(|(key, value)| (key, value.into_owned()))
                .collect(),
        }
    }
}

impl Value<'_> {
    fn into_owned(self) -> Value<'static> {
        match self {
            Value::Name(name) => Value::Name(name.into_owned().into()),
            Value::Text(text) => Value::Text(text.into_owned().into()),
            Value::Number(number) => Value::Number(number),
            Value::Maybe(name) => Value::Maybe(name.map(|name| name.into_owned().into())),
            Value::Case(case) => Value::Case(case),
        }
    }
}

impl From<&'static str> for Message<'_> {
    fn from(id: &'static str) -> Self {
        message(id)
    }
}
