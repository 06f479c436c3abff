use thiserror::Error;

use super::{Bounds, Span};

/// One setting of a settings struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in files and code, such as `learning_rate`.
    pub name: &'static str,
    /// The symbol in the formula, such as `η`; empty where there is none.
    pub symbol: &'static str,
    /// What it does: the documentation of the field.
    pub help: &'static str,
    /// Its type and permitted values.
    pub kind: Kind,
    /// Its value when a file or a person says nothing.
    pub default: Value,
}

impl Field {
    /// The name as shown on screen: `Learning rate`.
    pub fn label(&self) -> String {
        sentence_case(self.name)
    }

    /// Whether `value` is permitted here; else a sentence that says what would be.
    pub fn check(&self, value: &Value) -> Result<(), SettingError> {
        let allowed = match (&self.kind, value) {
            (Kind::Number(bounds), Value::Number(x)) => bounds.contains(*x),
            (Kind::Count(bounds), Value::Count(n)) => bounds.contains(*n as f64),
            (Kind::Span, Value::Span(span)) => span.is_valid(),
            (Kind::Flag, Value::Flag(_)) | (Kind::Text, Value::Text(_)) => true,
            (Kind::Choice(names), Value::Text(name)) => names.contains(&name.as_str()),
            (Kind::Counts(bounds), Value::Counts(list)) => {
                list.iter().all(|n| bounds.contains(*n as f64))
            }
            (Kind::Choices(names), Value::Texts(list)) => {
                list.iter().all(|name| names.contains(&name.as_str()))
            }
            (Kind::Names, Value::Texts(list)) => list.iter().all(|name| !name.is_empty()),
            (Kind::Numbers, Value::Numbers(list)) => list.iter().all(|x| x.is_finite()),
            _ => false,
        };
        if allowed {
            return Ok(());
        }
        Err(SettingError {
            field: self.name.to_owned(),
            found: value.to_string(),
            expected: self.kind.expectation(),
            title: String::new(),
        })
    }
}

/// `learning_rate` → `Learning rate`.
fn sentence_case(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The type of a setting and what is permitted.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A real number.
    Number(Bounds),
    /// A whole number.
    Count(Bounds),
    /// Yes or no.
    Flag,
    /// One of these names.
    Choice(Vec<&'static str>),
    /// A list of these names.
    Choices(Vec<&'static str>),
    /// A list of whole numbers, such as the widths of hidden layers.
    Counts(Bounds),
    /// A list of real numbers.
    Numbers,
    /// A list of names, such as those of columns.
    Names,
    /// A stretch of training in steps or epochs.
    Span,
    /// Free text.
    Text,
}

impl Kind {
    /// What would be right, as the end of a sentence: `a number above 0`.
    pub fn expectation(&self) -> String {
        match self {
            Self::Number(bounds) => bounds.to_string(),
            Self::Count(bounds) => bounds.to_string().replacen("number", "whole number", 1),
            Self::Flag => "true or false".to_owned(),
            Self::Choice(names) => format!("one of {}", names.join(", ")),
            Self::Choices(names) => format!("a list of {}", names.join(", ")),
            Self::Counts(bounds) => {
                format!("a list, each {}", bounds.to_string().replacen("number", "whole number", 1))
            }
            Self::Numbers => "a list of finite numbers".to_owned(),
            Self::Names => "a list of names, none of them empty".to_owned(),
            Self::Span => "Steps(n) or Epochs(n), n finite and not negative".to_owned(),
            Self::Text => "text".to_owned(),
        }
    }
}

/// The value of one setting, for forms and listings.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A real number.
    Number(f64),
    /// A whole number.
    Count(u64),
    /// Yes or no.
    Flag(bool),
    /// Free text, or the name of a choice.
    Text(String),
    /// Several choices or names.
    Texts(Vec<String>),
    /// Several whole numbers.
    Counts(Vec<u64>),
    /// Several real numbers.
    Numbers(Vec<f64>),
    /// A stretch of training.
    Span(Span),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        fn list<T: ToString>(items: &[T]) -> String {
            items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
        }
        match self {
            Self::Number(x) if *x != 0.0 && (x.abs() < 1e-3 || x.abs() >= 1e6) => {
                write!(f, "{x:e}")
            }
            Self::Number(x) => write!(f, "{x}"),
            Self::Count(n) => write!(f, "{n}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Text(text) => write!(f, "{text}"),
            Self::Texts(texts) => write!(f, "[{}]", texts.join(", ")),
            Self::Counts(counts) => write!(f, "[{}]", list(counts)),
            Self::Numbers(numbers) => write!(f, "[{}]", list(numbers)),
            Self::Span(span) => write!(f, "{span}"),
        }
    }
}

/// A setting with a value that is not permitted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{} is {found}; it must be {expected}", named(field, title))]
pub struct SettingError {
    /// The name of the setting.
    pub field: String,
    /// The value found.
    pub found: String,
    /// What would be right.
    pub expected: String,
    /// What a person calls the setting, where its name alone does not say it; else empty.
    pub title: String,
}

/// `learning_rate`, or `the beginning of schedule 3 (then[1].at)`.
fn named(field: &str, title: &str) -> String {
    if title.is_empty() { field.to_owned() } else { format!("{title} ({field})") }
}

impl SettingError {
    /// A setting that is out of place, with what would be right.
    pub fn new(
        field: impl Into<String>,
        found: impl ToString,
        expected: impl Into<String>,
    ) -> Self {
        let (field, found, expected) = (field.into(), found.to_string(), expected.into());
        Self { field, found, expected, title: String::new() }
    }

    /// The same error, with what a person calls the setting.
    pub fn titled(self, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..self }
    }

    /// The same error, seen from one level up: `optimizer.learning_rate`.
    pub fn within(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }
}

/// A type that a setting can have.
pub trait FieldValue: Clone {
    /// The kind of the setting, within `bounds` where the declaration gave any.
    fn kind(bounds: Option<Bounds>) -> Kind;
    /// This value for a form.
    fn to_value(&self) -> Value;
    /// A value from a form; `None` where the type does not fit.
    fn from_value(value: &Value) -> Option<Self>;
    /// What this becomes when a form sets `value`. A form names members of families without their
    /// settings: a member that stays keeps its own.
    fn changed_to(&self, value: &Value) -> Option<Self> {
        Self::from_value(value)
    }
}

impl FieldValue for f64 {
    fn kind(bounds: Option<Bounds>) -> Kind {
        Kind::Number(bounds.unwrap_or(Bounds::any()))
    }
    fn to_value(&self) -> Value {
        Value::Number(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Number(x) => Some(*x),
            Value::Count(n) => Some(*n as f64),
            _ => None,
        }
    }
}

macro_rules! count_value {
    ($type:ty) => {
        impl FieldValue for $type {
            fn kind(bounds: Option<Bounds>) -> Kind {
                Kind::Count(bounds.unwrap_or(Bounds::at_least(0.0)))
            }
            fn to_value(&self) -> Value {
                Value::Count(*self as u64)
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Count(n) => (*n).try_into().ok(),
                    _ => None,
                }
            }
        }
    };
}
count_value!(u64);
count_value!(usize);

impl FieldValue for bool {
    fn kind(_: Option<Bounds>) -> Kind {
        Kind::Flag
    }
    fn to_value(&self) -> Value {
        Value::Flag(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
}

impl FieldValue for String {
    fn kind(_: Option<Bounds>) -> Kind {
        Kind::Text
    }
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FieldValue for Vec<usize> {
    fn kind(bounds: Option<Bounds>) -> Kind {
        Kind::Counts(bounds.unwrap_or(Bounds::at_least(0.0)))
    }
    fn to_value(&self) -> Value {
        Value::Counts(self.iter().map(|n| *n as u64).collect())
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Counts(list) => list.iter().map(|n| usize::try_from(*n).ok()).collect(),
            _ => None,
        }
    }
}

impl FieldValue for Vec<f64> {
    fn kind(_: Option<Bounds>) -> Kind {
        Kind::Numbers
    }
    fn to_value(&self) -> Value {
        Value::Numbers(self.clone())
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Numbers(list) => Some(list.clone()),
            _ => None,
        }
    }
}

impl FieldValue for Vec<String> {
    fn kind(_: Option<Bounds>) -> Kind {
        Kind::Names
    }
    fn to_value(&self) -> Value {
        Value::Texts(self.clone())
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Texts(list) => Some(list.clone()),
            _ => None,
        }
    }
}

impl FieldValue for Span {
    fn kind(_: Option<Bounds>) -> Kind {
        Kind::Span
    }
    fn to_value(&self) -> Value {
        Value::Span(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Span(span) => Some(*span),
            _ => None,
        }
    }
}
