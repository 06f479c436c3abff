//! Reading and writing the files a session works with.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::data::Source;
use crate::experiment::{Study, Variation, file, write_atomically};
use crate::models::Initialization;
use crate::record::Record;

/// More is no study and no settings file.
const MAX_BYTES: u64 = 16 << 20;

pub(super) fn read_study(path: &Path) -> Result<Study, String> {
    file::load(path).map_err(|error| error.to_string())
}

pub(super) fn write_study(path: &Path, study: &Study) -> Result<(), String> {
    file::save(path, study).map_err(|error| error.to_string())
}

/// What is known of a file without opening it, or why there is none.
pub(super) fn find(path: &Path) -> Result<Metadata, String> {
    let told = |what: &str| format!("{}: {what}", path.display());
    match std::fs::metadata(path) {
        Ok(about) if about.is_dir() => Err(told("this is a folder; choose a file in it")),
        Ok(about) => Ok(about),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(told("there is no such file")),
        Err(error) => Err(told(&error.to_string())),
    }
}

pub(super) fn read_text(path: &Path) -> Result<String, String> {
    let told = |what: &str| format!("{}: {what}", path.display());
    if find(path)?.len() > MAX_BYTES {
        return Err(told("this is too large for a study"));
    }
    let bytes = std::fs::read(path).map_err(|error| told(&error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| told("this is not a text file in UTF-8"))
}

/// Writes a whole file or leaves the old one.
pub(super) fn write_text(path: &Path, text: &str) -> Result<(), String> {
    write_atomically(path, text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))
}

/// Whether a file is opened as a table rather than as a study or a record.
pub fn is_table(path: &Path) -> bool {
    !has_study_ending(path) && !Record::is_in(path)
}

/// Whether a file has the ending of studies.
pub(super) fn has_study_ending(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ron"))
}

/// Whether two paths lead to the same file, as far as can be seen.
pub(super) fn is_same_file(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    place(a) == place(b)
}

/// Makes the paths of data and of initial parameters, which start in `old`, start in `new`; whole
/// where they are outside of it.
pub(super) fn move_paths(study: &mut Study, old: &Path, new: &Path) {
    let moved = |path: &mut String| {
        let whole = std::path::absolute(old.join(&*path)).unwrap_or_else(|_| old.join(&*path));
        let new = std::path::absolute(new).unwrap_or_else(|_| new.to_owned());
        let short = whole.strip_prefix(&new).map(PathBuf::from).unwrap_or(whole);
        *path = short.to_string_lossy().into_owned();
    };
    let paths = paths_of(Some(&mut study.base.data), Some(&mut study.base.initialization));
    paths.into_iter().for_each(moved);
    for Variation { data, initialization, .. } in &mut study.compare {
        paths_of(data.as_mut(), initialization.as_mut()).into_iter().for_each(moved);
    }
}

/// The paths in two settings. An empty one names no file and stays empty.
fn paths_of<'a>(
    data: Option<&'a mut Source>,
    start: Option<&'a mut Initialization>,
) -> Vec<&'a mut String> {
    let data = data.map(Source::paths_mut).unwrap_or_default();
    let start = match start {
        Some(Initialization::File(path)) => Some(path),
        _ => None,
    };
    data.into_iter().chain(start).filter(|path| !path.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::CsvSource;

    #[test]
    fn paths_are_short_inside_the_folder_and_whole_outside() {
        let mut study = Study::default();
        study.base.data =
            Source::Csv(CsvSource { path: "/data/a.csv".into(), ..CsvSource::default() });
        let path = |study: &Study| match &study.base.data {
            Source::Csv(csv) => csv.path.clone(),
            _ => String::new(),
        };
        study.base.initialization = Initialization::File("/data/a.safetensors".into());
        let other = Initialization::File("/other/b.safetensors".into());
        study.compare = vec![Variation { initialization: Some(other), ..Variation::default() }];
        let starts = |study: &Study| {
            let stated = study.compare[0].initialization.clone();
            [Some(study.base.initialization.clone()), stated].map(|start| match start {
                Some(Initialization::File(path)) => path,
                _ => String::new(),
            })
        };
        move_paths(&mut study, Path::new(""), Path::new("/data"));
        assert_eq!(path(&study), "a.csv");
        assert_eq!(starts(&study), ["a.safetensors", "/other/b.safetensors"]);
        move_paths(&mut study, Path::new("/data"), Path::new("/other"));
        assert_eq!(path(&study), "/data/a.csv");
        assert_eq!(starts(&study), ["/data/a.safetensors", "b.safetensors"]);
    }
}
