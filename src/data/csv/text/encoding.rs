//! What the bytes of a file say about its encoding, and files that are no text.

use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::code_page::CodePage;
use super::guess::{not_utf_8, utf_16_without_mark};
use crate::data::DataError;
use crate::data::csv::rows::open_quote::Closing;
use crate::data::source::Charset;

/// What the first look at a file finds out.
#[derive(Clone, Debug)]
pub(in crate::data::csv) struct Scan {
    pub(in crate::data::csv) encoding: &'static Encoding,
    pub(in crate::data::csv) has_mark: bool,
    /// The first line that is not UTF-8, where the encoding had to be guessed.
    pub(in crate::data::csv) not_utf_8_line: Option<u64>,
    /// Whether UTF-16 was recognised without a byte order mark.
    pub(in crate::data::csv) guessed_utf_16: bool,
    /// How many lines at the beginning are read as blank ones.
    pub(in crate::data::csv) skip: u64,
    /// Whether the encoding was stated and not found out.
    pub(in crate::data::csv) is_stated: bool,
    /// The code page of DOS, in the place of the encoding.
    pub(in crate::data::csv) page: Option<&'static CodePage>,
    /// Quotes that are put in where one is missing, line after line.
    pub(in crate::data::csv) closings: Vec<Closing>,
}

impl Scan {
    /// Whether the text is UTF-8 but for a few places.
    pub(in crate::data::csv) fn is_damaged(&self) -> bool {
        self.not_utf_8_line.is_some() && self.encoding == UTF_8 && !self.is_stated
    }

    /// The encoding's name on screen.
    pub(in crate::data::csv) fn name(&self) -> &'static str {
        if let Some(page) = self.page {
            return page.name;
        }
        match self.encoding.name() {
            "windows-1252" => "Windows-1252",
            "windows-1250" => "Windows-1250",
            "windows-1251" => "Windows-1251",
            "windows-1253" => "Windows-1253",
            "gb18030" => "GB18030",
            "Shift_JIS" => "Shift-JIS",
            name => name,
        }
    }
}

/// Beginnings of files that are certainly not tables, and what they are.
const OTHER_FORMATS: [(&[u8], &str); 19] = [
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a spreadsheet (.xlsx, .ods) or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet (.xls)"),
    (b"\xfd7zXZ\0", "compressed (xz), which is not unpacked here"),
    (b"BZh91AY&SY", "compressed (bzip2), which is not unpacked here"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x04\x22\x4d\x18", "compressed (lz4), which is not unpacked here"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"ARROW1", "an Arrow file"),
    (b"RIFF", "a sound or a picture (RIFF)"),
    (b"BM", "a bitmap picture"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
];

/// Text that began as UTF-8 and does not go on so.
struct Damage {
    /// From the start of the line of the first bytes that are not UTF-8.
    text: Vec<u8>,
    n_bad: usize,
    /// Letters of several bytes, as UTF-8 has them.
    n_sound: usize,
}

impl Damage {
    fn count(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            self.n_sound += n_beyond_ascii(chunk.valid().as_bytes());
            self.n_bad += usize::from(!chunk.invalid().is_empty());
        }
    }

    /// UTF-8 in spite of it, or what else the text is.
    fn settle(&self, scan: Scan) -> Scan {
        const FEWEST_SOUND: usize = 3;
        if self.n_bad * FEWEST_SOUND <= self.n_sound {
            return scan;
        }
        let (encoding, page) = not_utf_8(&self.text);
        Scan { encoding, page, has_mark: false, ..scan }
    }
}

/// How many letters of UTF-8 have more than one byte.
fn n_beyond_ascii(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte >= 0xc0).count()
}

/// Reads all bytes once to find the encoding, unless one is `stated`.
pub(in crate::data::csv) fn scan(
    mut source: impl Read,
    stated: Option<Charset>,
    skip: u64,
) -> Result<Scan, DataError> {
    let mut buffer = vec![0u8; 256 << 10];
    let mut kept = 0; // bytes of an unfinished character at the start of the buffer
    let mut start = true;
    let mut line = 1u64;
    let mut n_sound = 0;
    let mut damage: Option<Damage> = None;
    let page = stated.and_then(|charset| charset.page);
    let stated = stated.map(|charset| charset.encoding);
    let mut scan = Scan {
        encoding: stated.unwrap_or(UTF_8),
        has_mark: false,
        not_utf_8_line: None,
        guessed_utf_16: false,
        skip,
        is_stated: stated.is_some(),
        page,
        closings: Vec::new(),
    };
    loop {
        let n = fill(&mut source, &mut buffer[kept..]).map_err(unreadable)?;
        let bytes = &buffer[..kept + n];
        if start {
            if bytes.is_empty() {
                return Err(DataError::new("the file is empty; a table with a header is expected"));
            }
            refuse_other_formats(bytes)?;
            refuse_utf_32(bytes)?;
            if Encoding::for_bom(bytes).is_none() && !bytes.contains(&0) {
                refuse_noise(bytes)?;
            }
            start = false;
            if let Some((encoding, _)) = Encoding::for_bom(bytes) {
                // A mark that is not that of the stated encoding is text in it.
                scan.has_mark = stated.is_none_or(|stated| stated == encoding);
                scan.encoding = stated.unwrap_or(encoding);
            } else if stated.is_none()
                && let Some(encoding) = utf_16_without_mark(bytes)
            {
                scan.encoding = encoding;
                scan.guessed_utf_16 = true;
            }
        }
        if scan.encoding == UTF_16LE || scan.encoding == UTF_16BE {
            if n == 0 {
                return Ok(scan);
            }
            kept = 0;
            continue;
        }
        if bytes.contains(&0) {
            let before = bytes.iter().position(|byte| *byte == 0).unwrap_or(0);
            let line = line + count_lines(&bytes[..before]);
            return Err(DataError::at(
                line,
                "there are zero bytes here, so this is not text; a CSV file is expected",
            ));
        }
        if let Some(damage) = &mut damage {
            damage.count(bytes);
            if n == 0 {
                return Ok(damage.settle(scan));
            }
            kept = 0;
            continue;
        }
        if scan.not_utf_8_line.is_some() || scan.encoding != UTF_8 {
            if n == 0 {
                return Ok(scan);
            }
            kept = 0;
            continue;
        }
        let valid = Encoding::utf8_valid_up_to(bytes);
        line += count_lines(&bytes[..valid]);
        n_sound += n_beyond_ascii(&bytes[..valid]);
        let rest = bytes.len() - valid;
        let unfinished = n > 0 && rest < 4 && {
            let error = std::str::from_utf8(&bytes[valid..]).err();
            error.is_none_or(|error| error.error_len().is_none())
        };
        if rest > 0 && !unfinished {
            // From the start of the line: letters of two bytes may look like UTF-8 by chance.
            let before = bytes[..valid].iter().rposition(|byte| *byte == b'\n');
            scan.not_utf_8_line = Some(line);
            if !scan.is_stated {
                let text = bytes[before.map_or(0, |at| at + 1)..].to_vec();
                let mut found = Damage { text, n_bad: 0, n_sound };
                found.count(&bytes[valid..]);
                if n == 0 {
                    return Ok(found.settle(scan));
                }
                damage = Some(found);
            }
            kept = 0;
            if n == 0 {
                return Ok(scan);
            }
            continue;
        }
        if n == 0 {
            return Ok(scan);
        }
        buffer.copy_within(valid..valid + rest, 0);
        kept = rest;
    }
}

fn refuse_other_formats(bytes: &[u8]) -> Result<(), DataError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins =
        |word: &[u8]| text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word);
    let inside = |open: u8| text.strip_prefix(&[open]).map(<[u8]>::trim_ascii_start);
    let json = inside(b'{').is_some_and(|rest| rest.starts_with(b"\""))
        || inside(b'[').is_some_and(|rest| rest.starts_with(b"{") || rest.starts_with(b"["));
    let texts = [
        (begins(b"<!doctype html") || begins(b"<html"), "a web page (HTML)"),
        (begins(b"<?xml"), "an XML document"),
        (begins(b"{\\rtf"), "a text document (RTF)"),
        (json, "JSON"),
    ];
    if let Some((_, what)) = texts.iter().find(|(is_it, _)| *is_it) {
        return Err(DataError::new(format!("this is {what}, not a table; a CSV file is expected")));
    }
    for (beginning, what) in OTHER_FORMATS {
        // Letters may begin a name.
        let may_be_text = beginning.iter().all(u8::is_ascii_alphanumeric) && !bytes.contains(&0);
        if bytes.starts_with(beginning) && !may_be_text {
            return Err(DataError::new(format!(
                "this is {what}, not text; a CSV file is expected"
            )));
        }
    }
    Ok(())
}

/// Four bytes for each letter, which nobody else writes.
fn refuse_utf_32(bytes: &[u8]) -> Result<(), DataError> {
    let marks: [&[u8]; 2] = [b"\xff\xfe\0\0", b"\0\0\xfe\xff"];
    if !marks.iter().any(|mark| bytes.starts_with(mark)) {
        return Ok(());
    }
    Err(DataError::new("the text is UTF-32, which is not read; save it as UTF-8"))
}

/// Signs that no text is made of, but for those with which fields may be parted.
fn refuse_noise(bytes: &[u8]) -> Result<(), DataError> {
    let is_control = |byte: &u8| matches!(byte, 2..=8 | 0x0e..=0x19 | 0x7f);
    if bytes.iter().filter(|byte| is_control(byte)).count() * 50 < bytes.len() {
        return Ok(());
    }
    let first = bytes.iter().position(is_control).unwrap_or(0);
    Err(DataError::at(
        1 + count_lines(&bytes[..first]),
        "there are control characters here, so this is not text; a CSV file is expected",
    ))
}

fn count_lines(bytes: &[u8]) -> u64 {
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
    // A return is a line end of its own where no feed follows.
    let returns = bytes.windows(2).filter(|pair| pair[0] == b'\r' && pair[1] != b'\n').count();
    feeds as u64 + returns as u64
}

pub(in crate::data::csv) fn unreadable(error: io::Error) -> DataError {
    DataError::new(format!("the file cannot be read: {error}"))
}

/// Reads until `buffer` is full or the source ends.
pub(in crate::data::csv) fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while n < buffer.len() {
        match source.read(&mut buffer[n..]) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(n)
}
