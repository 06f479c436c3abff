use super::Expression;
use super::nominal::Place;
use crate::data::{DataError, Table};

/// Values of the matrix that are in the cache together: a megabyte.
const CACHED: usize = 1 << 17;
/// Fewest rows worth a pass over the features.
const LEAST_AT_ONCE: usize = 64;

/// One feature: its name and how it is computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// The name on screen: `age`, `colour = red`, `log(income)`.
    pub name: String,
    /// How it is computed from the cells of a row.
    pub expression: Expression,
}

/// All features of a model, fitted: makes samples of the rows of any table with the same columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pipeline {
    /// The features, in order.
    pub features: Vec<Feature>,
}

impl Pipeline {
    /// The features of `rows`, `[n_rows × n_features]` row-major.
    ///
    /// # Errors
    /// A column that is not in the table, or has texts where it had numbers.
    pub fn encode(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, DataError> {
        let mut encoded = vec![0.0; rows.len() * self.features.len()];
        self.encode_into(table, rows, &mut encoded)?;
        Ok(encoded)
    }

    /// As [`encode`](Self::encode), into `encoded`.
    ///
    /// # Panics
    /// Where `encoded` does not have a place for every feature of every row.
    pub fn encode_into(
        &self,
        table: &Table,
        rows: &[usize],
        encoded: &mut [f64],
    ) -> Result<(), DataError> {
        let n_features = self.features.len();
        assert_eq!(encoded.len(), rows.len() * n_features);
        // Numbers cost nothing to begin with: so many rows at a time that their part of the matrix
        // stays in the cache. The lists of levels are gone through once.
        let n_at_once = match self.features.iter().all(|f| f.expression.nominals().is_empty()) {
            true => {
                (CACHED / n_features.max(1)).clamp(LEAST_AT_ONCE, rows.len().max(LEAST_AT_ONCE))
            }
            false => rows.len().max(1),
        };
        let mut values = vec![0.0; n_at_once.min(rows.len())];
        let blocks = encoded.chunks_mut((n_at_once * n_features).max(1));
        for (rows, block) in rows.chunks(n_at_once).zip(blocks) {
            let values = &mut values[..rows.len()];
            for (k, feature) in self.features.iter().enumerate() {
                feature.expression.evaluate(table, rows, values)?;
                for (sample, value) in block.iter_mut().skip(k).step_by(n_features).zip(&*values) {
                    *sample = *value;
                }
            }
        }
        Ok(())
    }

    /// For each column with levels, how many of `rows` have one that the training part does not have.
    /// Only columns with such rows are named.
    pub fn unseen(&self, table: &Table, rows: &[usize]) -> Result<Vec<Unseen>, DataError> {
        let mut counted: Vec<&str> = Vec::new();
        let mut found = Vec::new();
        for nominal in self.features.iter().flat_map(|feature| feature.expression.nominals()) {
            if counted.contains(&nominal.column.as_str()) {
                continue;
            }
            counted.push(&nominal.column);
            let mut n_rows = 0;
            nominal
                .places(table, rows, |_, place| n_rows += usize::from(place == Place::Unseen))?;
            if n_rows > 0 {
                found.push(Unseen { column: nominal.column.clone(), n_rows });
            }
        }
        Ok(found)
    }

    /// Each feature with how it is computed, in words with the fitted numbers.
    pub fn describe(&self) -> Vec<(String, String)> {
        let words = |feature: &Feature| (feature.name.clone(), feature.expression.words());
        self.features.iter().map(words).collect()
    }
}

/// Cells with a level that the training part does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The column.
    pub column: String,
    /// In how many rows.
    pub n_rows: usize,
}
