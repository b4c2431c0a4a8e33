//! Texts of any length that calls give.

use std::ffi::c_char;

use serde::Serialize;
use serde_json::{Value, json};

use crate::argument::{Out, put_text};
use crate::guard::guard;
use crate::status::{Fault, Status};
use crate::table::{self, Handle, Kind};

/// A text that a call gave.
#[derive(Debug)]
pub struct Text(String);

impl Kind for Text {
    fn name() -> &'static str {
        "a text"
    }

    fn describe(&self) -> Value {
        json!({"kind": "text", "bytes": self.0.len()})
    }
}

/// A text of JSON, as the command's `--json` writes it.
pub fn of_json(value: &impl Serialize) -> Result<Text, Fault> {
    let failed = |error: serde_json::Error| Fault::new(Status::Internal, error.to_string());
    serde_json::to_string_pretty(value).map(Text).map_err(failed)
}

/// Borrows the text that a handle stands for: UTF-8, `length` bytes, no NUL at its end.
///
/// The bytes belong to the handle and stand until it is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_text(
    text: Handle,
    bytes: *mut *const c_char,
    length: *mut usize,
) -> Status {
    guard(|| {
        let (bytes, length) = (Out::new(bytes, "bytes")?, Out::new(length, "length")?);
        put_text(bytes, length, &table::get::<Text>(text, "text")?.0);
        Ok(())
    })
}
