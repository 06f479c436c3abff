//! The text of a file as UTF-8 with `\n` between lines, read bit by bit.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult, UTF_8};

use super::code_page::CodePage;
use super::encoding::{Scan, fill};
use crate::data::csv::LARGEST_ROW;
use crate::data::csv::dialect::separators::{Separation, Separator};
use crate::data::csv::rows::open_quote::Closing;
use crate::data::csv::rows::stray_quotes::Behind;

/// Follows the text of a file as it is read.
#[derive(Clone, Debug, Default)]
pub(in crate::data::csv) struct Gauge {
    /// Bytes given out since the last whole row; the reader of rows sets it back to 0.
    pub(in crate::data::csv) since_row: Rc<Cell<u64>>,
    /// Whether the largest row was exceeded.
    pub(in crate::data::csv) overflowed: Rc<Cell<bool>>,
    /// Line and field of text behind closing quotes, in the part of the file that was read.
    pub(in crate::data::csv) behind_quotes: Rc<RefCell<VecDeque<(u64, usize)>>>,
    /// The text that was given out and may be asked for again, where it is kept.
    pub(in crate::data::csv) kept: Option<Rc<RefCell<Kept>>>,
}

/// The last part of the text.
#[derive(Clone, Debug, Default)]
pub(in crate::data::csv) struct Kept {
    bytes: Vec<u8>,
    /// The place of its first byte in the whole.
    start: u64,
}

impl Kept {
    /// The text between two places; `None` where it is not kept any more.
    pub(in crate::data::csv) fn text(&self, from: u64, to: u64) -> Option<&str> {
        let place = |at: u64| usize::try_from(at.checked_sub(self.start)?).ok();
        str::from_utf8(self.bytes.get(place(from)?..place(to)?)?).ok()
    }

    /// Lets go what stands above a place.
    pub(in crate::data::csv) fn let_go(&mut self, to: u64) {
        const MOST: usize = 1 << 20;
        if self.bytes.len() > MOST {
            let n = (to - self.start).min(self.bytes.len() as u64);
            self.bytes.drain(..n as usize);
            self.start += n;
        }
    }
}

/// What [`Text`] adds at the end, so that an open quote can be noticed.
pub(in crate::data::csv) const END_MARK: &str = "\u{1}end of table\u{1}";

/// The text of a file: UTF-8, `\n` between lines, [`END_MARK`] as an additional last line.
pub(in crate::data::csv) struct Text<R> {
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
    /// Quotes that are still to be put in.
    closings: VecDeque<Closing>,
    /// The line that the text has come to, where quotes are put in, and how many bytes of it.
    line: u64,
    n_bytes_of_line: usize,
}

impl<R: Read> Text<R> {
    pub(in crate::data::csv) fn new(
        source: R,
        scan: &Scan,
        gauge: Gauge,
        with_end_mark: bool,
    ) -> Self {
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
            closings: scan.closings.iter().copied().collect(),
            line: 1,
            n_bytes_of_line: 0,
        }
    }

    /// The same text, with [`UNIT`](crate::data::csv::dialect::separators::UNIT) in the place of longer separators.
    pub(in crate::data::csv) fn separated(mut self, separator: Separator, quote: u8) -> Self {
        self.separation = Separation::new(separator, quote);
        self
    }

    /// The same text, hashing the bytes as they are read.
    pub(in crate::data::csv) fn hashed(mut self) -> Self {
        self.hasher = Some(blake3::Hasher::new());
        self
    }

    /// The same text, with a watch on what stands behind closing quotes.
    pub(in crate::data::csv) fn watched(mut self, behind: Behind) -> Self {
        self.behind = Some(behind);
        self
    }

    /// BLAKE3 hash of all bytes read, in hexadecimal; empty where they are not hashed.
    pub(in crate::data::csv) fn fingerprint(&self) -> String {
        self.hasher.as_ref().map_or(String::new(), |hasher| hasher.finalize().to_hex().to_string())
    }

    /// Says that a row ended, so that the next may be as long as any.
    pub(in crate::data::csv) fn new_row(&self) {
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
        self.close_quotes(n == 0);
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

    /// Puts quotes in where they are missing.
    fn close_quotes(&mut self, is_end: bool) {
        if self.closings.is_empty() {
            return;
        }
        let piece = std::mem::take(&mut self.text);
        self.text.reserve(piece.len() + self.closings.len());
        let ends = is_end.then_some(b'\n');
        for byte in piece.iter().copied().chain(ends) {
            let is_here = |closing: &mut Closing| {
                (closing.line, closing.at) == (self.line, self.n_bytes_of_line)
            };
            self.text.extend(self.closings.pop_front_if(is_here).map(|closing| closing.quote));
            self.n_bytes_of_line += 1;
            if byte == b'\n' {
                (self.line, self.n_bytes_of_line) = (self.line + 1, 0);
            }
            self.text.push(byte);
        }
        if is_end {
            self.text.pop();
        }
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
