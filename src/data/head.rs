//! The beginning of a file: what there is to see before the whole of it was read.

use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use super::source::encoding_named;
use super::{CsvSource, DataError, IdxSource, Loaded, Progress, Table, csv, idx, packed};

/// How much of a file is looked at.
const HEAD_BYTES: u64 = 256 << 10;

/// The table as the beginning of the file shows it, read at once however large the file is. Types can
/// still turn out otherwise; target and weights are not looked for.
///
/// # Errors
/// Where the beginning alone is no table.
pub fn head(settings: &CsvSource, folder: &Path) -> Result<Loaded, DataError> {
    let path = folder.join(&settings.path);
    let (csv::Found { table, report, fingerprint: bytes, .. }, _) = found(settings, &path)?;
    Ok(Loaded {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        target: table.columns.len(),
        table: Arc::new(table),
        report,
        fingerprint: bytes.clone(),
        bytes,
        ..Loaded::default()
    })
}

/// The table of the beginning, and how many bytes of text it was read from.
pub(super) fn beginning(settings: &CsvSource, folder: &Path) -> Result<(Table, u64), DataError> {
    let (found, n_bytes) = found(settings, &folder.join(&settings.path))?;
    Ok((found.table, n_bytes))
}

fn found(settings: &CsvSource, path: &Path) -> Result<(csv::Found, u64), DataError> {
    let in_file = |error: DataError| error.in_file(path);
    let bytes = whole_lines(first_bytes(path).map_err(in_file)?);
    let n_bytes = bytes.len() as u64;
    let settings = CsvSource {
        weights: String::new(),
        target: String::new(),
        ignore: Vec::new(),
        memory: None,
        ..settings.clone()
    };
    let found = csv::read(Cursor::new(bytes), &settings, &Progress::default());
    Ok((found.map_err(in_file)?, n_bytes))
}

/// The first pictures of a file in the IDX format with their labels, read at once however many there
/// are.
///
/// # Errors
/// Where the beginnings of the two files are none of such files.
pub fn head_of_pictures(settings: &IdxSource, folder: &Path) -> Result<Loaded, DataError> {
    let (images, labels) = idx::files(settings, folder)?;
    let [pictures, classes] = [&images, &labels].map(|path| {
        first_bytes(path).and_then(|bytes| idx::Items::of(&bytes)).map_err(|e| e.in_file(path))
    });
    Ok(idx::table_of(&images, pictures?, classes?))
}

/// The first `n` lines of a file as they are written, in an encoding given by its name on the web
/// (UTF-8 where there is none of that name), each cut after `most` letters.
///
/// # Errors
/// Where the file cannot be opened.
pub fn first_lines(
    settings: &CsvSource,
    folder: &Path,
    encoding: &str,
    (n, most): (usize, usize),
) -> Result<Vec<String>, DataError> {
    let path = folder.join(&settings.path);
    let bytes = first_bytes(&path).map_err(|error| error.in_file(&path))?;
    let charset = encoding_named(encoding);
    let text = match charset.and_then(|charset| charset.page) {
        Some(page) => {
            let mut text = Vec::new();
            page.decode(&bytes, &mut text);
            String::from_utf8_lossy(&text).into_owned()
        }
        None => {
            let encoding = charset.map_or(encoding_rs::UTF_8, |charset| charset.encoding);
            encoding.decode(&bytes).0.into_owned()
        }
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let cut = |line: &str| line.chars().take(most).collect();
    Ok(text.lines().take(n).map(cut).collect())
}

/// The first bytes of a file, or of what is packed in it.
fn first_bytes(path: &Path) -> Result<Vec<u8>, DataError> {
    let fail = |error: std::io::Error| DataError::new(format!("the file cannot be read: {error}"));
    let is_file = std::fs::metadata(path).map_err(fail)?.is_file();
    if !is_file {
        return Err(DataError::new("this is not a regular file; a CSV file is expected"));
    }
    File::open(path).map_err(fail)?;
    Ok(packed::first_bytes(path, HEAD_BYTES))
}

/// Without the line that is cut off at the end; in UTF-16 that line stays.
fn whole_lines(mut bytes: Vec<u8>) -> Vec<u8> {
    let is_whole = (bytes.len() as u64) < HEAD_BYTES;
    let is_wide = bytes.iter().take(64).any(|byte| *byte == 0);
    if let Some(end) = bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'))
        && !is_whole
        && !is_wide
    {
        bytes.truncate(end + 1);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Cells;

    #[test]
    fn the_beginning_of_a_large_file_is_a_table_already() {
        let folder = tempfile::tempdir().unwrap();
        let rows: String = (0..60_000).map(|row| format!("{row},Köln {row}\n")).collect();
        let text = format!("a,b\n{rows}");
        assert!(text.len() as u64 > 2 * HEAD_BYTES);
        std::fs::write(folder.path().join("plain.csv"), &text).unwrap();
        let packed = File::create(folder.path().join("packed.csv.gz")).unwrap();
        let mut packer = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
        std::io::Write::write_all(&mut packer, text.as_bytes()).unwrap();
        packer.finish().unwrap();
        let frame = ruzstd::encoding::compress_to_vec(
            text.as_bytes(),
            ruzstd::encoding::CompressionLevel::Fastest,
        );
        std::fs::write(folder.path().join("packed.csv.zst"), frame).unwrap();
        for path in ["plain.csv", "packed.csv.gz", "packed.csv.zst"] {
            let settings =
                CsvSource { path: path.into(), target: "nowhere".into(), ..CsvSource::default() };
            let loaded = head(&settings, folder.path()).unwrap();
            let n = loaded.table.n_rows();
            assert!(n > 1000 && n < 60_000, "{n}");
            let Cells::Numeric(values) = &loaded.table.columns[0].cells else { panic!("numbers") };
            assert_eq!(values[n - 1], (n - 1) as f64, "the last row is whole");
            let lines = first_lines(&settings, folder.path(), "utf-8", (3, 4)).unwrap();
            assert_eq!(lines, ["a,b", "0,Kö", "1,Kö"]);
        }
    }

    #[test]
    fn the_first_pictures_are_there_before_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let mut pictures = vec![0, 0, 8, 3, 0, 0, 0xff, 0, 0, 0, 0, 20, 0, 0, 0, 20];
        let mut labels = vec![0, 0, 8, 1, 0, 0, 0xff, 0];
        for picture in 0..0xff00_usize {
            pictures.extend([(picture % 251) as u8; 400]);
            labels.push((picture % 3) as u8);
        }
        std::fs::write(folder.path().join("some-images-idx3-ubyte"), pictures).unwrap();
        std::fs::write(folder.path().join("some-labels-idx1-ubyte"), labels).unwrap();
        let settings = IdxSource { images: "some-images-idx3-ubyte".into(), ..Default::default() };
        let loaded = head_of_pictures(&settings, folder.path()).unwrap();
        let n = (HEAD_BYTES as usize - 16) / 400;
        assert_eq!(
            (loaded.table.n_rows(), loaded.table.columns.len(), loaded.target),
            (n, 401, 400)
        );
        let Cells::Numeric(values) = &loaded.table.columns[399].cells else { panic!("numbers") };
        assert_eq!(values[n - 1], ((n - 1) % 251) as f64);
        let Cells::Nominal { codes, .. } = &loaded.table.columns[400].cells else {
            panic!("names")
        };
        assert_eq!(codes[4], Some(1));
    }

    #[test]
    fn what_cannot_be_opened_is_said() {
        let settings = CsvSource { path: "nowhere.csv".into(), ..CsvSource::default() };
        let error = head(&settings, "".as_ref()).unwrap_err();
        assert!(error.to_string().starts_with("nowhere.csv: the file cannot be read"), "{error}");
    }
}
