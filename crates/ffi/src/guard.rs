//! The one way into the library: panics stop here, and what went wrong is kept.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::argument::{Out, put_text};
use crate::status::{Fault, Status};

thread_local! {
    /// The message of this thread's last call, ended by a NUL.
    static MESSAGE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs the body of a function: its fault, or its panic, becomes a code and a message.
pub fn guard(work: impl FnOnce() -> Result<(), Fault>) -> Status {
    // What a body leaves half done when it panics is dropped with it: tables and caches are only
    // changed once their new content is whole.
    let fault = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => Fault::new(Status::Ok, ""),
        Ok(Err(fault)) => fault,
        Err(panic) => {
            let said = said(&*panic).to_owned();
            // A payload whose drop panics would get past this function.
            std::mem::forget(panic);
            Fault::new(Status::Internal, format!("a defect of passerelle: {said}; report it"))
        }
    };
    // A thread that is ending has no message left to keep.
    let _ = MESSAGE.try_with(|message| {
        let mut message = message.borrow_mut();
        message.clear();
        if fault.status != Status::Ok {
            message.extend(fault.message.chars().map(|c| if c == '\0' { ' ' } else { c }));
        }
        message.push('\0');
    });
    fault.status
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

/// Says why the last call of this thread failed: one line that names the argument, row, column or
/// id at fault and what to do. Empty after a success. The text ends in a NUL, which `length` does
/// not count.
///
/// The text belongs to the library and stands until this thread calls another function of it.
/// This call itself changes no message. Messages hold pseudonymous ids at most.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_last_message(
    text: *mut *const c_char,
    length: *mut usize,
) -> Status {
    let read = || -> Result<(), Fault> {
        let (text, length) = (Out::new(text, "text")?, Out::new(length, "length")?);
        MESSAGE
            .try_with(|message| {
                let mut message = message.borrow_mut();
                if message.is_empty() {
                    message.push('\0');
                }
                put_text(text, length, &message[..message.len() - 1]);
            })
            .map_err(|_| Fault::new(Status::Internal, ""))
    };
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(())) => Status::Ok,
        Ok(Err(fault)) => fault.status,
        Err(_) => Status::Internal,
    }
}
