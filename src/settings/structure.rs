use super::{Field, Page, SettingError, Value};

/// A struct of settings declared by [`settings!`](crate::settings!).
pub trait Settings: Clone + Default {
    /// The name in files, such as `RmsProp`.
    const NAME: &'static str;
    /// Its help page.
    const PAGE: Page;
    /// How many settings there are.
    const N_FIELDS: usize;

    /// Its settings, in the order of declaration.
    fn fields() -> Vec<Field>;
    /// The value of the setting `name`; `None` where there is no such setting.
    fn get(&self, name: &str) -> Option<Value>;
    /// Sets the setting `name`, if it exists and the value is permitted.
    fn set(&mut self, name: &str, value: Value) -> Result<(), SettingError>;

    /// Checks every setting against its permitted range.
    fn check(&self) -> Result<(), SettingError> {
        for field in Self::fields() {
            let value = self.get(field.name).expect("fields() lists what get() knows");
            field.check(&value)?;
        }
        self.check_together()
    }

    /// Checks what no setting can tell alone; [`check`](Self::check) ends with it. A declaration
    /// states it after its settings: `… } check Mlp::check_layers`.
    fn check_together(&self) -> Result<(), SettingError> {
        Ok(())
    }
}

/// Declares a struct of settings: its help page, and for each setting its symbol, type, default,
/// bounds and help.
///
/// ```
/// descent::settings! {
///     /// Divides the rate by a number.
///     ///
///     /// ```text
///     /// η ← η / d
///     /// ```
///     pub struct Divide("Divide the rate") {
///         /// What to divide by.
///         divisor("d"): f64 = 2.0, descent::settings::Bounds::positive();
///     }
/// }
/// use descent::settings::Settings;
/// assert_eq!(Divide::default().divisor, 2.0);
/// assert_eq!(Divide::PAGE.formula(), "η ← η / d");
/// ```
#[macro_export]
macro_rules! settings {
    (
        $(#[doc = $page:literal])+
        pub struct $name:ident($title:literal) {
            $(
                $(#[doc = $help:literal])+
                $field:ident($symbol:literal): $type:ty = $default:expr $(, $bounds:expr)?;
            )*
        }
        $(check $check:path)?
    ) => {
        $(#[doc = $page])+
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[doc = $help])+
                pub $field: $type,
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $crate::settings::Settings for $name {
            const NAME: &'static str = stringify!($name);
            const PAGE: $crate::settings::Page =
                $crate::settings::Page { title: $title, text: concat!($($page, "\n"),+) };
            const N_FIELDS: usize = <[&str]>::len(&[$(stringify!($field)),*]);

            fn fields() -> Vec<$crate::settings::Field> {
                #[allow(unused_imports)]
                use $crate::settings::FieldValue;
                vec![$(
                    $crate::settings::Field {
                        name: stringify!($field),
                        symbol: $symbol,
                        help: concat!($($help, "\n"),+).trim(),
                        kind: <$type as FieldValue>::kind($crate::settings!(@bounds $($bounds)?)),
                        default: <$type as FieldValue>::to_value(&{ $default }),
                    },
                )*]
            }

            fn get(&self, name: &str) -> Option<$crate::settings::Value> {
                match name {
                    $(stringify!($field) => {
                        Some($crate::settings::FieldValue::to_value(&self.$field))
                    })*
                    _ => None,
                }
            }

            fn set(
                &mut self,
                name: &str,
                value: $crate::settings::Value,
            ) -> Result<(), $crate::settings::SettingError> {
                let Some(field) = Self::fields().into_iter().find(|field| field.name == name) else {
                    return Err($crate::settings::SettingError::new(
                        name,
                        value,
                        concat!("a setting of ", stringify!($name)),
                    ));
                };
                field.check(&value)?;
                match name {
                    $(stringify!($field) => {
                        if let Some(value) = $crate::settings::FieldValue::changed_to(&self.$field, &value) {
                            self.$field = value;
                        }
                    })*
                    _ => {}
                }
                Ok(())
            }

            $(fn check_together(&self) -> Result<(), $crate::settings::SettingError> {
                $check(self)
            })?
        }
    };
    (@bounds) => { None };
    (@bounds $bounds:expr) => { Some($bounds) };
}
