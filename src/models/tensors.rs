//! Parameters as named tensors in safetensors files, the format in which PyTorch and others
//! exchange weights.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, SafeTensorError, TensorView, serialize};
use thiserror::Error;

use super::Layout;
use crate::math::Scalar;

/// Why tensors could not be read.
#[derive(Debug, Error)]
pub enum TensorsError {
    /// The file cannot be read.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The file is far larger than these parameters would be.
    #[error("{} has {found} bytes; the parameters of this model need {expected}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        found: u64,
        /// The size of the parameters in `f64`.
        expected: u64,
    },
    /// The content is not in the format.
    #[error("this is not a safetensors file: {0}")]
    Malformed(SafeTensorError),
    /// A block has no tensor.
    #[error("there is no tensor {name}; found {found}, expected {expected}")]
    Missing {
        /// The name of the block.
        name: String,
        /// The tensors there are.
        found: String,
        /// The tensors there should be.
        expected: String,
    },
    /// A tensor has no block.
    #[error("the tensor {name} belongs to no part of the model; expected {expected}")]
    Unknown {
        /// The name of the tensor.
        name: String,
        /// The tensors there should be.
        expected: String,
    },
    /// A tensor of another shape.
    #[error("the tensor {name} has shape {found:?}; it must have {expected:?}")]
    Shape {
        /// The name of the tensor.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// The shape of the block.
        expected: Vec<usize>,
    },
    /// A tensor of another type.
    #[error("the tensor {name} has numbers of type {found}; they must be F32 or F64")]
    Type {
        /// The name of the tensor.
        name: String,
        /// Its type.
        found: String,
    },
}

/// The safetensors file with `params`, one tensor for each block of `layout`, in the number type
/// they have.
pub fn to_bytes<T: Scalar>(layout: &Layout, params: &[T]) -> Vec<u8> {
    assert_eq!(params.len(), layout.n_params());
    let mut bytes = Vec::with_capacity(size_of_val(params));
    let dtype = if size_of::<T>() == size_of::<f32>() { Dtype::F32 } else { Dtype::F64 };
    for param in params {
        match dtype {
            Dtype::F32 => bytes.extend((param.to_f64() as f32).to_le_bytes()),
            _ => bytes.extend(param.to_f64().to_le_bytes()),
        }
    }
    let views = layout.blocks().iter().map(|block| {
        let data = &bytes[block.range.start * size_of::<T>()..block.range.end * size_of::<T>()];
        let view = TensorView::new(dtype, block.shape.clone(), data);
        (block.name.as_str(), view.expect("a block is as long as its shape says"))
    });
    serialize(views, None).expect("tensors of a layout can always be written")
}

/// The parameters in a safetensors file, in the order of `layout`. Names and shapes must be those of
/// its blocks; numbers may be `f32` or `f64`.
pub fn from_bytes(layout: &Layout, bytes: &[u8]) -> Result<Vec<f64>, TensorsError> {
    let tensors = SafeTensors::deserialize(bytes).map_err(TensorsError::Malformed)?;
    let expected = || {
        let blocks = layout.blocks().iter();
        blocks.map(|block| block.name.clone()).collect::<Vec<_>>().join(", ")
    };
    let mut names = tensors.names();
    names.sort_unstable();
    let mut params = Vec::with_capacity(layout.n_params());
    for block in layout.blocks() {
        let Ok(tensor) = tensors.tensor(&block.name) else {
            return Err(TensorsError::Missing {
                name: block.name.clone(),
                found: if names.is_empty() { "none".to_owned() } else { names.join(", ") },
                expected: expected(),
            });
        };
        if tensor.shape() != block.shape {
            return Err(TensorsError::Shape {
                name: block.name.clone(),
                found: tensor.shape().to_vec(),
                expected: block.shape.clone(),
            });
        }
        match tensor.dtype() {
            Dtype::F32 => {
                let (numbers, _) = tensor.data().as_chunks();
                params.extend(numbers.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes))));
            }
            Dtype::F64 => {
                let (numbers, _) = tensor.data().as_chunks();
                params.extend(numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)));
            }
            other => {
                return Err(TensorsError::Type {
                    name: block.name.clone(),
                    found: other.to_string(),
                });
            }
        }
    }
    let blocks = layout.blocks();
    match names.iter().find(|name| blocks.iter().all(|block| block.name != **name)) {
        Some(name) => Err(TensorsError::Unknown { name: (*name).to_owned(), expected: expected() }),
        None => Ok(params),
    }
}

/// Room for the names and shapes in a file.
const MAX_HEADER_BYTES: u64 = 1 << 24;

/// The parameters in the file at `path`, as [`from_bytes`].
pub fn read(layout: &Layout, path: &Path) -> Result<Vec<f64>, TensorsError> {
    let unreadable = |reason| TensorsError::Unreadable { path: path.to_owned(), reason };
    let mut file = fs::File::open(path).map_err(unreadable)?;
    let found = file.metadata().map_err(unreadable)?.len();
    let expected = 8 * layout.n_params() as u64;
    if found > expected + MAX_HEADER_BYTES {
        return Err(TensorsError::TooLarge { path: path.to_owned(), found, expected });
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    from_bytes(layout, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Role;

    fn layout() -> Layout {
        Layout::new().with("0.weight", Role::Weight, &[1, 2]).with("0.bias", Role::Bias, &[1])
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = to_bytes(&layout(), &[0.1f64, -2.0, 1e300]);
        assert_eq!(from_bytes(&layout(), &bytes).unwrap(), [0.1, -2.0, 1e300]);
        let bytes = to_bytes(&layout(), &[0.1f32, -2.0, 3.0]);
        assert_eq!(from_bytes(&layout(), &bytes).unwrap(), [f64::from(0.1f32), -2.0, 3.0]);
    }

    #[test]
    fn errors_say_what_was_found_and_what_would_be_right() {
        let message = |other: Layout| {
            let params = vec![0.0; other.n_params()];
            from_bytes(&layout(), &to_bytes(&other, &params)).unwrap_err().to_string()
        };
        let weight = || Layout::new().with("0.weight", Role::Weight, &[1, 2]);
        assert_eq!(
            message(weight()),
            "there is no tensor 0.bias; found 0.weight, expected 0.weight, 0.bias"
        );
        assert_eq!(
            message(weight().with("0.bias", Role::Bias, &[2])),
            "the tensor 0.bias has shape [2]; it must have [1]"
        );
        assert_eq!(
            message(layout().with("2.bias", Role::Bias, &[1])),
            "the tensor 2.bias belongs to no part of the model; expected 0.weight, 0.bias"
        );
        let whole = [("0.weight", Dtype::I32, vec![1, 2], 8), ("0.bias", Dtype::F32, vec![1], 4)];
        let data = [0; 8];
        let views = whole.map(|(name, dtype, shape, len)| {
            (name, TensorView::new(dtype, shape, &data[..len]).unwrap())
        });
        assert_eq!(
            from_bytes(&layout(), &serialize(views, None).unwrap()).unwrap_err().to_string(),
            "the tensor 0.weight has numbers of type I32; they must be F32 or F64"
        );
        assert!(
            from_bytes(&layout(), b"not at all")
                .unwrap_err()
                .to_string()
                .starts_with("this is not a safetensors file: ")
        );
        assert!(
            read(&layout(), Path::new("no/such.safetensors"))
                .unwrap_err()
                .to_string()
                .starts_with("no/such.safetensors cannot be read: ")
        );
    }

    #[test]
    fn every_truncation_and_a_file_beyond_reason_are_refused() {
        let bytes = to_bytes(&layout(), &[1.0f64, 2.0, 3.0]);
        for len in 0..bytes.len() {
            assert!(from_bytes(&layout(), &bytes[..len]).is_err(), "{len} bytes");
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, &bytes).unwrap();
        assert_eq!(read(&layout(), file.path()).unwrap(), [1.0, 2.0, 3.0]);
        file.as_file().set_len(1 << 25).unwrap();
        assert!(matches!(read(&layout(), file.path()), Err(TensorsError::TooLarge { .. })));
    }
}
