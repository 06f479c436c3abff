//! How much memory a table would take, and the limit to begin with where that is too much.

use std::path::Path;

use super::head::beginning;
use super::packed::first_bytes;
use super::{Cells, CsvSource, csv};

/// The least limit that is proposed, and the most, in MiB.
const LEAST: u64 = 256;
const MOST: u64 = 2048;
/// How much larger than a packed file its text is taken to be.
const PACKED: u64 = 3;

/// What is proposed for a file that is too large for memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProposedLimit {
    /// About how many bytes the table would take.
    pub table_bytes: u64,
    /// The limit in MiB (see [`CsvSource::memory`]).
    pub mebibytes: u32,
}

/// A limit for a file whose table would take more than half of the machine's memory, or more than is
/// kept in memory at all; `None` for others, and where the beginning of the file is no table.
///
/// The size is that of the first rows times how often they fit into the file.
pub fn proposed_limit(settings: &CsvSource, folder: &Path) -> Option<ProposedLimit> {
    proposed(settings, folder, machine_memory())
}

fn proposed(settings: &CsvSource, folder: &Path, machine: Option<u64>) -> Option<ProposedLimit> {
    let path = folder.join(&settings.path);
    let n_bytes = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?.len();
    let is_packed = matches!(&*first_bytes(&path, 4), [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd]);
    let n_bytes = n_bytes.saturating_mul(if is_packed { PACKED } else { 1 });
    let most = machine.map_or(csv::LARGEST_TABLE, |memory| (memory / 2).min(csv::LARGEST_TABLE));
    // A cell and what ends it are two bytes or more.
    if n_bytes.saturating_mul(4) <= most {
        return None;
    }
    let (table, n_read) = beginning(settings, folder).ok()?;
    let n_cells = |cells: &Cells| match cells {
        Cells::Numeric(values) => values.len() as u64,
        Cells::Nominal { codes, .. } => codes.len() as u64,
    };
    let of_head = table.columns.iter().map(|column| 8 * n_cells(&column.cells)).sum::<u64>();
    let table_bytes = (of_head as f64 * n_bytes as f64 / n_read.max(1) as f64) as u64;
    let is_too_large = table_bytes > most || n_bytes > csv::LARGEST_FILE;
    let share = machine.unwrap_or(8 * (LEAST << 20)) / 8;
    let mebibytes = ((share >> 20).clamp(LEAST, MOST) as u32).next_power_of_two();
    is_too_large.then_some(ProposedLimit { table_bytes, mebibytes })
}

/// The machine's memory in bytes, where the system says it in a file.
fn machine_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_gets_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let rows: String = (0..100_000).map(|row| format!("{row},{},x\n", row % 7)).collect();
        std::fs::write(folder.path().join("table.csv"), format!("a,b,c\n{rows}")).unwrap();
        let settings = CsvSource { path: "table.csv".into(), ..CsvSource::default() };
        let proposed = |machine| proposed(&settings, folder.path(), machine);
        assert_eq!(proposed(None), None);
        assert_eq!(proposed(Some(64 << 20)), None);
        // 100,000 rows of 3 cells are 2.4 MB, which is more than half of 4 MiB.
        let limit = proposed(Some(4 << 20)).unwrap();
        assert!((2_200_000..2_700_000).contains(&limit.table_bytes), "{}", limit.table_bytes);
        assert_eq!(limit.mebibytes, 256);
        let missing = CsvSource { path: "nowhere.csv".into(), ..CsvSource::default() };
        assert_eq!(super::proposed(&missing, folder.path(), Some(1)), None);
    }
}
