//! Handles and what they stand for: one table, whatever the kind.

use std::any::Any;
use std::sync::{Arc, PoisonError, RwLock};

use passerelle::{Ids, SkillAxis};
use serde_json::Value;

use crate::guard::guard;
use crate::names::Part;
use crate::status::{Fault, Status};

/// Something that the library keeps for its caller: a framework, profiles, a matrix, a text, a
/// hub. It stays the same number until it is closed, and no other handle of this process ever has
/// that number again. 0 is never a handle.
///
/// Any number of threads may use one handle at once: what it stands for does not change. It may be
/// closed while another thread is in a call with it; that call ends as if it were open.
pub type Handle = u64;

/// What a handle can stand for.
pub trait Kind: Any + Send + Sync {
    /// What a handle of it is, in messages: `a framework`.
    fn name() -> &'static str
    where
        Self: Sized;

    /// What its columns are.
    fn axis(&self) -> Option<&Arc<SkillAxis>> {
        None
    }

    /// The ids of its rows, of the part that they are.
    fn rows(&self, _part: Part) -> Option<&Ids> {
        None
    }

    /// What it is and holds, for people and programs.
    fn describe(&self) -> Value;
}

/// What stands in one slot.
struct Content {
    name: &'static str,
    value: Arc<dyn Kind>,
}

struct Slot {
    /// Half of the handle: it goes up each time that the slot is filled, and a slot whose numbers
    /// are used up is never filled again.
    generation: u32,
    content: Option<Content>,
}

/// The slots of all handles; a handle is a position and a generation.
struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

static TABLE: RwLock<Table> = RwLock::new(Table { slots: Vec::new(), free: Vec::new() });

impl Table {
    fn insert(&mut self, content: Content) -> Result<Handle, Fault> {
        let at = match self.free.pop() {
            Some(at) => at,
            None => {
                let at = u32::try_from(self.slots.len())
                    .map_err(|_| Fault::new(Status::TooMany, "2³² handles are open; close some"))?;
                self.slots.push(Slot { generation: 0, content: None });
                at
            }
        };
        let slot = &mut self.slots[at as usize];
        slot.generation += 1;
        slot.content = Some(content);
        Ok(u64::from(slot.generation) << 32 | u64::from(at))
    }

    fn slot(&self, handle: Handle) -> Option<&Slot> {
        let (at, generation) = parts(handle);
        self.slots.get(at as usize).filter(|slot| slot.generation == generation)
    }

    fn remove(&mut self, handle: Handle) -> Option<Content> {
        self.slot(handle)?;
        let (at, generation) = parts(handle);
        let content = self.slots[at as usize].content.take()?;
        if generation < u32::MAX {
            self.free.push(at);
        }
        Some(content)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of a handle")]
fn parts(handle: Handle) -> (u32, u32) {
    (handle as u32, (handle >> 32) as u32)
}

/// A new handle for a value.
pub fn insert<T: Kind>(value: T) -> Result<Handle, Fault> {
    insert_shared(Arc::new(value))
}

/// A new handle for a value that something else keeps, too.
pub fn insert_shared<T: Kind>(value: Arc<T>) -> Result<Handle, Fault> {
    let content = Content { name: T::name(), value };
    TABLE.write().unwrap_or_else(PoisonError::into_inner).insert(content)
}

/// What a handle stands for, and the name of its kind; `name` is the argument's, for the message.
pub fn get_any(handle: Handle, name: &str) -> Result<(&'static str, Arc<dyn Kind>), Fault> {
    let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
    let content = table.slot(handle).and_then(|slot| slot.content.as_ref());
    let content = content.ok_or_else(|| unknown(handle, name))?;
    Ok((content.name, Arc::clone(&content.value)))
}

/// What a handle of a kind stands for.
pub fn get<T: Kind>(handle: Handle, name: &str) -> Result<Arc<T>, Fault> {
    let (kind, value) = get_any(handle, name)?;
    let value: Arc<dyn Any + Send + Sync> = value;
    value.downcast().map_err(|_| {
        let message = format!("`{name}` is a handle of {kind}; pass one of {}", T::name());
        Fault::new(Status::HandleKind, message)
    })
}

fn unknown(handle: Handle, name: &str) -> Fault {
    let message =
        format!("`{name}` is {handle}, which is no handle or was closed; pass an open one");
    Fault::new(Status::Handle, message)
}

/// Closes a handle of any kind and frees what it stands for, with the texts that were borrowed from
/// it. Every handle that a call gave is closed once, by whoever got it; they may be closed in any
/// order: profiles keep what they need of their framework. Closing 0 does nothing.
///
/// Codes: PASSERELLE_STATUS_HANDLE when it was closed before, or never was one.
#[unsafe(no_mangle)]
pub extern "C" fn passerelle_close(handle: Handle) -> Status {
    guard(|| {
        if handle == 0 {
            return Ok(());
        }
        let content = TABLE.write().unwrap_or_else(PoisonError::into_inner).remove(handle);
        // Dropped here, without the lock: it may be large.
        content.map(drop).ok_or_else(|| unknown(handle, "handle"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Number(u32);

    impl Kind for Number {
        fn name() -> &'static str {
            "a number"
        }
        fn describe(&self) -> Value {
            self.0.into()
        }
    }

    struct Other;

    impl Kind for Other {
        fn name() -> &'static str {
            "something else"
        }
        fn describe(&self) -> Value {
            Value::Null
        }
    }

    #[test]
    fn a_handle_stands_for_its_value_until_it_is_closed() {
        let handle = insert(Number(7)).unwrap();
        assert_eq!(get::<Number>(handle, "n").unwrap().0, 7);
        let fault = get::<Other>(handle, "n").err().unwrap();
        assert_eq!(fault.status, Status::HandleKind);
        assert_eq!(fault.message, "`n` is a handle of a number; pass one of something else");
        assert_eq!(passerelle_close(handle), Status::Ok);
        assert_eq!(get::<Number>(handle, "n").err().unwrap().status, Status::Handle);
        assert_eq!(passerelle_close(handle), Status::Handle);
        assert_eq!(passerelle_close(0), Status::Ok);
    }

    #[test]
    fn a_slot_whose_numbers_are_used_up_is_never_filled_again() {
        let mut table = Table { slots: Vec::new(), free: Vec::new() };
        let content = || Content { name: "", value: Arc::new(Other) };
        let first = table.insert(content()).unwrap();
        assert!(table.remove(first).is_some());
        table.slots[0].generation = u32::MAX - 1;
        let last = table.insert(content()).unwrap();
        assert_eq!(parts(last), (0, u32::MAX));
        assert!(table.remove(last).is_some() && table.remove(last).is_none());
        assert_eq!(parts(table.insert(content()).unwrap()), (1, 1));
    }
}
