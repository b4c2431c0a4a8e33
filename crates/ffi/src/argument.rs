//! Arguments as C gives them, checked and named.

use std::ffi::c_char;
use std::path::Path;

use crate::status::{Fault, Status};

/// A place for a result. It is written once everything else has succeeded.
#[derive(Debug)]
pub struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Checks a pointer that must be given.
    pub fn new(pointer: *mut T, name: &str) -> Result<Self, Fault> {
        check(pointer, name)?;
        Ok(Self(pointer))
    }

    /// Checks a pointer that may be null, for a result that is not wanted.
    pub fn optional(pointer: *mut T, name: &str) -> Result<Option<Self>, Fault> {
        if pointer.is_null() { Ok(None) } else { Self::new(pointer, name).map(Some) }
    }

    /// Writes the result.
    pub fn put(self, value: T) {
        // SAFETY: `new` saw that the pointer is aligned and not null, and the header asks that it
        // points to a place for one value that nobody else uses during the call.
        unsafe { self.0.write(value) }
    }
}

/// Writes a text that the library keeps.
pub fn put_text(text: Out<*const c_char>, length: Out<usize>, value: &str) {
    text.put(value.as_ptr().cast());
    length.put(value.len());
}

fn check<T>(pointer: *const T, name: &str) -> Result<(), Fault> {
    if pointer.is_null() {
        return Err(Fault::new(Status::Null, format!("`{name}` is null; pass a pointer")));
    }
    if !pointer.is_aligned() {
        let bytes = align_of::<T>();
        let message = format!("`{name}` is not aligned; pass a pointer to a multiple of {bytes}");
        return Err(Fault::new(Status::Misaligned, message));
    }
    Ok(())
}

fn check_array<T>(pointer: *const T, length: usize, name: &str) -> Result<(), Fault> {
    check(pointer, name)?;
    let bytes = length.checked_mul(size_of::<T>());
    if bytes.is_none_or(|bytes| isize::try_from(bytes).is_err()) {
        let message = format!("`{name}` has {length} entries, more than memory can hold");
        return Err(Fault::new(Status::Length, message));
    }
    Ok(())
}

/// An array that is read; null is allowed where it has no entry.
///
/// # Safety
///
/// `pointer` must point to `length` values that nobody writes during `'a`.
pub unsafe fn array<'a, T>(pointer: *const T, length: usize, name: &str) -> Result<&'a [T], Fault> {
    if length == 0 {
        return Ok(&[]);
    }
    check_array(pointer, length, name)?;
    // SAFETY: not null, aligned, no longer than memory; the rest is the caller's word.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// A buffer that is written; null is allowed where it has no entry.
///
/// # Safety
///
/// `pointer` must point to `length` values that nobody else uses during `'a`.
pub unsafe fn buffer<'a, T>(
    pointer: *mut T,
    length: usize,
    name: &str,
) -> Result<&'a mut [T], Fault> {
    if length == 0 {
        return Ok(&mut []);
    }
    check_array(pointer, length, name)?;
    // SAFETY: as in `array`, and nobody else uses it.
    Ok(unsafe { std::slice::from_raw_parts_mut(pointer, length) })
}

/// A text with its length in bytes.
///
/// # Safety
///
/// As for [`array()`].
pub unsafe fn text<'a>(
    pointer: *const c_char,
    length: usize,
    name: &str,
) -> Result<&'a str, Fault> {
    // SAFETY: passed on to the caller.
    let bytes = unsafe { array(pointer.cast::<u8>(), length, name) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let message = format!("`{name}` is not UTF-8 from byte {at} on; pass UTF-8");
        Fault::new(Status::Utf8, message)
    })
}

/// A path, which must not be empty.
///
/// # Safety
///
/// As for [`array()`].
pub unsafe fn path<'a>(
    pointer: *const c_char,
    length: usize,
    name: &str,
) -> Result<&'a Path, Fault> {
    // SAFETY: passed on to the caller.
    let text = unsafe { text(pointer, length, name) }?;
    if text.is_empty() || text.contains('\0') {
        let message = format!("`{name}` is empty or holds a NUL; pass a path and its length");
        return Err(Fault::new(Status::Argument, message));
    }
    Ok(Path::new(text))
}

/// What a pointer to a structure points to, or nothing where it is null and may be.
///
/// # Safety
///
/// `pointer` must be null or point to a structure that nobody writes during `'a`.
pub unsafe fn structure<'a, T>(pointer: *const T, name: &str) -> Result<Option<&'a T>, Fault> {
    if pointer.is_null() {
        return Ok(None);
    }
    check(pointer, name)?;
    // SAFETY: not null and aligned; the rest is the caller's word.
    Ok(Some(unsafe { &*pointer }))
}
