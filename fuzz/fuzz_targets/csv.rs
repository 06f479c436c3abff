//! Any bytes are a table or a refusal with a sentence, never a panic; and what was decided about
//! their reading, stated, gives the same table again. Memory is bounded by `-rss_limit_mb`.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use descent::data::{CsvSource, Loaded, Source, first_rows, load};
use libfuzzer_sys::fuzz_target;

/// A place for the file; one for each process.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    std::env::temp_dir().join(format!("descent-fuzz-{}.csv", std::process::id()))
});

fn settings() -> CsvSource {
    CsvSource { path: FILE.to_string_lossy().into_owned(), ..CsvSource::default() }
}

/// All there is to a reading; NaN is equal to itself here.
fn whole(loaded: &Loaded) -> String {
    format!("{:?} {:?} {}", loaded.table, loaded.report.decisions, loaded.fingerprint)
}

fuzz_target!(|bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("a place for the file");
    let folder = std::path::Path::new("");
    let read = |settings: CsvSource| load(&Source::Csv(settings), folder);
    let _ = first_rows(&settings(), folder, 3);
    match read(settings()) {
        Ok(loaded) => {
            let again = read(settings()).expect("the same file is read again");
            assert_eq!(whole(&loaded), whole(&again));
            let decided = settings().decided(&loaded.report.decisions);
            let again = read(decided).expect("the decisions hold");
            assert_eq!(whole(&loaded), whole(&again));
        }
        Err(error) => assert!(!error.message.is_empty()),
    }
});
