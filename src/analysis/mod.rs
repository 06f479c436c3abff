//! What is computed from runs for a person to look at: thinned series, smoothing, statistics over
//! seeds, grids of values, reliefs and their projection, playback, tables of counts, what stands in a table of data, the closed-form optimum of linear regression, coefficients and predictions in the units of the data.
//! Everything here is derived from a run's history or parameters, costs what is new since the last
//! look rather than what was recorded in all, and knows nothing of egui.

mod accumulator;
mod anatomies;
mod closed_form;
mod coefficients;
mod confusion;
mod forecast;
mod grid;
mod height;
mod histogram;
mod path;
mod playback;
mod predictions;
mod projection;
mod pyramid;
mod relief;
mod retrace;
mod seeds;
mod smoothing;
mod spread;
mod student;
pub mod table;
mod ticks;

pub use accumulator::Accumulator;
pub use anatomies::{Anatomies, Dissection, StepAnswer, StepQuestion, VectorSpread};
pub use closed_form::ClosedForm;
pub use coefficients::{Coefficient, INTERCEPT, coefficients};
pub use confusion::Confusion;
pub use forecast::Forecast;
pub use grid::Grid;
pub use height::HeightScale;
pub use histogram::Histogram;
pub use path::Path;
pub use playback::Playback;
pub use predictions::{Answer, PredictionJob, Predictions};
pub use projection::{Camera, Projection};
pub use pyramid::{Domain, Pyramid, View};
pub use relief::Relief;
pub use retrace::{Moment, Retrace};
pub use seeds::{Readings, SeedStatistics};
pub use smoothing::Smoothing;
pub use spread::Spread;
pub use student::t_quantile_975;
pub use ticks::{Tick, format_short, format_value, linear_ticks, log_ticks, power_of_ten};
