use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::{read_text, write_text};

const MAX_RECENT: usize = 12;

/// What is remembered from one start to the next. A file that cannot be read counts as none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Files opened lately, newest first.
    pub recent_files: Vec<PathBuf>,
    /// The file that was open last.
    pub last_file: Option<PathBuf>,
    /// How the window looked.
    pub window: WindowPreferences,
}

/// How the window looked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowPreferences {
    /// Light, dark, or as the system.
    pub theme: ThemeChoice,
    /// Width and height in points.
    pub size: [f32; 2],
    /// Width of the left panel.
    pub left_width: f32,
    /// Width of the right panel.
    pub right_width: f32,
    /// The size of everything, 1 for the system's.
    pub zoom: f32,
    /// The arrangement of the views; empty for the default one.
    pub layout: String,
}

/// Which theme to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system says.
    #[default]
    System,
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
}

impl Default for WindowPreferences {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            size: [1280.0, 780.0],
            left_width: 268.0,
            right_width: 332.0,
            zoom: 1.0,
            layout: String::new(),
        }
    }
}

impl Preferences {
    /// The preferences kept in `folder`.
    pub fn read(folder: &Path) -> Self {
        let text = read_text(&Self::file(folder)).unwrap_or_default();
        ron::from_str(&text).unwrap_or_default()
    }

    /// Writes them to `folder`, the whole file or nothing.
    ///
    /// # Errors
    /// Says which file could not be written and why.
    pub fn write(&self, folder: &Path) -> Result<(), String> {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        let text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default());
        write_text(&Self::file(folder), &text.map_err(|error| error.to_string())?)
    }

    /// The folder of this user's preferences.
    pub fn user_folder() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "descent")
            .map(|folders| folders.config_dir().to_owned())
    }

    fn file(folder: &Path) -> PathBuf {
        folder.join("preferences.ron")
    }

    pub(super) fn opened(&mut self, path: &Path) {
        self.recent_files.retain(|other| other != path);
        self.recent_files.insert(0, path.to_owned());
        self.recent_files.truncate(MAX_RECENT);
        self.last_file = Some(path.to_owned());
    }

    pub(super) fn forget(&mut self, path: &Path) {
        self.recent_files.retain(|other| other != path);
        if self.last_file.as_deref() == Some(path) {
            self.last_file = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_read_as_written_and_damage_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Preferences::read(folder.path()), Preferences::default());
        let mut preferences = Preferences::default();
        preferences.opened(Path::new("/a.ron"));
        preferences.opened(Path::new("/b.ron"));
        preferences.opened(Path::new("/a.ron"));
        preferences.window.theme = ThemeChoice::Dark;
        preferences.write(folder.path()).unwrap();
        let read = Preferences::read(folder.path());
        assert_eq!(read, preferences);
        assert_eq!(read.recent_files, [PathBuf::from("/a.ron"), PathBuf::from("/b.ron")]);
        std::fs::write(folder.path().join("preferences.ron"), "(window: (").unwrap();
        assert_eq!(Preferences::read(folder.path()), Preferences::default());
    }
}
