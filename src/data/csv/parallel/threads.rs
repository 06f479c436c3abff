//! Reads the blocks of a file side by side.

use std::io::{Read, Seek};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::blocks::{Block, Blocks, Next};
use super::cells::Looks;
use super::merge::Merger;
use super::piece::Parser;
use super::plan::Plan;
use super::store::Store;
use crate::data::DataError;
use crate::data::csv::LARGEST_TABLE;
use crate::data::csv::text::encoding::unreadable;
use crate::data::progress::{Progress, Watched};

/// How the work is divided.
#[derive(Clone, Copy, Debug)]
pub(in crate::data::csv) struct Limits {
    /// Text that is read at a time: enough to be worth a turn, little enough for the cache.
    pub(in crate::data::csv) block_bytes: usize,
    pub(in crate::data::csv) n_threads: usize,
    /// Largest file, and largest table, in bytes, of what is kept in memory.
    pub(in crate::data::csv) largest: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MOST_THREADS: usize = 32;
        let n_cores = thread::available_parallelism().map_or(1, usize::from);
        Self { block_bytes: 1 << 20, n_threads: n_cores.min(MOST_THREADS), largest: LARGEST_TABLE }
    }
}

/// What the threads share.
struct Shared<'p, R, S: Store> {
    blocks: Mutex<Blocks<R>>,
    merger: Mutex<Merger<'p, S>>,
    /// A piece was added.
    added: Condvar,
    stopped: AtomicBool,
}

impl<R, S: Store> Shared<'_, R, S> {
    /// Ends the work and the waiting of all threads.
    fn stop(&self) {
        // With the lock, so that no thread is between its look at `stopped` and its wait.
        let _merger = lock(&self.merger);
        self.stopped.store(true, Ordering::Relaxed);
        self.added.notify_all();
    }
}

/// Ends the waiting of the others where a thread ends before its time.
struct StopOnPanic<'a, 'p, R, S: Store>(&'a Shared<'p, R, S>);

impl<R, S: Store> Drop for StopOnPanic<'_, '_, R, S> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What reading the blocks gives: the pieces together, what was looked at, the fingerprint.
pub(super) type Blockwise<'p, S> = (Merger<'p, S>, Vec<Looks>, String);

pub(super) fn read_blocks<'p, S: Store>(
    source: &mut (impl Read + Seek + Send),
    n_bytes: u64,
    plan: &'p Plan,
    limits: Limits,
    progress: &'p Progress,
) -> Result<Option<Blockwise<'p, S>>, DataError> {
    source.rewind().map_err(unreadable)?;
    progress.begin(n_bytes, 1);
    let source = Watched::new(source, progress);
    let blocks = Blocks::new(source, plan.delimiter, plan.quote, limits.block_bytes);
    let shared = Shared {
        blocks: Mutex::new(blocks),
        merger: Mutex::new(Merger::<S>::new(plan, n_bytes, limits.largest, progress)),
        added: Condvar::new(),
        stopped: AtomicBool::new(false),
    };
    let n_threads = limits.n_threads.min((n_bytes as usize).div_ceil(limits.block_bytes)).max(1);
    let mut looks = vec![Looks::default(); plan.kinds.len()];
    let mut gather = |found: Vec<Looks>| {
        looks.iter_mut().zip(found).for_each(|(all, some)| all.add(&some));
    };
    thread::scope(|scope| {
        let work = || work(&shared, plan, limits);
        let others: Vec<_> = (1..n_threads)
            .map_while(|index| {
                let name = format!("descent-reader-{index}");
                thread::Builder::new().name(name).spawn_scoped(scope, work).ok()
            })
            .collect();
        let mut result = work().map(&mut gather);
        for other in others {
            match other.join() {
                Ok(found) => result = result.and(found.map(&mut gather)),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        result
    })?;
    let blocks = shared.blocks.into_inner().unwrap_or_else(PoisonError::into_inner);
    let merger = shared.merger.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = merger.failure {
        return Err(error);
    }
    if merger.is_unsuited {
        return Ok(None);
    }
    Ok(Some((merger, looks, blocks.hasher.finalize().to_hex().to_string())))
}

/// What one thread does: read a block, parse it, hand it over, until there are no more.
fn work<R: Read, S: Store>(
    shared: &Shared<'_, R, S>,
    plan: &Plan,
    limits: Limits,
) -> Result<Vec<Looks>, DataError> {
    let _guard = StopOnPanic(shared);
    let mut parser = Parser::new(plan);
    let mut block = Block::default();
    let mut spare = Vec::new();
    while !shared.stopped.load(Ordering::Relaxed) {
        let next = lock(&shared.blocks).next(&mut block);
        match next {
            Ok(Next::Block) => {}
            Ok(Next::End) => break,
            Ok(Next::Unsuited) => {
                lock(&shared.merger).is_unsuited = true;
                shared.stop();
                break;
            }
            Err(error) => {
                shared.stop();
                return Err(unreadable(error));
            }
        }
        let values = lock(&shared.merger).buffer();
        let piece = parser.parse(&block, values).map(|mut piece| {
            S::arrange(&mut piece.values, plan.n_numbers, &mut spare);
            piece
        });
        let mut merger = lock(&shared.merger);
        match piece {
            Some(piece) => merger.take(block.index, piece, block.n_bytes),
            None => merger.is_unsuited = true,
        }
        if merger.is_unsuited {
            drop(merger);
            shared.stop();
            break;
        }
        shared.added.notify_all();
        while merger.n_waiting() > 2 * limits.n_threads && !shared.stopped.load(Ordering::Relaxed) {
            merger = shared.added.wait(merger).unwrap_or_else(PoisonError::into_inner);
        }
    }
    Ok(parser.cells.looks().to_vec())
}
