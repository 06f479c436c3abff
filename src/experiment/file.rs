//! Study files: reading with messages that help, writing in one fixed form, saving without risk.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use ron::extensions::Extensions;
use serde::Serialize;

use super::message::{end_of_bare_name, explain, nearest};
use super::outline::{Outline, byte_at, line_and_column};
use super::{
    Experiment, PartVisitor, Problem, Study, StudyError, Variation, validate, write_atomically,
};

/// Larger than any study, and small enough to be read whole without thought.
const MAX_BYTES: u64 = 64 << 20;

/// More names without brackets than any study has: each costs a reading of the whole text.
const MAX_BARE_NAMES: usize = 1000;

/// Rewrites a text of one format in the next.
type Migration = fn(&str) -> String;

/// The way from each older format to the one after it: `MIGRATIONS[0]` leads from 1 to 2. A new
/// format does not compile without its migration.
const MIGRATIONS: [Migration; (Study::FORMAT - 1) as usize] = [];

/// How our RON is read and written: `Adam(learning_rate: 0.1)`, and `0.1` where it may be left out.
pub(crate) fn ron_options() -> ron::Options {
    ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
}

/// Reads and checks the text of a study file. `path` only appears in messages.
///
/// # Errors
/// Everything that is wrong, each with line and column, what was found and what would be right.
pub fn read(text: &str, path: &Path) -> Result<Study, StudyError> {
    let (study, text) = parse(text, path)?;
    let outline = Outline::of(&text);
    let mut problems: Vec<_> = validate(&study)
        .into_iter()
        .map(|problem| Problem {
            position: outline.find(&problem.field).map(|place| line_and_column(&text, place.start)),
            message: problem.to_string(),
            setting: problem.field,
        })
        .collect();
    problems.sort_by_key(|problem| problem.position);
    match problems.is_empty() {
        true => Ok(study),
        false => Err(StudyError { path: path.to_owned(), problems }),
    }
}

/// Reads a text of any format up to ours without checking what it says; with the study, the text
/// in our format.
pub(crate) fn parse(text: &str, path: &Path) -> Result<(Study, String), StudyError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let outline = Outline::of(text);
    let format = format_of(text, &outline).map_err(|problem| StudyError::single(path, problem))?;
    let mut text = text.to_owned();
    for migration in &MIGRATIONS[format as usize - 1..] {
        text = migration(&text);
    }
    let mut study = parse_current(&text).map_err(|problem| StudyError::single(path, problem))?;
    study.format = Study::FORMAT;
    Ok((study, text))
}

/// Reads a text of our format. A member of a family may stand by its name alone, `Adam` for
/// `Adam()`, although its type has settings: the brackets are added and the text is read again.
fn parse_current(text: &str) -> Result<Study, Problem> {
    const BRACKETS: &str = "()";
    let mut whole = text.to_owned();
    let mut added = Vec::new();
    loop {
        let error = match ron_options().from_str(&whole) {
            Ok(study) => return Ok(study),
            Err(error) => error,
        };
        match end_of_bare_name(&whole, &error) {
            Some(byte) if added.len() < MAX_BARE_NAMES => {
                whole.insert_str(byte, BRACKETS);
                added.push(byte);
            }
            _ => {
                let mut problem = explain(&whole, &error);
                if let Some((line, column)) = problem.position {
                    // The place in the text as it was given.
                    let byte = byte_at(&whole, line, column);
                    let n_before = added.iter().filter(|place| **place < byte).count();
                    let byte = byte - n_before * BRACKETS.len();
                    problem.position = Some(line_and_column(text, byte));
                }
                return Err(problem);
            }
        }
    }
}

/// The format that a text states, looked up before anything else is understood of it.
fn format_of(text: &str, outline: &Outline) -> Result<u32, Problem> {
    let start = text.trim_start();
    if start.is_empty() {
        return Err(Problem::whole("the file is empty; a study begins with `Study(`"));
    }
    let place = outline.find("format").filter(|place| place.path == "format");
    let Some(place) = place else {
        // A text that is broken before its format is better explained by the parser.
        return match ron_options().from_str::<Study>(text) {
            Err(error)
                if !matches!(error.code, ron::Error::MissingStructField { .. })
                    && end_of_bare_name(text, &error).is_none() =>
            {
                Err(explain(text, &error))
            }
            _ => Err(Problem {
                position: Some(line_and_column(text, text.len() - start.len())),
                setting: "format".to_owned(),
                message: format!(
                    "the file does not say its format; `format: {}` belongs at its beginning",
                    Study::FORMAT
                ),
            }),
        };
    };
    let stated = &text[place.start..place.end];
    let problem = |message| Problem {
        position: Some(line_and_column(text, place.start)),
        setting: "format".to_owned(),
        message,
    };
    match stated.parse::<u32>() {
        Ok(format) if (1..=Study::FORMAT).contains(&format) => Ok(format),
        Ok(format) if format > Study::FORMAT => Err(problem(format!(
            "the file has format {format}, from a newer version of Descent; this one reads up to \
             format {}",
            Study::FORMAT
        ))),
        _ => Err(problem(format!(
            "format is {}; it must be a whole number from 1 to {}",
            stated.chars().take(40).collect::<String>(),
            Study::FORMAT
        ))),
    }
}

/// The text of a study: pretty, short, and always the same for the same study. Of the base, only
/// what is not the default is written; of each variation, only what it states.
pub fn write(study: &Study) -> String {
    let mut text =
        format!("Study(\n    format: {},\n    title: {},\n", study.format, plain(&study.title));
    if !study.notes.is_empty() {
        text += &format!("    notes: {},\n", plain(&study.notes));
    }
    text += "    base: Experiment(\n";
    let mut base = Lines::default();
    Variation::between(String::new(), &Experiment::default(), &study.base).visit(&mut base);
    for part in base.0 {
        text += &format!("        {part},\n");
    }
    text += "    ),\n    compare: [\n";
    for variation in &study.compare {
        let mut parts = Lines(vec![format!("label: {}", plain(&variation.label))]);
        if !variation.color.is_empty() {
            parts.0.push(format!("color: {}", plain(&variation.color)));
        }
        variation.visit(&mut parts);
        text += &format!("        ({}),\n", parts.0.join(", "));
    }
    text += &format!("    ],\n    seeds: {},\n)\n", plain(&study.seeds));
    text
}

/// Gathers `name: value` of each part.
#[derive(Default)]
struct Lines(Vec<String>);

impl PartVisitor for Lines {
    fn part<T: Serialize>(&mut self, name: &'static str, value: &T) {
        self.0.push(format!("{name}: {}", plain(value)));
    }
}

/// A value on one line.
fn plain<T: Serialize>(value: &T) -> String {
    let on_one_line = ron::ser::PrettyConfig::new().depth_limit(0);
    ron_options()
        .to_string_pretty(value, on_one_line)
        .expect("settings are plain data, which RON can write")
}

/// Reads and checks a study file.
///
/// # Errors
/// As [`read`]; and where the file is missing, a folder, too large or not text.
pub fn load(path: &Path) -> Result<Study, StudyError> {
    let text = load_text(path, "study", MAX_BYTES)
        .and_then(|text| match something_else(&text, path) {
            Some(message) => Err(message.to_owned()),
            None => Ok(text),
        })
        .map_err(|message| StudyError::single(path, Problem::whole(message)))?;
    read(&text, path)
}

/// The sentence for another kind of our files.
fn something_else(text: &str, path: &Path) -> Option<&'static str> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let extension = path.extension().and_then(|extension| extension.to_str());
    let is_table = extension.is_some_and(|extension| {
        ["csv", "tsv"].iter().any(|table| extension.eq_ignore_ascii_case(table))
    });
    if start.starts_with("Record(") {
        Some("this is a record; expected a study (`descent replay RECORD` trains a record again)")
    } else if is_table && !start.starts_with("Study") {
        Some(
            "this is a table of data; expected a study, whose setting `data: Csv(path: \"…\", \
             target: \"…\")` can name it (`descent data FILE` shows how it is read)",
        )
    } else {
        None
    }
}

/// The text of a file that should be a `what`; else a sentence that says what it is instead.
pub(crate) fn load_text(path: &Path, what: &str, max_bytes: u64) -> Result<String, String> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => missing(path),
        _ => format!("the file cannot be read: {error}"),
    })?;
    if metadata.is_dir() {
        return Err(format!("this is a folder; expected a {what} file"));
    }
    let too_large = format!(
        "the file is larger than {} MB, which no {what} is; expected a {what} file",
        max_bytes >> 20
    );
    if metadata.len() > max_bytes {
        return Err(too_large);
    }
    let mut bytes = Vec::new();
    // The limit again, for what has no size of its own, such as a pipe.
    File::open(path)
        .and_then(|file| file.take(max_bytes + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("the file cannot be read: {error}"))?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
        format!("the file is not text in UTF-8 (line {line}); expected a {what} file")
    })
}

/// The sentence for a file that does not exist, with one of nearly the same name that does.
fn missing(path: &Path) -> String {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return "there is no such file, and no such folder".to_owned();
    };
    let mut names: Vec<_> = entries
        .flatten()
        .take(10_000)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match nearest(name, &names) {
        Some(name) => format!("there is no such file; did you mean `{name}`?"),
        None => "there is no such file".to_owned(),
    }
}

/// Writes a study to its file, atomically.
///
/// # Errors
/// Where the file system refuses; the old file is then as it was.
pub fn save(path: &Path, study: &Study) -> Result<(), StudyError> {
    write_atomically(path, write(study).as_bytes()).map_err(|error| {
        let message = format!("the study could not be saved: {error}; the old file is unchanged");
        StudyError::single(path, Problem::whole(message))
    })
}

/// The line and column of a setting (`compare[2].batch`) in the text of a study, or of the nearest
/// thing around it.
pub fn position_of(text: &str, setting: &str) -> Option<(usize, usize)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let outline = Outline::of(text);
    outline.find(setting).map(|place| line_and_column(text, place.start))
}
