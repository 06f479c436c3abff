use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, CornerRadius, FontId, Galley, Rect, Sense, Stroke, TextStyle, Ui, WidgetInfo};
use egui::{pos2, vec2};

use super::parameter;
use crate::analysis::format_value;
use crate::app::theme::{Theme, small, space, strong};
use crate::experiment::Precision;
use crate::optimizers::{Equation, Quantity};
use crate::techniques::Clip;
use crate::training::Anatomy;

/// Between the columns of the table, above and below a line.
const GAP: f32 = 12.0;
const PAD: f32 = 5.0;

/// What goes into the formula: which parameter, and the figures of the step.
pub(super) fn given_ui(ui: &mut Ui, theme: &Theme, anatomy: &Anatomy, index: usize) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, 2.0);
        let name = parameter::name(&anatomy.plan, index);
        let experiment = &anatomy.plan.experiment;
        let place = match experiment.starts {
            1 => String::new(),
            n => format!(", step {} of start {} of {n}", anatomy.states[1].step, anatomy.start + 1),
        };
        let title = strong(format!("{name} in step {}{place}", anatomy.step));
        ui.add(egui::Label::new(title).extend());
        let loss = format!("loss {}", format_value(anatomy.value.loss, 5));
        let penalty = match anatomy.value.penalty {
            0.0 => String::new(),
            penalty => format!("penalty {}", format_value(penalty, 5)),
        };
        let rate = format!("learning rate {}", short(anatomy.learning_rate));
        let texts = [loss, penalty, rate, clipped(anatomy), noise(anatomy)];
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            ui.add(egui::Label::new(small(text).color(theme.dim)).extend());
        }
    });
}

/// What clipping did to the gradient of the step.
fn clipped(anatomy: &Anatomy) -> String {
    let norm = anatomy.gradient_norm;
    match &anatomy.plan.experiment.clip {
        Clip::Off(_) => String::new(),
        Clip::Norm(clip) if norm > clip.limit => format!(
            "gradient clipped from norm {} to {}, to {} %",
            format_value(norm, 4),
            short(clip.limit),
            format_value(100.0 * clip.limit / norm, 3)
        ),
        Clip::Norm(clip) => format!(
            "gradient not clipped: its norm {} is within {}",
            format_value(norm, 4),
            short(clip.limit)
        ),
        // With noise on top, nothing tells any more which entries were cut.
        Clip::Value(clip) if !anatomy.plan.experiment.gradient_noise.is_off() => {
            format!("entries of the gradient clipped to ±{}", short(clip.limit))
        }
        Clip::Value(clip) => {
            // In the precision of the run the limit is rounded.
            let limit = match anatomy.plan.experiment.precision {
                Precision::F32 => f64::from(clip.limit as f32),
                Precision::F64 => clip.limit,
            };
            let n_cut = anatomy.gradient.iter().filter(|slope| slope.abs() == limit).count();
            let n = anatomy.gradient.len();
            format!("{n_cut} of {n} entries of the gradient clipped to ±{}", short(clip.limit))
        }
    }
}

/// How strong the noise was that was added to the gradient.
fn noise(anatomy: &Anatomy) -> String {
    let noise = &anatomy.plan.experiment.gradient_noise;
    if noise.is_off() {
        return String::new();
    }
    let deviation = noise.rule().deviation(anatomy.states[0].step);
    format!("gradient with noise of deviation σ {}", format_value(deviation, 4))
}

/// A number as short as its digits allow: `0.001`, not `0.0010000`.
fn short(x: f64) -> String {
    let (exact, rounded) = (x.to_string(), format_value(x, 5));
    if exact.len() < rounded.len() { exact } else { rounded }
}

/// The words for what a line comes to. The last is that of the parameter, which moved so far.
fn words(line: &Equation, vectors: &[&str], moved: Option<f64>) -> String {
    match line.quantity {
        Quantity::Gradient => "gradient, changed".to_owned(),
        Quantity::State(index) => {
            vectors.get(index).map_or_else(String::new, |name| name.replace('_', " "))
        }
        Quantity::EffectiveRate => "effective rate".to_owned(),
        Quantity::Parameter => match moved {
            Some(0.0) => "does not move".to_owned(),
            Some(moved) => format!("moves by {}", format_value(moved, 3)),
            None => "parameter".to_owned(),
        },
        Quantity::Aside => String::new(),
    }
}

/// Text that is laid out, once known how wide it may be.
fn laid_out(ui: &Ui, text: String, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    job.append(
        &text,
        0.0,
        TextFormat { line_height: Some(18.0), ..TextFormat::simple(font, color) },
    );
    job.wrap.max_width = width;
    ui.painter().layout_job(job)
}

/// The lines of a step: symbols in a muted tone, numbers below or beside them, values at the right.
pub(super) fn table_ui(
    ui: &mut Ui,
    theme: &Theme,
    color: Color32,
    lines: &[Equation],
    anatomy: &Anatomy,
    parameter: usize,
) {
    let vectors = anatomy.plan.experiment.optimizer.rule::<f64>().vectors();
    let [before, after] = &anatomy.params;
    let moved = after[parameter] - before[parameter];
    let moved = |index: usize| (index + 1 == lines.len()).then_some(moved);
    // As text, a run's colour is moved a little towards that of text, to be read well.
    let color = color.lerp_to_gamma(theme.text, 0.25);
    let mono = TextStyle::Monospace.resolve(ui.style());
    let quiet = TextStyle::Small.resolve(ui.style());
    let flat =
        |text: String, font: &FontId, color| laid_out(ui, text, font.clone(), color, f32::INFINITY);
    let symbols: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                flat(line.symbol.to_owned(), &mono, theme.text),
                flat(line.sign().to_owned(), &mono, theme.faint),
            )
        })
        .collect();
    let values: Vec<_> = lines.iter().map(|line| flat(line.written(), &mono, color)).collect();
    let words: Vec<String> =
        lines.iter().enumerate().map(|(index, line)| words(line, vectors, moved(index))).collect();
    let named: Vec<_> = words.iter().map(|words| flat(words.clone(), &quiet, theme.dim)).collect();
    let widest = |galleys: &mut dyn Iterator<Item = f32>| galleys.fold(0.0, f32::max);
    let symbol_width = widest(&mut symbols.iter().map(|(symbol, _)| symbol.size().x));
    let sign_width = widest(&mut symbols.iter().map(|(_, sign)| sign.size().x));
    let value_width = widest(&mut values.iter().map(|value| value.size().x));
    let name_width = widest(&mut named.iter().map(|name| name.size().x));
    let width = ui.available_width();
    let left = PAD + symbol_width + 6.0 + sign_width + GAP;
    // One row for each line where all of it fits, else numbers and words on a second.
    let formula_width = widest(
        &mut lines.iter().map(|line| flat(line.formula.to_owned(), &mono, theme.dim).size().x),
    );
    let numbers_width = widest(
        &mut lines.iter().map(|line| flat(line.numbers.clone(), &mono, theme.text).size().x),
    );
    let beside =
        left + formula_width + numbers_width + value_width + name_width + 4.0 * GAP < width;
    let right = value_width + if beside { GAP + name_width } else { 0.0 };
    let room = (width - left - right - GAP - PAD).max(80.0);
    let whole = (width - left - PAD).max(80.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    for (index, line) in lines.iter().enumerate() {
        let formula = laid_out(ui, line.formula.to_owned(), mono.clone(), theme.dim, whole);
        // Where formula and value do not fit side by side, the value has a row of its own.
        let is_tight = !beside && formula.size().x > room;
        let is_known = line.numbers != line.formula;
        let text = if is_known { line.numbers.clone() } else { String::new() };
        let numbers = laid_out(ui, text, mono.clone(), theme.text, whole);
        let has_numbers = is_known && !line.numbers.is_empty();
        let below = if has_numbers && !beside { numbers.size().y } else { 0.0 };
        let to_value = if is_tight { formula.size().y + below } else { 0.0 };
        let height = (formula.size().y + below).max(to_value + values[index].size().y);
        let (rect, response) =
            ui.allocate_exact_size(vec2(width, height + 2.0 * PAD), Sense::hover());
        let spoken = format!(
            "{} {} {}: {} = {}{}",
            line.symbol,
            line.sign(),
            line.formula,
            line.numbers,
            line.written(),
            match words[index].as_str() {
                "" => String::new(),
                words => format!(", {words}"),
            }
        );
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &spoken));
        let painter = ui.painter();
        let is_last = index + 1 == lines.len();
        if is_last {
            painter.rect_filled(rect, CornerRadius::same(space::CORNER), theme.field);
        } else if index + 2 < lines.len() {
            let y = rect.bottom();
            painter.hline(rect.x_range(), y, Stroke::new(1.0, theme.grid));
        }
        let top = rect.top() + PAD;
        let (symbol, sign) = &symbols[index];
        let at = pos2(rect.left() + PAD, top);
        painter.galley(at, symbol.clone(), theme.text);
        painter.galley(at + vec2(symbol_width + 6.0, 0.0), sign.clone(), theme.faint);
        let body = Rect::from_min_max(pos2(rect.left() + left, top), rect.max);
        let numbers_at = match beside {
            true => body.min + vec2(formula_width + GAP, 0.0),
            false => body.min + vec2(0.0, formula.size().y),
        };
        let formula_end = body.min.x + formula.size().x;
        painter.galley(body.min, formula, theme.dim);
        if has_numbers {
            painter.galley(numbers_at, numbers, theme.text);
        }
        let edge = rect.right() - PAD;
        let value_at = pos2(edge - values[index].size().x, top + to_value);
        painter.galley(value_at, values[index].clone(), color);
        let name = named[index].clone();
        let name_at = pos2(edge - value_width - GAP - name.size().x, top + to_value);
        // The word is the first to give way: whoever listens has it anyway.
        if beside || is_tight || name_at.x > formula_end + GAP {
            painter.galley(name_at, name, theme.dim);
        }
    }
    ui.spacing_mut().item_spacing.y = space::NORMAL;
}
