//! The encodings of DOS, which the web has no names for, and letters of old systems in general.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1252};

/// An encoding of single bytes, the first 128 of which are ASCII.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::data) struct CodePage {
    /// Its name on screen and in studies.
    pub(in crate::data) name: &'static str,
    /// The letters of the bytes from 128.
    letters: &'static str,
}

/// The code pages of Western Europe and of the first computers.
pub(in crate::data) const CODE_PAGES: [CodePage; 2] = [
    CodePage {
        name: "cp850",
        letters: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤\
                  ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
    },
    CodePage {
        name: "cp437",
        letters: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥\
                  ╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    },
];

impl CodePage {
    /// The code page of a name such as `cp850`, `ibm850` or `850`.
    pub(in crate::data) fn named(name: &str) -> Option<&'static Self> {
        let name = name.trim().to_ascii_lowercase();
        let digits = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        let is_known = ["", "cp", "ibm", "cp-", "ibm-", "dos-"].iter();
        let of = |page: &&Self| page.name.ends_with(digits) && digits.len() == 3;
        let front = &name[..name.len() - digits.len()];
        CODE_PAGES.iter().find(|page| of(page) && is_known.clone().any(|known| *known == front))
    }

    /// Adds the text of these bytes.
    pub(in crate::data) fn decode(&self, bytes: &[u8], text: &mut Vec<u8>) {
        let letters: Vec<char> = self.letters.chars().collect();
        for &byte in bytes {
            match usize::from(byte).checked_sub(128).and_then(|index| letters.get(index)) {
                None => text.push(byte),
                Some(letter) => {
                    text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
    }
}

/// What text with letters of old systems is.
pub(super) enum OldLatin {
    Macintosh,
    Page(&'static CodePage),
}

/// The encoding of old Macintoshs or of DOS, where single letters inside Latin words make sense in it
/// and none in those of Windows: they are letters there, small among small ones and capital among
/// capitals.
pub(super) fn old_latin(bytes: &[u8]) -> Option<OldLatin> {
    const FEWEST: usize = 3;
    /// Small letters of these pages that are no letters of Western words.
    const RARE: [char; 2] = ['ƒ', 'ı'];
    /// `ÄÖÜäöß`, without `ü`.
    const GERMAN_OF_MACINTOSH: [u8; 6] = [0x80, 0x85, 0x86, 0x8a, 0x9a, 0xa7];
    /// `łążśćęńó`, without `ź`.
    const POLISH_OF_WINDOWS: [u8; 8] = [0xb3, 0xb9, 0xbf, 0x9c, 0xe6, 0xea, 0xf1, 0xf3];
    let in_words = in_words(bytes);
    let n_high = bytes.split(u8::is_ascii).filter(|run| !run.is_empty()).count();
    if in_words.len() < FEWEST || in_words.len() * 10 < n_high * 7 {
        return None;
    }
    let share = |decode: &dyn Fn(u8) -> char| {
        let makes_sense = |(before, byte, after): &&(u8, u8, u8)| {
            let letter = decode(*byte);
            let among = |test: fn(&u8) -> bool| test(before) || test(after);
            let is_between = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
            letter == '’' && is_between
                || letter.is_lowercase() && !RARE.contains(&letter) && among(u8::is_ascii_lowercase)
                || letter.is_uppercase()
                    && (!before.is_ascii_alphabetic()
                        || before.is_ascii_uppercase() && !after.is_ascii_lowercase())
        };
        in_words.iter().filter(makes_sense).count() as f64 / in_words.len() as f64
    };
    let web = |encoding: &'static Encoding| {
        share(&|byte| {
            let bytes = [byte];
            let (text, ..) = encoding.decode(&bytes);
            text.chars().next().unwrap_or('\u{fffd}')
        })
    };
    let dos = |page: &CodePage| {
        let letters: Vec<char> = page.letters.chars().collect();
        share(&|byte| letters[usize::from(byte - 128)])
    };
    // `ź` is rare beside other letters of Central Europe than those of Poland; its byte is `ü` of the
    // Macintosh.
    let n_of = |bytes: &[u8]| in_words.iter().filter(|(_, byte, _)| bytes.contains(byte)).count();
    let is_german = n_of(&[0x9f]) * 5 >= in_words.len()
        && n_of(&GERMAN_OF_MACINTOSH) > 0
        && n_of(&POLISH_OF_WINDOWS) == 0;
    let central = if is_german { 0.0 } else { web(WINDOWS_1250) };
    let windows = web(WINDOWS_1252).max(central);
    let (macintosh, page) = (web(MACINTOSH), dos(&CODE_PAGES[0]));
    let best = macintosh.max(page);
    if best < 0.9 || windows > 0.5 || (macintosh - page).abs() < 0.2 {
        return None;
    }
    Some(if macintosh > page { OldLatin::Macintosh } else { OldLatin::Page(&CODE_PAGES[0]) })
}

/// Single bytes beyond ASCII with a letter of ASCII beside them, and what stands before and behind.
fn in_words(bytes: &[u8]) -> Vec<(u8, u8, u8)> {
    let at =
        |index: Option<usize>| index.and_then(|index| bytes.get(index)).copied().unwrap_or(b' ');
    let high = bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii());
    let beside = high.map(|(index, byte)| (at(index.checked_sub(1)), *byte, at(Some(index + 1))));
    let is_single = |(before, byte, after): &(u8, u8, u8)| {
        let letters = before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
        let is_between = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
        // Signs of Windows: never letters for sure, or only where no quote can stand.
        let may_be = match byte {
            0x85 | 0x92 | 0x96 | 0x97 => false,
            0x82 | 0x84 | 0x8b | 0x91 | 0x93..=0x95 | 0x9b => is_between,
            _ => true,
        };
        before.is_ascii() && after.is_ascii() && letters && may_be
    };
    beside.filter(is_single).collect()
}

/// How many bytes stand behind a letter of ASCII and are letters in an encoding.
pub(super) fn n_letters_in_words(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let pairs =
        bytes.windows(2).filter(|pair| pair[0].is_ascii_alphabetic() && !pair[1].is_ascii());
    pairs.filter(|pair| encoding.decode(&pair[1..]).0.chars().all(char::is_alphabetic)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_pages_have_names_and_letters() {
        for page in &CODE_PAGES {
            assert_eq!(page.letters.chars().count(), 128, "{}", page.name);
        }
        let found = |name| CodePage::named(name).map(|page| page.name);
        assert_eq!(found("IBM850"), Some("cp850"));
        assert_eq!(found("437"), Some("cp437"));
        assert_eq!((found("cp1252"), found("x850"), found("")), (None, None, None));
        let mut text = Vec::new();
        CODE_PAGES[0].decode(b"K\x94ln", &mut text);
        assert_eq!(text, "Köln".as_bytes());
    }

    #[test]
    fn old_letters_are_told_apart() {
        let name = |bytes: &[u8]| match old_latin(bytes) {
            None => "none",
            Some(OldLatin::Macintosh) => "macintosh",
            Some(OldLatin::Page(page)) => page.name,
        };
        assert_eq!(name(b"M\x9fnchen\nK\x9aln\nW\x9frzburg\n"), "macintosh");
        assert_eq!(name(b"Fl\x8ache\nM\x9fnchen\nN\x9frnberg\nD\x9fren\nK\x9aln\n"), "macintosh");
        assert_eq!(name(b"C\x99te d\xd5Azur\nRh\x99ne\nr\x8egion\nl\xd5est\n"), "macintosh");
        assert_eq!(name(b"M\x81nchen\nK\x94ln\nW\x81rzburg\ncaf\x82\n"), "cp850");
        assert_eq!(name(b"M\xfcnchen\nK\xf6ln\nW\xfcrzburg\n"), "none");
        assert_eq!(name(b"don\x92t\nit\x92s\nyou\x92re \x96 \x93so\x94\n"), "none");
        for polish in [
            "Łódź\nGdańsk\nPoznań\nkość\nżółw\n",
            "groźny\nluźny\nrzeźba\ngroźba\nwyraźny\n",
            "może\nżona\nprośba\nniedźwiedź\n",
            "źle\nważny\nźle\nmaź\nšest\n",
        ] {
            assert_eq!(name(&WINDOWS_1250.encode(polish).0), "none", "{polish}");
        }
        assert_eq!(name(b"M\x9fnchen\nW\x9frzburg\nStra\xa7e\n"), "macintosh");
    }
}
