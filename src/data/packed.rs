//! Compressed files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use super::progress::{Progress, Watched};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// By the first bytes of a file.
    fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The name on screen.
    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// The file itself, or what was packed into it, as a file without a name. Of what unpacks to more
/// than `most` bytes, one byte more is unpacked; that goes on until it is done or cancelled.
///
/// # Errors
/// How the file is compressed, and why it cannot be unpacked.
pub(super) fn unpacked(file: File, most: u64, progress: &Progress) -> Result<File, String> {
    let mut start = Vec::new();
    if (&file).take(4).read_to_end(&mut start).is_err() {
        return Ok(file); // the reader of tables says why
    }
    let packing = Packing::of(&start);
    let unpack = || -> io::Result<File> {
        (&file).rewind()?;
        let Some(packing) = packing else { return Ok(file) };
        let mut plain = super::store::unnamed()?;
        progress.begin(file.metadata()?.len(), 1);
        let source = BufReader::new(Watched::new(file, progress));
        match packing {
            Packing::Gzip => {
                io::copy(&mut MultiGzDecoder::new(source).take(most + 1), &mut plain)?;
            }
            Packing::Zstd => unpack_zstd(source, &mut plain, most)?,
        }
        plain.rewind()?;
        Ok(plain)
    };
    unpack().map_err(|error| {
        let name = packing.map_or("", Packing::name);
        format!("the file is compressed ({name}) and cannot be unpacked: {error}")
    })
}

/// A zstd file is one frame after the other; some may hold no data.
fn unpack_zstd(mut source: impl BufRead, plain: &mut impl Write, most: u64) -> io::Result<()> {
    let mut left = most + 1;
    while left > 0 && !source.fill_buf()?.is_empty() {
        let mut frame = match StreamingDecoder::new(&mut source) {
            Ok(frame) => frame,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                io::copy(&mut (&mut source).take(length.into()), &mut io::sink())?;
                continue;
            }
            Err(error) => return Err(io::Error::other(error)),
        };
        left -= io::copy(&mut (&mut frame).take(left), plain)?;
        if left == 0 {
            break;
        }
        let decoder = &frame.decoder;
        let stated = decoder.get_checksum_from_data();
        if stated.is_some() && stated != decoder.get_calculated_checksum() {
            return Err(io::Error::other("its checksum is not that of its content"));
        }
    }
    Ok(())
}

/// The first bytes of what is packed into a file, as many as there are up to `n`; none of what
/// cannot be read.
pub(super) fn first_bytes(path: &Path, n: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let is_file = std::fs::metadata(path).is_ok_and(|about| about.is_file());
    let Some(mut file) = is_file.then(|| File::open(path).ok()).flatten() else { return bytes };
    let mut start = Vec::new();
    let read = (&file).take(4).read_to_end(&mut start).and_then(|_| file.rewind());
    if read.is_err() {
        return bytes;
    }
    let source = BufReader::new(file);
    // What is damaged is explained when the whole is read.
    let _ = match Packing::of(&start) {
        None => source.take(n).read_to_end(&mut bytes),
        Some(Packing::Gzip) => MultiGzDecoder::new(source).take(n).read_to_end(&mut bytes),
        Some(Packing::Zstd) => match StreamingDecoder::new(source) {
            Ok(frame) => frame.take(n).read_to_end(&mut bytes),
            Err(_) => Ok(0),
        },
    };
    bytes
}
