//! Encodings that no mark names.

use encoding_rs::{Encoding, GB18030, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The encoding of text that is not UTF-8: Chinese and Japanese where the bytes beyond ASCII come in
/// pairs that spell common signs, otherwise that of Western Europe.
pub(super) fn not_utf_8(bytes: &[u8]) -> &'static Encoding {
    if is_shift_jis(bytes) {
        SHIFT_JIS
    } else if is_chinese(bytes) {
        GB18030
    } else {
        WINDOWS_1252
    }
}

/// Words of two common signs or more, and nothing but pairs.
fn is_chinese(bytes: &[u8]) -> bool {
    let runs = || bytes.split(u8::is_ascii).filter(|run| !run.is_empty());
    let n_high: usize = runs().map(<[u8]>::len).sum();
    let pairs = || runs().flat_map(|run| run.chunks_exact(2));
    let n_common =
        pairs().filter(|pair| (0xb0..=0xd7).contains(&pair[0]) && pair[1] >= 0xa1).count();
    // Single letters with accents among ASCII are Western.
    let is_in_words = n_high * 2 >= runs().count() * 7;
    is_in_words && n_common * 10 >= pairs().count() * 6 && is_sound(GB18030, bytes)
}

/// Pairs whose first byte is a control character elsewhere.
fn is_shift_jis(bytes: &[u8]) -> bool {
    let (mut n_pairs, mut n_typical) = (0usize, 0usize);
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if matches!(first, 0x81..=0x9f | 0xe0..=0xfc) {
            n_pairs += 1;
            n_typical += usize::from(matches!(first, 0x82 | 0x83 | 0x88..=0x9f));
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    n_pairs >= 4 && n_typical * 10 >= n_pairs * 8 && is_sound(SHIFT_JIS, bytes)
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
            assert_eq!(not_utf_8(&bytes), WINDOWS_1252, "{text}");
        }
    }

    #[test]
    fn chinese_and_japanese_are_recognised() {
        let chinese = "城市,人口\n北京,2154\n上海,2424\n广州,1490\n";
        assert_eq!(not_utf_8(&GB18030.encode(chinese).0), GB18030);
        let japanese = "都市,人口\n東京,1396\nとうきょう,275\n";
        assert_eq!(not_utf_8(&SHIFT_JIS.encode(japanese).0), SHIFT_JIS);
    }
}
