use std::io::{self, BufWriter, Write};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{Stop, Success};
use crate::activations::Activation;
use crate::data::{Augment, BUNDLED_SETS, Generated, Sampling, Transform};
use crate::losses::{ClassWeights, Loss, Penalty};
use crate::models::{Initialization, Model};
use crate::optimizers::Optimizer;
use crate::schedules::Schedule;
use crate::settings::{Field, Member, Page, Settings};
use crate::surfaces::{Noisy, Surface};
use crate::techniques::{Averaging, Clip, GradientNoise};

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Which family; without one, all families with their members
    #[arg(value_enum)]
    family: Option<Family>,
    /// Print JSON lines
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Family {
    Optimizers,
    Schedules,
    Losses,
    ClassWeights,
    Penalties,
    Models,
    Surfaces,
    Datasets,
    Activations,
    Initialization,
    Sampling,
    Techniques,
    Transforms,
}

/// What is listed of a member.
struct Entry {
    name: String,
    summary: String,
    formula: String,
    usage: String,
    reference: String,
    fields: Vec<Field>,
    /// What a surface has besides.
    place: Option<Place>,
}

/// Where a surface begins, is lowest, and is worth drawing, with default settings.
struct Place {
    start: Vec<f64>,
    minima: Vec<(Vec<f64>, f64)>,
    domain: [[f64; 2]; 2],
}

/// The variants of an enum that is no family.
fn pages(pages: &[(&str, Page)]) -> Vec<Entry> {
    let entry = |(name, page): &(&str, Page)| Entry {
        name: (*name).to_owned(),
        summary: page.summary(),
        formula: page.formula(),
        usage: page.usage(),
        reference: page.reference(),
        fields: Vec::new(),
        place: None,
    };
    pages.iter().map(entry).collect()
}

fn entries<F>(members: Vec<Member<F>>) -> Vec<Entry> {
    members
        .into_iter()
        .map(|member| Entry {
            name: member.name.to_owned(),
            summary: member.page.summary(),
            formula: member.page.formula(),
            usage: member.page.usage(),
            reference: member.page.reference(),
            fields: (member.fields)(),
            place: None,
        })
        .collect()
}

/// The bundled sets, by the way they are written in a study, then the generated ones.
fn datasets() -> Vec<Entry> {
    let bundled = BUNDLED_SETS.iter().map(|set| Entry {
        name: format!("Bundled({:?})", set.name),
        summary: set.help.to_owned(),
        formula: String::new(),
        usage: String::new(),
        reference: format!("{} Licence: {}.", set.citation, set.licence),
        fields: Vec::new(),
        place: None,
    });
    let generated = entries(Generated::members())
        .into_iter()
        .map(|entry| Entry { name: format!("Generated({})", entry.name), ..entry });
    bundled.chain(generated).collect()
}

/// The members that change something, by the part of an experiment they are written for.
fn techniques() -> Vec<Entry> {
    let of = |part: &'static str, members: Vec<Entry>| {
        let members = members.into_iter().filter(|member| member.name != "Off");
        members.map(move |member| Entry { name: format!("{part}: {}", member.name), ..member })
    };
    of("augmentation", entries(Augment::members()))
        .chain(of("clip", entries(Clip::members())))
        .chain(of("gradient_noise", entries(GradientNoise::members())))
        .chain(of("averaging", entries(Averaging::members())))
        .collect()
}

/// The surfaces, then the way to see one through noise.
fn surfaces() -> Vec<Entry> {
    let place = |surface: Surface| {
        let rule = surface.rule::<f64>();
        Place { start: rule.start(), minima: rule.minima(), domain: rule.domain() }
    };
    let places = Surface::members().into_iter().map(|member| place((member.default)()));
    let entries = entries(Surface::members()).into_iter().zip(places);
    let page = Noisy::PAGE;
    let noisy = Entry {
        name: "Noisy(surface: …, noise: …)".to_owned(),
        summary: format!("{} (`data: Noisy(surface: Rosenbrock, noise: 0.5)`)", page.summary()),
        formula: page.formula(),
        usage: page.usage(),
        reference: page.reference(),
        fields: Noisy::fields(),
        place: None,
    };
    entries.map(|(entry, place)| Entry { place: Some(place), ..entry }).chain([noisy]).collect()
}

fn members(family: Family) -> Vec<Entry> {
    match family {
        Family::Optimizers => entries(Optimizer::members()),
        Family::Schedules => entries(Schedule::members()),
        Family::Losses => entries(Loss::members()),
        Family::Models => entries(Model::members()),
        Family::Surfaces => surfaces(),
        Family::Datasets => datasets(),
        Family::Activations => entries(Activation::members()),
        Family::Sampling => entries(Sampling::members()),
        Family::Techniques => techniques(),
        Family::Transforms => entries(Transform::members()),
        Family::ClassWeights => pages(ClassWeights::PAGES),
        Family::Penalties => pages(Penalty::PAGES),
        Family::Initialization => pages(Initialization::PAGES),
    }
}

/// All families: how many members, and their names.
fn overview(as_json: bool) -> Result<Success, Stop> {
    let mut out = BufWriter::new(io::stdout().lock());
    for family in Family::value_variants() {
        let Some(word) = family.to_possible_value() else { continue };
        let names: Vec<String> = members(*family).into_iter().map(|entry| entry.name).collect();
        if as_json {
            writeln!(out, "{}", json!({ "family": word.get_name(), "members": names }))?;
        } else {
            writeln!(out, "{} ({})", word.get_name(), names.len())?;
            wrapped(&mut out, &names)?;
        }
    }
    if !as_json {
        writeln!(out, "\n`descent list optimizers` says what each is, with formula and settings.")?;
    }
    out.flush()?;
    Ok(Success::Done)
}

/// Names with commas, in indented lines of a width that every terminal has.
fn wrapped(out: &mut impl Write, names: &[String]) -> io::Result<()> {
    const WIDTH: usize = 80;
    let mut line = String::new();
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 < names.len() { "," } else { "" };
        if !line.is_empty() && 5 + line.chars().count() + name.chars().count() >= WIDTH {
            writeln!(out, "    {line}")?;
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(name);
        line.push_str(comma);
    }
    writeln!(out, "    {line}")
}

pub(super) fn run(arguments: &ListArguments) -> Result<Success, Stop> {
    let Some(family) = arguments.family else { return overview(arguments.json) };
    let entries = members(family);
    let mut out = BufWriter::new(io::stdout().lock());
    for (index, entry) in entries.iter().enumerate() {
        if arguments.json {
            writeln!(out, "{}", as_json(entry))?;
            continue;
        }
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}\n    {}", entry.name, entry.summary)?;
        for line in entry.formula.lines() {
            writeln!(out, "        {line}")?;
        }
        for field in &entry.fields {
            writeln!(
                out,
                "    {} = {} ({})\n        {}",
                field.name,
                field.default,
                field.kind.expectation(),
                field.help.split_whitespace().collect::<Vec<_>>().join(" ")
            )?;
        }
        if let Some(place) = &entry.place {
            write_place(&mut out, place)?;
        }
        if !entry.usage.is_empty() {
            writeln!(out, "    when to use: {}", entry.usage)?;
        }
        if !entry.reference.is_empty() {
            writeln!(out, "    reference: {}", entry.reference)?;
        }
    }
    out.flush()?;
    Ok(Success::Done)
}

fn write_place(out: &mut impl Write, place: &Place) -> io::Result<()> {
    writeln!(out, "    start: {}", point(&place.start))?;
    for (minimum, value) in &place.minima {
        writeln!(out, "    minimum: {value} at {}", point(minimum))?;
    }
    if place.minima.is_empty() {
        writeln!(out, "    minimum: none")?;
    }
    let [x, y] = place.domain;
    writeln!(out, "    domain: x from {} to {}, y from {} to {}", x[0], x[1], y[0], y[1])
}

fn point(coordinates: &[f64]) -> String {
    let texts: Vec<_> = coordinates.iter().map(f64::to_string).collect();
    format!("({})", texts.join(", "))
}

fn as_json(entry: &Entry) -> Value {
    let settings: Vec<_> = entry
        .fields
        .iter()
        .map(|field| {
            json!({
                "name": field.name,
                "symbol": field.symbol,
                "default": field.default.to_string(),
                "permitted": field.kind.expectation(),
                "help": field.help.split_whitespace().collect::<Vec<_>>().join(" "),
            })
        })
        .collect();
    let mut whole = json!({
        "name": entry.name,
        "summary": entry.summary,
        "formula": entry.formula,
        "usage": entry.usage,
        "reference": entry.reference,
        "settings": settings,
    });
    if let Some(place) = &entry.place {
        let minima = place.minima.iter();
        let minima: Vec<_> =
            minima.map(|(point, value)| json!({ "point": point, "value": value })).collect();
        whole["start"] = json!(place.start);
        whole["minima"] = json!(minima);
        whole["domain"] = json!(place.domain);
    }
    whole
}
