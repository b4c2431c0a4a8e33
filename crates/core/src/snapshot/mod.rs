//! Frameworks and profiles in one file each, opened in milliseconds.
//!
//! Reading a publisher's files takes long, and every process that works on a framework needs it. A
//! *snapshot* is the framework as it stands in memory: one file, `*.passerelle`, checked from end
//! to end when it is opened, and copied into place array by array.
//!
//! * [`Snapshot`] writes: [`Snapshot::of_framework`] or [`Snapshot::of_profiles`], then
//!   [`save`](Snapshot::save) or [`to_bytes`](Snapshot::to_bytes).
//! * [`open_framework`] and [`open_profiles`] read. They take bytes, wherever these come from (a
//!   file that you mapped, a broadcast, an archive); [`open_framework_file`] and
//!   [`open_profiles_file`] take a path and map the file while they copy.
//! * [`kind`] tells what a snapshot holds from its first bytes; [`verify`] checks it deeper than
//!   opening does and gives a [`Summary`].
//!
//! # Example: a framework
//!
//! ```
//! use passerelle::snapshot::{self, Snapshot};
//! use passerelle::{Framework, Necessity, Requirement, SkillKind};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("demo.passerelle");
//! let mut builder = Framework::builder("demo", "1", "en");
//! builder.skill("weld", SkillKind::KnowHow)?;
//! builder.occupation("welder")?;
//! let requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
//! builder.require("welder", "weld", requirement)?;
//! let framework = builder.build()?;
//!
//! Snapshot::of_framework(&framework).save(&path)?;
//! assert_eq!(snapshot::open_framework_file(&path)?, framework);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Example: profiles
//!
//! Profiles are personal data, so they are a file of their own, which only its owner can read.
//! They are opened on the axis that they were made on, and refused on another.
//!
//! ```
//! use std::sync::Arc;
//! use passerelle::snapshot::{self, Snapshot};
//! use passerelle::{Error, LevelScale, Profiles, SkillAxis};
//!
//! let axis = |version: &str| {
//!     SkillAxis::from_ids("demo", version, LevelScale::held(), ["weld"]).map(Arc::new)
//! };
//! let mut builder = Profiles::builder(&axis("1")?);
//! builder.person("p1")?;
//! let profiles = builder.build();
//! let bytes = Snapshot::of_profiles(&profiles).to_bytes()?;
//! assert_eq!(snapshot::open_profiles(&bytes, &axis("1")?)?, profiles);
//! let refused = snapshot::open_profiles(&bytes, &axis("2")?);
//! assert!(matches!(refused, Err(Error::AxisMismatch { .. })));
//! # Ok::<(), Error>(())
//! ```
//!
//! # What is checked, and when
//!
//! | | open | open trusted | verify |
//! |---|---|---|---|
//! | magic, format version, kind, table of sections and its checksum | ✓ | ✓ | ✓ |
//! | checksum of every section | ✓ | | ✓ |
//! | structure: lengths, positions, order, text, levels, weights, totals, cycles | ✓ | ✓ | ✓ |
//! | ids are unique; evidence stands in the order in which it counts | | | ✓ |
//!
//! A snapshot that opens can be used without fear of a panic, even a forged one. Trusted opening
//! is for bytes that this process or a peer of it just wrote: it saves the time of one pass over
//! them, and lets a changed bit give another value where the structure still holds.
//!
//! The format is written down in `docs/formats.md`. A snapshot is a cache that travels, not an
//! archive: a later format version may ask to read the source files again.

mod codec;
mod framework;
mod map;
#[cfg(feature = "hub")]
mod needs;
mod profiles;
mod save;
mod section;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use self::section::{Opened, Sections, VERSION};
use crate::error::{Error, Result};
use crate::framework::Framework;
#[cfg(feature = "hub")]
use crate::hub::{
    Territories,
    recruitment::{Jobs, Register},
};
use crate::profile::Profiles;
use crate::skill::SkillAxis;

/// What a snapshot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// A [`Framework`].
    Framework,
    /// The [`Profiles`] of people.
    Profiles,
    /// A register of needs.
    Needs,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Framework, Self::Profiles, Self::Needs];

    /// The number that stands for it in a file.
    fn number(self) -> u32 {
        match self {
            Self::Framework => 1,
            Self::Profiles => 2,
            Self::Needs => 3,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Framework => "a framework",
            Self::Profiles => "profiles",
            Self::Needs => "needs",
        }
    }

    fn from_number(number: u32) -> Result<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number).ok_or_else(|| {
            let found = format!("something of kind {number}, which is newer");
            Error::SnapshotKind { expected: "a framework, profiles or needs", found }
        })
    }

    /// Refuses the number of another kind.
    fn check(self, number: u32) -> Result<()> {
        match Self::from_number(number) {
            Ok(found) if found == self => Ok(()),
            Ok(found) => {
                let found = found.name().to_owned();
                Err(Error::SnapshotKind { expected: self.name(), found })
            }
            Err(Error::SnapshotKind { found, .. }) => {
                Err(Error::SnapshotKind { expected: self.name(), found })
            }
            Err(error) => Err(error),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Something about to be written as a snapshot. The same content always gives the same bytes.
///
/// # Example
///
/// See [the module](self).
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a>(Content<'a>);

#[derive(Clone, Copy, Debug)]
enum Content<'a> {
    Framework(&'a Framework),
    Profiles(&'a Profiles),
    #[cfg(feature = "hub")]
    Needs(&'a Register),
}

impl<'a> Snapshot<'a> {
    /// A snapshot of a register of needs, every revision of them.
    #[cfg(feature = "hub")]
    pub fn of_needs(register: &'a Register) -> Self {
        Self(Content::Needs(register))
    }

    /// A framework's snapshot.
    pub fn of_framework(framework: &'a Framework) -> Self {
        Self(Content::Framework(framework))
    }

    /// A snapshot of people's profiles: personal data.
    pub fn of_profiles(profiles: &'a Profiles) -> Self {
        Self(Content::Profiles(profiles))
    }

    /// What it holds.
    pub fn kind(&self) -> Kind {
        match self.0 {
            Content::Framework(_) => Kind::Framework,
            Content::Profiles(_) => Kind::Profiles,
            #[cfg(feature = "hub")]
            Content::Needs(_) => Kind::Needs,
        }
    }

    /// Does something with its sections.
    fn with_sections<T>(&self, act: impl FnOnce(Sections<'_>) -> Result<T>) -> Result<T> {
        match self.0 {
            Content::Framework(framework) => act(framework::sections(framework)?),
            Content::Profiles(profiles) => act(profiles::sections(profiles)?),
            #[cfg(feature = "hub")]
            Content::Needs(register) => {
                let columns = needs::Columns::of(register)?;
                act(columns.sections(register)?)
            }
        }
    }

    /// Saves it under a path, all of it or nothing: it is written to a file beside, brought to the
    /// disk, and renamed; a file that was there before is replaced in that moment, and on any error
    /// it stays as it was. O(size); the content is not held in memory a second time.
    ///
    /// On Unix, profiles can then be read by their owner alone; a framework by whoever the
    /// process's mask allows.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when the folder is not there or cannot be written, [`Error::TooMany`] when
    /// the names, scales and tags pass 16 MiB.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let readers = match self.kind() {
            Kind::Framework | Kind::Needs => save::Readers::Usual,
            Kind::Profiles => save::Readers::Owner,
        };
        let kind = self.kind().number();
        self.with_sections(|sections| {
            save::atomically(path.as_ref(), readers, |out| sections.write(kind, out))
        })
    }

    /// Its bytes. O(size).
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] when the names, scales and tags pass 16 MiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.with_sections(|sections| {
            let mut bytes = Vec::with_capacity(usize::try_from(sections.len()).unwrap_or(0));
            // A Vec takes whatever is written, and there are few sections: this does not fail.
            sections.write(self.kind().number(), &mut bytes).map_err(|_| Error::TooMany {
                what: "sections in one snapshot",
                count: u64::from(u32::MAX) + 1,
                limit: u64::from(u32::MAX),
            })?;
            Ok(bytes)
        })
    }
}

fn framework_from(bytes: &[u8], checked: bool) -> Result<(framework::Header, Framework)> {
    let opened = Opened::new(bytes, checked)?;
    Kind::Framework.check(opened.kind())?;
    framework::read(opened)
}

fn profiles_from(bytes: &[u8], axis: &Arc<SkillAxis>, checked: bool) -> Result<Profiles> {
    let opened = Opened::new(bytes, checked)?;
    Kind::Profiles.check(opened.kind())?;
    profiles::read(opened)?.on(axis)
}

/// A framework from a snapshot's bytes. O(bytes).
///
/// # Errors
///
/// [`Error::NotSnapshot`], [`Error::SnapshotVersion`] and [`Error::SnapshotKind`] by the first
/// bytes; [`Error::SnapshotDamaged`], naming the section, when anything was cut short or changed.
pub fn open_framework(bytes: impl AsRef<[u8]>) -> Result<Framework> {
    Ok(framework_from(bytes.as_ref(), true)?.1)
}

/// A framework from a snapshot file, which is mapped while it is copied.
///
/// # Errors
///
/// [`Error::File`], and those of [`open_framework`].
pub fn open_framework_file(path: impl AsRef<Path>) -> Result<Framework> {
    map::with_bytes(path.as_ref(), |bytes| open_framework(bytes))
}

/// A framework from bytes whose checksums need not be taken: they were just written by a process
/// that is trusted. Bounds and structure are checked as ever.
///
/// # Errors
///
/// As [`open_framework`]; but a changed bit may go unnoticed and give another value.
pub fn open_trusted_framework(bytes: impl AsRef<[u8]>) -> Result<Framework> {
    Ok(framework_from(bytes.as_ref(), false)?.1)
}

/// Profiles from a snapshot's bytes, on the axis that they were made on:
/// [`Framework::axis`] of the same framework. O(bytes).
///
/// # Errors
///
/// [`Error::AxisMismatch`] unless the axis has the same name, version, ids and scales; otherwise
/// as [`open_framework`].
pub fn open_profiles(bytes: impl AsRef<[u8]>, axis: &Arc<SkillAxis>) -> Result<Profiles> {
    profiles_from(bytes.as_ref(), axis, true)
}

/// Profiles from a snapshot file, which is mapped while it is copied.
///
/// # Errors
///
/// [`Error::File`], and those of [`open_profiles`].
pub fn open_profiles_file(path: impl AsRef<Path>, axis: &Arc<SkillAxis>) -> Result<Profiles> {
    map::with_bytes(path.as_ref(), |bytes| open_profiles(bytes, axis))
}

/// Profiles from bytes whose checksums need not be taken, as [`open_trusted_framework`].
///
/// # Errors
///
/// As [`open_profiles`]; but a changed bit may go unnoticed and give another value.
pub fn open_trusted_profiles(bytes: impl AsRef<[u8]>, axis: &Arc<SkillAxis>) -> Result<Profiles> {
    profiles_from(bytes.as_ref(), axis, false)
}

/// A register of needs from a snapshot's bytes, on the framework that it was made on, with the
/// territories and jobs that its needs name. O(bytes), with every need recorded anew.
///
/// # Errors
///
/// [`Error::RegisterVersion`] for another framework or version; [`Error::Unknown`] for a territory
/// or a job that is not there; otherwise as [`open_framework`].
#[cfg(feature = "hub")]
pub fn open_needs(
    bytes: impl AsRef<[u8]>,
    framework: &Framework,
    territories: &Arc<Territories>,
    jobs: &Arc<Jobs>,
) -> Result<Register> {
    let opened = Opened::new(bytes.as_ref(), true)?;
    Kind::Needs.check(opened.kind())?;
    needs::on(needs::read(opened)?, framework, territories, jobs)
}

/// A register of needs from a snapshot file, which is mapped while it is copied.
///
/// # Errors
///
/// [`Error::File`], and those of [`open_needs`].
#[cfg(feature = "hub")]
pub fn open_needs_file(
    path: impl AsRef<Path>,
    framework: &Framework,
    territories: &Arc<Territories>,
    jobs: &Arc<Jobs>,
) -> Result<Register> {
    map::with_bytes(path.as_ref(), |bytes| open_needs(bytes, framework, territories, jobs))
}

/// What a snapshot holds. It looks at the first 64 bytes only, whatever follows them.
///
/// # Errors
///
/// [`Error::NotSnapshot`], [`Error::SnapshotVersion`], [`Error::SnapshotKind`] for a kind that
/// this library does not know, [`Error::SnapshotDamaged`] for fewer than 64 bytes.
pub fn kind(bytes: impl AsRef<[u8]>) -> Result<Kind> {
    Kind::from_number(section::kind_number(bytes.as_ref())?)
}

/// What a snapshot file holds, by its first 64 bytes.
///
/// # Errors
///
/// [`Error::File`], and those of [`kind`].
pub fn kind_of_file(path: impl AsRef<Path>) -> Result<Kind> {
    map::with_bytes(path.as_ref(), |bytes| kind(bytes))
}

/// What [`verify`] found in a snapshot that is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// What it holds.
    pub kind: Kind,
    /// The version of the format.
    pub format: u32,
    /// The framework's name; for profiles, of the framework that they were made on.
    pub framework: String,
    /// The framework's version.
    pub version: String,
    /// The size in bytes.
    pub bytes: u64,
    /// What there is and how much of it, such as `("skills", 33671)`.
    pub counts: Vec<(&'static str, u64)>,
    /// The sections, in the order in which they stand.
    pub sections: Vec<SectionSummary>,
}

/// One section of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SectionSummary {
    /// Its name, such as `required.levels`.
    pub name: String,
    /// Where it starts, in bytes from the start of the snapshot.
    pub offset: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its CRC-32, which matches.
    pub checksum: u32,
}

/// Checks everything about a snapshot that can be checked without another file, and says what it
/// holds. O(bytes), with one hash of every id.
///
/// That the levels of profiles lie within their scales is checked when they are opened on their
/// axis, which has the scales.
///
/// # Errors
///
/// As [`open_framework`]; and [`Error::SnapshotDamaged`] when an id occurs twice or evidence is
/// not in the order in which it counts.
///
/// # Example
///
/// ```
/// use passerelle::snapshot::{self, Kind, Snapshot};
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # builder.skill("weld", SkillKind::KnowHow)?;
/// # builder.occupation("welder")?;
/// # let requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// # builder.require("welder", "weld", requirement)?;
/// # let framework = builder.build()?;
/// let mut bytes = Snapshot::of_framework(&framework).to_bytes()?;
/// let summary = snapshot::verify(&bytes)?;
/// assert_eq!((summary.kind, summary.framework.as_str()), (Kind::Framework, "demo"));
/// assert!(summary.counts.contains(&("skills", 1)));
/// *bytes.last_mut().unwrap() ^= 1;
/// assert!(snapshot::verify(&bytes).is_err());
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn verify(bytes: impl AsRef<[u8]>) -> Result<Summary> {
    let bytes = bytes.as_ref();
    let opened = Opened::new(bytes, true)?;
    let kind = Kind::from_number(opened.kind())?;
    let sections = opened
        .sections()
        .iter()
        .map(|section| SectionSummary {
            name: section.name.to_owned(),
            offset: section.offset,
            bytes: section.bytes.len() as u64,
            checksum: section.checksum,
        })
        .collect();
    let (framework, version, counts) = match kind {
        Kind::Framework => {
            let (header, framework) = framework::read(opened)?;
            framework::check(&framework)?;
            let counts = header.counts();
            (header.name, header.version, counts)
        }
        Kind::Profiles => {
            let columns = profiles::read(opened)?;
            columns.check()?;
            let counts = columns.header.counts();
            (columns.header.axis.framework, columns.header.axis.version, counts)
        }
        #[cfg(feature = "hub")]
        Kind::Needs => {
            let (header, _) = needs::read(opened)?;
            let counts = header.counts();
            (header.axis.framework, header.axis.version, counts)
        }
        #[cfg(not(feature = "hub"))]
        Kind::Needs => {
            let found = "needs, which this build leaves out (feature `hub`)".to_owned();
            return Err(Error::SnapshotKind { expected: "a framework or profiles", found });
        }
    };
    let bytes = bytes.len() as u64;
    Ok(Summary { kind, format: VERSION, framework, version, bytes, counts, sections })
}

/// [`verify`] for a file.
///
/// # Errors
///
/// [`Error::File`], and those of [`verify`].
pub fn verify_file(path: impl AsRef<Path>) -> Result<Summary> {
    map::with_bytes(path.as_ref(), |bytes| verify(bytes))
}
