use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::data::idx::is_idx;

/// Pictures (or other arrays of numbers) with their labels in the IDX format, that of the MNIST
/// digits; both files may be compressed with gzip or zstd.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdxSource {
    /// The file of pictures, relative to the study's own.
    pub images: String,
    /// The file of labels; empty for the one beside it that is named as those of MNIST are:
    /// `train-labels-idx1-ubyte` beside `train-images-idx3-ubyte`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub labels: String,
}

/// The file of pictures, where `path` is one that begins with `start`, or the labels that lie beside
/// one.
pub(super) fn images_of(path: &Path, start: &[u8]) -> Option<PathBuf> {
    if !is_idx(start) {
        return None;
    }
    let name = path.file_name()?.to_string_lossy();
    if start[3] != 1 || !name.contains("labels") {
        return Some(path.to_owned());
    }
    let plain = name.trim_end_matches(".gz").trim_end_matches(".zst");
    let images = plain.replace("labels", "images").replace("idx1", "idx3");
    let names = ["", ".gz", ".zst"].map(|ending| format!("{images}{ending}"));
    let beside = names.iter().map(|name| path.with_file_name(name)).find(|path| path.is_file());
    beside.or_else(|| Some(path.to_owned()))
}
