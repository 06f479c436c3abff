//! Reading and writing the files a session works with.

use std::path::{Path, PathBuf};

use crate::data::{CsvSource, Source};
use crate::experiment::{Study, file, write_atomically};

/// More is no study and no settings file.
const MAX_BYTES: u64 = 16 << 20;

pub(super) fn read_study(path: &Path) -> Result<Study, String> {
    file::load(path).map_err(|error| error.to_string())
}

pub(super) fn write_study(path: &Path, study: &Study) -> Result<(), String> {
    file::save(path, study).map_err(|error| error.to_string())
}

pub(super) fn read_text(path: &Path) -> Result<String, String> {
    let told = |what: &str| format!("{}: {what}", path.display());
    let about = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => told("there is no such file"),
        _ => told(&error.to_string()),
    })?;
    if about.is_dir() {
        return Err(told("this is a folder; choose a file in it"));
    }
    if about.len() > MAX_BYTES {
        return Err(told("this is too large for a study"));
    }
    let bytes = std::fs::read(path).map_err(|error| told(&error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| told("this is not a text file in UTF-8"))
}

/// Writes a whole file or leaves the old one.
pub(super) fn write_text(path: &Path, text: &str) -> Result<(), String> {
    write_atomically(path, text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))
}

/// Whether a file is opened as a table rather than as a study.
pub(super) fn is_table(path: &Path) -> bool {
    !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ron"))
}

/// Makes the paths of CSV files, which start in `old`, start in `new`; whole where they are
/// outside of it.
pub(super) fn move_paths(study: &mut Study, old: &Path, new: &Path) {
    let moved = |source: &mut Source| {
        if let Source::Csv(CsvSource { path, .. }) = source {
            let whole = std::path::absolute(old.join(&*path)).unwrap_or_else(|_| old.join(&*path));
            let new = std::path::absolute(new).unwrap_or_else(|_| new.to_owned());
            let short = whole.strip_prefix(&new).map(PathBuf::from).unwrap_or(whole);
            *path = short.to_string_lossy().into_owned();
        }
    };
    moved(&mut study.base.data);
    for source in study.compare.iter_mut().filter_map(|variation| variation.data.as_mut()) {
        moved(source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_short_inside_the_folder_and_whole_outside() {
        let mut study = Study::default();
        study.base.data =
            Source::Csv(CsvSource { path: "/data/a.csv".into(), ..CsvSource::default() });
        let path = |study: &Study| match &study.base.data {
            Source::Csv(csv) => csv.path.clone(),
            _ => String::new(),
        };
        move_paths(&mut study, Path::new(""), Path::new("/data"));
        assert_eq!(path(&study), "a.csv");
        move_paths(&mut study, Path::new("/data"), Path::new("/other"));
        assert_eq!(path(&study), "/data/a.csv");
    }
}
