//! What every member of the families of networks must do, and the penalty beside them.

use descent::activations::{Activation, LeakyRelu};
use descent::losses::{Loss, Penalty};
use descent::models::{Initialization, Mlp, Model};
use descent::settings::Bounds;
use ron::Options;
use ron::extensions::Extensions;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn options() -> Options {
    Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
}

#[track_caller]
fn assert_round_trip<V: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &V) {
    let text = options().to_string(value).unwrap();
    assert_eq!(&options().from_str::<V>(&text).unwrap(), value, "{text}");
}

macro_rules! family_tests {
    ($name:ident, $family:ty) => {
        #[test]
        fn $name() {
            for member in <$family>::members() {
                let default = (member.default)();
                assert_eq!(default.check(), Ok(()), "{}", member.name);
                assert_eq!(<$family>::named(member.name), Some(default.clone()));
                assert_round_trip(&default);
                for field in (member.fields)() {
                    assert!(field.help.ends_with('.'), "{}.{}", member.name, field.name);
                    assert_eq!(field.check(&field.default), Ok(()));
                    let value = default.get(field.name).unwrap();
                    assert_eq!(value, field.default, "{}.{}", member.name, field.name);
                    let mut changed = default.clone();
                    assert_eq!(changed.set(field.name, value), Ok(()));
                    assert_eq!(changed, default, "{}.{}", member.name, field.name);
                }
            }
        }
    };
}

family_tests!(activations, Activation);
family_tests!(losses, Loss);
family_tests!(models, Model);

#[test]
fn members_are_written_as_a_person_would() {
    let leaky = |slope| Activation::LeakyRelu(LeakyRelu { slope });
    let mlp = |text| options().from_str::<Model>(text).unwrap();
    assert_eq!(
        mlp("Mlp(hidden: [64, 32], activation: LeakyRelu(slope: 0.2))"),
        Model::Mlp(Mlp { hidden: vec![64, 32], activation: leaky(0.2), ..Mlp::default() })
    );
    assert_eq!(
        mlp("Mlp(hidden: [8, 8], activations: [Tanh, LeakyRelu()])"),
        Model::Mlp(Mlp {
            hidden: vec![8, 8],
            activations: vec![Activation::named("Tanh").unwrap(), leaky(0.01)],
            ..Mlp::default()
        })
    );
    assert_eq!(options().to_string(&Model::named("Linear").unwrap()).unwrap(), "Linear");
    for wrong in ["Mlp(width: 3)", "Mlp(activation: Sine)", "Perceptron", "Mlp(hidden: [-1])"] {
        assert!(options().from_str::<Model>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn penalties_and_starts_survive_a_file() {
    for penalty in [
        Penalty::Off,
        Penalty::L1(0.1),
        Penalty::L2(1e-4),
        Penalty::ElasticNet { l1: 1e-3, l2: 0.0 },
    ] {
        assert_eq!(penalty.check(), Ok(()));
        assert_round_trip(&penalty);
    }
    for start in [
        Initialization::Auto,
        Initialization::HeNormal,
        Initialization::Explicit(vec![0.5, -1e-9]),
        Initialization::File("weights.safetensors".to_owned()),
    ] {
        assert_round_trip(&start);
    }
}

#[test]
fn a_penalty_below_zero_or_not_finite_is_refused() {
    let message = |penalty: Penalty| penalty.check().unwrap_err().within("penalty").to_string();
    assert_eq!(
        message(Penalty::L2(-0.5)),
        format!("penalty.L2 is -0.5; it must be {}", Bounds::non_negative())
    );
    assert_eq!(
        message(Penalty::ElasticNet { l1: 0.1, l2: f64::NAN }),
        "penalty.ElasticNet.l2 is NaN; it must be a number of 0 or more"
    );
    assert!(Penalty::L1(f64::INFINITY).check().is_err());
}
