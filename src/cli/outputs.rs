use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Stop;
use super::run::{RunArguments, folder_of};
use crate::experiment::{Study, write_atomically_with};
use crate::models::Initialization;

/// Writes a file of results in one move; what goes wrong is said with its name.
pub(super) fn write(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Stop> {
    write_atomically_with(path, write).map_err(|error| refused(path, &error))
}

fn refused(path: &Path, error: &io::Error) -> Stop {
    Stop::input(format!("{}: the file cannot be written: {error}", path.display()))
}

/// Refuses outputs that would fall on the study, on what it reads, on each other, or where nothing
/// can be written.
pub(super) fn check(arguments: &RunArguments, study: &Study) -> Result<(), Stop> {
    let outputs = [
        ("--metrics", &arguments.metrics),
        ("--trajectory", &arguments.trajectory),
        ("--coefficients", &arguments.coefficients),
        ("--predictions", &arguments.predictions),
        ("--save", &arguments.save),
    ];
    let mut taken = vec![("the study", place(&arguments.study))];
    let folder = folder_of(&arguments.study);
    for (_, experiment) in study.experiments() {
        for path in experiment.data.paths().into_iter().filter(|path| !path.is_empty()) {
            taken.push(("the study's data", place(&folder.join(path))));
        }
        if let Initialization::File(path) = &experiment.initialization {
            taken.push(("the study's initial parameters", place(&folder.join(path))));
        }
    }
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
        check_place(path)?;
    }
    Ok(())
}

/// A file is put in its place at the end, in one move; whether that can work is seen before.
fn check_place(path: &Path) -> Result<(), Stop> {
    if path.is_dir() {
        let message = format!("{}: this is a folder; expected a file to write to", path.display());
        return Err(Stop::input(message));
    }
    let folder = folder_of(path);
    if !folder.is_dir() {
        return Err(Stop::input(format!(
            "{}: the file cannot be written: there is no folder `{}`",
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
    let folder = folder_of(path);
    fs::canonicalize(path).unwrap_or_else(|_| {
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        folder.join(path.file_name().unwrap_or_default())
    })
}
