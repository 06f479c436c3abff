//! The view of the data: sorted, searched, copied, mended.

use std::path::Path;

use descent::data::{CsvSource, Source};
use descent::session::{DataState, Session, SessionCommand};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use crate::stage::{Stage, appears, draw_until, empty, is_ready, press, show, wait_until};

/// The view on this table.
fn stage(folder: &Path, text: &str) -> Harness<'static, Stage> {
    let path = folder.join("plants.csv");
    std::fs::write(&path, text).expect("a file");
    show("data", opened(&path))
}

/// A person's table: a number of the row, a constant, gaps, a rare class.
fn plants() -> String {
    let row = |row: usize| {
        let kind = if row % 20 == 7 { "moss" } else { "fern" };
        let width = if row % 10 == 3 { String::new() } else { (row * 37 % 101).to_string() };
        format!("{},{}.5,{width},wet,{kind}\n", row + 1, (row * 53) % 97)
    };
    let rows: String = (0..200).map(row).collect();
    format!("number,height,width,ground,kind\n{rows}")
}

/// The cells that are drawn, with their places.
fn cells(harness: &Harness<'_, Stage>, text: &str) -> Vec<egui::Rect> {
    let nodes = harness.query_all_by_role_and_label(Role::Label, text);
    nodes.map(|node| node.rect()).collect()
}

fn head(harness: &Harness<'_, Stage>, name: &str) -> egui::Rect {
    harness.get_by_role_and_label(Role::ColumnHeader, name).rect()
}

fn csv(harness: &Harness<'_, Stage>) -> CsvSource {
    let entry = harness.state().session.selected_entry().expect("an experiment");
    match &entry.experiment.data {
        Source::Csv(csv) => csv.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_click_on_a_name_sorts_and_copied_cells_are_those_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = stage(folder.path(), &plants());
    appears(&mut harness, "20 missing");
    let at = head(&harness, "height").left_top() + egui::vec2(20.0, 10.0);
    press(&mut harness, at, PointerButton::Primary, Modifiers::NONE);
    draw_until(&mut harness, "the order", |harness| {
        harness.query_by_role_and_label(Role::ColumnHeader, "height ▴").is_some()
    });
    // 53 · row mod 97 is 0 in rows 0, 97 and 194, which stay in that order.
    let first = head(&harness, "height ▴").left_bottom() + egui::vec2(20.0, 11.0);
    let third = first + egui::vec2(0.0, 44.0);
    press(&mut harness, first, PointerButton::Primary, Modifiers::NONE);
    press(&mut harness, third, PointerButton::Primary, Modifiers::SHIFT);
    harness.event(Event::Copy);
    harness.run_steps(2);
    assert_eq!(harness.state().copied, "0.5\n0.5\n0.5\n");
    harness.event(Event::Key {
        key: Key::Home,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(2);
    harness.event(Event::Copy);
    harness.run_steps(2);
    assert_eq!(harness.state().copied, "195", "the third of them, by its number");
    let at = head(&harness, "height ▴").left_top() + egui::vec2(20.0, 10.0);
    press(&mut harness, at, PointerButton::Primary, Modifiers::NONE);
    draw_until(&mut harness, "the other order", |harness| {
        harness.query_by_role_and_label(Role::ColumnHeader, "height ▾").is_some()
            && !cells(harness, "96.5").is_empty()
    });
}

#[test]
fn a_search_counts_and_goes_to_every_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = stage(folder.path(), &plants());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_steps(3);
    harness.get_by_role_and_label(Role::TextInput, "Search in all cells").type_text("MOSS");
    harness.run_steps(3);
    appears(&mut harness, "1 of 10");
    harness.get_by_label("Previous match").click();
    harness.run_steps(3);
    harness.get_by_label("10 of 10");
    appears(&mut harness, "row 188 · kind = moss");
    harness.get_by_label("Next match").click();
    harness.run_steps(3);
    harness.get_by_label("1 of 10");
    harness.get_by_role_and_label(Role::TextInput, "Search in all cells").focus();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::TextInput, "Search in all cells").type_text("!");
    harness.run_steps(3);
    appears(&mut harness, "nowhere");
    harness.get_by_label("Close the search").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("nowhere").is_none());
}

#[test]
fn what_should_be_looked_at_is_mended_by_a_click_and_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = stage(folder.path(), &plants());
    appears(&mut harness, "To look at: 4");
    harness.get_by_label("To look at: 4").click();
    harness.run_steps(3);
    harness.get_by_label_contains("ground is the same in every row");
    harness.get_all_by_label("Ignore it").next().expect("a button").click();
    harness.run_steps(3);
    assert_eq!(csv(&harness).ignore, ["number"]);
    assert!(is_told(&harness, "“number” is no feature any more."));
    appears(&mut harness, "To look at: 3");
    harness.get_by_label("Weigh classes alike").click();
    harness.run_steps(3);
    appears(&mut harness, "To look at: 2");
    harness.state_mut().session.apply(SessionCommand::Undo);
    harness.state_mut().session.apply(SessionCommand::Undo);
    assert!(csv(&harness).ignore.is_empty());
    appears(&mut harness, "To look at: 4");
}

fn is_told(harness: &Harness<'_, Stage>, words: &str) -> bool {
    harness.state().session.messages().iter().any(|message| message.text.starts_with(words))
}

/// Gaps, a tail, values far out, a target that may be classes: with the buttons for each.
#[test]
fn every_remedy_does_what_it_says_tells_it_and_is_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = |row: usize| {
        let gap = if row.is_multiple_of(9) { String::new() } else { (row % 17).to_string() };
        let tail = 1 + (1_u64 << (row % 20));
        let far = if row == 7 { 1_000_000 } else { row * 37 % 101 };
        format!("{gap},{tail},{far},{}\n", row % 3)
    };
    let rows: String = (0..200).map(row).collect();
    let mut harness = stage(folder.path(), &format!("gap,tail,far,y\n{rows}"));
    appears(&mut harness, "To look at: 4");
    harness.get_by_label("To look at: 4").click();
    harness.run_steps(3);
    let before = harness.state().session.selected_entry().expect("one").experiment.clone();
    for (button, told) in [
        ("Predict classes", "Every value of the target is a class now."),
        ("Fill with the median", "Missing values of “gap” become the median now"),
        ("Leave such rows out", "Rows without a value in “gap” are left out now."),
        ("Take the logarithm", "The logarithm is taken of “tail” now."),
        ("Clip", "Values of “far” that are far out are clipped now."),
    ] {
        harness.get_by_label(button).click();
        harness.run_steps(3);
        assert!(is_told(&harness, told), "{button}: {:?}", harness.state().session.messages());
        appears(&mut harness, "To look at: 3");
        let entry = harness.state().session.selected_entry().expect("one");
        assert_ne!(entry.experiment, before, "{button} changes nothing");
        harness.state_mut().session.apply(SessionCommand::Undo);
        let entry = harness.state().session.selected_entry().expect("one");
        assert_eq!(entry.experiment, before, "{button} is not undone");
        wait_until(&mut harness.state_mut().session, is_ready);
        appears(&mut harness, "To look at: 4");
    }
}

#[test]
fn keys_move_select_copy_and_sort() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = stage(folder.path(), &plants());
    let first = head(&harness, "number").left_bottom() + egui::vec2(20.0, 11.0);
    press(&mut harness, first, PointerButton::Primary, Modifiers::NONE);
    let key = |harness: &mut Harness<'_, Stage>, key: Key, modifiers: Modifiers| {
        harness.key_press_modifiers(modifiers, key);
        harness.run_steps(3);
    };
    key(&mut harness, Key::PageDown, Modifiers::NONE);
    let paged = cells(&harness, "1").is_empty();
    assert!(paged, "a page down leaves the first row");
    key(&mut harness, Key::Home, Modifiers::COMMAND);
    appears(&mut harness, "row 1 · number = 1");
    key(&mut harness, Key::ArrowRight, Modifiers::SHIFT);
    key(&mut harness, Key::ArrowDown, Modifiers::SHIFT);
    harness.event(Event::Copy);
    harness.run_steps(2);
    assert_eq!(harness.state().copied, "1\t0.5\n2\t53.5\n");
    key(&mut harness, Key::End, Modifiers::NONE);
    appears(&mut harness, "row 2 · kind = fern");
    key(&mut harness, Key::Enter, Modifiers::NONE);
    draw_until(&mut harness, "the order", |harness| {
        harness.query_by_role_and_label(Role::ColumnHeader, "kind ▴").is_some()
    });
    key(&mut harness, Key::Enter, Modifiers::NONE);
    draw_until(&mut harness, "the other order", |harness| {
        harness.query_by_role_and_label(Role::ColumnHeader, "kind ▾").is_some()
            && !cells(harness, "moss").is_empty()
    });
    key(&mut harness, Key::A, Modifiers::COMMAND);
    appears(&mut harness, "200 rows × 5 columns selected");
}

#[test]
fn a_drag_at_its_edge_makes_a_column_wider() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = stage(folder.path(), &plants());
    let before = head(&harness, "height");
    let edge = before.right_center();
    let modifiers = Modifiers::NONE;
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers,
    };
    harness.event(Event::PointerMoved(edge));
    harness.step();
    harness.event(button(edge, true));
    harness.step();
    for moved in 1..=6 {
        harness.event(Event::PointerMoved(edge + egui::vec2(10.0 * moved as f32, 0.0)));
        harness.step();
    }
    harness.event(button(edge + egui::vec2(60.0, 0.0), false));
    harness.run_steps(2);
    let grown = head(&harness, "height").width() - before.width();
    assert!((45.0..65.0).contains(&grown), "{grown}");
}

#[test]
fn what_is_no_table_says_why_and_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("picture.csv");
    let noise: Vec<u8> = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', 0, 0].repeat(50);
    std::fs::write(&path, noise).expect("a file");
    let mut session = empty();
    session.apply(SessionCommand::Open(path));
    wait_until(&mut session, |session| !session.is_loading());
    let mut harness = show("data", session);
    harness.get_by_label("The file cannot be used as it is read");
    harness.get_by_label_contains("picture.csv");
    harness.get_by_label_contains("Say otherwise how it is read");
    harness.get_by_label("How it is read").click();
    harness.run_steps(4);
    harness.get_by_label("Find out again");
}

#[test]
fn the_first_rows_of_a_compressed_file_are_there_while_it_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.csv.gz");
    let rows: String = (0..400_000).map(|row| format!("{row},{},{}\n", row % 7, row % 5)).collect();
    let file = std::fs::File::create(&path).expect("a file");
    let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    std::io::Write::write_all(&mut packer, format!("a,b,c\n{rows}").as_bytes()).expect("room");
    packer.finish().expect("room");
    let mut session = empty();
    session.apply(SessionCommand::Open(path));
    wait_until(&mut session, |session| {
        session.reading().is_some_and(|reading| reading.head.is_some())
    });
    let head = session.reading().and_then(|reading| reading.head).expect("the first rows");
    assert!(head.table.n_rows() > 100 && head.table.n_rows() < 400_000);
    session.apply(SessionCommand::CancelReading);
    assert!(matches!(&session.entries()[0].data, DataState::Failed(why) if why.contains("cancel")));
}

#[test]
fn the_second_button_offers_what_a_column_can_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut harness = stage(folder.path(), &plants());
    let at = head(&harness, "width").left_top() + egui::vec2(20.0, 10.0);
    press(&mut harness, at, PointerButton::Secondary, Modifiers::NONE);
    harness.get_by_label("Ignore it").click();
    harness.run_steps(3);
    assert_eq!(csv(&harness).ignore, ["width"]);
    wait_until(&mut harness.state_mut().session, is_ready);
    appears(&mut harness, "number · ignored");
    let at = head(&harness, "height").left_top() + egui::vec2(20.0, 10.0);
    press(&mut harness, at, PointerButton::Secondary, Modifiers::NONE);
    harness.get_by_label("Make it the target").click();
    harness.run_steps(3);
    assert_eq!(csv(&harness).target, "height");
}

#[test]
fn a_large_table_is_scrolled_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows: String = (0..60_000).map(|row| format!("{row},{}\n", row % 7)).collect();
    let mut harness = stage(folder.path(), &format!("x,y\n{rows}"));
    let first = head(&harness, "x").left_bottom() + egui::vec2(20.0, 11.0);
    press(&mut harness, first, PointerButton::Primary, Modifiers::NONE);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::End);
    harness.run_steps(3);
    assert_eq!(cells(&harness, "59999").len(), 1);
    assert!(cells(&harness, "59950").is_empty(), "only what is in view is there");
    let text = "row 60,000 · y = 2";
    assert!(harness.query_by_label(text).is_some(), "{text}");
}

/// Opens a table and waits until it is there.
fn opened(path: &Path) -> Session {
    let mut session = empty();
    session.apply(SessionCommand::Open(path.to_owned()));
    wait_until(&mut session, is_ready);
    session
}

#[test]
fn how_the_file_is_read_is_shown_and_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sales.csv");
    let rows: String = (0..40).map(|row| format!("{row};1,{row:02};a,{}\n", row % 2)).collect();
    std::fs::write(&path, format!("# made by hand\nid;price;kind\n{rows}7;2\n")).expect("a file");
    let mut harness = show("data", opened(&path));
    harness.get_by_label("Reading").click();
    harness.run_steps(4);
    appears(&mut harness, "id;price;kind");
    harness.get_by_label_contains("line 43 repaired");
    harness.get_by_label("Copy all").click();
    harness.run_steps(2);
    assert!(harness.state().copied.contains("line 43 repaired"), "{}", harness.state().copied);
    harness.get_by_label("Fields end at: semicolon ;").click();
    harness.run_steps(3);
    harness.get_by_label("comma ,").click();
    harness.run_steps(3);
    assert_eq!(csv(&harness).delimiter, descent::data::Delimiter::Comma);
    wait_until(&mut harness.state_mut().session, |session| !session.is_loading());
    harness.run_steps(3);
    harness.get_by_label("Fields end at: comma ,");
    // Whatever became of it, the way back is there.
    harness.get_by_label("Find out again").click();
    harness.run_steps(3);
    wait_until(&mut harness.state_mut().session, |session| {
        !session.is_loading() && is_ready(session)
    });
    harness.run_steps(3);
    assert_eq!(csv(&harness).delimiter, descent::data::Delimiter::Semicolon);
    harness.get_by_label_contains("id: number").click();
    harness.run_steps(3);
    let name = harness.query_all_by_role_and_label(Role::Button, "name").last();
    name.expect("a type").click();
    harness.run_steps(3);
    assert_eq!(csv(&harness).type_of("id"), Some(descent::data::ColumnType::Nominal));
}

#[test]
fn reading_is_cancelled_and_begun_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.csv");
    let rows: String =
        (0..400_000).map(|row| format!("{row},{},{}\n", row % 7, ["x", "y"][row % 2])).collect();
    std::fs::write(&path, format!("a,b,c\n{rows}")).expect("a file");
    let mut session = empty();
    session.apply(SessionCommand::Open(path));
    wait_until(&mut session, |session| {
        session.reading().is_some_and(|reading| reading.head.is_some())
    });
    let mut harness = show("data", session);
    appears(&mut harness, "The first rows");
    assert!(!cells(&harness, "3").is_empty(), "rows are there before all are read");
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    appears(&mut harness, "Reading was cancelled");
    assert!(
        harness.state().session.reading().is_none_or(|reading| reading.progress.is_cancelled())
    );
    wait_until(&mut harness.state_mut().session, |session| !session.is_loading());
    harness.run_steps(3);
    harness.get_by_label("Read again").click();
    harness.run_steps(3);
    wait_until(&mut harness.state_mut().session, is_ready);
    harness.run_steps(3);
    appears(&mut harness, "400,000 rows");
}

#[test]
fn a_table_whose_target_cannot_be_learnt_is_there_to_choose_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plants.csv");
    let rows: String = (0..60).map(|row| format!("{row},{},fern\n", row * 7 % 31)).collect();
    std::fs::write(&path, format!("height,width,kind\n{rows}")).expect("a file");
    let mut session = empty();
    session.apply(SessionCommand::Open(path));
    wait_until(&mut session, is_ready);
    // The last column is no target of its own, but it can be chosen.
    let mut kind = session.entries()[0].experiment.clone();
    let Source::Csv(csv) = &mut kind.data else { panic!("a table") };
    assert_eq!(csv.target, "");
    csv.target = "kind".to_owned();
    session.apply(SessionCommand::Edit(0, Box::new(kind)));
    wait_until(&mut session, |session| !session.is_loading());
    let mut harness = show("data", session);
    harness.get_by_label_contains("has one class only");
    assert!(cells(&harness, "fern").len() > 8, "the table is there");
    harness.get_by_role_and_label(Role::ComboBox, "Target").click();
    harness.run_steps(3);
    harness.get_by_role_and_label(Role::Button, "width").click();
    harness.run_steps(3);
    wait_until(&mut harness.state_mut().session, is_ready);
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("has one class only").is_none());
}
