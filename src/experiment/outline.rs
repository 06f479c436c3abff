//! Where each setting stands in the text of a study.

/// One value in the text, by its path: `compare[2].optimizer.learning_rate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The way to it from the top; empty for the whole.
    pub(super) path: String,
    /// The byte where it begins.
    pub(super) start: usize,
    /// The byte after its end.
    pub(super) end: usize,
}

/// The values of a RON text with their places. Made from any text, however broken: what cannot be
/// understood is passed over.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    places: Vec<Place>,
    /// Where brackets open that are never closed, outermost first.
    pub(super) unclosed: Vec<usize>,
}

/// Deeper nesting than any study has; the parser refuses such text too.
const MAX_DEPTH: usize = 100;

impl Outline {
    /// Walks over `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut walk = Walk { text, at: 0, outline: Self::default() };
        walk.value("", 0);
        walk.outline
    }

    /// The place of a setting, or of the nearest thing around it that is in the text.
    pub(super) fn find(&self, path: &str) -> Option<&Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.places.iter().rev().find(|place| place.path == path) {
                return Some(place);
            }
            if path.is_empty() {
                return None;
            }
            path = &path[..path.rfind(['.', '[']).unwrap_or(0)];
        }
    }

    /// The innermost value around a byte.
    pub(super) fn at(&self, byte: usize) -> Option<&Place> {
        self.places
            .iter()
            .filter(|place| place.start <= byte && byte <= place.end)
            .max_by_key(|place| place.start)
    }
}

/// The line and column (in characters), from 1, of a byte.
pub(super) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..byte.min(text.len())];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (1 + before.matches('\n').count(), 1 + before[line_start..].chars().count())
}

/// The byte at a line and column (in characters), from 1.
pub(super) fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = &text[start..];
    start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(offset, _)| offset)
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
    outline: Outline,
}

impl Walk<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn advance_to(&mut self, found: Option<usize>, past: usize) {
        self.at = found.map_or(self.text.len(), |offset| self.at + offset + past);
    }

    /// Passes over white space, comments and the attribute that enables extensions.
    fn skip(&mut self) {
        loop {
            self.at = self.text.len() - self.rest().trim_start().len();
            if self.rest().starts_with("//") {
                self.advance_to(self.rest().find('\n'), 1);
            } else if self.rest().starts_with("/*") {
                self.advance_to(self.rest().find("*/"), 2);
            } else if self.rest().starts_with("#!") {
                self.advance_to(self.rest().find(']'), 1);
            } else {
                return;
            }
        }
    }

    fn value(&mut self, path: &str, depth: usize) {
        self.skip();
        let start = self.at;
        let index = self.outline.places.len();
        self.outline.places.push(Place { path: path.to_owned(), start, end: start });
        if self.rest().starts_with('"') {
            self.quoted('"');
        } else if self.rest().starts_with("r\"") || self.rest().starts_with("r#") {
            self.raw_text();
        } else if self.rest().starts_with('\'') {
            self.quoted('\'');
        } else {
            let word = self.rest().find(|c: char| c.is_whitespace() || ",:()[]{}\"/".contains(c));
            self.advance_to(word, 0);
            let after_word = self.at;
            self.skip();
            if self.rest().starts_with(['(', '[', '{']) && depth < MAX_DEPTH {
                self.group(path, depth);
            } else {
                self.at = after_word;
            }
        }
        if self.at == start
            && let Some(stray) = self.rest().chars().next()
        {
            self.at += stray.len_utf8();
        }
        self.outline.places[index].end = self.at;
    }

    fn quoted(&mut self, quote: char) {
        let mut escaped = false;
        let end = self.rest().char_indices().skip(1).find(|&(_, c)| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        self.advance_to(end.map(|(offset, _)| offset), 1);
    }

    fn raw_text(&mut self) {
        let hashes = self.rest()[1..].chars().take_while(|c| *c == '#').count();
        let end = format!("\"{}", "#".repeat(hashes));
        let open = 2 + hashes;
        let found = self.rest().get(open..).and_then(|rest| rest.find(&end));
        self.advance_to(found.map(|offset| offset + open), end.len());
    }

    fn group(&mut self, path: &str, depth: usize) {
        let open = self.at;
        let list = self.rest().starts_with('[');
        self.at += 1;
        let n_unclosed = self.outline.unclosed.len();
        self.outline.unclosed.push(open);
        let mut n_values = 0;
        loop {
            self.skip();
            match self.rest().chars().next() {
                None => return,
                Some(')' | ']' | '}') => {
                    self.at += 1;
                    self.outline.unclosed.truncate(n_unclosed);
                    return;
                }
                Some(',') => {
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let child = match self.name_before_colon() {
                Some(name) if path.is_empty() => name,
                Some(name) => format!("{path}.{name}"),
                None if list => format!("{path}[{n_values}]"),
                // The one value of `L1(0.1)` or `Bundled("iris")` is the setting itself.
                None => path.to_owned(),
            };
            self.value(&child, depth + 1);
            n_values += 1;
        }
    }

    /// Passes over `name:` where that is what comes next.
    fn name_before_colon(&mut self) -> Option<String> {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let name = rest[..length].to_owned();
        let before = self.at;
        self.at += length;
        self.skip();
        if length > 0 && self.rest().starts_with(':') {
            self.at += 1;
            return Some(name);
        }
        self.at = before;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r##"#![enable(implicit_some)]
Study( // a ) comment
    title: "with \" and ) inside",
    notes: r#"raw " text"#,
    base: Experiment(data: Surface(Quadratic(condition: 100.0)), penalty: L1(0.5)),
    compare: [(label: "ü", seeds: [1, /* two */ 2]), (label: "second")],
)"##;

    fn at(path: &str) -> &'static str {
        let outline = Outline::of(TEXT);
        let place = outline.find(path).unwrap();
        &TEXT[place.start..place.end]
    }

    #[test]
    fn values_are_found_by_their_paths() {
        assert_eq!(at("title"), r#""with \" and ) inside""#);
        assert_eq!(at("notes"), r##"r#"raw " text"#"##);
        assert_eq!(at("base.data.condition"), "100.0");
        assert_eq!(at("base.penalty"), "0.5");
        assert_eq!(at("compare[0].seeds[1]"), "2");
        assert_eq!(at("compare[1].label"), "\"second\"");
    }

    #[test]
    fn what_is_not_stated_leads_to_what_is_around_it() {
        assert_eq!(at("compare[1].optimizer.learning_rate"), "(label: \"second\")");
        assert_eq!(at("seeds"), TEXT[26..].trim());
    }

    #[test]
    fn bytes_lead_to_the_innermost_value() {
        let outline = Outline::of(TEXT);
        let byte = TEXT.find("100.0").unwrap();
        assert_eq!(outline.at(byte).unwrap().path, "base.data.condition");
        assert_eq!(line_and_column(TEXT, byte), (5, 57));
        assert_eq!(byte_at(TEXT, 5, 57), byte);
    }

    #[test]
    fn any_cut_is_walked_over_and_leaves_open_brackets() {
        for end in (0..TEXT.len()).filter(|end| TEXT.is_char_boundary(*end)) {
            let outline = Outline::of(&TEXT[..end]);
            assert_eq!(outline.unclosed.is_empty(), end <= 31, "cut at {end}");
        }
        assert!(Outline::of(TEXT).unclosed.is_empty());
        Outline::of(&"(".repeat(100_000));
        Outline::of(":::,,,)))r#'\"");
    }
}
