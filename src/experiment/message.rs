//! Sentences for what the parser finds wrong with a study.

use ron::error::{Error, SpannedError};

use super::Problem;
use super::outline::{Outline, byte_at, line_and_column};
use crate::activations::Activation;
use crate::data::{Augment, Generated, Sampling, Transform};
use crate::losses::Loss;
use crate::models::Model;
use crate::optimizers::Optimizer;
use crate::schedules::Schedule;
use crate::settings::Member;
use crate::surfaces::Surface;
use crate::techniques::{Averaging, Clip, GradientNoise};

/// What the parser's `error` means for the person who wrote `text`.
pub(super) fn explain(text: &str, error: &SpannedError) -> Problem {
    let outline = Outline::of(text);
    let byte = byte_at(text, error.span.start.line, error.span.start.col);
    // The parser points before the white space that it has yet to pass over.
    let rest = text[byte..].trim_start();
    let byte = text.len() - rest.len();
    if let Some(&open) = outline.unclosed.last()
        && (rest.is_empty() || outline.at(byte).is_some_and(|place| place.end == text.len()))
        && is_about_structure(&error.code)
    {
        let (line, column) = line_and_column(text, open);
        let bracket = &text[open..=open];
        let message = format!(
            "the file ends too early: the `{bracket}` opened in line {line}, column {column}, is \
             not closed"
        );
        let position = Some(line_and_column(text, text.trim_end().len()));
        return Problem { position, setting: String::new(), message };
    }
    let place = outline.at(byte);
    let setting = place.map_or_else(String::new, |place| place.path.clone());
    let byte = match (&error.code, place) {
        (Error::IntegerOutOfBounds | Error::ExpectedStructLikeEnd, Some(place)) => {
            start_of_token(text, place.start, byte)
        }
        _ => byte,
    };
    let token = token_from(text, byte);
    let message = sentence(text, byte, &setting, &token, &error.code);
    Problem { position: Some(line_and_column(text, byte)), setting, message }
}

/// Where `()` is missing after a member of a family, if that is what the parser's `error` is about:
/// a name alone stands for the member with its defaults.
pub(super) fn end_of_bare_name(text: &str, error: &SpannedError) -> Option<usize> {
    let byte = byte_at(text, error.span.start.line, error.span.start.col);
    let is_bare = matches!(error.code, Error::ExpectedStructLike)
        && member_fields(word_before(text, byte)).is_some();
    is_bare.then(|| text[..byte].trim_end().len())
}

/// Whether a cut-off file could be the reason.
fn is_about_structure(code: &Error) -> bool {
    !matches!(
        code,
        Error::NoSuchEnumVariant { .. }
            | Error::NoSuchStructField { .. }
            | Error::DuplicateStructField { .. }
            | Error::ExpectedDifferentStructName { .. }
            | Error::ExpectedStringEnd
            | Error::UnclosedBlockComment
    )
}

fn sentence(text: &str, byte: usize, setting: &str, token: &str, code: &Error) -> String {
    let subject = last_name(setting);
    let expected = |what: &str| match subject {
        "" => format!("found {token}; expected {what}"),
        _ => format!("{subject}: found {token}; expected {what}"),
    };
    match code {
        Error::NoSuchEnumVariant { expected, found, .. } => unknown_name(subject, found, expected),
        Error::NoSuchStructField { expected, found, outer } => {
            unknown_setting(outer.as_deref().map_or(subject, plain_outer), found, expected)
        }
        Error::MissingStructField { field, outer } => {
            format!(
                "`{field}` is missing in {}",
                outer.as_deref().map_or("this place", plain_outer)
            )
        }
        Error::DuplicateStructField { field, .. } => {
            format!("`{field}` is stated twice; keep one of them")
        }
        Error::ExpectedStructLike => match word_before(text, byte) {
            "" => expected("settings in parentheses"),
            word => format!("`{word}` needs its value in parentheses: `{word}(…)`"),
        },
        Error::ExpectedComma if text[byte..].trim_start().starts_with('(') => {
            let word = word_before(text, byte);
            format!("`{word}` has no settings; write it without parentheses")
        }
        Error::ExpectedComma if text[..byte].trim_end().ends_with('(') => {
            let word = word_before(text, text[..byte].rfind('(').unwrap_or(byte));
            format!("`{word}` has no settings; write it without parentheses")
        }
        Error::ExpectedComma => {
            format!("found {}; expected a comma or a closing bracket", token_from(text, byte))
        }
        Error::ExpectedStructLikeEnd if token.contains('.') => expected("a whole number"),
        Error::ExpectedStructLikeEnd => {
            format!("found {}; expected `)`", token_from(text, byte))
        }
        Error::ExpectedFloat => expected("a number, such as 0.01"),
        Error::ExpectedInteger if subject == "memory" => {
            expected("a whole number of MiB without a unit, such as 256")
        }
        Error::ExpectedInteger | Error::InvalidIntegerDigit { .. } => expected("a whole number"),
        Error::IntegerOutOfBounds => expected("a whole number from 0 to 18446744073709551615"),
        Error::ExpectedBoolean => expected("true or false"),
        Error::ExpectedString => expected("a text in double quotes"),
        Error::ExpectedArray if matches!(subject, "missing" | "ignore" | "columns") => {
            expected(&format!("a list in brackets, such as [{}]", example_of_text(subject, token)))
        }
        Error::ExpectedMap if subject == "types" => {
            expected("names of columns with types in braces, such as {\"zip\": Nominal}")
        }
        Error::ExpectedArray => expected("a list in brackets, such as [1, 2, 3]"),
        Error::ExpectedStringEnd => "the text that begins here has no closing quote".to_owned(),
        Error::UnclosedBlockComment => "the comment that begins here has no end `*/`".to_owned(),
        Error::ExpectedMapColon => {
            format!("found {}; expected `:` after the name", token_from(text, byte))
        }
        Error::ExpectedIdentifier
        | Error::SuggestRawIdentifier(_)
        | Error::InvalidIdentifier(_) => match (unnamed(text, byte), names_for(subject)) {
            (Some((member, field)), _) => {
                format!(
                    "found {token}; `{member}` takes its settings by name: `{member}({field}: …)`"
                )
            }
            (None, Some(names)) => {
                let meant = meant(subject, token);
                let hint = meant.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
                expected(&format!("one of {}{hint}", names.join(", ")))
            }
            (None, None) => expected("a name"),
        },
        Error::ExpectedNamedStructLike(name) if *name == "Variation" => {
            expected("an experiment in parentheses: `(label: \"…\", …)`")
        }
        Error::ExpectedNamedStructLike(name) => expected(&format!("`{name}(`")),
        Error::ExpectedDifferentStructName { expected, found } => {
            format!("found `{}`; expected `{expected}`", short(found))
        }
        Error::InvalidValueForType { expected, found } => match subject {
            "" => format!("found {}; expected {expected}", short(found)),
            _ => format!("{subject}: found {}; expected {expected}", short(found)),
        },
        Error::TrailingCharacters => {
            format!("found {} after the end of the study", token_from(text, byte))
        }
        Error::ExceededRecursionLimit => "brackets are nested too deeply".to_owned(),
        other => short(&other.to_string()),
    }
}

/// The words for what a person never has to name.
fn plain_outer(outer: &str) -> &str {
    if outer == "Variation" { "an experiment" } else { outer }
}

/// The member in whose brackets a value stands first without a name, and its first setting.
fn unnamed(text: &str, byte: usize) -> Option<(&str, &'static str)> {
    let before = text[..byte].trim_end().strip_suffix('(')?;
    let member = word_before(before, before.len());
    match member {
        "Csv" => Some((member, "path")),
        _ => Some((member, *member_fields(member)?.first()?)),
    }
}

/// `compare[2].optimizer` → `optimizer`.
fn last_name(setting: &str) -> &str {
    let name = setting.rsplit('.').next().unwrap_or_default();
    name.split('[').next().unwrap_or_default()
}

fn unknown_name(subject: &str, found: &str, expected: &[&str]) -> String {
    let kind = if subject.is_empty() { "name" } else { subject };
    let mut message = format!("{kind}: there is no `{}`", short(found));
    if let Some(name) = other_name(found, expected).or_else(|| nearest(found, expected)) {
        message += &format!("; did you mean `{name}`?");
    }
    message + &format!(" (permitted: {})", expected.join(", "))
}

fn unknown_setting(outer: &str, found: &str, expected: &[&str]) -> String {
    let mut message = format!("{outer} has no setting `{}`", short(found));
    let owners = owners_beside(outer, found);
    if let Some(name) = other_name(found, expected).or_else(|| nearest(found, expected)) {
        message += &format!("; did you mean `{name}`?");
    } else if !owners.is_empty() {
        message += &format!("; it belongs to {}", owners.join(", "));
    }
    match expected {
        [] => message + "; it has none",
        names => message + &format!(" (permitted: {})", names.join(", ")),
    }
}

/// The name most like `found`, where one is like it at all.
pub(crate) fn nearest<'a>(found: &str, names: &[&'a str]) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace(['_', '-', ' '], "");
    let likeness = |name: &str| strsim::jaro_winkler(&plain(found), &plain(name));
    let best = names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) >= 0.84).then_some(*best)
}

/// Names by which people know a member, where ours is spelled differently.
fn other_name<'a>(found: &str, expected: &[&'a str]) -> Option<&'a str> {
    let names: &[&str] = match found.to_lowercase().as_str() {
        "sgd" | "gd" => &["GradientDescent"],
        "heavyball" => &["Momentum"],
        "nag" => &["Nesterov"],
        "amsgrad" => &["Adam"],
        "averagedgradientdescent" | "averagedsgd" => &["Asgd"],
        "signsgd" => &["SignDescent"],
        "mse" | "l2loss" => &["MeanSquaredError"],
        "mae" | "l1loss" => &["MeanAbsoluteError"],
        "bce" => &["BinaryCrossEntropy"],
        "softmax" => &["CrossEntropy", "MultinomialLogistic"],
        "neuralnetwork" | "network" | "nn" => &["Mlp"],
        "none" | "raw" => &["Off"],
        "standardscaler" | "zscore" | "standardise" => &["Standardize"],
        "minmaxscaler" | "normalize" => &["MinMax"],
        "robustscaler" => &["Robust"],
        "simpleimputer" | "fillmissing" | "fillna" => &["Impute"],
        "onehotencoder" | "dummies" => &["OneHot"],
        "ordinalencoder" => &["Ordinal"],
        "powertransformer" | "yeojohnson" | "boxcox" => &["Power"],
        "log1p" | "logarithm" => &["Log"],
        "polynomialfeatures" | "interactions" => &["Polynomial"],
        "clip" => &["Winsorize"],
        "dropna" => &["DropMissing"],
        "lr" | "rate" | "eta" => &["learning_rate"],
        "gamma" => &["factor", "gamma"],
        "betas" => &["beta1"],
        "restarts" => &["starts"],
        "ema" | "exponentialmovingaverage" => &["MovingAverage"],
        "swa" | "ruppertpolyak" => &["Polyak"],
        "bootstrap" | "iid" => &["WithReplacement"],
        "balanced" | "weighted" => &["ClassBalanced"],
        "buffer" | "windowed" | "streaming" => &["Blocks"],
        "reducelronplateau" | "plateau" => &["ReduceOnPlateau"],
        "sgdr" | "cosineannealingwarmrestarts" => &["WarmRestarts"],
        "ridge" | "weightdecay" => &["L2"],
        "lasso" => &["L1"],
        "glorot" => &["XavierUniform"],
        "kaiming" => &["HeNormal"],
        _ => &[],
    };
    expected.iter().find(|name| names.contains(name)).copied()
}

/// The other members of the family of `outer` that have a setting `found`.
fn owners_beside(outer: &str, found: &str) -> Vec<&'static str> {
    fn of<F>(members: Vec<Member<F>>, outer: &str, found: &str) -> Vec<&'static str> {
        if !members.iter().any(|member| member.name == outer) {
            return Vec::new();
        }
        let has = |member: &&Member<F>| (member.fields)().iter().any(|field| field.name == found);
        members.iter().filter(has).map(|member| member.name).collect()
    }
    let mut owners = of(Optimizer::members(), outer, found);
    owners.extend(of(Schedule::members(), outer, found));
    owners.extend(of(Sampling::members(), outer, found));
    owners.extend(of(Clip::members(), outer, found));
    owners.extend(of(GradientNoise::members(), outer, found));
    owners.extend(of(Averaging::members(), outer, found));
    owners.extend(of(Augment::members(), outer, found));
    owners.extend(of(Model::members(), outer, found));
    owners.extend(of(Loss::members(), outer, found));
    owners.extend(of(Surface::members(), outer, found));
    owners.extend(of(Generated::members(), outer, found));
    owners.extend(of(Transform::members(), outer, found));
    owners
}

/// The names of the settings of a member of any family.
fn member_fields(name: &str) -> Option<Vec<&'static str>> {
    let fields = Optimizer::named(name)
        .map(|member| member.fields())
        .or_else(|| Schedule::named(name).map(|member| member.fields()))
        .or_else(|| Sampling::named(name).map(|member| member.fields()))
        .or_else(|| Clip::named(name).map(|member| member.fields()))
        .or_else(|| GradientNoise::named(name).map(|member| member.fields()))
        .or_else(|| Averaging::named(name).map(|member| member.fields()))
        .or_else(|| Augment::named(name).map(|member| member.fields()))
        .or_else(|| Model::named(name).map(|member| member.fields()))
        .or_else(|| Loss::named(name).map(|member| member.fields()))
        .or_else(|| Activation::named(name).map(|member| member.fields()))
        .or_else(|| Surface::named(name).map(|member| member.fields()))
        .or_else(|| Generated::named(name).map(|member| member.fields()))
        .or_else(|| Transform::named(name).map(|member| member.fields()))?;
    Some(fields.into_iter().map(|field| field.name).collect())
}

/// The names permitted for a part of an experiment that is one of several.
fn names_for(part: &str) -> Option<&'static [&'static str]> {
    Some(match part {
        "data" => &["Csv", "Bundled", "Generated", "Surface", "Noisy"],
        "task" => &["Auto", "Classification", "Regression"],
        "delimiter" => {
            &["Auto", "Comma", "Semicolon", "Tab", "Pipe", "Bars", "Space", "Gap", "Other('^')"]
        }
        "header" => &["Auto", "Present", "Absent", "Units", "Levels"],
        "quote" => &["Auto", "Double", "Single", "None"],
        "escape" => &["Auto", "Doubled", "Backslash"],
        "decimal" => &["Auto", "Point", "Comma"],
        "comment" => &["Auto", "None", "Mark(\"#\")"],
        "footer" => &["Auto", "Kept", "From(120)"],
        "types" => &[
            "Numeric",
            "NumericPoint",
            "NumericComma",
            "Nominal",
            "Date",
            "DayFirst",
            "MonthFirst",
            "Text",
        ],
        "by" => &["Random", "Group(\"column\")", "Time(\"column\")", "Column(\"column\")"],
        "subsample" => &["Off", "Rows(1000)", "Share(0.25)"],
        "scaling" => &["Off", "Standardize", "MinMax", "Together", "Robust"],
        "images" => &["Auto", "Size"],
        "augmentation" => Augment::NAMES,
        "preprocessing" => Transform::NAMES,
        "with" => &["Mean", "Median", "MostFrequent", "Constant"],
        "model" => Model::NAMES,
        "activation" => Activation::NAMES,
        "initialization" => &[
            "Auto",
            "Zero",
            "XavierUniform",
            "XavierNormal",
            "HeUniform",
            "HeNormal",
            "Explicit",
            "File",
        ],
        "loss" => Loss::NAMES,
        "class_weights" => &["Off", "Balanced", "Explicit"],
        "penalty" => &["Off", "L1", "L2", "ElasticNet"],
        "optimizer" => Optimizer::NAMES,
        "schedule" => Schedule::NAMES,
        "schedule_per" => &["Step", "Epoch"],
        "sampling" => Sampling::NAMES,
        "clip" => Clip::NAMES,
        "gradient_noise" => GradientNoise::NAMES,
        "averaging" => Averaging::NAMES,
        "budget" | "warmup" | "at" | "from" | "every" | "period" | "up" | "down" => {
            &["Steps", "Epochs"]
        }
        "batch" => &["Full", "Mini", "Stochastic"],
        "precision" => &["F32", "F64"],
        "evaluate_every" | "record_every" => &["Auto", "Steps", "Epochs"],
        _ => return None,
    })
}

/// What a value that is written as it is in the file, or as a plain number or text, is called here.
fn meant(part: &str, token: &str) -> Option<String> {
    let plain = token.trim_matches('`');
    let text = plain.trim_matches(['"', '\'']);
    let name = match (part, text) {
        ("delimiter", ",") | ("decimal", ",") => "Comma",
        ("decimal", ".") => "Point",
        ("delimiter", ";") => "Semicolon",
        ("delimiter", "\t" | "\\t") => "Tab",
        ("delimiter", "|") => "Pipe",
        ("delimiter", "||") => "Bars",
        ("delimiter", " ") => "Space",
        ("comment", mark) if plain != text && !mark.is_empty() => {
            return Some(format!("Mark(\"{mark}\")"));
        }
        ("footer", line) if line.parse::<u64>().is_ok() => return Some(format!("From({line})")),
        ("subsample", rows) if rows.parse::<u64>().is_ok_and(|rows| rows > 0) => {
            return Some(format!("Rows({rows})"));
        }
        ("subsample", share)
            if share.parse::<f64>().is_ok_and(|share| share > 0.0 && share <= 1.0) =>
        {
            return Some(format!("Share({share})"));
        }
        (_, word) => {
            let bare = |name: &&&str| name.split('(').next() == Some(word);
            return names_for(part)?.iter().find(bare).map(|name| (*name).to_owned());
        }
    };
    Some(name.to_owned())
}

/// The text that was given without brackets, or one that would be right.
fn example_of_text<'a>(subject: &str, token: &'a str) -> &'a str {
    let plain = token.trim_matches('`');
    let is_text = plain.len() > 2 && plain.starts_with('"') && plain.ends_with('"');
    match subject {
        _ if is_text => plain,
        "missing" => "\"-999\"",
        _ => "\"id\"",
    }
}

/// The start of the value around `byte` where the parser stopped within a number or word.
fn start_of_token(text: &str, start: usize, byte: usize) -> usize {
    let within = text[start..byte].chars().all(|c| c.is_alphanumeric() || "-+._\"".contains(c));
    if within { start } else { byte }
}

fn token_from(text: &str, byte: usize) -> String {
    let rest = text[byte..].trim_start();
    let quoted = rest.starts_with('"');
    let end = match rest.char_indices().skip(1).find(|(_, c)| {
        if quoted { *c == '"' } else { c.is_whitespace() || ",()[]{}:".contains(*c) }
    }) {
        Some((end, _)) if quoted => end + 1,
        Some((end, _)) => end,
        None => rest.len(),
    };
    match &rest[..end] {
        "" => "the end of the file".to_owned(),
        token => format!("`{}`", short(token)),
    }
}

fn word_before(text: &str, byte: usize) -> &str {
    let before = text[..byte].trim_end();
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || *c == '_')
        .last()
        .map_or(before.len(), |(start, _)| start);
    &before[start..]
}

/// At most 40 characters of it.
fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
