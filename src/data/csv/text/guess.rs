//! Encodings that no mark names.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_7,
    KOI8_U, MACINTOSH, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253,
};

use super::code_page::{CodePage, OldLatin, n_letters_in_words, old_latin};

/// The encoding of text that is not UTF-8, and the code page where it is one of DOS: what `chardetng`, which browsers use, finds in it, where
/// there is enough of it to tell; short pieces of Chinese and Japanese by the signs that are common;
/// otherwise that of Western Europe.
pub(super) fn not_utf_8(bytes: &[u8]) -> (&'static Encoding, Option<&'static CodePage>) {
    match old_latin(bytes) {
        Some(OldLatin::Macintosh) => (MACINTOSH, None),
        Some(OldLatin::Page(page)) => (WINDOWS_1252, Some(page)),
        None => (on_the_web(bytes), None),
    }
}

fn on_the_web(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let found = detector.guess(None, Utf8Detection::Deny);
    let in_pairs = [BIG5, EUC_KR, EUC_JP, SHIFT_JIS, GBK];
    if in_pairs.contains(&found) && has_pairs_in_words(found, bytes) && is_sound(found, bytes) {
        return if found == GBK { GB18030 } else { found };
    }
    if is_shift_jis(bytes) {
        return SHIFT_JIS;
    }
    if is_chinese(bytes) {
        return GB18030;
    }
    // Words of other scripts are made of letters beyond ASCII alone; of Latin ones few are.
    let other_scripts = [WINDOWS_1251, KOI8_U, IBM866, ISO_8859_5, WINDOWS_1253, ISO_8859_7];
    if other_scripts.contains(&found) && has_words(bytes, 5) {
        return found;
    }
    // Signs of money and dashes say nothing: only letters inside of words do.
    let central = [WINDOWS_1250, ISO_8859_2];
    let is_central = central.contains(&found) && n_letters_in_words(found, bytes) >= LEAST_CENTRAL;
    if is_central { found } else { WINDOWS_1252 }
}

/// Fewest letters beyond ASCII in text that is taken for that of Central Europe.
const LEAST_CENTRAL: usize = 5;

/// Whether there are several letters beyond ASCII, and most beside another: single ones among Latin
/// letters are Western.
fn has_pairs_in_words(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    const LEAST: usize = 6;
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let runs = || text.split(|letter: char| letter.is_ascii()).filter(|run| !run.is_empty());
    let n: usize = runs().map(|run| run.chars().count()).sum();
    n >= LEAST && n * 2 >= runs().count() * 3
}

/// Whether the runs of bytes beyond ASCII have this length in halves on average.
fn has_words(bytes: &[u8], halves: usize) -> bool {
    let runs = || bytes.split(u8::is_ascii).filter(|run| !run.is_empty());
    runs().map(<[u8]>::len).sum::<usize>() * 2 >= runs().count() * halves
}

/// Words of two common signs or more, and nothing but pairs.
fn is_chinese(bytes: &[u8]) -> bool {
    let runs = || bytes.split(u8::is_ascii).filter(|run| !run.is_empty());
    let pairs = || runs().flat_map(|run| run.chunks_exact(2));
    let n_common =
        pairs().filter(|pair| (0xb0..=0xd7).contains(&pair[0]) && pair[1] >= 0xa1).count();
    // Single letters with accents among ASCII are Western.
    has_words(bytes, 7) && n_common * 10 >= pairs().count() * 6 && is_sound(GB18030, bytes)
}

/// Pairs whose first byte is a control character elsewhere. Single signs inside Latin words are
/// letters with accents in an encoding of single bytes.
fn is_shift_jis(bytes: &[u8]) -> bool {
    let (mut n_pairs, mut n_typical, mut n_in_words) = (0usize, 0usize, 0usize);
    let mut rest = bytes;
    let mut after_letter = false;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if matches!(first, 0x81..=0x9f | 0xe0..=0xfc) {
            n_pairs += 1;
            n_typical += usize::from(matches!(first, 0x82 | 0x83 | 0x88..=0x9f));
            rest = tail.get(1..).unwrap_or_default();
            let before_letter = rest.first().is_some_and(u8::is_ascii_alphabetic);
            n_in_words += usize::from(after_letter && before_letter);
        }
        after_letter = first.is_ascii_alphabetic();
    }
    n_in_words * 2 < n_pairs
        && n_pairs >= 4
        && n_typical * 10 >= n_pairs * 8
        && is_sound(SHIFT_JIS, bytes)
}

/// Whether all is text in this encoding, but for a last line that may be cut.
fn is_sound(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    encoding.decode_without_bom_handling_and_without_replacement(&bytes[..end]).is_some()
}

/// Text of mostly Latin letters has a zero in every other byte; other text in its separators,
/// digits and line ends.
pub(super) fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    type Read = fn([u8; 2]) -> u16;
    let head = &bytes[..bytes.len().min(4096) & !1];
    let half = head.len() / 2;
    let count = |read: Read, test: fn(u16) -> bool| {
        head.chunks_exact(2).filter(|pair| test(read([pair[0], pair[1]]))).count()
    };
    let is_latin = |unit: u16| (1..=255).contains(&unit);
    let is_sign = |unit: u16| matches!(unit, 0x09 | 0x0a | 0x0d | 0x20 | 0x2c | 0x30..=0x3b);
    let orders: [(Read, &'static Encoding); 2] =
        [(u16::from_le_bytes, UTF_16LE), (u16::from_be_bytes, UTF_16BE)];
    if half < 4 || count(u16::from_le_bytes, |unit| unit == 0) > 0 {
        return None;
    }
    orders.into_iter().zip([1, 0]).find_map(|((read, encoding), other)| {
        let opposite = orders[other].0;
        let is_plain = count(read, is_latin) * 10 >= half * 9;
        let n_signs = count(read, is_sign);
        let is_marked = n_signs >= 3 && n_signs * 10 >= half;
        let n_opposite = count(opposite, is_latin);
        ((is_plain || is_marked) && n_opposite * 4 <= count(read, is_latin)).then_some(encoding)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn western_letters_stay_western() {
        for text in
            ["größe,naïve\n1,été\n", "GRÖßE\nSTRAßE\n", "€5,£6\nñandú,2\n", "Ærøskøbing,1\nÅÄÖ,2\n"]
        {
            let (bytes, ..) = WINDOWS_1252.encode(text);
            assert_eq!(not_utf_8(&bytes), (WINDOWS_1252, None), "{text}");
        }
    }

    #[test]
    fn money_and_dashes_are_western() {
        let text = "Budget,£584 – £600,£12\nNote,don’t – £3,£m\nMore,£7,£8 – £9\n";
        assert_eq!(not_utf_8(&WINDOWS_1252.encode(text).0).0, WINDOWS_1252);
    }

    #[test]
    fn chinese_and_japanese_are_recognised() {
        let chinese = "城市,人口\n北京,2154\n上海,2424\n广州,1490\n";
        assert_eq!(not_utf_8(&GB18030.encode(chinese).0).0, GB18030);
        let japanese = "都市,人口\n東京,1396\nとうきょう,275\n";
        assert_eq!(not_utf_8(&SHIFT_JIS.encode(japanese).0).0, SHIFT_JIS);
    }
}
