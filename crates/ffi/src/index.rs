//! Matrices of whole numbers, from targets that were made ready once.

use std::ffi::c_void;
use std::sync::Arc;

use passerelle::gap::{Cell, Figure as OfIndex, Index};
use passerelle::{Ids, Required, SkillAxis};
use serde_json::{Value, json};

use crate::argument::{Out, buffer, check_length};
use crate::guard::guard;
use crate::matrix::{People, Targets};
use crate::names::Part;
use crate::run::{Options, run};
use crate::status::{Fault, Status};
use crate::table::{self, Handle, Kind};

/// Targets that were made ready.
#[derive(Debug)]
pub struct OpenIndex {
    required: Arc<Required>,
    index: Index,
}

impl Kind for OpenIndex {
    fn name() -> &'static str {
        "an index"
    }

    fn axis(&self) -> Option<&Arc<SkillAxis>> {
        Some(self.required.axis())
    }

    fn rows(&self, part: Part) -> Option<&Ids> {
        (part == Part::Targets).then(|| &**self.required.targets())
    }

    fn describe(&self) -> Value {
        let (targets, bytes) = (self.index.width(), self.index.bytes());
        json!({"kind": "index", "targets": targets, "skills": self.required.axis().len(), "bytes": bytes})
    }
}

/// A whole number that a person and a target have, in steps × weight.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// What is missing; what a profile is silent about counts as not held.
    Gap = 0,
    /// What is missing; silence counts as held in full.
    GapLower = 1,
    /// What is held of what is required.
    Credit = 2,
    /// What is required of the skills that the profile speaks of.
    Known = 3,
    /// How many requirements are met.
    Met = 4,
}

impl Figure {
    fn of(number: i32) -> Result<OfIndex, Fault> {
        Ok(match number {
            0 => OfIndex::Gap,
            1 => OfIndex::GapLower,
            2 => OfIndex::Credit,
            3 => OfIndex::Known,
            4 => OfIndex::Met,
            other => {
                let message =
                    format!("`figure` is {other}; 0 is gap, 1 gap-lower, 2 credit, 3 known, 4 met");
                return Err(Fault::new(Status::Argument, message));
            }
        })
    }
}

/// Makes targets ready for matrices of whole numbers: built once, used for many people.
///
/// `index` is a new handle, which needs `targets` no longer. `cell_bytes` (null where it is not
/// wanted) gets the fewest bytes, 1, 2 or 4, whose cells hold every figure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_index_new(
    targets: Handle,
    options: *const Options,
    index: *mut Handle,
    cell_bytes: *mut u32,
) -> Status {
    guard(|| {
        let out = Out::new(index, "index")?;
        let bytes = Out::optional(cell_bytes, "cell_bytes")?;
        let targets = table::get::<Targets>(targets, "targets")?;
        // SAFETY: the caller gives options or null.
        let run = unsafe { run(options) }?;
        let required = Arc::clone(&targets.0);
        let index = Index::new(required.rows(), &run)?;
        if let Some(bytes) = bytes {
            bytes.put(u32::try_from(index.cell_bytes()).unwrap_or(u32::MAX));
        }
        out.put(table::insert(OpenIndex { required, index })?);
        Ok(())
    })
}

/// A figure (one of passerelle_figure) of the people `first`, `first` + 1… and every target, exact:
/// `cells[row * targets + target]`, as many rows as `length` / targets. `cell_bytes` says what
/// `cells` is: 1 uint8_t, 2 uint16_t, 4 uint32_t; `length` counts cells. Call it with one buffer
/// again and again to stream.
///
/// Codes: PASSERELLE_STATUS_TOO_MANY where a target's total does not fit a cell. On
/// PASSERELLE_STATUS_CANCELLED the buffer is written in part; on any other failure it is not
/// written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_index_fill(
    index: Handle,
    people: Handle,
    figure: i32,
    first: usize,
    cell_bytes: u32,
    cells: *mut c_void,
    length: usize,
    options: *const Options,
) -> Status {
    guard(|| {
        let open = &*table::get::<OpenIndex>(index, "index")?;
        let people = &*table::get::<People>(people, "people")?;
        open.required.axis().check_same(people.0.axis())?;
        let asked = (Figure::of(figure)?, first);
        // SAFETY: the caller gives a buffer of `length` cells, and options or null.
        unsafe {
            match cell_bytes {
                1 => fill::<u8>(open, people, asked, cells, length, options),
                2 => fill::<u16>(open, people, asked, cells, length, options),
                4 => fill::<u32>(open, people, asked, cells, length, options),
                other => {
                    let message = format!("`cell_bytes` is {other}; it must be 1, 2 or 4");
                    Err(Fault::new(Status::Argument, message))
                }
            }
        }
    })
}

/// # Safety
///
/// As the header says of passerelle_index_fill.
unsafe fn fill<C: Cell>(
    open: &OpenIndex,
    people: &People,
    (figure, first): (OfIndex, usize),
    cells: *mut c_void,
    length: usize,
    options: *const Options,
) -> Result<(), Fault> {
    // SAFETY: the caller gives a buffer of `length` cells, and options or null.
    let (cells, run) = unsafe { (buffer(cells.cast::<C>(), length, "cells")?, run(options)?) };
    let width = open.index.width();
    check_length("cells", length, length - length.checked_rem(width).unwrap_or(length))?;
    Ok(open.index.figure_into(figure, people.0.rows(), first, cells, &run)?)
}
