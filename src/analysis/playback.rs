/// Speeds to choose from, in steps per second.
const SPEEDS: [f64; 11] =
    [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 30_000.0, 100_000.0];

/// About how many seconds a whole record takes, where no speed was chosen.
const WHOLE_SECONDS: f64 = 10.0;

/// Which step of recorded runs is shown: the latest, one that was chosen, or one that moves on by
/// the clock. It reads the record and touches no run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Playback {
    /// Steps, with the part of the next that has passed; `None` for the latest.
    position: Option<f64>,
    /// When it moved on last, in seconds, while it plays.
    moved_at: Option<f64>,
    speed: Option<f64>,
}

impl Playback {
    /// The speeds to choose from, in steps per second.
    pub fn speeds() -> &'static [f64] {
        &SPEEDS
    }

    /// Whether the latest step is shown.
    pub fn is_live(&self) -> bool {
        self.position.is_none()
    }

    /// Whether it moves on by itself.
    pub fn is_playing(&self) -> bool {
        self.moved_at.is_some()
    }

    /// The step shown of a record that ends at step `last`.
    pub fn shown(&self, last: u64) -> u64 {
        self.position.map_or(last, |position| (position as u64).min(last))
    }

    /// Steps per second: the chosen ones, or as many as bring a record of `last` steps to its end in
    /// some ten seconds.
    pub fn speed(&self, last: u64) -> f64 {
        let suits = |speed: &f64| *speed * WHOLE_SECONDS <= last as f64;
        self.speed.unwrap_or_else(|| SPEEDS.into_iter().rfind(suits).unwrap_or(SPEEDS[0]))
    }

    /// Chooses a speed.
    pub fn set_speed(&mut self, per_second: f64) {
        self.speed = Some(per_second);
    }

    /// Shows a step and holds.
    pub fn show(&mut self, step: u64) {
        (self.position, self.moved_at) = (Some(step as f64), None);
    }

    /// Shows the latest step, whatever comes.
    pub fn go_live(&mut self) {
        (self.position, self.moved_at) = (None, None);
    }

    /// Plays on from the shown step; from the start where the end is shown.
    pub fn play(&mut self, now: f64, last: u64) {
        if self.shown(last) == last {
            self.position = Some(0.0);
        }
        self.moved_at = Some(now);
    }

    /// Holds at the shown step.
    pub fn hold(&mut self) {
        self.moved_at = None;
        // What has passed of the next step must pass again.
        self.position = self.position.map(f64::floor);
    }

    /// Moves on to the time `now`. At the end of the record it waits for more while runs go on
    /// (`grows`), and else holds.
    pub fn advance(&mut self, now: f64, last: u64, grows: bool) {
        let (Some(since), Some(position)) = (self.moved_at, self.position) else { return };
        let passed = (now - since).max(0.0) * self.speed(last);
        if position + passed >= last as f64 {
            self.position = Some(last as f64);
            self.moved_at = grows.then_some(now);
        } else {
            (self.position, self.moved_at) = (Some(position + passed), Some(now));
        }
    }

    /// Seconds until another step is shown; `None` while it holds.
    pub fn next_in(&self, last: u64) -> Option<f64> {
        let position = self.position.filter(|_| self.is_playing())?;
        Some((position.floor() + 1.0 - position) / self.speed(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_plays_from_the_start_to_the_end_and_holds() {
        let mut playback = Playback::default();
        assert!(playback.is_live());
        assert_eq!(playback.shown(300), 300);
        playback.set_speed(10.0);
        playback.play(5.0, 300);
        assert_eq!(playback.shown(300), 0);
        playback.advance(5.05, 300, false);
        assert_eq!(playback.shown(300), 0);
        assert!((playback.next_in(300).expect("it plays") - 0.05).abs() < 1e-9);
        playback.advance(6.2, 300, false);
        assert_eq!(playback.shown(300), 12);
        playback.advance(100.0, 300, true);
        assert!(playback.is_playing(), "runs go on: more is to come");
        playback.advance(100.15, 400, false);
        assert_eq!(playback.shown(400), 301);
        playback.advance(200.0, 400, false);
        assert_eq!(playback.shown(400), 400);
        assert!(!playback.is_playing() && playback.next_in(400).is_none());
    }

    #[test]
    fn a_chosen_step_stays_and_the_latest_follows() {
        let mut playback = Playback::default();
        playback.play(0.0, 50);
        playback.show(7);
        playback.advance(9.0, 50, true);
        assert_eq!((playback.shown(50), playback.is_playing()), (7, false));
        assert_eq!(playback.shown(3), 3, "a shorter record ends earlier");
        playback.play(9.0, 50);
        assert_eq!(playback.shown(50), 7, "it goes on from there");
        playback.go_live();
        assert_eq!(playback.shown(60), 60);
    }

    #[test]
    fn the_speed_suits_the_length() {
        let playback = Playback::default();
        assert_eq!(
            [5, 300, 5_000, 10_000_000].map(|last| playback.speed(last)),
            [1.0, 30.0, 300.0, 100_000.0]
        );
    }
}
