//! Thread pools of our own, that survive a fork.
//!
//! A forked child inherits the memory of its parent's pools, never their threads: work sent there
//! would wait forever. So each pool is kept with the process id that made it and used by that
//! process only. Pools are leaked, never joined (joining another process's threads hangs too), and
//! no lock is held while one is looked up or added, so that no fork can find it locked.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use rayon::{ThreadPool, ThreadPoolBuilder};

#[derive(Clone)]
struct Kept {
    process: u32,
    threads: usize,
    pool: &'static ThreadPool,
}

static POOLS: ArcSwapOption<Vec<Kept>> = ArcSwapOption::const_empty();

/// The pool of a number of threads for this process, made at the first call; `None` when the
/// system refuses the threads.
pub(super) fn of(threads: Option<usize>) -> Option<&'static ThreadPool> {
    let process = std::process::id();
    let threads = threads.unwrap_or_else(default_threads);
    let find = |kept: &[Kept]| {
        kept.iter().find(|k| k.process == process && k.threads == threads).map(|k| k.pool)
    };
    if let Some(pool) = POOLS.load().as_ref().and_then(|kept| find(kept)) {
        return Some(pool);
    }
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|at| format!("passerelle-{at}"))
        .build()
        .ok()?;
    let new = Kept { process, threads, pool: Box::leak(Box::new(pool)) };
    POOLS.rcu(|kept| {
        let mut kept = kept.as_deref().cloned().unwrap_or_default();
        kept.push(new.clone());
        Some(Arc::new(kept))
    });
    Some(new.pool)
}

/// `PASSERELLE_THREADS` when it is a positive number, or else one thread per core.
fn default_threads() -> usize {
    std::env::var("PASSERELLE_THREADS")
        .ok()
        .and_then(|threads| threads.trim().parse().ok())
        .filter(|&threads| threads > 0)
        .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_made_once() {
        let first = of(Some(2)).unwrap();
        let second = of(Some(2)).unwrap();
        assert!(std::ptr::eq(first, second));
        assert!(!std::ptr::eq(first, of(Some(1)).unwrap()));
    }
}
