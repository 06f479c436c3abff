//! What is computed from runs for a person to look at: thinned series, smoothing, statistics over
//! seeds, grids of values, reliefs and their projection, playback, tables of counts, the closed-form optimum of linear regression,
//! clouds of rows, correlations, principal components and the balance of data, coefficients and predictions in the units of the data,
//! what stands in a table.
//! Everything here is derived from data, a run's history or parameters, costs what is new since the last
//! look rather than what was recorded in all, and knows nothing of egui.

mod accumulator;
mod anatomies;
mod augmented_samples;
mod balance;
mod closed_form;
mod cloud;
mod coefficients;
mod confusion;
mod correlations;
mod forecast;
mod grid;
mod height;
mod histogram;
mod latest;
mod members;
mod path;
mod playback;
mod predictions;
mod principal_components;
mod projection;
mod pyramid;
mod relief;
mod retrace;
mod seeds;
mod smoothing;
mod spread;
mod student;
pub mod table;
mod thumbnails;
mod ticks;

pub use accumulator::Accumulator;
pub use anatomies::{Anatomies, Dissection, StepAnswer, StepQuestion, VectorSpread};
pub use augmented_samples::AugmentedSamples;
pub use balance::{Average, Balance};
pub use closed_form::ClosedForm;
pub use cloud::{
    Cloud, CloudPicture, CloudQuestion, Coordinate, Density, Dot, MOST_DOTS, Tint, level_order,
};
pub use coefficients::{Coefficient, INTERCEPT, coefficients};
pub use confusion::Confusion;
pub use correlations::{
    CorrelationKind, Correlations, MOST_COMPARED, Variable, column_varies, numeric_features,
};
pub use forecast::Forecast;
pub use grid::Grid;
pub use height::HeightScale;
pub use histogram::Histogram;
pub use latest::{Latest, Same, Wake};
pub use members::{LazyMembers, Members, PARTS};
pub use path::Path;
pub use playback::Playback;
pub use predictions::{Answer, PredictionJob, Predictions};
pub use principal_components::PrincipalComponents;
pub use projection::{Camera, Projection};
pub use pyramid::{Domain, Pyramid, View};
pub use relief::Relief;
pub use retrace::{Moment, Retrace};
pub use seeds::{Readings, SeedStatistics};
pub use smoothing::Smoothing;
pub use spread::Spread;
pub use student::t_quantile_975;
pub use thumbnails::{Pixels, rows_of};
pub use ticks::{
    Tick, date_ticks, format_short, format_value, grouped, linear_ticks, log_ticks, power_of_ten,
};
