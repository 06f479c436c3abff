//! The help pages of all families: summary, formula, settings, remarks, when to use it, reference.

use egui::{RichText, Ui};

use super::theme::{Theme, small, space, strong};
use super::widgets::{formula, note};
use crate::activations::Activation;
use crate::data::{Augment, Generated, Sampling, Transform};
use crate::losses::{ClassWeights, Loss, Penalty};
use crate::models::{Initialization, Model};
use crate::optimizers::Optimizer;
use crate::schedules::Schedule;
use crate::settings::{Field, Page, Settings};
use crate::surfaces::{Noisy, Surface};
use crate::techniques::{Averaging, Clip, GradientNoise};

type Pages = Vec<(&'static str, Page)>;

/// The families with the pages of their members.
pub(super) fn families() -> Vec<(&'static str, Pages)> {
    macro_rules! pages {
        ($family:ident) => {
            $family::members().into_iter().map(|member| (member.name, member.page)).collect()
        };
    }
    let mut surfaces: Pages = pages!(Surface);
    surfaces.push((Noisy::NAME, Noisy::PAGE));
    vec![
        ("optimizer", pages!(Optimizer)),
        ("schedule", pages!(Schedule)),
        ("sampling", pages!(Sampling)),
        ("augmentation", pages!(Augment)),
        ("clipping", pages!(Clip)),
        ("gradient noise", pages!(GradientNoise)),
        ("averaging", pages!(Averaging)),
        ("loss", pages!(Loss)),
        ("class weights", ClassWeights::PAGES.to_vec()),
        ("penalty", Penalty::PAGES.to_vec()),
        ("model", pages!(Model)),
        ("activation", pages!(Activation)),
        ("initialization", Initialization::PAGES.to_vec()),
        ("surface", surfaces),
        ("generated data", pages!(Generated)),
        ("preprocessing", pages!(Transform)),
    ]
}

/// The settings of a member.
fn fields(family: &str, name: &str) -> Vec<Field> {
    macro_rules! fields {
        ($family:ident) => {
            $family::named(name).map(|member| member.fields())
        };
    }
    match family {
        "optimizer" => fields!(Optimizer),
        "schedule" => fields!(Schedule),
        "sampling" => fields!(Sampling),
        "augmentation" => fields!(Augment),
        "clipping" => fields!(Clip),
        "gradient noise" => fields!(GradientNoise),
        "averaging" => fields!(Averaging),
        "loss" => fields!(Loss),
        "model" => fields!(Model),
        "activation" => fields!(Activation),
        "surface" if name == Noisy::NAME => Some(Noisy::fields()),
        "surface" => fields!(Surface),
        "generated data" => fields!(Generated),
        "preprocessing" => fields!(Transform),
        _ => None,
    }
    .unwrap_or_default()
}

/// The open help window.
#[derive(Debug)]
pub(super) struct Help {
    family: &'static str,
    name: &'static str,
}

impl Help {
    /// Help on a member of a family.
    pub(super) fn on(family: &'static str, name: &'static str) -> Self {
        Self { family, name }
    }

    /// The list on the left and the page on the right.
    pub(super) fn ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let height = (ui.ctx().content_rect().height() - 190.0).clamp(300.0, 620.0);
        ui.horizontal_top(|ui| {
            // Or the line between list and page takes what there is, and the window grows for ever.
            ui.set_max_height(height);
            let down = egui::Layout::top_down(egui::Align::Min);
            ui.allocate_ui_with_layout(egui::vec2(190.0, height), down, |ui| {
                egui::ScrollArea::vertical().id_salt("members").auto_shrink(false).show(ui, |ui| {
                    for (family, pages) in families() {
                        ui.add_space(space::TIGHT);
                        ui.label(strong(family.to_uppercase()).size(11.0).color(theme.dim));
                        for (name, page) in pages {
                            let is_shown = (self.family, self.name) == (family, name);
                            let item = egui::Button::selectable(is_shown, page.title)
                                .min_size(egui::vec2(ui.available_width(), 24.0));
                            if ui.add(item).clicked() {
                                *self = Self::on(family, name);
                            }
                        }
                    }
                });
            });
            ui.separator();
            let size = egui::vec2(ui.available_width(), height);
            ui.allocate_ui_with_layout(size, down, |ui| {
                egui::ScrollArea::vertical()
                    .id_salt((self.family, self.name))
                    .auto_shrink(false)
                    .show(ui, |ui| self.page_ui(ui, theme));
            });
        });
    }

    fn page_ui(&self, ui: &mut Ui, theme: &Theme) {
        let pages = families();
        let family = pages.iter().find(|(family, _)| *family == self.family);
        let page = family.and_then(|(_, pages)| pages.iter().find(|(name, _)| *name == self.name));
        let Some((_, page)) = page else { return };
        page_ui(ui, theme, page, &fields(self.family, self.name));
    }
}

/// Draws a whole help page.
fn page_ui(ui: &mut Ui, theme: &Theme, page: &Page, fields: &[Field]) {
    ui.spacing_mut().item_spacing.y = space::NORMAL;
    ui.heading(page.title);
    ui.add(egui::Label::new(plain(&page.summary())).wrap());
    formula(ui, theme, &page.formula());
    for field in fields {
        ui.horizontal_wrapped(|ui| {
            ui.label(strong(field.label()));
            if !field.symbol.is_empty() {
                ui.label(RichText::new(field.symbol).monospace().color(theme.dim));
            }
            let default = format!("{}; default {}", field.kind.expectation(), field.default);
            ui.label(small(default).color(theme.faint));
        });
        let help = field.help.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        note(ui, theme, &plain(&help));
    }
    for remark in page.remarks() {
        ui.add(egui::Label::new(plain(&remark)).wrap());
    }
    let usage = page.usage();
    if !usage.is_empty() {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::TIGHT;
            ui.label(strong("When to use:"));
            ui.label(plain(&usage));
        });
    }
    let reference = page.reference();
    if !reference.is_empty() {
        note(ui, theme, &format!("Reference: {}", plain(&reference)));
    }
}

/// Text without the marks of code.
pub(super) fn plain(text: &str) -> String {
    text.replace('`', "")
}
