//! Which words stand for a missing value, and which of them were found.

use super::values::{is_missing, is_missing_number};
use crate::data::MissingSpelling;

/// Which words are missing values in a column, beside the empty cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data::csv) enum Words {
    /// The usual ones.
    Usual,
    /// The usual ones but for `NA`, which is a code.
    Codes,
    /// None.
    None,
}

impl Words {
    /// Whether a cell is missing, in a column of numbers or dates, or of words.
    pub(in crate::data::csv) fn is_missing(self, cell: &str, among_numbers: bool) -> bool {
        match self {
            _ if cell.is_empty() => true,
            Self::None => false,
            Self::Codes if cell == NAMIBIA => false,
            _ if among_numbers => is_missing_number(cell),
            _ => is_missing(cell),
        }
    }
}

/// A word for a missing value, and the code of a country.
pub(in crate::data::csv) const NAMIBIA: &str = "NA";

/// The two-letter codes of countries (ISO 3166-1 alpha-2), with those that statistics use beside them
/// and those of continents.
const CODES: &str = "\
    ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCM\
    CNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGY\
    HKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMF\
    MGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARE\
    RORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZ\
    VAVCVEVGVIVNVUWFWSYEYTZAZMZWEUUKELXKANOC";

/// Which pairs of letters are codes.
const IS_CODE: [bool; 26 * 26] = {
    let mut known = [false; 26 * 26];
    let bytes = CODES.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        known[(bytes[at] - b'A') as usize * 26 + (bytes[at + 1] - b'A') as usize] = true;
        at += 2;
    }
    known
};

/// Whether a cell is the code of a country.
pub(super) fn is_country(cell: &str) -> bool {
    match cell.as_bytes() {
        [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => {
            IS_CODE[usize::from(a - b'A') * 26 + usize::from(b - b'A')]
        }
        _ => false,
    }
}

/// The words that were taken as missing values in each column of a table, and how often.
#[derive(Clone, Debug, Default)]
pub(in crate::data::csv) struct Spellings(Vec<Vec<(String, usize)>>);

impl Spellings {
    /// Counts a cell of a column; the empty one goes without saying.
    pub(in crate::data::csv) fn add(&mut self, column: usize, cell: &str, n: usize) {
        if cell.is_empty() {
            return;
        }
        if self.0.len() <= column {
            self.0.resize_with(column + 1, Vec::new);
        }
        let words = &mut self.0[column];
        match words.iter_mut().find(|(word, _)| word == cell) {
            Some((_, count)) => *count += n,
            None => words.push((cell.to_owned(), n)),
        }
    }

    /// Adds those of other rows.
    pub(in crate::data::csv) fn add_all(&mut self, others: &Self) {
        for (column, words) in others.0.iter().enumerate() {
            words.iter().for_each(|(word, n)| self.add(column, word, *n));
        }
    }

    /// Whether a word was taken as a missing value anywhere.
    pub(in crate::data::csv) fn has(&self, word: &str) -> bool {
        self.0.iter().flatten().any(|(known, _)| known == word)
    }

    /// Column by column, the commonest first.
    pub(in crate::data::csv) fn report(
        self,
        names: &[String],
        most: usize,
    ) -> Vec<MissingSpelling> {
        let of_column = |(mut words, name): (Vec<(String, usize)>, &String)| {
            words.sort_by(|(x, n), (y, m)| m.cmp(n).then(x.cmp(y)));
            let column = name.clone();
            words.into_iter().map(move |(spelling, n)| MissingSpelling {
                column: column.clone(),
                spelling,
                n,
            })
        };
        self.0.into_iter().zip(names).flat_map(of_column).take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_and_states_are_told_apart() {
        assert!(["NA", "DE", "US", "ZW", "AD", "UK"].into_iter().all(is_country));
        assert!(!["TX", "NY", "de", "USA", "N", "", "É"].into_iter().any(is_country));
        assert_eq!(IS_CODE.iter().filter(|known| **known).count(), CODES.len() / 2);
    }

    #[test]
    fn words_that_are_missing() {
        assert!(Words::Usual.is_missing("NA", false) && !Words::Codes.is_missing("NA", false));
        assert!(Words::Codes.is_missing("na", false) && Words::None.is_missing("", true));
        assert!(!Words::None.is_missing("NaN", true) && Words::Usual.is_missing("unknown", true));
    }
}
