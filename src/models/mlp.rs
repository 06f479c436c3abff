use super::dense::{self, Dense};
use super::{Architecture, Layout, Network, Start};
use crate::activations::{Activation, Relu};
use crate::losses::TargetKind;
use crate::math::Scalar;
use crate::settings::{Bounds, SettingError};

crate::settings! {
    /// A multilayer perceptron: layers of weighted sums, each followed by an activation, and a last
    /// one without.
    ///
    /// ```text
    /// a₀ = x        aₗ = f(Wₗ aₗ₋₁ + bₗ) for the hidden layers        ŷ = W a + b
    /// ```
    ///
    /// `x` are the features, `Wₗ` and `bₗ` the weights and constants of layer `l`, `aₗ` its
    /// outputs; `W`, `b` and `a` without a number belong to the last layer, the last hidden one.
    /// Laid out as PyTorch's `Sequential` of `Linear` layers and activations. For classes the
    /// outputs are logits, from which the loss and the accuracy are computed.
    ///
    /// When to use: relations that a weighted sum misses: curves, borders that bend, features that
    /// act together. Start from one hidden layer of 32 units and ReLU, keep the linear model beside
    /// it, and add units or layers as long as the validation loss falls. A few dozen samples it
    /// learns by heart.
    ///
    /// Reference: D. E. Rumelhart, G. E. Hinton & R. J. Williams, Learning representations by
    /// back-propagating errors, 1986.
    pub struct Mlp("Multilayer perceptron") {
        /// Units in each hidden layer, from input to output. An empty list leaves a linear model.
        hidden(""): Vec<usize> = vec![32], Bounds::closed(1.0, 1e6);
        /// The activation after every hidden layer.
        activation("f"): Activation = Activation::Relu(Relu::default());
        /// The activation after each hidden layer in turn; empty to use the same after all.
        activations(""): Vec<Activation> = vec![];
    }
    check Mlp::check_layers
}

impl Mlp {
    fn check_layers(&self) -> Result<(), SettingError> {
        self.activation.check().map_err(|error| error.within("activation"))?;
        for (index, activation) in self.activations.iter().enumerate() {
            activation.check().map_err(|error| error.within(&format!("activations[{index}]")))?;
        }
        let (n_activations, n_hidden) = (self.activations.len(), self.hidden.len());
        if n_activations != 0 && n_activations != n_hidden {
            return Err(SettingError::new(
                "activations",
                match n_activations {
                    1 => "a list of 1".to_owned(),
                    n => format!("a list of {n}"),
                },
                match n_hidden {
                    1 => "empty, or a list of 1, one for each hidden layer".to_owned(),
                    n => format!("empty, or a list of {n}, one for each hidden layer"),
                },
            ));
        }
        Ok(())
    }

    /// Width and activation of the hidden layers.
    fn layers(&self) -> impl Iterator<Item = (usize, &Activation)> {
        self.hidden.iter().enumerate().map(|(index, width)| {
            (*width, self.activations.get(index).unwrap_or(&self.activation))
        })
    }
}

impl<T: Scalar> Architecture<T> for Mlp {
    fn target_kinds(&self) -> &'static [TargetKind] {
        &[TargetKind::Number, TargetKind::TwoClasses, TargetKind::Classes]
    }

    fn layout(&self, n_inputs: usize, n_outputs: usize) -> Layout {
        let hidden =
            self.layers().map(|(width, activation)| (width, activation.rule::<T>().suited_start()));
        dense::layout(n_inputs, hidden.chain([(n_outputs, Start::XavierUniform)]))
    }

    fn n_kept_per_sample(&self, _: usize, n_outputs: usize) -> usize {
        // The outputs of each layer, and the slopes of each activation.
        n_outputs + 2 * self.hidden.iter().sum::<usize>()
    }

    fn build(
        &self,
        n_inputs: usize,
        n_outputs: usize,
        max_samples: usize,
    ) -> Box<dyn Network<T>> {
        Box::new(Dense::new(n_inputs, self.layers(), n_outputs, max_samples))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activations::{LeakyRelu, Tanh};
    use crate::models::Model;
    use crate::settings::{Settings, Value};

    #[test]
    fn blocks_are_named_and_shaped_as_in_pytorch() {
        let mlp = Mlp { hidden: vec![5, 3], ..Mlp::default() };
        let layout = Architecture::<f64>::layout(&mlp, 4, 2);
        let blocks: Vec<_> =
            layout.blocks().iter().map(|block| (block.name.as_str(), &block.shape[..])).collect();
        assert_eq!(
            blocks,
            [
                ("0.weight", &[5, 4][..]),
                ("0.bias", &[5]),
                ("2.weight", &[3, 5]),
                ("2.bias", &[3]),
                ("4.weight", &[2, 3]),
                ("4.bias", &[2]),
            ]
        );
        assert_eq!(layout.n_params(), 5 * 4 + 5 + 3 * 5 + 3 + 2 * 3 + 2);
    }

    #[test]
    fn activations_must_be_as_many_as_hidden_layers() {
        let tanh = Activation::Tanh(Tanh::default());
        let mut mlp = Mlp { hidden: vec![5, 3], activations: vec![tanh; 3], ..Mlp::default() };
        assert_eq!(
            mlp.check().unwrap_err().to_string(),
            "activations is a list of 3; it must be empty, or a list of 2, one for each hidden layer"
        );
        mlp.activations.pop();
        assert_eq!(mlp.check(), Ok(()));
    }

    #[test]
    fn settings_of_an_activation_are_checked_too() {
        let leaky = Activation::LeakyRelu(LeakyRelu { slope: -1.0 });
        let mlp = Mlp { activation: leaky.clone(), ..Mlp::default() };
        assert_eq!(
            mlp.check().unwrap_err().to_string(),
            "activation.slope is -1; it must be a number from 0 to 1"
        );
        let mlp = Mlp { activations: vec![leaky], ..Mlp::default() };
        assert_eq!(mlp.check().unwrap_err().field, "activations[0].slope");
        let mlp = Mlp { hidden: vec![4, 0], ..Mlp::default() };
        assert_eq!(
            mlp.check().unwrap_err().to_string(),
            "hidden is [4, 0]; it must be a list, each a whole number from 1 to 1000000"
        );
    }

    #[test]
    fn a_form_sets_activations_by_name() {
        let mut model = Model::Mlp(Mlp { hidden: vec![5, 3], ..Mlp::default() });
        let names = |names: &[&str]| Value::Texts(names.iter().map(ToString::to_string).collect());
        model.set("activations", names(&["Tanh", "LeakyRelu"])).unwrap();
        assert_eq!(model.get("activations"), Some(names(&["Tanh", "LeakyRelu"])));
        assert_eq!(
            model.set("activations", names(&["Tanh", "Soft"])).unwrap_err().to_string(),
            "activations is [Tanh, Soft]; it must be a list of \
             Relu, LeakyRelu, Gelu, Tanh, Sigmoid"
        );
    }

    #[test]
    fn a_model_beyond_memory_is_refused_before_it_is_built() {
        let model = Model::Mlp(Mlp { hidden: vec![1_000_000; 2], ..Mlp::default() });
        assert_eq!(
            model.check_size(10, 1, 32).unwrap_err().to_string(),
            "model is too large, with 1000013000001 parameters; it must be one of at most \
             1000000000 parameters"
        );
        let model = Model::Mlp(Mlp { hidden: vec![1_000_000], ..Mlp::default() });
        assert_eq!(model.check_size(10, 1, 32), Ok(()));
        assert_eq!(
            model.check_size(10, 1, 100_000).unwrap_err().to_string(),
            "batch is too large for this model, with 200000100000 numbers to keep for 100000 \
             samples; it must be of at most 499 samples"
        );
    }
}
