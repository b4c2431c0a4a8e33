//! Frameworks and profiles, from files and from memory.

use std::ffi::c_char;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use passerelle::lookup::Lookup;
use passerelle::read::{self, ProfilesOptions, ReadReport};
use passerelle::{Framework, Ids, Profiles, SkillAxis, snapshot};
use serde_json::{Value, json};

use crate::argument::{Out, array, path};
use crate::guard::guard;
use crate::matrix::{People, Targets};
use crate::names::Part;
use crate::status::{Fault, Status};
use crate::table::{self, Handle, Kind};

/// A framework, with what was read and dropped.
#[derive(Debug)]
pub struct OpenFramework {
    /// The framework.
    pub framework: Arc<Framework>,
    /// What was read; none for a snapshot.
    pub report: Option<ReadReport>,
    lookup: OnceLock<Lookup>,
}

impl Kind for OpenFramework {
    fn name() -> &'static str {
        "a framework"
    }

    fn axis(&self) -> Option<&Arc<SkillAxis>> {
        Some(self.framework.axis())
    }

    fn rows(&self, part: Part) -> Option<&Ids> {
        (part == Part::Targets).then(|| &**self.framework.required().targets())
    }

    fn describe(&self) -> Value {
        let framework = &self.framework;
        json!({
            "kind": "framework",
            "name": framework.name(),
            "version": framework.version(),
            "skills": framework.axis().len(),
            "targets": framework.required().len(),
            "cells": framework.required().entries(),
            "rows_read": self.report.as_ref().map(ReadReport::rows),
            "rows_kept": self.report.as_ref().map(ReadReport::kept),
            "report": self.report,
        })
    }
}

impl OpenFramework {
    /// A framework that is ready for handles.
    pub fn new(framework: impl Into<Arc<Framework>>, report: Option<ReadReport>) -> Self {
        Self { framework: framework.into(), report, lookup: OnceLock::new() }
    }

    /// Its labels, turned round when they are first asked for.
    pub fn lookup(&self) -> Result<&Lookup, Fault> {
        if let Some(lookup) = self.lookup.get() {
            return Ok(lookup);
        }
        // Two threads may build it at once: the first one that is done is kept.
        let lookup = Lookup::build(&self.framework)?;
        Ok(self.lookup.get_or_init(|| lookup))
    }
}

/// Profiles, with the framework that they are on.
#[derive(Debug)]
pub struct OpenProfiles {
    /// The framework.
    pub framework: Arc<OpenFramework>,
    /// The profiles.
    pub profiles: Arc<Profiles>,
    /// What was read; none for a snapshot.
    pub report: Option<ReadReport>,
}

impl Kind for OpenProfiles {
    fn name() -> &'static str {
        "profiles"
    }

    fn axis(&self) -> Option<&Arc<SkillAxis>> {
        self.framework.axis()
    }

    fn rows(&self, part: Part) -> Option<&Ids> {
        (part == Part::People).then(|| &**self.profiles.people())
    }

    fn describe(&self) -> Value {
        json!({
            "kind": "profiles",
            "framework": self.framework.framework.axis().to_string(),
            "people": self.profiles.len(),
            "rows_read": self.report.as_ref().map(ReadReport::rows),
            "rows_kept": self.report.as_ref().map(ReadReport::kept),
            "report": self.report,
        })
    }
}

/// What a snapshot begins with.
const MAGIC: &[u8] = b"PASSEREL";

fn is_snapshot(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "passerelle")
}

/// Opens a framework: a snapshot file, or a folder of ROME 4.0, ESCO, O*NET or our own CSV files,
/// recognised by what is in it. What was read and what was set aside, and why, is in
/// passerelle_describe.
///
/// `framework` is a new handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_framework_open(
    file: *const c_char,
    file_length: usize,
    framework: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(framework, "framework")?;
        // SAFETY: the caller gives a text and its length.
        let path = unsafe { path(file, file_length, "file") }?;
        let open = if path.is_dir() {
            let (framework, report) = read::framework(path)?;
            OpenFramework::new(framework, Some(report))
        } else {
            OpenFramework::new(snapshot::open_framework_file(path)?, None)
        };
        out.put(table::insert(open)?);
        Ok(())
    })
}

/// Opens a framework from the bytes of a snapshot, which may be let go of afterwards.
///
/// `framework` is a new handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_framework_open_bytes(
    bytes: *const u8,
    length: usize,
    framework: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(framework, "framework")?;
        // SAFETY: the caller gives an array and its length.
        let bytes = unsafe { array(bytes, length, "bytes") }?;
        let open = OpenFramework::new(snapshot::open_framework(bytes)?, None);
        out.put(table::insert(open)?);
        Ok(())
    })
}

/// Opens people's profiles on a framework: a CSV file, a folder of them, or a snapshot, which is
/// told by a name that ends in `.passerelle`. What was set aside, and why, is in
/// passerelle_describe.
///
/// `profiles` is a new handle. It keeps what it needs of the framework, which may be closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_profiles_open(
    framework: Handle,
    file: *const c_char,
    file_length: usize,
    profiles: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(profiles, "profiles")?;
        let framework = table::get::<OpenFramework>(framework, "framework")?;
        // SAFETY: the caller gives a text and its length.
        let path = unsafe { path(file, file_length, "file") }?;
        let (profiles, report) = if is_snapshot(path) {
            (snapshot::open_profiles_file(path, framework.framework.axis())?, None)
        } else {
            let options = ProfilesOptions::default();
            let (profiles, report) = read::profiles(path, &framework.framework, &options)?;
            (profiles, Some(report))
        };
        let profiles = Arc::new(profiles);
        out.put(table::insert(OpenProfiles { framework, profiles, report })?);
        Ok(())
    })
}

/// Opens people's profiles from bytes in memory: a snapshot, which is told by its first bytes, or
/// CSV in UTF-8. The bytes may be let go of afterwards.
///
/// `profiles` is a new handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_profiles_open_bytes(
    framework: Handle,
    bytes: *const u8,
    length: usize,
    profiles: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(profiles, "profiles")?;
        let framework = table::get::<OpenFramework>(framework, "framework")?;
        // SAFETY: the caller gives an array and its length.
        let bytes = unsafe { array(bytes, length, "bytes") }?;
        let (profiles, report) = if bytes.starts_with(MAGIC) {
            (snapshot::open_profiles(bytes, framework.framework.axis())?, None)
        } else {
            let options = ProfilesOptions::default();
            let read = read::profiles_from(bytes, "bytes", &framework.framework, &options)?;
            (read.0, Some(read.1))
        };
        let profiles = Arc::new(profiles);
        out.put(table::insert(OpenProfiles { framework, profiles, report })?);
        Ok(())
    })
}

/// What occupations require: the targets of a framework, in the order of its occupations.
///
/// `targets` is a new handle; it shares the framework's memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_framework_targets(
    framework: Handle,
    targets: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(targets, "targets")?;
        let framework = table::get::<OpenFramework>(framework, "framework")?;
        out.put(table::insert(Targets(Arc::clone(framework.framework.required())))?);
        Ok(())
    })
}

/// What people hold, with the evidence of each skill merged: certification and VAE before
/// assessment at work, employer, badge, declaration; then the latest; then the lower level.
///
/// `people` is a new handle, a matrix of its own, in the order of the profiles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_profiles_people(
    profiles: Handle,
    people: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(people, "people")?;
        let open = table::get::<OpenProfiles>(profiles, "profiles")?;
        let held = open.profiles.held(&open.framework.framework)?;
        out.put(table::insert(People(held))?);
        Ok(())
    })
}
