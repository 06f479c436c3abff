//! Threads that share one step's work.

use std::fmt;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// A fixed number of threads that split the outputs of one large operation among them.
///
/// Which thread computes an output never changes it, so a team of any size gives the same bits.
/// Threads beyond the first are called `descent-team-1`, `descent-team-2`, …
///
/// A trainer enters the team once, by [`Team::run`], and then takes many steps inside: work handed
/// from one member to the others needs no system call while they are awake, and no allocation.
pub struct Team {
    /// None for one thread.
    pool: Option<ThreadPool>,
}

impl Team {
    /// One thread: the caller's own.
    pub fn solo() -> Self {
        Self { pool: None }
    }

    /// `n_threads` threads. Where the system refuses to start them, the caller's own does it all.
    pub fn new(n_threads: usize) -> Self {
        if n_threads <= 1 {
            return Self::solo();
        }
        let pool = ThreadPoolBuilder::new()
            .num_threads(n_threads)
            .thread_name(|index| format!("descent-team-{index}"))
            .build();
        Self { pool: pool.ok() }
    }

    /// How many threads work together.
    pub fn n_threads(&self) -> usize {
        self.pool.as_ref().map_or(1, ThreadPool::current_num_threads)
    }

    /// Runs `work` on a member of the team, and returns when it is done. Work that is then split
    /// ([`Team::join`]) starts faster than from outside.
    pub fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Runs both, on two threads where another one is free.
    pub fn join(&self, left: impl FnOnce() + Send, right: impl FnOnce() + Send) {
        match &self.pool {
            Some(pool) => drop(pool.install(|| rayon::join(left, right))),
            None => {
                left();
                right();
            }
        }
    }

    /// Calls `work(first, rows)` for consecutive parts of a matrix with rows of `width` numbers,
    /// `first` being the index of the part's first row: one part for each thread, but none of fewer
    /// than `min_rows` rows (except the last), so that small matrices stay with the caller.
    pub fn for_each_rows<T: Send>(
        &self,
        matrix: &mut [T],
        width: usize,
        min_rows: usize,
        work: impl Fn(usize, &mut [T]) + Sync + Send,
    ) {
        let n_rows = matrix.len() / width.max(1);
        let rows_per_part = n_rows.div_ceil(self.n_threads()).max(min_rows).max(1);
        match &self.pool {
            Some(pool) if n_rows > rows_per_part => pool.install(|| {
                matrix
                    .par_chunks_mut(rows_per_part * width)
                    .enumerate()
                    .for_each(|(index, rows)| work(index * rows_per_part, rows));
            }),
            _ => work(0, matrix),
        }
    }
}

impl fmt::Debug for Team {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Team").field("n_threads", &self.n_threads()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn parts_cover_the_rows_once_whatever_the_number_of_threads() {
        for n_threads in [1, 2, 3, 8] {
            let team = Team::new(n_threads);
            assert_eq!(team.n_threads(), n_threads);
            for n_rows in [0, 1, 7, 100, 1001] {
                let mut matrix = vec![[0; 2]; n_rows];
                team.for_each_rows(matrix.as_flattened_mut(), 2, 10, |first, rows| {
                    for (i, row) in rows.as_chunks_mut().0.iter_mut().enumerate() {
                        let [number, seen] = row;
                        (*number, *seen) = (first + i, *seen + 1);
                    }
                });
                assert_eq!(matrix, (0..n_rows).map(|row| [row, 1]).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn parts_run_on_named_threads() {
        let team = Team::new(2);
        let names = Mutex::new(BTreeSet::new());
        team.for_each_rows(&mut [0; 64], 1, 1, |_, _| {
            names.lock().unwrap().insert(std::thread::current().name().map(str::to_owned));
        });
        for name in names.into_inner().unwrap() {
            assert!(name.is_some_and(|name| name.starts_with("descent-team-")));
        }
    }

    #[test]
    fn a_team_may_be_used_from_inside_itself_and_by_several_threads() {
        let team = Team::new(8);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let total = team.run(|| {
                            let mut numbers = [0; 32];
                            let (left, right) = numbers.split_at_mut(16);
                            let fill = |part: &mut [usize], start: usize| {
                                team.for_each_rows(part, 1, 1, |first, rows| {
                                    for (i, number) in rows.iter_mut().enumerate() {
                                        *number = start + first + i;
                                    }
                                });
                            };
                            team.join(|| fill(left, 0), || fill(right, 16));
                            numbers.iter().sum::<usize>()
                        });
                        assert_eq!(total, 31 * 32 / 2);
                    }
                });
            }
        });
    }

    #[test]
    #[should_panic(expected = "the second part")]
    fn a_panic_in_a_part_reaches_the_caller() {
        Team::new(2).join(|| (), || panic!("the second part"));
    }
}
