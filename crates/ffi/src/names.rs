//! Ids, labels and positions, and what a handle stands for.

use std::ffi::c_char;
use std::sync::Arc;

use passerelle::{Error, Ids};

use crate::argument::{Out, put_text, text};
use crate::framework::OpenFramework;
use crate::guard::guard;
use crate::status::{Fault, Status};
use crate::table::{self, Handle, Kind};
use crate::text;

/// What has ids and positions in what a handle stands for.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The skills of a framework, of profiles or of a matrix: the columns.
    Skills = 0,
    /// The occupations of a framework, or the rows of targets.
    Targets = 1,
    /// The people of profiles, or the rows of people.
    People = 2,
}

impl Part {
    fn of(number: i32) -> Result<Self, Fault> {
        match number {
            0 => Ok(Self::Skills),
            1 => Ok(Self::Targets),
            2 => Ok(Self::People),
            other => {
                let message = format!("`part` is {other}; 0 is skills, 1 targets, 2 people");
                Err(Fault::new(Status::Argument, message))
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Skills => "skill",
            Self::Targets => "target",
            Self::People => "person",
        }
    }
}

/// The ids of one part of what a handle stands for.
struct Named {
    value: Arc<dyn Kind>,
    part: Part,
    kind: &'static str,
}

impl Named {
    fn of(handle: Handle, part: i32) -> Result<Self, Fault> {
        let part = Part::of(part)?;
        let (kind, value) = table::get_any(handle, "handle")?;
        Ok(Self { value, part, kind })
    }

    fn ids(&self) -> Result<&Ids, Fault> {
        let ids = match self.part {
            Part::Skills => self.value.axis().map(|axis| axis.ids()),
            rows => self.value.rows(rows),
        };
        ids.ok_or_else(|| {
            let (kind, part) = (self.kind, self.part.name());
            let message = format!("`handle` is one of {kind}, which has no {part}");
            Fault::new(Status::HandleKind, message)
        })
    }
}

fn at(ids: &Ids, position: u32) -> Result<&str, Fault> {
    ids.get(position).ok_or_else(|| {
        let message = format!("`position` is {position}; it must be below {}", ids.len());
        Fault::new(Status::Argument, message)
    })
}

/// How many skills, targets or people there are: the lengths that buffers need.
///
/// `part` is one of passerelle_part.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_count(handle: Handle, part: i32, count: *mut usize) -> Status {
    guard(|| {
        let out = Out::new(count, "count")?;
        out.put(Named::of(handle, part)?.ids()?.len());
        Ok(())
    })
}

/// Borrows the id of a skill, target or person by its position: UTF-8, `length` bytes, no NUL.
///
/// The bytes stand until `handle` is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_id(
    handle: Handle,
    part: i32,
    position: u32,
    id: *mut *const c_char,
    length: *mut usize,
) -> Status {
    guard(|| {
        let (id, length) = (Out::new(id, "id")?, Out::new(length, "length")?);
        put_text(id, length, at(Named::of(handle, part)?.ids()?, position)?);
        Ok(())
    })
}

/// The position of an id among skills, targets or people.
///
/// Codes: PASSERELLE_STATUS_UNKNOWN, with the id most like it in the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_position(
    handle: Handle,
    part: i32,
    id: *const c_char,
    length: usize,
    position: *mut u32,
) -> Status {
    guard(|| {
        let out = Out::new(position, "position")?;
        let named = Named::of(handle, part)?;
        // SAFETY: the caller gives a text and its length.
        let id = unsafe { text(id, length, "id") }?;
        let ids = named.ids()?;
        let position = ids.position(id).ok_or_else(|| Error::Unknown {
            what: named.part.name(),
            id: id.to_owned(),
            nearest: ids.nearest(id).map(str::to_owned),
        })?;
        out.put(position);
        Ok(())
    })
}

/// Borrows the label of a framework's skill or occupation: in the language asked for (`fr`, `en`…),
/// or else the framework's own, or else its id.
///
/// The bytes stand until `framework` is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_label(
    framework: Handle,
    part: i32,
    position: u32,
    language: *const c_char,
    language_length: usize,
    label: *mut *const c_char,
    length: *mut usize,
) -> Status {
    guard(|| {
        let (label, length) = (Out::new(label, "label")?, Out::new(length, "length")?);
        let open = table::get::<OpenFramework>(framework, "framework")?;
        // SAFETY: the caller gives a text and its length.
        let language = unsafe { text(language, language_length, "language") }?;
        let framework = &open.framework;
        let name = match Part::of(part)? {
            Part::Skills => {
                at(framework.axis().ids(), position)?;
                framework.skill_name(position, language)
            }
            Part::Targets => {
                at(framework.occupation_ids(), position)?;
                framework.occupation_name(position, language)
            }
            Part::People => {
                return Err(Fault::new(Status::Argument, "`part` is 2; people have no labels"));
            }
        };
        put_text(label, length, name);
        Ok(())
    })
}

/// What a handle stands for, as JSON in a new text: its `kind`, how much it holds, and for what was
/// read from files a `report` of every row that was set aside, and why.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_describe(handle: Handle, json: *mut Handle) -> Status {
    guard(|| {
        let out = Out::new(json, "json")?;
        let (_, value) = table::get_any(handle, "handle")?;
        out.put(table::insert(text::of_json(&value.describe())?)?);
        Ok(())
    })
}
