//! One revision of a need, as a register keeps it: positions instead of texts.

use std::cmp::Ordering;

use sha2::{Digest, Sha256};

use super::layers::Asked;
use super::need::{Causes, Horizon, Need, Opening, SizeClass, Visibility};

/// No position.
pub(crate) const NONE: u32 = u32::MAX;
/// No date: before every other.
pub(crate) const UNDATED: i32 = i32::MIN;

/// One revision of a need. Texts are positions among the register's names.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key that it is a revision of.
    pub(crate) key: u32,
    /// The entry of the same key that was recorded before, or [`NONE`].
    pub(crate) before: u32,
    pub(crate) revision: u32,
    pub(crate) hash: u64,
    pub(crate) date: i32,
    pub(crate) valid_until: i32,
    pub(crate) employer: u32,
    pub(crate) sector: u32,
    pub(crate) occupation: u32,
    pub(crate) job: u32,
    pub(crate) title: u32,
    pub(crate) territory: u32,
    pub(crate) positions: u32,
    pub(crate) causes: Causes,
    pub(crate) size: SizeClass,
    pub(crate) horizon: Horizon,
    pub(crate) opening: Opening,
    pub(crate) visibility: Visibility,
    pub(crate) withdrawn: bool,
    /// In percent, or above 100 where the sensor does not say.
    pub(crate) confidence: u8,
    pub(crate) skills: Box<[Asked]>,
    pub(crate) unresolved: Box<[u32]>,
}

/// The first 64 bits of the SHA-256 of what a need says, its key and revision aside.
///
/// Every text goes in with its length, so that no two contents have the same bytes.
pub(crate) fn content_hash(need: &Need, buffer: &mut Vec<u8>) -> u64 {
    content(need, buffer);
    let digest = Sha256::digest(&*buffer);
    digest.iter().take(8).fold(0, |hash, &byte| hash << 8 | u64::from(byte))
}

/// The order in which two contents of one revision stand, should their hashes be equal.
pub(crate) fn by_content(one: &Need, other: &Need) -> Ordering {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    content(one, &mut left);
    content(other, &mut right);
    left.cmp(&right)
}

fn content(need: &Need, out: &mut Vec<u8>) {
    fn text(out: &mut Vec<u8>, text: &str) {
        out.extend((text.len() as u64).to_le_bytes());
        out.extend(text.as_bytes());
    }
    fn maybe(out: &mut Vec<u8>, value: Option<&str>) {
        out.push(u8::from(value.is_some()));
        text(out, value.unwrap_or_default());
    }
    out.clear();
    out.push(u8::from(need.withdrawn));
    for date in [need.date, need.valid_until] {
        out.extend(date.map_or(UNDATED, crate::skill::Date::days).to_le_bytes());
    }
    for value in [&need.employer, &need.sector, &need.occupation, &need.job] {
        maybe(out, value.as_deref());
    }
    text(out, &need.title);
    text(out, &need.territory);
    out.extend(need.positions.to_le_bytes());
    out.extend([
        need.size as u8,
        need.horizon as u8,
        need.opening as u8,
        need.visibility as u8,
        need.confidence.unwrap_or(u8::MAX),
    ]);
    out.extend(need.causes.0.to_le_bytes());
    let mut skills: Vec<_> = need.skills.iter().collect();
    skills.sort_unstable_by(|a, b| a.skill.cmp(&b.skill));
    out.extend((skills.len() as u64).to_le_bytes());
    for asked in skills {
        text(out, &asked.skill);
        out.extend(asked.level.to_le_bytes());
        out.extend(asked.weight.to_le_bytes());
        out.push(asked.necessity as u8);
    }
    let mut words: Vec<_> = need.unresolved.iter().collect();
    words.sort_unstable();
    for word in words {
        text(out, word);
    }
}
