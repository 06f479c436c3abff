//! Record files: what the runs of a study came to, with all that a replay needs.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use super::{ENGINE, History, Inputs};
use crate::experiment::file::{load_text, ron_options};
use crate::experiment::{
    Precision, Problem, Study, StudyError, file as study_file, write_atomically,
};
use crate::training::{Outcome, Run};

/// Larger than any record that is worth keeping as text.
const MAX_BYTES: u64 = 4 << 30;

/// What the runs of a study came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of the file's format.
    pub format: u32,
    /// The version of the arithmetic: replays are equal only within one.
    pub engine: u32,
    /// The program and its version.
    pub software: String,
    /// The kind of processor and operating system.
    pub machine: String,
    /// Where relative paths in the study start.
    pub folder: String,
    /// The study, as the text of its file.
    pub study: String,
    /// What each experiment read.
    pub inputs: Vec<Inputs>,
    /// The runs: all seeds of the first experiment, then all of the second, and so on.
    pub runs: Vec<RunRecord>,
}

/// What one run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunRecord {
    /// The label of the experiment.
    pub experiment: String,
    /// The seed.
    pub seed: u64,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Hashes of the parameters along the way: step, and 16 hexadecimal digits.
    pub hashes: Vec<(u64, String)>,
    /// The last parameters.
    pub last: Parameters,
    /// The best parameters.
    pub best: Parameters,
    /// The metrics.
    pub history: History,
}

/// Parameters to the bit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Their number type.
    pub precision: Precision,
    /// Their bytes, little-endian, in base64.
    pub base64: String,
}

impl Parameters {
    /// Keeps `values` in the number type they were computed in.
    pub fn new(precision: Precision, values: &[f64]) -> Self {
        let bytes: Vec<u8> = match precision {
            Precision::F32 => {
                values.iter().flat_map(|value| (*value as f32).to_le_bytes()).collect()
            }
            Precision::F64 => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        };
        Self { precision, base64: BASE64.encode(bytes) }
    }

    /// The values, widened; `None` where the text is damaged.
    pub fn values(&self) -> Option<Vec<f64>> {
        let bytes = BASE64.decode(&self.base64).ok()?;
        let wide = |chunk: &[u8]| match self.precision {
            Precision::F32 => chunk.try_into().ok().map(|bytes| f32::from_le_bytes(bytes).into()),
            Precision::F64 => chunk.try_into().ok().map(f64::from_le_bytes),
        };
        let size = if self.precision == Precision::F32 { 4 } else { 8 };
        bytes.chunks(size).map(wide).collect()
    }
}

impl Record {
    /// The format that this version of the program writes.
    pub const FORMAT: u32 = 1;

    /// The record of a study's runs, all of them ended. `folder` is where its paths start.
    pub fn new<'a>(
        study: &Study,
        folder: &Path,
        inputs: Vec<Inputs>,
        runs: impl IntoIterator<Item = &'a Run>,
    ) -> Self {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        Self {
            format: Self::FORMAT,
            engine: ENGINE,
            software: format!("descent {}", env!("CARGO_PKG_VERSION")),
            machine: format!("{} {}", std::env::consts::ARCH, std::env::consts::OS),
            folder: folder.to_string_lossy().into_owned(),
            study: study_file::write(study),
            inputs,
            runs: runs.into_iter().map(RunRecord::new).collect(),
        }
    }

    /// The study whose runs these are.
    ///
    /// # Errors
    /// Where the text of the study in the record is damaged.
    pub fn study(&self, path: &Path) -> Result<Study, StudyError> {
        study_file::read(&self.study, path)
    }

    /// Where the study's paths start: the folder noted, or the record's own where that is gone.
    pub fn folder(&self, path: &Path) -> PathBuf {
        let noted = PathBuf::from(&self.folder);
        match path.parent() {
            Some(own) if !noted.is_dir() => own.to_owned(),
            _ => noted,
        }
    }

    /// Writes the record to a file, atomically.
    ///
    /// # Errors
    /// Where the file system refuses; an older file is then as it was.
    pub fn save(&self, path: &Path) -> Result<(), StudyError> {
        let layout = ron::ser::PrettyConfig::new().depth_limit(3).escape_strings(false);
        let text = ron_options()
            .to_string_pretty(self, layout)
            .expect("a record is plain data, which RON can write");
        write_atomically(path, format!("Record{text}\n").as_bytes()).map_err(|error| {
            let message = format!("the record could not be saved: {error}");
            StudyError::single(path, Problem::whole(message))
        })
    }

    /// Whether the file at `path` begins as a record does, whatever its name.
    pub fn is_in(path: &Path) -> bool {
        let mut start = Vec::new();
        // What is no plain file may wait for ever, or give its bytes only once.
        let is_read = std::fs::metadata(path).is_ok_and(|about| about.is_file())
            && File::open(path).is_ok_and(|file| file.take(256).read_to_end(&mut start).is_ok());
        let text = String::from_utf8_lossy(&start);
        let text = text.trim_start_matches('\u{feff}').trim_start().strip_prefix("Record");
        let fields = text.and_then(|rest| rest.trim_start().strip_prefix('('));
        is_read && fields.is_some_and(|fields| fields.trim_start().starts_with("format"))
    }

    /// Reads a record file.
    ///
    /// # Errors
    /// Where it is no record, damaged, or of a newer format.
    pub fn load(path: &Path) -> Result<Self, StudyError> {
        let whole = |message: String| StudyError::single(path, Problem::whole(message));
        let text = load_text(path, "record", MAX_BYTES).map_err(whole)?;
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with("Study") {
            return Err(whole(
                "this is a study; expected a record, as `descent run STUDY --save RECORD` writes it"
                    .to_owned(),
            ));
        }
        if !start.starts_with("Record") {
            return Err(whole(
                "this is no record; expected a file that `descent run STUDY --save RECORD` wrote"
                    .to_owned(),
            ));
        }
        let format = start.split_once("format:").map(|(_, rest)| rest.trim_start());
        let digits = format.map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
        if let Some(Ok(format)) = digits.flatten().map(str::parse::<u32>)
            && format > Self::FORMAT
        {
            return Err(whole(format!(
                "the record has format {format}, from a newer version of Descent; this one reads \
                 up to format {}",
                Self::FORMAT
            )));
        }
        ron_options().from_str(start).map_err(|error| {
            let position = Some((error.span.start.line, error.span.start.col));
            let message = format!("the record is damaged: {}", error.code);
            StudyError::single(path, Problem { position, setting: String::new(), message })
        })
    }
}

impl RunRecord {
    fn new(run: &Run) -> Self {
        let plan = run.plan();
        let precision = plan.experiment.precision;
        let hashes = run.hashes().iter().map(|(step, hash)| (*step, format!("{hash:016x}")));
        Self {
            experiment: plan.label.clone(),
            seed: plan.seed,
            outcome: run.outcome().cloned(),
            hashes: hashes.collect(),
            last: Parameters::new(precision, &run.snapshot().params),
            best: Parameters::new(precision, run.best_params().unwrap_or_default()),
            history: run.history().clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_keep_every_bit() {
        let values = [0.1, -0.0, f64::INFINITY, 5e-324];
        let kept = Parameters::new(Precision::F64, &values).values().unwrap();
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&kept), bits(&values));
        // 1.5 is 0x3fc00000 as f32: bytes 00 00 c0 3f.
        assert_eq!(Parameters::new(Precision::F32, &[1.5]).base64, "AADAPw==");
        assert_eq!(Parameters::new(Precision::F32, &[1.5]).values(), Some(vec![1.5]));
        let damaged = Parameters { precision: Precision::F64, base64: "AADAPw==".into() };
        assert_eq!(damaged.values(), None);
    }
}
