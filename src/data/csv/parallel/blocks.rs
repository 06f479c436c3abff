//! Cuts a file into blocks that end where a row ends.

use std::io::{self, Read};

use memchr::{memchr, memrchr2};

use super::numbers::PADDING;

/// A longer row is left to the reader that knows what to say about it.
const LONGEST_ROW: usize = 15 << 20;

/// Whole rows of a file. The last byte of the text is the end of a line.
#[derive(Default)]
pub(super) struct Block {
    /// The place among the blocks of the file.
    pub(super) index: usize,
    /// Text and what may be looked at behind it.
    bytes: Vec<u8>,
    n_text: usize,
    /// How many bytes of the file it stands for.
    pub(super) n_bytes: u64,
}

impl Block {
    /// The text with [`PADDING`] behind it.
    pub(super) fn padded(&self) -> &[u8] {
        &self.bytes[..self.n_text + PADDING]
    }

    /// The text, if it is text: UTF-8 without the characters that need another look.
    pub(super) fn text(&self) -> Option<&str> {
        // The mark that is put behind the text elsewhere begins with the second.
        let bytes = &self.bytes[..self.n_text];
        let is_clean = memchr::memchr2(0, 1, bytes).is_none();
        is_clean.then(|| std::str::from_utf8(bytes).ok())?
    }
}

/// What came of asking for a block.
pub(super) enum Next {
    Block,
    End,
    /// A row of a length that cannot be right, or a quote that is not closed.
    Unsuited,
}

/// Reads a file from front to back, hashes it, and cuts it.
pub(super) struct Blocks<R> {
    source: R,
    pub(super) hasher: blake3::Hasher,
    delimiter: u8,
    quote: u8,
    block_bytes: usize,
    /// The beginning of a row, left over from the block before.
    rest: Vec<u8>,
    n_blocks: usize,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(source: R, delimiter: u8, quote: u8, block_bytes: usize) -> Self {
        let (hasher, rest) = (blake3::Hasher::new(), Vec::new());
        Self { source, hasher, delimiter, quote, block_bytes, rest, n_blocks: 0, ended: false }
    }

    /// Reads the next block.
    pub(super) fn next(&mut self, block: &mut Block) -> io::Result<Next> {
        if self.ended {
            return Ok(Next::End);
        }
        let mut n = self.rest.len();
        let mut enough = self.block_bytes.max(2 * n);
        loop {
            // Room for a line end too. Buffers keep their length, so that none is cleared twice.
            if block.bytes.len() < enough + 1 + PADDING {
                block.bytes.resize(enough + 1 + PADDING, 0);
            }
            if n == self.rest.len() {
                block.bytes[..n].copy_from_slice(&self.rest);
            }
            let from = n;
            while n < enough && !self.ended {
                match self.source.read(&mut block.bytes[n..enough]) {
                    Ok(0) => self.ended = true,
                    Ok(more) => n += more,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            self.hasher.update(&block.bytes[from..n]);
            if self.ended && n > 0 && !matches!(block.bytes[n - 1], b'\n' | b'\r') {
                block.bytes[n] = b'\n';
                n += 1;
            }
            let Some(end) = self.last_row_end(&block.bytes[..n]) else {
                if self.ended || enough > LONGEST_ROW {
                    return Ok(if n == 0 { Next::End } else { Next::Unsuited });
                }
                enough *= 2;
                continue;
            };
            self.rest.clear();
            self.rest.extend_from_slice(&block.bytes[end..n]);
            block.n_bytes = end as u64;
            block.n_text = end;
            block.bytes[end..end + PADDING].fill(0);
            block.index = self.n_blocks;
            self.n_blocks += 1;
            return Ok(Next::Block);
        }
    }

    /// The place behind the last end of a row. Of the whole rest of a file it has to be its end.
    fn last_row_end(&self, text: &[u8]) -> Option<usize> {
        let mut row_end = None;
        let mut look = |from: usize, to: usize| {
            // A line feed may still follow the last carriage return.
            let is_open = to == text.len() && !self.ended && text[from..to].ends_with(b"\r");
            let known = &text[from..to - usize::from(is_open)];
            row_end = memrchr2(b'\n', b'\r', known).map(|n| from + n + 1).or(row_end);
        };
        let mut outside = 0;
        let mut at = 0;
        while let Some(n) = memchr(self.quote, &text[at..]) {
            let open = at + n;
            let before = open.checked_sub(1).map_or(b'\n', |before| text[before]);
            if before != self.delimiter && !matches!(before, b'\n' | b'\r') {
                at = open + 1;
                continue;
            }
            look(outside, open);
            match self.closing(text, open + 1) {
                Some(close) => (at, outside) = (close + 1, close + 1),
                None if self.ended => return None,
                None => return row_end,
            }
        }
        look(outside, text.len());
        row_end
    }

    /// Where the quote is closed that opens before `start`, if that is known.
    fn closing(&self, text: &[u8], start: usize) -> Option<usize> {
        let mut at = start;
        loop {
            let close = at + memchr(self.quote, &text[at..])?;
            match text.get(close + 1) {
                Some(next) if *next == self.quote => at = close + 2,
                None if !self.ended => return None,
                _ => return Some(close),
            }
        }
    }
}

/// Whether a row ends where the text does: no quote is open there.
pub(super) fn ends_with_row(text: &[u8], delimiter: u8, quote: u8) -> bool {
    let whole = Blocks { ended: true, ..Blocks::new(io::empty(), delimiter, quote, 0) };
    whole.last_row_end(text) == Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, block_bytes: usize) -> Option<Vec<String>> {
        let mut blocks = Blocks::new(text.as_bytes(), b',', b'"', block_bytes);
        let mut found = Vec::new();
        loop {
            let mut block = Block::default();
            match blocks.next(&mut block).unwrap() {
                Next::Block => found.push(block.text().unwrap().to_owned()),
                Next::End => break,
                Next::Unsuited => return None,
            }
        }
        assert_eq!(blocks.hasher.finalize(), blake3::hash(text.as_bytes()));
        Some(found)
    }

    #[test]
    fn blocks_end_where_rows_end() {
        let rows =
            ["a,b\n", "\"c\nd\",\"e\"\"\n\"\r\n", "5\" x,\"\"\n", "\"\",\n", "x\r", "\n", "y\n"];
        let text = rows.concat();
        for size in 1..text.len() + 2 {
            let blocks = cut(&text, size).unwrap();
            assert_eq!(blocks.concat(), text);
            let mut ends: Vec<usize> = Vec::new();
            rows.iter().for_each(|row| ends.push(ends.last().unwrap_or(&0) + row.len()));
            let mut end = 0;
            for block in blocks {
                end += block.len();
                assert!(ends.contains(&end) && !text[end..].starts_with("\n"), "{size}: {block:?}");
            }
        }
        assert_eq!(cut("1\n2", 2).unwrap(), ["1\n", "2\n"]);
        assert_eq!(cut("", 2).unwrap(), [""; 0]);
    }

    #[test]
    fn open_quotes_are_noticed() {
        for text in ["a,\"b\nc\nd\n", "\"", "a\n\"b\"\"\n"] {
            for size in [1, 4, 100] {
                assert_eq!(cut(text, size), None, "{text}");
            }
        }
    }
}
