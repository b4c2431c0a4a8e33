//! How a long call runs.

use std::ffi::c_void;

use passerelle::{Cancel, MemoryLimit, Run};

use crate::argument::structure;
use crate::status::Fault;

/// How a long call runs. Pass null for the defaults; set what you do not mean to 0. Results never
/// depend on it: they are the same bits on any number of threads.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many threads to use; 0: the environment's PASSERELLE_THREADS, or else one per core.
    pub threads: usize,
    /// How many bytes the result and what it takes to make it may have; 0: 4 GiB. Buffers of the
    /// caller do not count.
    pub memory: u64,
    /// Called now and then, a hundred times at most, with what is done of how much; null: never.
    /// It returns whether to go on: false ends the call with PASSERELLE_STATUS_CANCELLED. It is
    /// called from threads of the library, several at once, and must not throw or longjmp.
    pub progress: Option<unsafe extern "C" fn(context: *mut c_void, done: u64, total: u64) -> bool>,
    /// Passed to `progress` as it is.
    pub context: *mut c_void,
}

/// The caller's context on its way through threads.
#[derive(Clone, Copy)]
struct Context(*mut c_void);

// SAFETY: it is passed on and never looked into; the header says that threads share it.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    fn get(self) -> *mut c_void {
        self.0
    }
}

/// The run that options ask for.
///
/// # Safety
///
/// `options` must be null or point to options whose function may be called with their context
/// during the run.
pub unsafe fn run(options: *const Options) -> Result<Run, Fault> {
    // SAFETY: passed on to the caller.
    let Some(options) = (unsafe { structure(options, "options") })? else { return Ok(Run::new()) };
    let mut run = Run::new().threads(options.threads);
    if options.memory > 0 {
        run = run.memory_limit(MemoryLimit::bytes(options.memory));
    }
    if let Some(progress) = options.progress {
        let (context, cancel) = (Context(options.context), Cancel::new());
        run = run.cancel(&cancel).on_progress(move |made| {
            // SAFETY: the caller's function, with the caller's context, during the caller's call.
            if !unsafe { progress(context.get(), made.done, made.total) } {
                cancel.cancel();
            }
        });
    }
    Ok(run)
}
