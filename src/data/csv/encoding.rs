//! From the bytes of a file to UTF-8 text with `\n` between lines.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::code_page::CodePage;
use super::guess::{not_utf_8, utf_16_without_mark};

use super::LARGEST_ROW;
use super::separators::{Separation, Separator};
use super::stray_quotes::Behind;
use crate::data::DataError;
use crate::data::source::Charset;

/// What the first look at a file finds out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    pub(super) encoding: &'static Encoding,
    pub(super) has_mark: bool,
    /// The first line that is not UTF-8, where the encoding had to be guessed.
    pub(super) not_utf_8_line: Option<u64>,
    /// Whether UTF-16 was recognised without a byte order mark.
    pub(super) guessed_utf_16: bool,
    /// How many lines at the beginning are read as blank ones.
    pub(super) skip: u64,
    /// Whether the encoding was stated and not found out.
    pub(super) is_stated: bool,
    /// The code page of DOS, in the place of the encoding.
    pub(super) page: Option<&'static CodePage>,
}

impl Scan {
    /// Whether the text is UTF-8 but for a few places.
    pub(super) fn is_damaged(&self) -> bool {
        self.not_utf_8_line.is_some() && self.encoding == UTF_8 && !self.is_stated
    }

    /// The encoding's name on screen.
    pub(super) fn name(&self) -> &'static str {
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
pub(super) fn scan(
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

pub(super) fn unreadable(error: io::Error) -> DataError {
    DataError::new(format!("the file cannot be read: {error}"))
}

/// Reads until `buffer` is full or the source ends.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
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

/// Follows the text of a file as it is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Gauge {
    /// Bytes given out since the last whole row; the reader of rows sets it back to 0.
    pub(super) since_row: Rc<Cell<u64>>,
    /// Whether the largest row was exceeded.
    pub(super) overflowed: Rc<Cell<bool>>,
    /// Line and field of text behind closing quotes, in the part of the file that was read.
    pub(super) behind_quotes: Rc<RefCell<VecDeque<(u64, usize)>>>,
    /// The text that was given out and may be asked for again, where it is kept.
    pub(super) kept: Option<Rc<RefCell<Kept>>>,
}

/// The last part of the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    bytes: Vec<u8>,
    /// The place of its first byte in the whole.
    start: u64,
}

impl Kept {
    /// The text between two places; `None` where it is not kept any more.
    pub(super) fn text(&self, from: u64, to: u64) -> Option<&str> {
        let place = |at: u64| usize::try_from(at.checked_sub(self.start)?).ok();
        str::from_utf8(self.bytes.get(place(from)?..place(to)?)?).ok()
    }

    /// Lets go what stands above a place.
    pub(super) fn let_go(&mut self, to: u64) {
        const MOST: usize = 1 << 20;
        if self.bytes.len() > MOST {
            let n = (to - self.start).min(self.bytes.len() as u64);
            self.bytes.drain(..n as usize);
            self.start += n;
        }
    }
}

/// What [`Text`] adds at the end, so that an open quote can be noticed.
pub(super) const END_MARK: &str = "\u{1}end of table\u{1}";

/// The text of a file: UTF-8, `\n` between lines, [`END_MARK`] as an additional last line.
pub(super) struct Text<R> {
    source: R,
    hasher: Option<blake3::Hasher>,
    decoder: Decoder,
    page: Option<&'static CodePage>,
    /// Whether the bytes are already UTF-8.
    plain: bool,
    raw: Vec<u8>,
    text: Vec<u8>,
    text_start: usize,
    after_return: bool,
    ended: bool,
    gauge: Gauge,
    with_end_mark: bool,
    separation: Separation,
    behind: Option<Behind>,
    /// Lines that are still to be made blank.
    n_blanked: u64,
}

impl<R: Read> Text<R> {
    pub(super) fn new(source: R, scan: &Scan, gauge: Gauge, with_end_mark: bool) -> Self {
        let decoder = match scan.has_mark {
            true => scan.encoding.new_decoder_with_bom_removal(),
            false => scan.encoding.new_decoder_without_bom_handling(),
        };
        Self {
            source,
            hasher: None,
            decoder,
            page: scan.page,
            plain: scan.encoding == UTF_8 && !scan.has_mark && scan.not_utf_8_line.is_none(),
            raw: vec![0; 64 << 10],
            text: Vec::with_capacity(256 << 10),
            text_start: 0,
            after_return: false,
            ended: false,
            gauge,
            with_end_mark,
            separation: Separation::new(Separator::One, b'"'),
            behind: None,
            n_blanked: scan.skip,
        }
    }

    /// The same text, with [`UNIT`](super::separators::UNIT) in the place of longer separators.
    pub(super) fn separated(mut self, separator: Separator, quote: u8) -> Self {
        self.separation = Separation::new(separator, quote);
        self
    }

    /// The same text, hashing the bytes as they are read.
    pub(super) fn hashed(mut self) -> Self {
        self.hasher = Some(blake3::Hasher::new());
        self
    }

    /// The same text, with a watch on what stands behind closing quotes.
    pub(super) fn watched(mut self, behind: Behind) -> Self {
        self.behind = Some(behind);
        self
    }

    /// BLAKE3 hash of all bytes read, in hexadecimal; empty where they are not hashed.
    pub(super) fn fingerprint(&self) -> String {
        self.hasher.as_ref().map_or(String::new(), |hasher| hasher.finalize().to_hex().to_string())
    }

    /// Says that a row ended, so that the next may be as long as any.
    pub(super) fn new_row(&self) {
        self.gauge.since_row.set(0);
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.text_start = 0;
        let n = fill(&mut self.source, &mut self.raw)?;
        let raw = &self.raw[..n];
        if let Some(hasher) = &mut self.hasher {
            hasher.update(raw);
        }
        if self.plain {
            self.text.extend_from_slice(raw);
        } else if let Some(page) = self.page {
            page.decode(raw, &mut self.text);
        } else {
            let needed = self.decoder.max_utf8_buffer_length_without_replacement(n);
            self.text.resize(needed.unwrap_or(4 * n + 16).max(16), 0);
            let (mut read, mut written) = (0, 0);
            loop {
                let (result, more_read, more_written) =
                    self.decoder.decode_to_utf8_without_replacement(
                        &raw[read..],
                        &mut self.text[written..],
                        n == 0,
                    );
                read += more_read;
                written += more_written;
                match result {
                    DecoderResult::InputEmpty => break,
                    DecoderResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                    DecoderResult::Malformed(..) => {
                        if self.text.len() < written + 3 {
                            self.text.resize(written + 3 + self.raw.len(), 0);
                        }
                        self.text[written..written + 3].copy_from_slice("\u{fffd}".as_bytes());
                        written += 3;
                    }
                }
            }
            self.text.truncate(written);
        }
        self.one_kind_of_line_end();
        self.blank();
        self.separation.pass(&mut self.text);
        if let Some(behind) = &mut self.behind {
            let mut found = self.gauge.behind_quotes.borrow_mut();
            behind.pass(&self.text, |line, field| found.push_back((line, field)));
        }
        if n == 0 {
            self.ended = true;
            self.separation.end(&mut self.text);
            if self.with_end_mark {
                self.text.extend_from_slice(b"\n");
                self.text.extend_from_slice(END_MARK.as_bytes());
                self.text.extend_from_slice(b"\n");
            }
        }
        Ok(())
    }

    /// Leaves nothing of the first lines but their ends, so that lines are counted as in the file.
    fn blank(&mut self) {
        if self.n_blanked == 0 {
            return;
        }
        let mut left = self.n_blanked;
        self.text.retain(|byte| {
            let is_end = *byte == b'\n';
            let is_kept = left == 0 || is_end;
            left -= u64::from(is_end && left > 0);
            is_kept
        });
        self.n_blanked = left;
    }

    /// `\r\n` and `\r` become `\n`.
    fn one_kind_of_line_end(&mut self) {
        if !self.after_return && !self.text.contains(&b'\r') {
            return;
        }
        let mut kept = 0;
        for i in 0..self.text.len() {
            let byte = self.text[i];
            let drop = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if !drop {
                self.text[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        self.text.truncate(kept);
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.text_start == self.text.len() && !self.ended {
            self.refill()?;
        }
        let n = out.len().min(self.text.len() - self.text_start);
        let since_row = match self.gauge.since_row.get() {
            // Blank lines are no row, however many.
            0 => {
                self.text[self.text_start..][..n].iter().skip_while(|byte| **byte == b'\n').count()
            }
            before => before as usize + n,
        } as u64;
        if since_row > LARGEST_ROW {
            self.gauge.overflowed.set(true);
            return Err(io::Error::other("row too long"));
        }
        self.gauge.since_row.set(since_row);
        out[..n].copy_from_slice(&self.text[self.text_start..self.text_start + n]);
        if let Some(kept) = &self.gauge.kept {
            kept.borrow_mut().bytes.extend_from_slice(&out[..n]);
        }
        self.text_start += n;
        Ok(n)
    }
}
