//! What the window does with orders: it changes the session, or itself.

use egui::Context;

use super::App;
use crate::app::dialogs::Purpose;
use crate::app::help::Help;
use crate::app::modals::Modal;
use crate::app::orders::{Action, Order};
use crate::app::palette::Palette;
use crate::app::reference_check::ReferenceCheck;
use crate::session::{SessionCommand, Severity, is_table};

impl App {
    pub(super) fn execute(&mut self, ctx: &Context, order: Order) {
        match order {
            Order::Act(action) => self.act(ctx, action),
            Order::Session(command) => self.apply(command),
            Order::OpenFile(_) | Order::OpenPreset(_) | Order::Quit => self.guarded(ctx, order),
            Order::ToggleView(name) => self.centre.toggle(name),
            Order::ShowView(name) => self.centre.show(name),
            Order::Help(family, name) => self.modal = Some(Modal::Help(Help::on(family, name))),
            Order::Theme(choice) => {
                self.window.theme = choice;
                self.show_theme(ctx);
            }
            Order::Rename(index) => {
                if let Some(entry) = self.session.entries().get(index) {
                    self.experiments.rename(index, &entry.label);
                }
            }
        }
    }

    pub(super) fn apply(&mut self, command: SessionCommand) {
        let opens = matches!(command, SessionCommand::Open(_) | SessionCommand::SaveAs(_));
        let n_before = self.session.messages().len();
        if matches!(command, SessionCommand::Add(..) | SessionCommand::Duplicate(_)) {
            self.session.apply(command);
            self.experiments.scroll_to = Some(self.session.selected());
            return;
        }
        // Who opens a table wants to see it.
        let front = match &command {
            SessionCommand::Open(path) => Some(is_table(path).then_some("data")),
            SessionCommand::OpenStudy(_) => Some(None),
            _ => None,
        };
        self.session.apply(command);
        if let Some(front) = front {
            self.centre.keep_in_front(front);
        }
        if opens {
            let news = &self.session.messages()[n_before.min(self.session.messages().len())..];
            if let Some(error) = news.iter().find(|news| news.severity == Severity::Error) {
                self.modal = Some(Modal::Problem(error.text.clone()));
            }
        }
    }

    pub(super) fn act(&mut self, ctx: &Context, action: Action) {
        let selected = self.session.selected();
        let n_entries = self.session.entries().len();
        let command = match action {
            Action::New => return self.guarded(ctx, Order::Act(action)),
            Action::Open => return self.ask(ctx, Purpose::Open),
            Action::OpenCsv => return self.ask(ctx, Purpose::OpenCsv),
            Action::Save if self.session.document().path().is_some() => SessionCommand::Save,
            Action::Save | Action::SaveAs => return self.ask(ctx, Purpose::Save),
            Action::SaveRecord => return self.ask(ctx, Purpose::SaveRecord),
            Action::Replay => SessionCommand::Replay,
            Action::Quit => return self.guarded(ctx, Order::Quit),
            Action::Rename => return self.execute(ctx, Order::Rename(selected)),
            Action::Palette => {
                self.palette = Some(Palette::default());
                return;
            }
            Action::ResetLayout => return self.centre.reset(),
            Action::ZoomIn => return self.zoom(ctx, 1.1),
            Action::ZoomOut => return self.zoom(ctx, 1.0 / 1.1),
            Action::ZoomReset => return self.zoom(ctx, 1.0 / self.window.zoom),
            Action::Messages => {
                self.modal = Some(Modal::Messages);
                return;
            }
            Action::HelpPages => {
                let name = self
                    .session
                    .selected_entry()
                    .map_or("Adam", |entry| entry.experiment.optimizer.name());
                self.modal = Some(Modal::Help(Help::on("optimizer", name)));
                return;
            }
            Action::ReferenceCheck => {
                self.modal = Some(Modal::ReferenceCheck(ReferenceCheck::start(ctx)));
                return;
            }
            Action::Shortcuts => {
                self.modal = Some(Modal::Shortcuts);
                return;
            }
            Action::RunAll => {
                if self.session.is_up_to_date() && !self.session.is_busy() {
                    self.session.apply(SessionCommand::ResetAll);
                }
                SessionCommand::RunAll
            }
            Action::Undo => SessionCommand::Undo,
            Action::Redo => SessionCommand::Redo,
            Action::Duplicate => SessionCommand::Duplicate(selected),
            Action::Delete => SessionCommand::Delete(selected),
            Action::SelectPrevious => SessionCommand::Select(selected.saturating_sub(1)),
            Action::SelectNext => SessionCommand::Select((selected + 1).min(n_entries.max(1) - 1)),
            Action::RunSelected => SessionCommand::Run(selected),
            Action::Pause => SessionCommand::PauseAll,
            Action::Step => SessionCommand::StepAll,
            Action::Stop => SessionCommand::StopAll,
            Action::Reset => SessionCommand::ResetAll,
        };
        if let SessionCommand::Select(index) = command {
            self.experiments.scroll_to = Some(index);
        }
        self.apply(command);
    }

    pub(super) fn zoom(&mut self, ctx: &Context, factor: f32) {
        self.window.zoom = (self.window.zoom * factor).clamp(0.5, 3.0);
        ctx.set_zoom_factor(self.window.zoom);
    }

    pub(super) fn take_keys(&mut self, ctx: &Context, orders: &mut Vec<Order>) {
        if self.modal.is_some() || self.palette.is_some() {
            return;
        }
        // A text field keeps its own undo.
        let is_typing = ctx.text_edit_focused();
        let mut actions: Vec<Action> = Action::all().collect();
        // The longest shortcut first: Ctrl+Shift+S is not Ctrl+S.
        actions.sort_by_key(|action| {
            std::cmp::Reverse(action.shortcut().map_or(0, |shortcut| {
                usize::from(shortcut.modifiers.shift) + usize::from(shortcut.modifiers.command)
            }))
        });
        for action in actions {
            let Some(shortcut) = action.shortcut() else { continue };
            if is_typing && matches!(action, Action::Undo | Action::Redo | Action::Delete) {
                continue;
            }
            if ctx.input_mut(|input| input.consume_shortcut(&shortcut))
                && action.is_enabled(&self.session)
            {
                orders.push(Order::Act(action));
            }
        }
    }
}
