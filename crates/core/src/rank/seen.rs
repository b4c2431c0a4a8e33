//! Both sides as a strategy sees them, for the core that knows levels and weights alone.

use super::strategy::{Strategy, View};
use crate::matrix::{Held, Required, Rows};

/// What targets require, as seen. Borrowed where that is as it is.
pub(super) enum SeenRequired<'a> {
    Whole(&'a Required),
    /// Offsets, skills, levels, weights.
    Own(Vec<u64>, Vec<u32>, Vec<u16>, Vec<u16>, usize),
}

impl<'a> SeenRequired<'a> {
    pub(super) fn of<S: Strategy + ?Sized>(required: &'a Required, strategy: &S) -> Self {
        let view = strategy.view();
        if view == View::Whole {
            return Self::Whole(required);
        }
        let cells = required.entries();
        let mut offsets = Vec::with_capacity(required.len() + 1);
        let mut skills = Vec::with_capacity(cells);
        let (mut levels, mut weights) = (Vec::with_capacity(cells), Vec::with_capacity(cells));
        offsets.push(0);
        for target in (0u32..).take(required.len()) {
            for (skill, requirement) in required.row(target).iter() {
                if let Some(pair) = view.required(requirement) {
                    skills.push(skill);
                    levels.push(pair.level);
                    weights.push(pair.weight);
                }
            }
            offsets.push(skills.len() as u64);
        }
        Self::Own(offsets, skills, levels, weights, required.axis().len())
    }

    pub(super) fn rows(&self) -> Rows<'_> {
        match self {
            Self::Whole(required) => required.rows(),
            Self::Own(offsets, skills, levels, weights, axis) => {
                Rows::trusted(offsets, skills, levels, Some(weights), *axis)
            }
        }
    }
}

/// What people hold, as seen. Borrowed where that is as it is.
pub(super) struct SeenHeld<'a> {
    held: &'a Held,
    levels: Option<Vec<u16>>,
}

impl<'a> SeenHeld<'a> {
    pub(super) fn of<S: Strategy + ?Sized>(held: &'a Held, strategy: &S) -> Self {
        let view = strategy.view();
        let changes = held.levels.iter().any(|&level| view.held(level) != level);
        let seen = || held.levels.iter().map(|&level| view.held(level)).collect();
        Self { held, levels: changes.then(seen) }
    }

    pub(super) fn rows(&self) -> Rows<'_> {
        let Held { axis, offsets, skills, levels, .. } = self.held;
        let levels = self.levels.as_ref().unwrap_or(levels);
        Rows::trusted(offsets, skills, levels, None, axis.len())
    }
}
