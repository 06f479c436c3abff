use super::Surface;
use crate::math::Scalar;
use crate::math::random::{Purpose, Stream};
use crate::settings::{Bounds, SettingError};

crate::settings! {
    /// A test surface that is seen through noise: every evaluation of value and gradient has an error of
    /// its own, as a gradient of a batch has.
    ///
    /// ```text
    /// f̃(x) = f(x) + σ ε₀
    /// ∇f̃(x) = ∇f(x) + σ (ε₁, …, εₙ)        ε₀, ε₁, … ~ N(0, 1), new in every evaluation
    /// ```
    ///
    /// `f` is the surface and `x` the point. Shows what noise does to a method: a constant rate
    /// comes to rest in a cloud around the minimum, one that falls does not; averages help. The
    /// noise of a step depends on the seed, the step and the evaluation within it alone, so
    /// compared experiments see the same noise. The curve of the training loss, a target loss and
    /// the exported trajectory are of `f` itself; the loss and the gradient norm of a step are as
    /// the method sees them.
    ///
    /// When to use: the effect of small batches without any data: compare constant and falling
    /// rates, momentum and averages. Start with a `σ` of a hundredth to a tenth of the gradient at
    /// the start. Not with L-BFGS, whose search takes the noise for the surface.
    ///
    /// Reference: H. Robbins & S. Monro, A stochastic approximation method, 1951.
    pub struct Noisy("Noisy surface") {
        /// The surface below the noise.
        surface(""): Surface = (Surface::members()[0].default)();
        /// The standard deviation of the noise.
        noise("σ"): f64 = 0.1, Bounds::non_negative();
    }
    check Noisy::check_surface
}

impl Noisy {
    fn check_surface(&self) -> Result<(), SettingError> {
        self.surface.check().map_err(|error| error.within("surface"))
    }
}

/// Where a run stands in the noise that it sees.
#[derive(Clone, Copy, Debug)]
pub struct Observation {
    noise: f64,
    seed: u64,
    step: u64,
    evaluation: u64,
}

/// 32-bit words of a step's stream between the noise of two evaluations: more than any dimension needs.
const WORDS: u64 = 1 << 32;

impl Observation {
    /// Noise of this standard deviation, drawn from the seed.
    pub fn new(noise: f64, seed: u64) -> Self {
        Self { noise, seed, step: 0, evaluation: 0 }
    }

    /// Goes to the first evaluation of a step.
    pub fn begin_step(&mut self, step: u64) {
        (self.step, self.evaluation) = (step, 0);
    }

    /// Adds the noise of the next evaluation of the step; the value with it.
    pub fn add<T: Scalar>(&mut self, value: T, gradient: &mut [T]) -> T {
        let mut stream = Stream::numbered(self.seed, Purpose::SurfaceNoise, self.step);
        stream.set_position(self.evaluation * WORDS);
        self.evaluation += 1;
        let mut draw = || T::from_f64(self.noise * stream.normal());
        let value = value + draw();
        for slope in gradient {
            *slope += draw();
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(observation: &mut Observation, n: usize) -> Vec<f64> {
        let mut slopes = vec![0.0; n];
        let value = observation.add(0.0, &mut slopes);
        slopes.push(value);
        slopes
    }

    #[test]
    fn noise_depends_on_seed_step_and_evaluation_alone() {
        let at = |seed, step, evaluation| {
            let mut observation = Observation::new(1.0, seed);
            observation.begin_step(step);
            (0..=evaluation).map(|_| drawn(&mut observation, 5)).last().unwrap()
        };
        assert_eq!(at(1, 7, 2), at(1, 7, 2));
        let all = [at(1, 7, 0), at(1, 7, 1), at(1, 8, 0), at(1, 0, 0), at(2, 7, 0)];
        for (index, one) in all.iter().enumerate() {
            assert!(all[..index].iter().all(|other| other[0] != one[0]), "{index}");
        }
        // More coordinates, the same noise in the first.
        let mut wide = Observation::new(1.0, 1);
        wide.begin_step(7);
        assert_eq!(drawn(&mut wide, 50)[..5], at(1, 7, 0)[..5]);
    }

    #[test]
    fn noise_has_the_mean_and_the_deviation_that_were_asked_for() {
        let mut observation = Observation::new(0.5, 3);
        let mut all = Vec::new();
        for step in 0..2000 {
            observation.begin_step(step);
            all.extend(drawn(&mut observation, 4));
        }
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        let deviation = (all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
        // Four standard errors: 0.5/√10000 and 0.5/√20000.
        assert!(mean.abs() < 0.02 && (deviation - 0.5).abs() < 0.0142, "{mean} {deviation}");
    }

    #[test]
    fn the_surface_within_is_checked_too() {
        let noisy = Noisy { noise: -1.0, ..Noisy::default() };
        let message =
            |noisy: &Noisy| crate::settings::Settings::check(noisy).unwrap_err().to_string();
        assert_eq!(message(&noisy), "noise is -1; it must be a number of 0 or more");
        let narrow = super::super::Quadratic { condition: 0.5, dimension: 2 };
        let noisy = Noisy { surface: Surface::Quadratic(narrow), noise: 0.1 };
        assert_eq!(message(&noisy), "surface.condition is 0.5; it must be a number of 1 or more");
    }
}
