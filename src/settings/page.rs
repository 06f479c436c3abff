/// What the paragraphs begin with that are found by their first words.
const USAGE: &str = "When to use:";
const REFERENCE: &str = "Reference:";

/// The help page of a settings struct: its documentation, read apart.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The title on screen, such as `Adam`.
    pub title: &'static str,
    /// The whole documentation: a sentence, the formula in a `text` block, remarks, when to use it, a
    /// reference.
    pub text: &'static str,
}

impl Page {
    /// The first paragraph: what it does for its user.
    pub fn summary(&self) -> String {
        let end = self.text.find("\n\n").unwrap_or(self.text.len());
        self.text[..end].lines().map(str::trim).collect::<Vec<_>>().join(" ")
    }

    /// The formula: the lines of the first `text` block; empty where there is none.
    pub fn formula(&self) -> String {
        let mut lines = self.text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.by_ref().find(|line| line.trim() == "```text");
        lines.take_while(|line| line.trim() != "```").collect::<Vec<_>>().join("\n")
    }

    /// The paragraph that starts with `When to use:`, without these words: for what it is the right
    /// choice, for what it is not, and what to set first.
    pub fn usage(&self) -> String {
        self.paragraph_after(USAGE)
    }

    /// The paragraph that starts with `Reference:`, without that word.
    pub fn reference(&self) -> String {
        self.paragraph_after(REFERENCE)
    }

    /// Paragraphs that are neither summary, formula, usage nor reference.
    pub fn remarks(&self) -> Vec<String> {
        let mut in_formula = false;
        let mut paragraphs = vec![String::new()];
        for line in self.text.lines().map(str::trim) {
            if line.starts_with("```") {
                in_formula = !in_formula;
            } else if line.is_empty() {
                paragraphs.push(String::new());
            } else if !in_formula {
                let last = paragraphs.last_mut().expect("there is always one paragraph");
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
        }
        let is_marked = |text: &str| [USAGE, REFERENCE].iter().any(|mark| text.starts_with(mark));
        paragraphs.retain(|text| !text.is_empty() && !is_marked(text));
        paragraphs.drain(..1.min(paragraphs.len()));
        paragraphs
    }

    fn paragraph_after(&self, start: &str) -> String {
        let Some(position) = self.text.find(start) else { return String::new() };
        let rest = &self.text[position + start.len()..];
        let end = rest.find("\n\n").unwrap_or(rest.len());
        rest[..end].lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
    }
}

/// Gives the variants of an enum that is no family help pages, in the form of those of the families:
/// `PAGES`, with the name in files before each, in the order of the menu.
#[macro_export]
macro_rules! pages {
    (
        $owner:ident {
            $($(#[doc = $page:literal])+ $name:ident($title:literal);)+
        }
    ) => {
        impl $owner {
            /// The help pages: the name in files, and the page.
            pub const PAGES: &'static [(&'static str, $crate::settings::Page)] = &[$((
                stringify!($name),
                $crate::settings::Page { title: $title, text: concat!($($page, "\n"),+) },
            )),+];
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Page = Page {
        title: "Divide",
        text: " Divides the\n rate.\n\n ```text\n η ← η / d\n ```\n\n By two, mostly.\n\n \
               When to use: for rates\n that are too long.\n\n Reference: Euclid, Elements.\n",
    };

    #[test]
    fn every_paragraph_is_in_one_place() {
        assert_eq!(PAGE.summary(), "Divides the rate.");
        assert_eq!(PAGE.formula(), "η ← η / d");
        assert_eq!(PAGE.remarks(), ["By two, mostly."]);
        assert_eq!(PAGE.usage(), "for rates that are too long.");
        assert_eq!(PAGE.reference(), "Euclid, Elements.");
    }

    #[test]
    fn what_a_page_does_not_have_is_empty() {
        let bare = Page { title: "Off", text: " Nothing is done.\n" };
        assert_eq!((bare.formula(), bare.usage(), bare.reference()), Default::default());
        assert!(bare.remarks().is_empty());
    }
}
