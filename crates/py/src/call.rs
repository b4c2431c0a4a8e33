//! How the library is called: without the interpreter's lock, watched for Ctrl-C, its progress
//! told on the calling thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use passerelle::{Cancel, Error, MemoryLimit, Progress, Result, Run};
use pyo3::prelude::*;
use pyo3::types::PyInt;

use crate::error::{Refused, defect, raised};
use crate::number::Whole;

/// How often a long call looks whether Ctrl-C was pressed.
const LOOK: Duration = Duration::from_millis(50);

/// How a caller wants a long call to run.
pub struct How<'py> {
    run: Run,
    cancel: Cancel,
    progress: Option<Bound<'py, PyAny>>,
}

impl<'py> How<'py> {
    /// From the arguments that every long call has.
    pub fn new(
        threads: Option<Whole<usize>>,
        memory_limit: Option<&Bound<'py, PyAny>>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let Self { mut run, cancel, .. } = Self::plain();
        run = run.threads(threads.map_or(0, |threads| threads.0));
        if let Some(limit) = memory_limit {
            run = run.memory_limit(match limit.cast::<PyInt>() {
                Ok(bytes) => MemoryLimit::bytes(bytes.extract::<Whole<u64>>()?.0),
                Err(_) => limit.extract::<String>()?.parse().map_err(named_so)?,
            });
        }
        Ok(Self { run, cancel, progress })
    }

    /// On all threads, unobserved.
    pub fn plain() -> Self {
        let cancel = Cancel::new();
        Self { run: Run::new().cancel(&cancel), cancel, progress: None }
    }

    /// Refuses a result of so many bytes, where they are more than the memory allowed.
    pub fn check(&self, what: &str, bytes: u128) -> PyResult<()> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let instead = "take fewer rows at a time, or raise `memory_limit`";
        self.run.memory().check(what, bytes, instead).map_err(raised)
    }

    /// Does long work that can be stopped, on the library's threads.
    ///
    /// It takes no lock: a thread that waits for its part of a work may take up another call in the
    /// middle of it, which would then wait for a lock that only the first can give back.
    pub fn compute<T: Send, E: Into<Refused> + Send>(
        self,
        py: Python<'py>,
        work: impl FnOnce(&Run) -> Result<T, E> + Send,
    ) -> PyResult<T> {
        let Watched { run, watch, told, cancel } = self.watched();
        let (outcome, stopped) = run.beside(
            || watch.work(|| work(&run)),
            || watch.wait(py, told, || cancel.cancel(), false).err(),
        );
        finished(stopped, outcome)
    }

    /// The same on a thread of its own, so that it may take locks.
    pub fn call<T: Send>(
        self,
        py: Python<'py>,
        work: impl FnOnce(&Run) -> Result<T> + Send,
    ) -> PyResult<T> {
        let Watched { run, watch, told, cancel } = self.watched();
        let (outcome, stopped) = thread::scope(|scope| {
            let worker = scope.spawn(|| watch.work(|| work(&run)));
            let stopped = watch.wait(py, told, || cancel.cancel(), false).err();
            (py.detach(|| worker.join()).flatten(), stopped)
        });
        finished(stopped, outcome)
    }

    fn watched(self) -> Watched<'py> {
        let watch = Watch::default();
        let run = match &self.progress {
            None => self.run,
            Some(_) => self.run.on_progress({
                let watch = watch.clone();
                move |progress| watch.tell(|seen| seen.progress = Some(progress))
            }),
        };
        let told = Told { progress: self.progress, done: 0 };
        Watched { run, watch, told, cancel: self.cancel }
    }
}

/// A text that is no size, by the name that it has here.
fn named_so(mut error: Error) -> PyErr {
    if let Error::Argument { name, .. } = &mut error {
        *name = "memory_limit";
    }
    raised(error)
}

/// What a long call needs while it runs.
struct Watched<'py> {
    run: Run,
    watch: Watch,
    told: Told<'py>,
    cancel: Cancel,
}

/// Does long work that cannot be stopped and owns what it works on: after Ctrl-C it is left to end
/// by itself.
pub fn left_alone<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> PyResult<T> {
    let watch = Watch::default();
    let worker = thread::spawn({
        let watch = watch.clone();
        move || watch.work(work)
    });
    watch.wait(py, Told { progress: None, done: 0 }, || {}, true)?;
    finished(None, py.detach(|| worker.join()).flatten())
}

/// Does short work; a panic becomes an exception like any other.
pub fn short<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(defect(&*panic)))
}

fn finished<T, E: Into<Refused>>(
    stopped: Option<PyErr>,
    outcome: thread::Result<Result<T, E>>,
) -> PyResult<T> {
    match (stopped, outcome) {
        (_, Err(panic)) => Err(defect(&*panic)),
        (Some(stopped), _) => Err(stopped),
        (None, Ok(outcome)) => outcome.map_err(raised),
    }
}

/// What the working thread tells the one that waits.
#[derive(Default)]
struct Seen {
    progress: Option<Progress>,
    done: bool,
}

#[derive(Clone, Default)]
struct Watch(Arc<(Mutex<Seen>, Condvar)>);

impl Watch {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, what: impl FnOnce(&mut Seen)) {
        what(&mut self.seen());
        self.0.1.notify_one();
    }

    /// Does the work and says when it is done, whichever way it ends.
    fn work<T>(&self, work: impl FnOnce() -> T) -> thread::Result<T> {
        struct Done<'w>(&'w Watch);
        impl Drop for Done<'_> {
            fn drop(&mut self) {
                self.0.tell(|seen| seen.done = true);
            }
        }
        let _done = Done(self);
        catch_unwind(AssertUnwindSafe(work))
    }

    /// Waits until the work is done. What a signal's handler or the progress callback raises stops
    /// it, and comes back; `leave` says whether to wait no longer then.
    fn wait(
        &self,
        py: Python<'_>,
        mut told: Told<'_>,
        stop: impl Fn(),
        leave: bool,
    ) -> PyResult<()> {
        let mut raised = Ok(());
        loop {
            let (progress, done) = py.detach(|| {
                let idle = |seen: &mut Seen| !seen.done && seen.progress.is_none();
                let waited = self.0.1.wait_timeout_while(self.seen(), LOOK, idle);
                let mut seen = waited.unwrap_or_else(PoisonError::into_inner).0;
                (seen.progress.take(), seen.done)
            });
            if raised.is_ok() {
                raised = py.check_signals().and_then(|()| told.tell(progress));
                if raised.is_err() {
                    stop();
                }
            }
            if done || (leave && raised.is_err()) {
                return raised;
            }
        }
    }
}

/// Who is told of the progress: a function of what is done and the whole, or a bar such as tqdm's.
struct Told<'py> {
    progress: Option<Bound<'py, PyAny>>,
    done: u64,
}

impl Told<'_> {
    fn tell(&mut self, progress: Option<Progress>) -> PyResult<()> {
        let (Some(told), Some(Progress { unit, done, total })) = (&self.progress, progress) else {
            return Ok(());
        };
        // Threads may tell in another order than they count.
        if done <= self.done {
            return Ok(());
        }
        if told.hasattr("update")? {
            if self.done == 0 {
                told.setattr("total", total)?;
                told.setattr("unit", unit)?;
            }
            told.call_method1("update", (done - self.done,))?;
        } else {
            told.call1((done, total))?;
        }
        self.done = done;
        Ok(())
    }
}

/// Panics, as a defect would: for the tests that see to what comes of it.
#[pyfunction]
pub fn _panic(py: Python<'_>, long: bool) -> PyResult<()> {
    if long {
        return How::plain().compute(py, |_| -> Result<()> { panic!("on purpose") });
    }
    short(|| panic!("on purpose"))
}
