//! Real data sets that come with the program. `assets/data/README.md` states where each is from.

use super::load::hint;
use super::{DataError, Task};

/// A real data set that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BundledSet {
    /// The name in files, such as `"digits"`.
    pub name: &'static str,
    /// The name on screen.
    pub title: &'static str,
    /// What it is about and what is to be predicted.
    pub help: &'static str,
    /// Whom to cite.
    pub citation: &'static str,
    /// Under which terms it may be passed on.
    pub licence: &'static str,
    /// What its target, the last column, is for.
    pub task: Task,
    pub(super) bytes: &'static [u8],
}

const CC_BY: &str = "CC BY 4.0 (UCI Machine Learning Repository)";

/// All bundled sets, in the order of the menu.
pub const BUNDLED_SETS: &[BundledSet] = &[
    BundledSet {
        name: "iris",
        title: "Iris flowers",
        help: "Which of three species of iris a flower is, from the length and width of its sepals \
               and petals: 150 flowers, 4 measurements.",
        citation: "R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936. \
                   doi:10.24432/C56C76",
        licence: CC_BY,
        task: Task::Classification,
        bytes: include_bytes!("../../assets/data/iris.csv"),
    },
    BundledSet {
        name: "wine",
        title: "Wines",
        help: "Which of three cultivars a wine was made from, by chemical analysis: 178 wines, 13 \
               measurements of very different size, so scaling matters.",
        citation: "S. Aeberhard & M. Forina, Wine, 1992. doi:10.24432/C5PC7J",
        licence: CC_BY,
        task: Task::Classification,
        bytes: include_bytes!("../../assets/data/wine.csv"),
    },
    BundledSet {
        name: "breast_cancer",
        title: "Breast cancer (Wisconsin)",
        help: "Whether a tumour is benign or malignant, from the shape of cell nuclei in a \
               picture: 569 patients, 30 measurements.",
        citation: "W. Wolberg, O. Mangasarian, N. Street & W. Street, Breast Cancer Wisconsin \
                   (Diagnostic), 1993. doi:10.24432/C5DW2B",
        licence: CC_BY,
        task: Task::Classification,
        bytes: include_bytes!("../../assets/data/breast_cancer.csv"),
    },
    BundledSet {
        name: "digits",
        title: "Handwritten digits",
        help: "Which digit was written, from a picture of 8 × 8 pixels with values from 0 to 16: \
               1,797 pictures.",
        citation: "E. Alpaydin & C. Kaynak, Optical Recognition of Handwritten Digits, 1998. \
                   doi:10.24432/C50P49",
        licence: CC_BY,
        task: Task::Classification,
        bytes: include_bytes!("../../assets/data/digits.csv"),
    },
    BundledSet {
        name: "penguins",
        title: "Penguins of Palmer Station",
        help: "How heavy a penguin is, from its species, island, sex, bill and flippers: 344 \
               penguins, 3 nominal and 3 numeric columns, some values missing.",
        citation: "A. M. Horst, A. P. Hill & K. B. Gorman, palmerpenguins: Palmer Archipelago \
                   (Antarctica) penguin data, 2020. doi:10.5281/zenodo.3960218",
        licence: "CC0 1.0",
        task: Task::Regression,
        bytes: include_bytes!("../../assets/data/penguins.csv"),
    },
];

impl BundledSet {
    /// The set called `name`, or an error with the nearest name.
    pub fn named(name: &str) -> Result<&'static Self, DataError> {
        BUNDLED_SETS.iter().find(|set| set.name == name).ok_or_else(|| {
            let names = || BUNDLED_SETS.iter().map(|set| set.name);
            let list = names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let hint = hint(name, names());
            DataError::new(format!("there is no bundled set `{name}`{hint} (there are {list})"))
        })
    }
}
