//! How a computation runs: on how many threads, within how much memory, seen and stopped by whom.

mod lanes;
mod memory;
mod pool;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

pub use lanes::Lanes;
pub(crate) use lanes::Width;
pub use memory::{MemoryLimit, bytes_in_words};

use crate::error::{Error, Result};

/// How far a long computation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being counted, such as `people`.
    pub unit: &'static str,
    /// How many are done.
    pub done: u64,
    /// How many there are in all.
    pub total: u64,
}

/// Stops a computation from another thread.
///
/// Clones stop the same computation. A stopped computation returns [`Error::Cancelled`] after the
/// piece of work under way, some milliseconds later, and writes nothing further.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A switch that is not yet thrown.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the computations that hold a clone of this to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether they were asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// How to run a long computation. The default suits a whole machine.
///
/// Results never depend on these options: they are the same bits on any number of threads.
///
/// # Example
///
/// ```
/// use passerelle::{Cancel, MemoryLimit, Run};
///
/// let cancel = Cancel::new();
/// let run = Run::new()
///     .threads(2)
///     .memory_limit(MemoryLimit::bytes(1 << 30))
///     .on_progress(|progress| eprintln!("{} of {}", progress.done, progress.total))
///     .cancel(&cancel);
/// # let _ = run;
/// ```
#[derive(Clone, Default)]
pub struct Run {
    threads: Option<usize>,
    lanes: Option<Lanes>,
    memory: MemoryLimit,
    on_progress: Option<OnProgress>,
    cancel: Option<Cancel>,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("threads", &self.threads)
            .field("lanes", &self.lanes)
            .field("memory", &self.memory)
            .field("on_progress", &self.on_progress.is_some())
            .field("cancel", &self.cancel)
            .finish()
    }
}

impl Run {
    /// All cores (or `PASSERELLE_THREADS`), the default memory limit, unobserved.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many threads to use; 0 means the default: `PASSERELLE_THREADS`, or else one per core.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = (threads > 0).then_some(threads);
        self
    }

    /// How wide vectors to use; the widest that this machine has, or `PASSERELLE_LANES`, unless
    /// said.
    #[must_use]
    pub fn lanes(mut self, lanes: Lanes) -> Self {
        self.lanes = Some(lanes);
        self
    }

    /// How much memory results may take.
    #[must_use]
    pub fn memory_limit(mut self, limit: MemoryLimit) -> Self {
        self.memory = limit;
        self
    }

    /// Calls back with the progress, from whichever thread made it, some hundred times at most.
    #[must_use]
    pub fn on_progress(mut self, call: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(call));
        self
    }

    /// Lets another thread stop the computation.
    #[must_use]
    pub fn cancel(mut self, cancel: &Cancel) -> Self {
        self.cancel = Some(cancel.clone());
        self
    }

    /// How much memory results may take.
    pub fn memory(&self) -> MemoryLimit {
        self.memory
    }

    /// How wide vectors this run uses.
    pub(crate) fn width(&self) -> Lanes {
        self.lanes.unwrap_or_default()
    }

    /// Runs work on this run's threads: rayon calls inside it use them.
    pub(crate) fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match pool::of(self.threads) {
            Some(pool) => pool.install(work),
            // Threads can be refused (a container's limit); the calling thread cannot.
            None => work(),
        }
    }

    /// Does `work` on this run's threads while the calling thread does `meanwhile`; comes back when
    /// both are done. For callers that have something to watch on their own thread, and as fast as
    /// work that nobody watches: no thread is made for it.
    ///
    /// `meanwhile` may wait for `work`, never the other way round: where the system refuses threads,
    /// the calling thread does the one after the other. A panic of either comes out here.
    ///
    /// # Example
    ///
    /// ```
    /// let (done, told) = std::sync::mpsc::channel();
    /// let run = passerelle::Run::new().threads(2);
    /// let (sum, seen) = run.beside(
    ///     move || {
    ///         let _ = done.send("done");
    ///         1 + 1
    ///     },
    ///     move || told.recv(),
    /// );
    /// assert_eq!((sum, seen), (2, Ok("done")));
    /// ```
    pub fn beside<R: Send, S>(
        &self,
        work: impl FnOnce() -> R + Send,
        meanwhile: impl FnOnce() -> S,
    ) -> (R, S) {
        let Some(pool) = pool::of(self.threads) else { return (work(), meanwhile()) };
        let mut done = None;
        let seen = pool.in_place_scope(|scope| {
            scope.spawn(|_| done = Some(work()));
            meanwhile()
        });
        (done.unwrap_or_else(|| unreachable!("the scope waits for what it was given")), seen)
    }

    /// The same without its observer: for parts of a work that is counted as a whole.
    pub(crate) fn unobserved(&self) -> Self {
        Self { on_progress: None, ..self.clone() }
    }

    /// Whether to go on, as the library asks itself some hundred times a second: for work of a
    /// caller's own beside it.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`] once it was [asked to stop](Cancel::cancel).
    pub fn go_on(&self) -> Result<()> {
        match &self.cancel {
            Some(cancel) if cancel.is_cancelled() => Err(Error::Cancelled),
            _ => Ok(()),
        }
    }

    /// Counts work done towards a total, reports it, and stops when asked to.
    pub(crate) fn count(&self, unit: &'static str, total: u64) -> Count<'_> {
        Count { run: self, unit, total, done: AtomicU64::new(0) }
    }
}

/// Work done towards a total, from any number of threads.
pub(crate) struct Count<'r> {
    run: &'r Run,
    unit: &'static str,
    total: u64,
    done: AtomicU64,
}

impl Count<'_> {
    /// Whether to go on: the error says that the caller asked to stop.
    pub(crate) fn go_on(&self) -> Result<()> {
        self.run.go_on()
    }

    /// Adds to what is done. Calls back when that passes another hundredth of the total.
    pub(crate) fn add(&self, more: u64) {
        let Some(call) = &self.run.on_progress else { return };
        let before = self.done.fetch_add(more, Ordering::Relaxed);
        let done = before + more;
        let hundredths = |count: u64| u128::from(count) * 100 / u128::from(self.total.max(1));
        if hundredths(before) < hundredths(done) {
            call(Progress { unit: self.unit, done, total: self.total });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn progress_ends_at_the_total_and_calls_at_most_a_hundred_times() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let run = Run::new().on_progress({
            let seen = Arc::clone(&seen);
            move |progress| seen.lock().unwrap().push(progress.done)
        });
        let count = run.count("people", 1000);
        for _ in 0..1000 {
            count.add(1);
        }
        let seen = seen.lock().unwrap();
        assert_eq!(seen.len(), 100);
        assert_eq!(seen.last(), Some(&1000));
    }

    #[test]
    fn a_thrown_switch_stops_the_count() {
        let cancel = Cancel::new();
        let run = Run::new().cancel(&cancel);
        let count = run.count("people", 10);
        assert!(count.go_on().is_ok());
        cancel.cancel();
        assert!(matches!(count.go_on(), Err(Error::Cancelled)));
    }

    #[test]
    fn work_is_done_beside_what_waits_for_it() {
        for threads in [1, 3] {
            let run = Run::new().threads(threads);
            let (done, told) = std::sync::mpsc::channel();
            let work = || {
                done.send(()).unwrap();
                // Inside, calls of the library go on with the same threads.
                run.install(rayon::current_num_threads)
            };
            assert_eq!(run.beside(work, || told.recv().is_ok()), (threads, true));
        }
    }

    #[test]
    fn a_panic_of_work_that_is_watched_comes_out() {
        let watched = || Run::new().beside(|| panic!("on purpose"), || ());
        assert!(std::panic::catch_unwind(watched).is_err());
    }

    #[test]
    fn work_runs_on_the_threads_that_were_asked_for() {
        for threads in [1, 3] {
            assert_eq!(Run::new().threads(threads).install(rayon::current_num_threads), threads);
        }
    }
}
