//! Locks that are held for one call, and never while Python runs.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// To look at something that another thread may change between calls.
pub fn look<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// To change it. A change that panics leaves what it had done.
pub fn change<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
