//! Matrices from the caller's arrays.

use std::borrow::Cow;
use std::ffi::c_void;
use std::sync::Arc;

use passerelle::matrix::Rows;
use passerelle::{Held, Ids, LevelScale, Necessity, Required, SkillAxis};
use serde_json::{Value, json};

use crate::argument::{Out, array, structure};
use crate::guard::guard;
use crate::names::Part;
use crate::status::{Fault, Status};
use crate::table::{self, Handle, Kind};

/// What people hold.
#[derive(Debug)]
pub struct People(pub Held);

impl Kind for People {
    fn name() -> &'static str {
        "people"
    }

    fn axis(&self) -> Option<&Arc<SkillAxis>> {
        Some(self.0.axis())
    }

    fn rows(&self, part: Part) -> Option<&Ids> {
        (part == Part::People).then(|| &**self.0.people())
    }

    fn describe(&self) -> Value {
        let (skills, cells) = (self.0.axis().len(), self.0.entries());
        json!({"kind": "people", "people": self.0.len(), "skills": skills, "cells": cells})
    }
}

/// What targets require.
#[derive(Debug)]
pub struct Targets(pub Arc<Required>);

impl Kind for Targets {
    fn name() -> &'static str {
        "targets"
    }

    fn axis(&self) -> Option<&Arc<SkillAxis>> {
        Some(self.0.axis())
    }

    fn rows(&self, part: Part) -> Option<&Ids> {
        (part == Part::Targets).then(|| &**self.0.targets())
    }

    fn describe(&self) -> Value {
        let (skills, cells) = (self.0.axis().len(), self.0.entries());
        json!({"kind": "targets", "targets": self.0.len(), "skills": skills, "cells": cells})
    }
}

/// Sparse rows, as CSR arrays have them: row `i` is the cells from `offsets[i]` up to
/// `offsets[i + 1]`, with skills strictly ascending. The arrays are copied: they may be let go of
/// after the call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Csr {
    /// A handle whose skills the columns are (a framework, profiles, people or targets), so that
    /// matrices may be mixed with it; or 0 for columns that only have numbers, levels of any
    /// height, and may be mixed with matrices whose `axis` names one of the same.
    pub axis: Handle,
    /// How many skills there are: the columns. Ignored where `axis` is given.
    pub skill_count: u32,
    /// Bytes of one offset: 4 (uint32_t) or 8 (uint64_t).
    pub offset_bytes: u32,
    /// `rows` + 1 offsets, from 0 to `cells`.
    pub offsets: *const c_void,
    /// How many rows.
    pub rows: usize,
    /// How many cells: the length of each array below.
    pub cells: usize,
    /// The column of each cell.
    pub skills: *const u32,
    /// The level of each cell, in steps: at least 1 for targets; 0 for people is known not to be
    /// held.
    pub levels: *const u16,
    /// For targets: the weight of each cell, at least 1. Null for people.
    pub weights: *const u16,
    /// For targets: 0 optional, 1 essential, 2 blocking; null: all essential. Null for people.
    pub necessities: *const u8,
}

/// The arrays of a structure, checked.
struct Arrays<'a> {
    axis: Arc<SkillAxis>,
    offsets: Cow<'a, [u64]>,
    skills: &'a [u32],
    levels: &'a [u16],
}

/// # Safety
///
/// As the header says of the structure.
unsafe fn arrays<'a>(rows: *const Csr) -> Result<(&'a Csr, Arrays<'a>), Fault> {
    // SAFETY: the caller points to a structure.
    let rows = unsafe { structure(rows, "rows") }?;
    let rows = rows.ok_or_else(|| Fault::new(Status::Null, "`rows` is null; pass a pointer"))?;
    let ends = rows.rows.checked_add(1).ok_or_else(|| {
        Fault::new(Status::Length, format!("`rows.rows` is {}; too many", rows.rows))
    })?;
    // SAFETY: the structure says how long its arrays are.
    let offsets = unsafe {
        match rows.offset_bytes {
            8 => Cow::Borrowed(array(rows.offsets.cast(), ends, "rows.offsets")?),
            4 => {
                let offsets = array(rows.offsets.cast::<u32>(), ends, "rows.offsets")?;
                Cow::Owned(offsets.iter().copied().map(u64::from).collect())
            }
            other => {
                let message = format!("`rows.offset_bytes` is {other}; it must be 4 or 8");
                return Err(Fault::new(Status::Argument, message));
            }
        }
    };
    // SAFETY: as above.
    let (skills, levels) = unsafe {
        let skills = array(rows.skills, rows.cells, "rows.skills")?;
        (skills, array(rows.levels, rows.cells, "rows.levels")?)
    };
    let axis = axis(rows)?;
    Ok((rows, Arrays { axis, offsets, skills, levels }))
}

/// The axis of a handle, or one that only has numbers.
fn axis(rows: &Csr) -> Result<Arc<SkillAxis>, Fault> {
    if rows.axis != 0 {
        let (kind, value) = table::get_any(rows.axis, "rows.axis")?;
        return value.axis().cloned().ok_or_else(|| {
            let message = format!("`rows.axis` is a handle of {kind}, which has no skills");
            Fault::new(Status::HandleKind, message)
        });
    }
    let scale = LevelScale::new("steps", u16::MAX)?;
    let ids: Vec<String> = (0..rows.skill_count).map(|skill| skill.to_string()).collect();
    let axis = SkillAxis::from_ids("columns", "0", scale, ids.iter().map(String::as_str))?;
    Ok(Arc::new(axis))
}

fn skill_count(axis: &SkillAxis) -> u32 {
    // Its id table holds no more.
    u32::try_from(axis.len()).unwrap_or(u32::MAX)
}

/// What people hold, from the caller's arrays. A row is a person, named by its position.
///
/// `people` is a new handle. O(cells).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_people_new(rows: *const Csr, people: *mut Handle) -> Status {
    guard(|| {
        let out = Out::new(people, "people")?;
        // SAFETY: the caller's structure says what its arrays are.
        let (_, arrays) = unsafe { arrays(rows) }?;
        let Arrays { axis, offsets, skills, levels } = arrays;
        let rows = Rows::held(&offsets, skills, levels, skill_count(&axis))?;
        out.put(table::insert(People(Held::from_rows(&axis, rows)?))?);
        Ok(())
    })
}

/// What targets require, from the caller's arrays. A row is a target, named by its position; it
/// has at least one cell, and its sum of weight × level fits in 32 bits, so that every figure over
/// it is exact.
///
/// `targets` is a new handle. O(cells).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_targets_new(rows: *const Csr, targets: *mut Handle) -> Status {
    guard(|| {
        let out = Out::new(targets, "targets")?;
        // SAFETY: the caller's structure says what its arrays are.
        let (given, arrays) = unsafe { arrays(rows) }?;
        let Arrays { axis, offsets, skills, levels } = arrays;
        // SAFETY: as above.
        let weights = unsafe { array(given.weights, given.cells, "rows.weights") }?;
        let necessities = if given.necessities.is_null() {
            vec![Necessity::Essential; given.cells]
        } else {
            // SAFETY: as above.
            let numbers = unsafe { array(given.necessities, given.cells, "rows.necessities") }?;
            numbers.iter().map(|&number| necessity(number)).collect::<Result<_, _>>()?
        };
        let rows = Rows::required(&offsets, skills, levels, weights, skill_count(&axis))?;
        let required = Required::from_rows(&axis, rows, &necessities)?;
        out.put(table::insert(Targets(Arc::new(required)))?);
        Ok(())
    })
}

fn necessity(number: u8) -> Result<Necessity, Fault> {
    Necessity::ALL.get(usize::from(number)).copied().ok_or_else(|| {
        let message =
            format!("`rows.necessities` has {number}; 0 is optional, 1 essential, 2 blocking");
        Fault::new(Status::Argument, message)
    })
}
