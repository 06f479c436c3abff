use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::Stop;
use super::run::RunArguments;

/// A file that results go to, open since before the training began.
pub(super) struct Output<'a> {
    path: &'a Path,
    file: BufWriter<File>,
}

impl<'a> Output<'a> {
    pub(super) fn create(path: &'a Path) -> Result<Self, Stop> {
        let file = File::create(path).map_err(|error| refused(path, &error))?;
        Ok(Self { path, file: BufWriter::new(file) })
    }

    /// Lets `write` fill the file; what goes wrong is said with the file's name.
    pub(super) fn write(
        mut self,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), Stop> {
        write(&mut self.file)
            .and_then(|()| self.file.flush())
            .map_err(|error| refused(self.path, &error))
    }
}

fn refused(path: &Path, error: &io::Error) -> Stop {
    Stop::input(format!("{}: the file cannot be written: {error}", path.display()))
}

/// Refuses outputs that would fall on the study, on each other, or where nothing can be saved.
pub(super) fn check(arguments: &RunArguments) -> Result<(), Stop> {
    let outputs = [
        ("--metrics", &arguments.metrics),
        ("--trajectory", &arguments.trajectory),
        ("--save", &arguments.save),
    ];
    let mut taken = vec![("the study", place(&arguments.study))];
    for (name, path) in outputs {
        let Some(path) = path else { continue };
        let place = place(path);
        // Devices such as /dev/null take any number of writers.
        let is_device = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
        let earlier = taken.iter().find(|(_, earlier)| *earlier == place && !is_device);
        if let Some((earlier, _)) = earlier {
            return Err(Stop::input(format!(
                "{}: {name} would overwrite {earlier}; give it a file of its own",
                path.display()
            )));
        }
        taken.push((name, place));
    }
    match &arguments.save {
        Some(path) => check_save(path),
        None => Ok(()),
    }
}

/// A record is put in its place at the end, in one move; whether that can work is seen before.
fn check_save(path: &Path) -> Result<(), Stop> {
    if path.is_dir() {
        let message = format!("{}: this is a folder; expected a file to save to", path.display());
        return Err(Stop::input(message));
    }
    let folder = super::run::folder_of(path);
    if !folder.is_dir() {
        return Err(Stop::input(format!(
            "{}: the record cannot be saved: there is no folder `{}`",
            path.display(),
            folder.display()
        )));
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(_) if path.exists() && !path.is_file() => Ok(()),
        Err(error) => Err(refused(path, &error)),
    }
}

/// The same for two ways to write the same place.
fn place(path: &Path) -> PathBuf {
    let folder = super::run::folder_of(path);
    fs::canonicalize(path).unwrap_or_else(|_| {
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        folder.join(path.file_name().unwrap_or_default())
    })
}
