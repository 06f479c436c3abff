/// Declares a plain enum that can be the type of a setting: one of a few names without settings of
/// their own.
///
/// ```
/// descent::choice! {
///     /// Which end.
///     pub enum End {
///         /// The first.
///         Low,
///         /// The last.
///         High,
///     }
/// }
/// use descent::settings::{FieldValue, Value};
/// assert_eq!(End::High.to_value(), Value::Text("High".to_owned()));
/// assert_eq!(End::from_value(&Value::Text("Low".to_owned())), Some(End::Low));
/// ```
#[macro_export]
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[doc = $help:literal])+ $variant:ident,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $help])+ $variant,)+
        }

        impl $crate::settings::FieldValue for $name {
            fn kind(_: Option<$crate::settings::Bounds>) -> $crate::settings::Kind {
                $crate::settings::Kind::Choice(vec![$(stringify!($variant)),+])
            }
            fn to_value(&self) -> $crate::settings::Value {
                let name = match self {
                    $(Self::$variant => stringify!($variant),)+
                };
                $crate::settings::Value::Text(name.to_owned())
            }
            fn from_value(value: &$crate::settings::Value) -> Option<Self> {
                match value {
                    $crate::settings::Value::Text(name) => match name.as_str() {
                        $(stringify!($variant) => Some(Self::$variant),)+
                        _ => None,
                    },
                    _ => None,
                }
            }
        }
    };
}
