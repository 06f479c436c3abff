use std::path::Path;
use std::time::SystemTime;

use super::DataError;

/// Size and time of the last change of a file, to notice that it changed while it was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stamp(Option<(u64, Option<SystemTime>)>);

impl Stamp {
    /// Looks at the file; the same nothing for all that are not there.
    pub(super) fn of(path: &Path) -> Self {
        let about = std::fs::metadata(path).ok();
        Self(about.map(|about| (about.len(), about.modified().ok())))
    }

    /// Refuses a file that is no longer as it was.
    pub(super) fn check(&self, path: &Path) -> Result<(), DataError> {
        if *self == Self::of(path) {
            return Ok(());
        }
        Err(DataError::new("the file changed while it was read; read it again when it is complete"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("growing.csv");
        std::fs::write(&path, "x,y\n1,2\n").unwrap();
        let stamp = Stamp::of(&path);
        assert_eq!(stamp.check(&path), Ok(()));
        std::fs::write(&path, "x,y\n1,2\n3,4\n").unwrap();
        let message = stamp.check(&path).unwrap_err().message;
        assert_eq!(
            message,
            "the file changed while it was read; read it again when it is complete"
        );
        std::fs::remove_file(&path).unwrap();
        assert!(stamp.check(&path).is_err(), "it is gone");
    }
}
