//! The features and weights of the three parts, in memory or in files.

use super::{DataError, Loaded, Pipeline, counted};
use crate::data::features::Expression;
use crate::data::progress::{Progress, Stage};
use crate::data::store::{Values, ValuesWriter, check_room};
use crate::data::{Cells, RowSet};

/// Most memory for encoded features, in bytes.
const LARGEST_SAMPLES: u64 = 4 << 30;
/// Rows that are encoded at once on their way to a file.
const BLOCK: usize = 4096;
/// Rows that are encoded in memory between two looks at whether that is to go on.
const AT_ONCE: usize = 1 << 17;

/// Encodes the rows of the parts, each in ascending order. Where they need more than `memory`
/// bytes together, they go to files.
pub(super) fn features(
    loaded: &Loaded,
    pipeline: &Pipeline,
    parts: &[RowSet; 3],
    memory: Option<u64>,
    progress: &Progress,
    notes: &mut Vec<String>,
) -> Result<[Values; 3], DataError> {
    let n_features = pipeline.features.len();
    let n_samples: usize = parts.iter().map(RowSet::len).sum();
    let n_bytes = (n_samples as u64 * size_of::<f64>() as u64).saturating_mul(n_features as u64);
    if memory.is_none() && n_bytes > LARGEST_SAMPLES {
        return Err(DataError::new(format!(
            "{} with {} each need more than {} GiB; leave out columns or rows, or state how many MiB \
             may be in memory at a time (the setting `memory`)",
            counted(n_samples, "sample", "samples"),
            counted(n_features, "feature", "features"),
            LARGEST_SAMPLES >> 30
        )));
    }
    // A run has them once more, in its own number type. Of a table in a file targets and weights are in files
    // too, so that the limit is one for all.
    let is_large = |memory: &u64| n_bytes.saturating_mul(2) > *memory;
    let memory = memory.filter(|memory| loaded.store.is_some() || is_large(memory));
    progress.begin_stage(Stage::Preparing, n_bytes, 1);
    let done = |n_rows: usize| {
        let n_done = n_rows * n_features * size_of::<f64>();
        progress.add_bytes(n_done as u64);
        progress.check()
    };
    if memory.is_none() {
        let encode = |part: &RowSet| {
            let mut encoded = vec![0.0; part.len() * n_features];
            let blocks = encoded.chunks_mut((AT_ONCE * n_features).max(1));
            let mut left = part.iter();
            let mut rows = Vec::with_capacity(AT_ONCE.min(part.len()));
            for block in blocks {
                rows.clear();
                rows.extend(left.by_ref().take(AT_ONCE));
                pipeline.encode_into(&loaded.table, &rows, block)?;
                done(rows.len())?;
            }
            Ok::<_, DataError>(Values::from(encoded))
        };
        let [train, validation, test] = parts.each_ref().map(encode);
        return Ok([train?, validation?, test?]);
    }
    if let Some(memory) = memory {
        check_room(n_bytes)?;
        notes.push(format!(
            "the features ({} MiB) are kept in a temporary file and at most {} MiB of rows in memory; the \
             sampling Blocks goes with that, others read row by row and are slower",
            n_bytes.div_ceil(1 << 20),
            memory >> 20
        ));
    }
    let writer = |rows: &RowSet| ValuesWriter::new(rows.len(), n_features, memory);
    let [train, validation, test] = parts.each_ref().map(writer);
    let mut writers = [train?, validation?, test?];
    let mut places = Vec::with_capacity(BLOCK);
    // What is made is counted here, not what is read for it.
    let unseen = Progress::default();
    loaded.for_each_rows(&pipeline.columns(), &unseen, |table, block| {
        // A table in memory holds all rows, one of a file those of the block.
        for (part, writer) in parts.iter().zip(&mut writers) {
            let mut rows = part.within(block.clone()).map(|row| row - block.start);
            loop {
                places.clear();
                places.extend(rows.by_ref().take(BLOCK));
                if places.is_empty() {
                    break;
                }
                writer.append(&pipeline.encode(table, &places)?)?;
                done(places.len())?;
            }
        }
        Ok(())
    })?;
    Ok(writers.map(ValuesWriter::finish))
}

/// The weights of the parts, of a column of numbers that was checked when it was read.
pub(super) fn weights(
    loaded: &Loaded,
    name: &str,
    parts: &[RowSet; 3],
    memory: Option<u64>,
    progress: &Progress,
) -> Result<[Values; 3], DataError> {
    let columns = &loaded.table.columns;
    let index = columns.iter().position(|column| column.name == name);
    let index = index.filter(|index| matches!(columns[*index].cells, Cells::Numeric(_)));
    let Some(index) = index else {
        return Err(DataError::new(format!("the column of weights `{name}` is not numeric")));
    };
    let of_part = |part: &RowSet| {
        let mut writer = ValuesWriter::new(part.len(), 1, memory)?;
        let weight = Expression::number(name, index);
        let mut result = Ok(());
        loaded.for_each_values(&weight, part, progress, |weights, _| {
            if result.is_ok() {
                result = writer.append(weights);
            }
        })?;
        result.map(|()| writer.finish())
    };
    let [train, validation, test] = parts.each_ref().map(of_part);
    let parts = [train?, validation?, test?];
    let mut some = parts[0].is_empty();
    parts[0].for_each_rows(|weights| some |= weights.iter().any(|weight| *weight != 0.0))?;
    if !some {
        return Err(DataError::new(
            "all samples of the training part have the weight 0; at least one must be above 0",
        ));
    }
    Ok(parts)
}
