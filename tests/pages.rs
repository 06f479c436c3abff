//! Every member of every family has a whole page of help: what it does, its formula with all of its
//! settings, when to use it, and where it comes from.

use std::collections::HashSet;

use descent::activations::Activation;
use descent::data::{Augment, Generated, Sampling, Transform};
use descent::losses::{ClassWeights, Loss, Penalty};
use descent::models::{Initialization, Model};
use descent::optimizers::Optimizer;
use descent::schedules::Schedule;
use descent::settings::{Field, Member, Page, Settings};
use descent::surfaces::{Noisy, Surface};
use descent::techniques::{Averaging, Clip, GradientNoise};

/// A member's page and settings.
struct Subject {
    /// Family and member, for messages.
    name: String,
    page: Page,
    fields: Vec<Field>,
    /// What every formula of the family has in it.
    formula: &'static str,
    /// Whether it is the member that changes nothing.
    is_off: bool,
}

fn subjects<F>(family: &str, formula: &'static str, members: Vec<Member<F>>) -> Vec<Subject> {
    let subject = |member: Member<F>| Subject {
        name: format!("{family}: {}", member.name),
        page: member.page,
        fields: (member.fields)(),
        formula,
        is_off: member.name == "Off",
    };
    members.into_iter().map(subject).collect()
}

/// The variants of an enum that is no family.
fn variants(family: &str, formula: &'static str, pages: &[(&str, Page)]) -> Vec<Subject> {
    let subject = |(name, page): &(&str, Page)| Subject {
        name: format!("{family}: {name}"),
        page: *page,
        fields: Vec::new(),
        formula,
        is_off: false,
    };
    pages.iter().map(subject).collect()
}

/// Surfaces of the plane and of any dimension, and the way to see one through noise.
fn surfaces() -> Vec<Subject> {
    let members = subjects("surfaces", "f(x, y) = ", Surface::members());
    let mut surfaces: Vec<_> = members
        .into_iter()
        .map(|surface| match surface.fields.iter().any(|field| field.name == "dimension") {
            true => Subject { formula: "f(x) = ", ..surface },
            false => surface,
        })
        .collect();
    surfaces.push(Subject {
        name: "surfaces: Noisy".to_owned(),
        page: Noisy::PAGE,
        fields: Noisy::fields(),
        formula: "f̃(x) = ",
        is_off: false,
    });
    surfaces
}

/// All families.
fn all() -> Vec<Subject> {
    [
        subjects("optimizers", "θ ← θ − η", Optimizer::members()),
        subjects("schedules", "ηₜ = ", Schedule::members()),
        subjects("losses", "L = ", Loss::members()),
        variants("class weights", "w_c = ", ClassWeights::PAGES),
        variants("penalties", " ", Penalty::PAGES),
        variants("initialization", " ", Initialization::PAGES),
        subjects("models", " = ", Model::members()),
        subjects("activations", "f(z) = ", Activation::members()),
        surfaces(),
        subjects("generated", "", Generated::members()),
        subjects("sampling", "", Sampling::members()),
        subjects("augmentation", "", Augment::members()),
        subjects("clip", "g", Clip::members()),
        subjects("gradient_noise", "g ← g + ", GradientNoise::members()),
        subjects("averaging", "a ", Averaging::members()),
        subjects("transforms", "", Transform::members()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// All but those that change nothing.
fn active() -> impl Iterator<Item = Subject> {
    all().into_iter().filter(|subject| !subject.is_off)
}

#[test]
fn every_page_says_what_its_member_does() {
    for Subject { name, page, .. } in all() {
        assert!(page.summary().ends_with('.'), "{name}: {}", page.summary());
        for remark in page.remarks() {
            assert!(remark.ends_with('.') || remark.ends_with(':'), "{name}: {remark}");
        }
    }
}

#[test]
fn every_setting_stands_in_the_formula_and_is_explained() {
    for Subject { name, page, fields, formula, .. } in active() {
        assert!(!page.formula().is_empty(), "{name} has no formula");
        assert!(page.formula().contains(formula), "{name}: {}", page.formula());
        for field in fields {
            assert!(page.formula().contains(field.symbol), "{name}: no {}", field.symbol);
            assert!(field.help.ends_with('.'), "{name}.{}: {}", field.name, field.help);
        }
    }
}

#[test]
fn every_page_says_when_to_use_its_member() {
    let mut seen = HashSet::new();
    for Subject { name, page, .. } in active() {
        let usage = page.usage();
        assert!(usage.ends_with('.'), "{name}: {usage:?}");
        assert!((60..500).contains(&usage.chars().count()), "{name}: {}", usage.chars().count());
        assert!(!page.summary().contains(&usage) && !usage.contains(&page.summary()), "{name}");
        assert!(page.remarks().iter().all(|remark| !remark.contains(&usage)), "{name}");
        assert!(seen.insert(usage), "{name} has the words of another");
    }
}

#[test]
fn every_page_names_its_source_and_the_year() {
    for Subject { name, page, .. } in active() {
        let reference = page.reference();
        assert!(reference.ends_with('.'), "{name}: {reference:?}");
        let numbers = reference.split(|letter: char| !letter.is_ascii_digit());
        let is_year = |number: &str| number.len() == 4 && ("1600".."2100").contains(&number);
        assert!(numbers.into_iter().any(is_year), "{name} has no year: {reference}");
    }
}
