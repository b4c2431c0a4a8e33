//! Sums over groups of people, without going through the pairs.
//!
//! What a group adds to a target through one skill depends only on how many of its people hold
//! the skill at which level: Σ over people of part(required, held) = Σ over levels of
//! count × part(required, level). So a group is counted once, and each of its skills walks the
//! postings once, however many people it has.

use ndarray::Array2;
use rayon::prelude::*;

use super::index::{Figure, Index};
use crate::error::{Error, Result};
use crate::kernel::Term;
use crate::matrix::{Pair, Rows};
use crate::run::Run;

impl Index {
    /// Σ of a figure over the people of each group: groups × targets, exact.
    ///
    /// `groups[p]` is the group of person `p`; people of a group at or beyond `group_count` are
    /// left out. O(entries × log entries + for each group the postings of its skills), in parallel.
    ///
    /// # Errors
    ///
    /// [`Error::ArrayLength`] where `groups` is not one for each person, [`Error::Argument`] for
    /// people on a longer axis, [`Error::Memory`] when groups × targets × 8 bytes pass the limit,
    /// [`Error::Cancelled`].
    ///
    /// # Example
    ///
    /// ```
    /// use passerelle::gap::{Figure, Index};
    /// use passerelle::matrix::Rows;
    /// use passerelle::Run;
    ///
    /// let targets = Rows::required(&[0, 2], &[0, 1], &[2, 1], &[3, 1], 2)?;
    /// let people = Rows::held(&[0, 1, 1, 2], &[0, 1], &[1, 4], 2)?;
    /// let index = Index::new(targets, &Run::new())?;
    /// // The first two people are group 0, the third is group 1.
    /// let gaps = index.group_sums(Figure::Gap, people, &[0, 0, 1], 2, &Run::new())?;
    /// assert_eq!((gaps[[0, 0]], gaps[[1, 0]]), (4 + 7, 6));
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn group_sums(
        &self,
        figure: Figure,
        people: Rows<'_>,
        groups: &[u32],
        group_count: usize,
        run: &Run,
    ) -> Result<Array2<u64>> {
        self.check_axis(people)?;
        if groups.len() != people.len() {
            let (length, expected) = (groups.len() as u64, people.len() as u64);
            return Err(Error::ArrayLength { array: "groups", length, expected });
        }
        let bytes = (group_count as u128 * self.width() as u128).saturating_mul(8);
        run.memory().check(
            &format!("sums of {group_count} groups × {} targets", self.width()),
            u64::try_from(bytes).unwrap_or(u64::MAX),
            "ask for fewer groups or targets at a time, or raise the memory limit",
        )?;
        let mut members = vec![Vec::new(); group_count];
        for (person, &group) in groups.iter().enumerate() {
            if let Some(members) = members.get_mut(group as usize) {
                members.push(person);
            }
        }
        let mut sums = Array2::zeros((group_count, self.width()));
        let count = run.count("groups", group_count as u64);
        count.go_on()?;
        if self.width() == 0 {
            return Ok(sums);
        }
        let out = sums.as_slice_mut().unwrap_or_default();
        run.install(|| {
            out.par_chunks_mut(self.width()).zip(members).try_for_each(|(out, members)| {
                count.go_on()?;
                self.group(figure, people, &members, out);
                count.add(1);
                Ok(())
            })
        })?;
        Ok(sums)
    }

    /// The sums of one group.
    fn group(&self, figure: Figure, people: Rows<'_>, members: &[usize], out: &mut [u64]) {
        let part = |required: Pair, held| match figure {
            Figure::Gap | Figure::Credit => Term::Credit.part(required, held),
            Figure::GapLower => {
                Term::Known.part(required, held) - Term::Credit.part(required, held)
            }
            Figure::Known => Term::Known.part(required, held),
            Figure::Met => Term::Met.part(required, held),
        };
        let cells = members.iter().flat_map(|&person| people.row(person).cells());
        let mut cells = cells.map(|(skill, held)| (skill, held.level)).collect::<Vec<_>>();
        cells.sort_unstable();
        for of_skill in cells.chunk_by(|a, b| a.0 == b.0) {
            let counts = of_skill
                .chunk_by(|a, b| a == b)
                .map(|same| (same[0].1, same.len() as u64))
                .collect::<Vec<_>>();
            let all = |required: Pair| {
                counts.iter().map(|&(held, count)| count * part(required, held)).sum()
            };
            self.index.each_posting(of_skill[0].0, all, |target, sum: u64| out[target] += sum);
        }
        if figure == Figure::Gap {
            for (sum, &total) in out.iter_mut().zip(self.totals()) {
                *sum = members.len() as u64 * u64::from(total) - *sum;
            }
        }
    }
}
