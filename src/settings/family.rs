use super::{Field, Page};

/// One member of a family, for menus, help pages and listings.
#[derive(Clone, Copy, Debug)]
pub struct Member<F: 'static> {
    /// The name in files, such as `RmsProp`.
    pub name: &'static str,
    /// The help page.
    pub page: Page,
    /// Its settings.
    pub fields: fn() -> Vec<Field>,
    /// The member with its default settings.
    pub default: fn() -> F,
}

/// Gathers settings structs into a family: declares the modules, an enum with a variant per
/// member, its reading and writing (`Adam(learning_rate: 0.01)`; members without settings are
/// written as their name alone), the list of members, and the way to the rule behind each.
///
/// A new member is a new file and a new line here.
#[macro_export]
macro_rules! family {
    (
        $(#[$meta:meta])*
        pub enum $family:ident = $rule:ident $(<$scalar:ident>)? {
            $($module:ident :: $member:ident,)+
        }
    ) => {
        $(mod $module; pub use $module::$member;)+

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $family {
            $(#[doc = concat!("See [`struct@", stringify!($member), "`].")] $member($member),)+
        }

        impl $family {
            /// The names of all members, as in files.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($member)),+];

            /// All members, in the order of the menu.
            pub fn members() -> Vec<$crate::settings::Member<Self>> {
                vec![$($crate::settings::Member {
                    name: stringify!($member),
                    page: <$member as $crate::settings::Settings>::PAGE,
                    fields: <$member as $crate::settings::Settings>::fields,
                    default: || Self::$member($member::default()),
                }),+]
            }

            /// The member called `name` with its default settings.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($member) => Some(Self::$member($member::default())),)+
                    _ => None,
                }
            }

            /// The name of this member, as in files.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$member(_) => stringify!($member),)+
                }
            }

            /// The help page of this member.
            pub fn page(&self) -> $crate::settings::Page {
                match self {
                    $(Self::$member(_) => <$member as $crate::settings::Settings>::PAGE,)+
                }
            }

            /// The settings of this member.
            pub fn fields(&self) -> Vec<$crate::settings::Field> {
                match self {
                    $(Self::$member(_) => <$member as $crate::settings::Settings>::fields(),)+
                }
            }

            /// The value of the setting `name`.
            pub fn get(&self, name: &str) -> Option<$crate::settings::Value> {
                match self {
                    $(Self::$member(member) => $crate::settings::Settings::get(member, name),)+
                }
            }

            /// Sets the setting `name`, if it exists and the value is permitted.
            pub fn set(
                &mut self,
                name: &str,
                value: $crate::settings::Value,
            ) -> Result<(), $crate::settings::SettingError> {
                match self {
                    $(Self::$member(member) => $crate::settings::Settings::set(member, name, value),)+
                }
            }

            /// Checks every setting against its permitted range.
            pub fn check(&self) -> Result<(), $crate::settings::SettingError> {
                match self {
                    $(Self::$member(member) => $crate::settings::Settings::check(member),)+
                }
            }

            $crate::family!(@rule $family $rule [$($scalar)?] $($member)+);
        }

        impl ::serde::Serialize for $family {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$member(member) => {
                        let index = Self::NAMES
                            .iter()
                            .position(|name| *name == stringify!($member))
                            .unwrap_or_default() as u32;
                        if <$member as $crate::settings::Settings>::N_FIELDS == 0 {
                            serializer.serialize_unit_variant(
                                stringify!($family), index, stringify!($member))
                        } else {
                            serializer.serialize_newtype_variant(
                                stringify!($family), index, stringify!($member), member)
                        }
                    })+
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $family {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                #[derive(::serde::Deserialize)]
                enum Name { $($member,)+ }

                struct Visitor;
                impl<'de> ::serde::de::Visitor<'de> for Visitor {
                    type Value = $family;

                    fn expecting(
                        &self,
                        f: &mut ::std::fmt::Formatter<'_>,
                    ) -> ::std::fmt::Result {
                        f.write_str(concat!("a member of ", stringify!($family)))
                    }

                    fn visit_enum<A: ::serde::de::EnumAccess<'de>>(
                        self,
                        access: A,
                    ) -> Result<Self::Value, A::Error> {
                        use ::serde::de::VariantAccess;
                        match access.variant::<Name>()? {
                            $((Name::$member, variant) => {
                                if <$member as $crate::settings::Settings>::N_FIELDS == 0 {
                                    variant.unit_variant()?;
                                    Ok($family::$member($member::default()))
                                } else {
                                    variant.newtype_variant().map($family::$member)
                                }
                            })+
                        }
                    }
                }
                deserializer.deserialize_enum(stringify!($family), Self::NAMES, Visitor)
            }
        }

        impl $crate::settings::FieldValue for $family {
            fn kind(_: Option<$crate::settings::Bounds>) -> $crate::settings::Kind {
                $crate::settings::Kind::Choice(Self::NAMES.to_vec())
            }
            fn to_value(&self) -> $crate::settings::Value {
                $crate::settings::Value::Text(self.name().to_owned())
            }
            fn from_value(value: &$crate::settings::Value) -> Option<Self> {
                match value {
                    $crate::settings::Value::Text(name) => Self::named(name),
                    _ => None,
                }
            }
            fn changed_to(&self, value: &$crate::settings::Value) -> Option<Self> {
                let changed = <Self as $crate::settings::FieldValue>::from_value(value)?;
                Some(if changed.name() == self.name() { self.clone() } else { changed })
            }
        }

        impl $crate::settings::FieldValue for Vec<$family> {
            fn kind(_: Option<$crate::settings::Bounds>) -> $crate::settings::Kind {
                $crate::settings::Kind::Choices($family::NAMES.to_vec())
            }
            fn to_value(&self) -> $crate::settings::Value {
                $crate::settings::Value::Texts(
                    self.iter().map(|member| member.name().to_owned()).collect())
            }
            fn from_value(value: &$crate::settings::Value) -> Option<Self> {
                match value {
                    $crate::settings::Value::Texts(names) => {
                        names.iter().map(|name| $family::named(name)).collect()
                    }
                    _ => None,
                }
            }
            fn changed_to(&self, value: &$crate::settings::Value) -> Option<Self> {
                let mut changed = <Self as $crate::settings::FieldValue>::from_value(value)?;
                for (new, old) in changed.iter_mut().zip(self) {
                    if new.name() == old.name() {
                        *new = old.clone();
                    }
                }
                Some(changed)
            }
        }
    };
    (@rule $family:ident $rule:ident [] $($member:ident)+) => {
        /// The rule behind the settings.
        pub fn rule(&self) -> &dyn $rule {
            match self {
                $(Self::$member(member) => member,)+
            }
        }
    };
    (@rule $family:ident $rule:ident [$scalar:ident] $($member:ident)+) => {
        /// The rule behind the settings, in the given number type.
        pub fn rule<$scalar: $crate::math::Scalar>(&self) -> &dyn $rule<$scalar> {
            match self {
                $(Self::$member(member) => member,)+
            }
        }
    };
}
