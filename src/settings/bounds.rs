use std::fmt;

/// How a number is best chosen on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly: a slider where both ends are finite.
    Linear,
    /// By factors: a 1–3–10 ladder.
    Logarithmic,
}

/// The permitted range of a number. Ends may be included or not; infinite ends are never included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lower end.
    pub low: f64,
    /// Whether the lower end itself is permitted.
    pub low_included: bool,
    /// Upper end.
    pub high: f64,
    /// Whether the upper end itself is permitted.
    pub high_included: bool,
    /// How to choose within.
    pub scale: Scale,
}

impl Bounds {
    const fn new(low: f64, low_included: bool, high: f64, high_included: bool) -> Self {
        Self { low, low_included, high, high_included, scale: Scale::Linear }
    }

    /// Any finite number.
    pub const fn any() -> Self {
        Self::new(f64::NEG_INFINITY, false, f64::INFINITY, false)
    }

    /// `low ≤ x ≤ high`.
    pub const fn closed(low: f64, high: f64) -> Self {
        Self::new(low, true, high, true)
    }

    /// `low < x < high`.
    pub const fn open(low: f64, high: f64) -> Self {
        Self::new(low, false, high, false)
    }

    /// `low ≤ x < high`, such as a decay factor in `[0, 1)`.
    pub const fn half_open(low: f64, high: f64) -> Self {
        Self::new(low, true, high, false)
    }

    /// `low < x ≤ high`.
    pub const fn above_up_to(low: f64, high: f64) -> Self {
        Self::new(low, false, high, true)
    }

    /// `x ≥ low`.
    pub const fn at_least(low: f64) -> Self {
        Self::new(low, true, f64::INFINITY, false)
    }

    /// `x > 0`, chosen on a logarithmic scale: learning rates and the like.
    pub const fn positive() -> Self {
        Self::new(0.0, false, f64::INFINITY, false).logarithmic()
    }

    /// `x ≥ 0`, chosen on a logarithmic scale: penalties and the like.
    pub const fn non_negative() -> Self {
        Self::at_least(0.0).logarithmic()
    }

    /// The same range, chosen on a logarithmic scale.
    pub const fn logarithmic(mut self) -> Self {
        self.scale = Scale::Logarithmic;
        self
    }

    /// Whether `x` is finite and inside.
    pub fn contains(&self, x: f64) -> bool {
        x.is_finite()
            && (x > self.low || (self.low_included && x == self.low))
            && (x < self.high || (self.high_included && x == self.high))
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low.is_finite(), self.high.is_finite()) {
            (false, false) => write!(f, "a finite number"),
            (true, false) if self.low_included => write!(f, "a number of {} or more", self.low),
            (true, false) => write!(f, "a number above {}", self.low),
            (false, true) if self.high_included => write!(f, "a number up to {}", self.high),
            (false, true) => write!(f, "a number below {}", self.high),
            (true, true) => {
                let from = if self.low_included { "from" } else { "above" };
                let to = if self.high_included { "to" } else { "to below" };
                write!(f, "a number {from} {} {to} {}", self.low, self.high)
            }
        }
    }
}
