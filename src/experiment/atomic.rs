use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Puts `bytes` in the place of the file at `path` in one move: [`write_atomically_with`] of bytes
/// that are there already.
///
/// # Errors
/// Whatever the file system says; the old file is then untouched.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_atomically_with(path, |out| out.write_all(bytes))
}

/// Puts what `write` writes in the place of the file at `path` in one move: whatever happens, the
/// file holds either what it held before or all that was written.
///
/// The bytes go to a temporary file in the same folder, which is brought to disk and then renamed.
/// Links are followed, permissions are kept, and a file that may not be written is left alone.
///
/// # Errors
/// Whatever the file system says; the old file is then untouched.
pub fn write_atomically_with(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let buffered = |file: &mut dyn Write| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()
    };
    let target = followed(path)?;
    let permissions = match fs::metadata(&target) {
        Ok(found) if found.is_dir() => return Err(io::Error::other("it is a folder")),
        // A device or a pipe cannot be replaced by a file; it takes the bytes as they come.
        Ok(found) if !found.is_file() => {
            return buffered(&mut File::options().write(true).open(&target)?);
        }
        Ok(found) if found.permissions().readonly() => {
            return Err(io::Error::other("it is protected against writing"));
        }
        Ok(found) => Some(found.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(".tmp");
    if let Some(permissions) = fresh_permissions() {
        builder.permissions(permissions);
    }
    let mut temporary = builder.tempfile_in(folder)?;
    buffered(&mut temporary)?;
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions)?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(&target).map_err(|error| error.error)?;
    bring_to_disk(folder)
}

/// The file behind a chain of links; it need not exist yet.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..40 {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("its links lead in a circle"))
}

/// What a new file is created with, before the user's mask: as ordinary programs do, where a
/// temporary file would be private.
#[cfg(unix)]
fn fresh_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn fresh_permissions() -> Option<Permissions> {
    None
}

/// Makes the rename itself survive a power cut.
#[cfg(unix)]
fn bring_to_disk(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn bring_to_disk(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_the_whole_file_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("study.ron");
        write_atomically(&path, b"a long first content").unwrap();
        write_atomically(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn refuses_folders() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_atomically(folder.path(), b"x").unwrap_err();
        assert_eq!(error.to_string(), "it is a folder");
    }

    #[cfg(unix)]
    #[test]
    fn devices_stay_devices() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("nowhere");
        symlink("/dev/null", &link).unwrap();
        write_atomically(&link, b"x").unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn keeps_permissions_and_links_and_protection() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        symlink("file", &link).unwrap();
        write_atomically(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);

        fs::set_permissions(&file, Permissions::from_mode(0o440)).unwrap();
        assert!(write_atomically(&file, b"newer").is_err());
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }
}
