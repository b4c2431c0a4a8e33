//! Gaps: everyone from everything, in tiles, and skill by skill.

use std::ffi::{c_char, c_void};

use passerelle::Error;
use passerelle::gap::{Measure, measure_into, skill_gaps, tiles};

use crate::argument::{Out, buffer, text};
use crate::guard::guard;
use crate::matrix::{People, Targets};
use crate::run::{Options, run};
use crate::status::{Fault, Status};
use crate::table::{self, Handle};

/// One measure of every person (rows) and every target (columns), written into the caller's buffer:
/// `figures[person * targets + target]`, `length` = people × targets floats.
///
/// `measure` is one of `coverage`, `coverage-upper`, `essential-coverage`,
/// `essential-coverage-upper`, `known-share` (shares from 0 to 1), `gap`, `gap-lower`, `credit`
/// (steps × weight, exact up to 2^24 and rounded once above), `missing-essentials`,
/// `missing-essentials-lower`, `blocking-shortfalls`, `blocking-shortfalls-lower` (counts). What a
/// profile is silent about counts as not held, and in the `-lower` and `-upper` measures as held.
///
/// On PASSERELLE_STATUS_CANCELLED the buffer is written in part; on any other failure it is not
/// written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_gap(
    people: Handle,
    targets: Handle,
    measure: *const c_char,
    measure_length: usize,
    figures: *mut f32,
    length: usize,
    options: *const Options,
) -> Status {
    guard(|| {
        let held = table::get::<People>(people, "people")?;
        let required = table::get::<Targets>(targets, "targets")?;
        // SAFETY: the caller gives a text, a buffer of `length` floats, and options or null.
        let (measure, figures, run) = unsafe {
            let measure = text(measure, measure_length, "measure")?.parse::<Measure>()?;
            (measure, buffer(figures, length, "figures")?, run(options)?)
        };
        Ok(measure_into(&held.0, &required.0, measure, figures, &run)?)
    })
}

/// Takes one tile: the figures of the people from `first` on, `people` rows of as many floats as
/// there are targets. They belong to the library and stand until the function returns. It returns
/// whether to go on, and must not throw or longjmp.
pub type Tile = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        first: usize,
        people: usize,
        figures: *const f32,
    ) -> bool,
>;

/// The figures of passerelle_gap, bit for bit, some people at a time and in their order, for
/// matrices that do not fit in memory: `each` is called on the calling thread with tiles of
/// `tile_people` rows, the last one with what is left. Where it returns false the call ends with
/// PASSERELLE_STATUS_CANCELLED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_gap_tiles(
    people: Handle,
    targets: Handle,
    measure: *const c_char,
    measure_length: usize,
    tile_people: usize,
    each: Tile,
    context: *mut c_void,
    options: *const Options,
) -> Status {
    guard(|| {
        let held = table::get::<People>(people, "people")?;
        let required = table::get::<Targets>(targets, "targets")?;
        let each =
            each.ok_or_else(|| Fault::new(Status::Null, "`each` is null; pass a function"))?;
        // SAFETY: the caller gives a text, and options or null.
        let (measure, run) = unsafe {
            (text(measure, measure_length, "measure")?.parse::<Measure>()?, run(options)?)
        };
        tiles(&held.0, &required.0, measure, tile_people, &run, |tile| {
            let values = tile.values.as_slice().unwrap_or_default();
            // SAFETY: the caller's function, with the caller's context, during the caller's call.
            match unsafe {
                each(context, tile.first as usize, tile.values.nrows(), values.as_ptr())
            } {
                true => Ok(()),
                false => Err(Error::Cancelled),
            }
        })?;
        Ok(())
    })
}

/// One required skill of a target, and what a person holds of it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkillGap {
    /// The skill's position.
    pub skill: u32,
    /// The level required, in steps.
    pub required: u16,
    /// The level held, in steps; 0 where the profile is silent (see `standing`).
    pub held: u16,
    /// The requirement's weight.
    pub weight: u16,
    /// The steps missing, silence counted as not held.
    pub shortfall: u16,
    /// 0 optional, 1 essential, 2 blocking: a licence or a title that nothing makes up for.
    pub necessity: u8,
    /// 0 maintain: held at the level required or above; 1 develop: held below it; 2 acquire: known
    /// not to be held; 3 unknown: the profile is silent, so ask before anything is taught.
    pub standing: u8,
}

/// What a person holds of each skill that a target requires, in the order of the skills.
///
/// Call it first with `skills` null and `capacity` 0: `count` gets how many there are. With a
/// buffer of fewer it is PASSERELLE_STATUS_LENGTH, nothing is written into the buffer, and `count`
/// gets the number all the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_skill_gaps(
    people: Handle,
    person: u32,
    targets: Handle,
    target: u32,
    skills: *mut SkillGap,
    capacity: usize,
    count: *mut usize,
) -> Status {
    guard(|| {
        let out = Out::new(count, "count")?;
        let held = &table::get::<People>(people, "people")?.0;
        let required = &table::get::<Targets>(targets, "targets")?.0;
        required.axis().check_same(held.axis())?;
        check(person, held.len(), "person")?;
        check(target, required.len(), "target")?;
        // SAFETY: the caller gives a buffer of `capacity` structures.
        let buffer = unsafe { buffer(skills, capacity, "skills") }?;
        let gaps = skill_gaps(held.row(person), required.row(target));
        let needed = required.row(target).skills.len();
        out.put(needed);
        if skills.is_null() {
            return Ok(());
        }
        if buffer.len() < needed {
            let message = format!("`skills` has {capacity} entries; pass at least {needed}");
            return Err(Fault::new(Status::Length, message));
        }
        for (place, gap) in buffer.iter_mut().zip(gaps) {
            *place = SkillGap {
                skill: gap.skill,
                required: gap.required,
                held: gap.held.unwrap_or(0),
                weight: gap.weight,
                shortfall: gap.shortfall(),
                necessity: gap.necessity as u8,
                standing: gap.class() as u8,
            };
        }
        Ok(())
    })
}

fn check(position: u32, count: usize, name: &str) -> Result<(), Fault> {
    if (position as usize) < count {
        return Ok(());
    }
    let message = format!("`{name}` is {position}; it must be below {count}");
    Err(Fault::new(Status::Argument, message))
}
