//! The pictures of data.

use std::fmt::Write as _;

use descent::data::{CsvSource, Source};
use descent::experiment::{Experiment, Study, Variation};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use crate::stage::{Stage, appears, click, click_at, opened, show_sized, view};

/// A view of data that have been read.
fn stage(name: &str, data: Source) -> Harness<'static, Stage> {
    let base = Experiment { data, ..Experiment::default() };
    let compare = vec![Variation { label: "Only".to_owned(), ..Variation::default() }];
    let study = Study { base, compare, ..Study::default() };
    show_sized(name, opened(study), [760.0, 560.0])
}

fn bundled(name: &str) -> Source {
    Source::Bundled(name.to_owned())
}

/// A file with this text, and its source.
fn file(text: &str) -> (tempfile::TempDir, Source) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data.csv");
    std::fs::write(&path, text).expect("a written file");
    let path = path.to_string_lossy().into_owned();
    (folder, Source::Csv(CsvSource { path, ..CsvSource::default() }))
}

/// What a list of choices shows.
fn choice(harness: &Harness<'_, Stage>, label: &str) -> String {
    harness.get_by_label(label).accesskit_node().value().unwrap_or_default()
}

fn choose(harness: &mut Harness<'_, Stage>, label: &str, entry: &str) {
    click(harness, label);
    click(harness, entry);
}

/// Moves the pointer over a picture until these words appear beside it.
fn read_somewhere(harness: &mut Harness<'_, Stage>, picture: &str, words: &str) -> bool {
    let rect = harness.get_by_label(picture).rect();
    (0..12).flat_map(|row| (0..24).map(move |column| (column, row))).any(|(column, row)| {
        let share = egui::vec2((column as f32 + 0.5) / 24.0, (row as f32 + 0.5) / 12.0);
        harness.hover_at(rect.min + share * rect.size());
        harness.run_steps(2);
        harness.query_all_by_label_contains(words).next().is_some()
    })
}

#[test]
fn the_scatter_begins_with_two_features_and_tells_the_row_under_the_pointer() {
    let mut harness = stage("pairs", bundled("iris"));
    assert_eq!(choice(&harness, "Column along x"), "sepal length in cm");
    assert_eq!(choice(&harness, "Column along y"), "sepal width in cm");
    assert_eq!(choice(&harness, "Colour of the rows"), "species");
    assert!(read_somewhere(&mut harness, "Scatter", "· training"));
    harness.get_by_label("petal width in cm");
    choose(&mut harness, "Column along x", "petal length in cm");
    assert_eq!(choice(&harness, "Column along x"), "petal length in cm");
    assert_eq!(choice(&harness, "Column along y"), "sepal width in cm");
    harness.get_by_label("Logarithmic x axis").click();
    choose(&mut harness, "Part of the data", "test");
    choose(&mut harness, "Colour of the rows", "nothing");
    assert!(read_somewhere(&mut harness, "Scatter", "· test"));
    assert!(!read_somewhere(&mut harness, "Scatter", "· training"));
}

#[test]
fn names_stand_along_an_axis_too() {
    let mut harness = stage("pairs", bundled("penguins"));
    choose(&mut harness, "Column along x", "species");
    choose(&mut harness, "Colour of the rows", "island");
    assert!(read_somewhere(&mut harness, "Scatter", "Gentoo"));
}

#[test]
fn principal_components_are_a_click_away() {
    let mut harness = stage("pairs", bundled("breast_cancer"));
    click(&mut harness, "components");
    assert!(harness.query_by_label("Column along x").is_none());
    assert!(read_somewhere(&mut harness, "Scatter", "component 2"));
}

#[test]
fn many_rows_are_drawn_as_a_density() {
    let mut text = "x,y,kind\n".to_owned();
    for row in 0..30_000_u32 {
        let place = [0.0, 1.0, 2.0][row as usize % 3];
        writeln!(text, "{place:.1},{place:.1},{}", if row % 3 == 1 { "a" } else { "b" })
            .expect("text");
    }
    let (_folder, source) = file(&text);
    let mut harness = stage("pairs", source);
    appears(&mut harness, "Scatter");
    // A third of the rows lies in a cell in the middle, which is about a point wide.
    let middle = harness.get_by_label("Scatter").rect().center();
    let found = (-8..=8).flat_map(|x| (-8..=8).map(move |y| (x, y))).any(|(x, y)| {
        harness.hover_at(middle + 4.0 * egui::vec2(x as f32, y as f32));
        harness.run_steps(2);
        harness.query_by_label("10,000 rows here").is_some()
    });
    assert!(found, "the rows in the middle are not told");
    harness.get_by_label("a: 10000 (100 %)");
}

#[test]
fn a_click_on_a_correlation_opens_the_scatter_of_the_two() {
    let mut harness = stage("correlations", bundled("penguins"));
    assert!(read_somewhere(&mut harness, "Correlations", "body mass in g and"));
    harness.get_by_label_contains("over 342 rows");
    let at = harness.ctx.input(|input| input.pointer.hover_pos()).expect("a pointer");
    click_at(&mut harness, at);
    harness.state_mut().view = view("pairs");
    harness.run_steps(3);
    let pair = [choice(&harness, "Column along x"), choice(&harness, "Column along y")];
    assert!(pair.contains(&"body mass in g".to_owned()), "{pair:?}");
}

#[test]
fn imbalance_is_pointed_out_and_balance_is_not() {
    let harness = stage("target", bundled("iris"));
    harness.get_by_label_contains("Share of each class in each part");
    assert!(harness.query_by_label_contains("Unbalanced").is_none());
    let mut text = "x,kind\n".to_owned();
    for row in 0..200 {
        writeln!(text, "{row}.5,{}", if row % 10 == 0 { "rare" } else { "common" }).expect("text");
    }
    let (_folder, source) = file(&text);
    let harness = stage("target", source);
    harness.get_by_label_contains("common occurs 9 times as often as rare");
}

#[test]
fn digits_are_images_of_which_one_class_can_be_seen_alone() {
    let mut harness = stage("images", bundled("digits"));
    harness.get_by_label("1,797 images of 8 × 8 pixels");
    choose(&mut harness, "Class", "3");
    harness.get_by_label("183 images of 8 × 8 pixels");
    assert!(read_somewhere(&mut harness, "183 images of 8 × 8", ": 3"));
    choose(&mut harness, "Part of the data", "validation");
    harness.get_by_label_contains("images of 8 × 8 pixels");
    assert!(harness.query_by_label("183 images of 8 × 8 pixels").is_none());
}

#[test]
fn other_data_can_be_looked_at_as_images_and_say_what_fits() {
    let mut harness = stage("images", bundled("breast_cancer"));
    harness.get_by_label("These data do not look like images");
    click(&mut harness, "show");
    harness.get_by_label("569 images of 5 × 6 pixels");
    click(&mut harness, "reset");
    harness.get_by_label("These data do not look like images");
}

#[test]
fn columns_that_do_not_vary_are_not_compared_and_row_numbers_not_drawn_first() {
    let mut text = "number,day,empty,always,x,y,z\n".to_owned();
    for row in 0..60_u32 {
        let (x, y) = (row * 37 % 61, row * 17 % 59);
        writeln!(text, "{row},2024-01-{:02},,1,{x}.5,{y}.5,{}", row % 28 + 1, x + y).expect("text");
    }
    let (_folder, source) = file(&text);
    let harness = stage("correlations", source.clone());
    harness.get_by_label_contains("columns that do not vary");
    let harness = stage("pairs", source);
    assert_eq!(choice(&harness, "Column along x"), "x");
    assert_eq!(choice(&harness, "Column along y"), "y");
}

#[test]
fn images_are_seen_as_augmentation_draws_them() {
    let noise = descent::data::augmentation::Augment::named("Noise");
    let base = Experiment {
        data: bundled("digits"),
        augmentation: noise.into_iter().collect(),
        ..Experiment::default()
    };
    assert_eq!(base.augmentation.len(), 1);
    let compare = vec![Variation { label: "Only".to_owned(), ..Variation::default() }];
    let study = Study { base, compare, ..Study::default() };
    let mut harness = show_sized("images", opened(study), [760.0, 560.0]);
    harness.get_by_label("1,797 images of 8 × 8 pixels");
    harness.get_by_label("augmented").click();
    harness.run_steps(3);
    harness.get_by_label("1,797 images of 8 × 8 pixels");
    let mut plain = stage("images", bundled("digits"));
    plain.run_steps(2);
    assert!(plain.query_by_label("augmented").is_none(), "nothing is augmented there");
}
