use super::{Draft, Fit, Fitting};
use crate::data::DataError;
use crate::data::features::{Feature, Origin};
use crate::settings::Bounds;

crate::settings! {
    /// Adds products of features, and powers of them, so that a linear model can bend and features
    /// can act together.
    ///
    /// ```text
    /// x → x, and all x₁^p₁ x₂^p₂ …  with  2 ≤ p₁ + p₂ + … ≤ d        at most n products
    /// ```
    ///
    /// `d` is the degree; with interactions alone each `pᵢ` is 0 or 1. Features that are 0 or 1 are not
    /// raised to powers, which would change nothing, nor are levels of one column multiplied, which
    /// are never 1 together. The products come after all other features, in scikit-learn's order. With no
    /// columns named, all numbers are meant, indicators too. Products are scaled by `scaling` as all
    /// numbers are.
    ///
    /// When to use: few features whose effect bends or depends on others, with a linear model whose
    /// weights are to be read. Scale before, so that powers stay in reach. With many features a
    /// perceptron finds by itself what matters.
    ///
    /// Reference: J. D. Gergonne, Application de la méthode des moindres quarrés à l'interpolation
    /// des suites, 1815.
    pub struct Polynomial("Polynomial features") {
        /// The columns that are multiplied; none for all numbers.
        columns(""): Vec<String> = Vec::new();
        /// How many factors a product has at most.
        degree("d"): usize = 2, Bounds::closed(2.0, 10.0);
        /// Whether only different features are multiplied, without powers.
        interactions_only(""): bool = false;
        /// How many products may be made.
        max_products("n"): usize = 1000, Bounds::closed(1.0, 100_000.0);
    }
}

impl Polynomial {
    /// Whether two factors, the second not before the first, may stand in one product.
    fn may_meet(&self, [(a, first), (b, second)]: [(usize, &Feature); 2]) -> bool {
        if a == b {
            return !self.interactions_only && !first.expression.is_indicator();
        }
        let both = first.expression.is_indicator() && second.expression.is_indicator();
        !(both && first.expression.columns() == second.expression.columns())
    }

    /// All products with one factor more than those given.
    fn longer(&self, products: &[Vec<usize>], features: &[Feature]) -> Vec<Vec<usize>> {
        let mut longer = Vec::new();
        for product in products {
            let last = product.last().copied().unwrap_or(0);
            for next in last..features.len() {
                let meets = |k: &usize| {
                    self.may_meet([(*k, &features[*k]), (next, &features[next])])
                };
                if product.iter().all(meets) {
                    longer.push(product.iter().copied().chain([next]).collect());
                }
                if longer.len() > self.max_products {
                    return longer;
                }
            }
        }
        longer
    }
}

/// `a² × b`.
fn product_name(product: &[usize], features: &[Feature]) -> String {
    const POWERS: [&str; 11] = ["", "", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "¹⁰"];
    let factor = |run: &[usize]| format!("{}{}", features[run[0]].name, POWERS[run.len()]);
    product.chunk_by(|a, b| a == b).map(factor).collect::<Vec<_>>().join(" × ")
}

impl Fit for Polynomial {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let chosen = fitting.chosen(&self.columns, Draft::is_number, "numeric; encode it first")?;
        let feature = |index: usize| match &fitting.drafts[index] {
            Draft::Number(feature) => Some(feature.clone()),
            Draft::Nominal { .. } => None,
        };
        let features: Vec<Feature> = chosen.into_iter().filter_map(feature).collect();
        let mut products: Vec<Vec<usize>> = (0..features.len()).map(|k| vec![k]).collect();
        let mut made = Vec::new();
        for degree in 2..=self.degree {
            products = self.longer(&products, &features);
            if made.len() + products.len() > self.max_products {
                return Err(DataError::new(format!(
                    "{} features make more than {} products up to degree {degree}; name fewer columns, or raise max_products",
                    features.len(),
                    self.max_products
                )));
            }
            made.extend(products.iter().map(|product| Feature {
                name: product_name(product, &features),
                expression: Origin::Product(
                    product.iter().map(|k| features[*k].expression.clone()).collect(),
                )
                .into(),
            }));
        }
        fitting.drafts.extend(made.into_iter().map(Draft::Number));
        Ok(())
    }
}
