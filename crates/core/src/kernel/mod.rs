//! The one walk: adding up what a row of one side shares with every row of the other, over an
//! inverted index.
//!
//! For each skill, the index lists the rows that have it. To compare a row with all of them, walk
//! the lists of its skills and add to one sum for each indexed row: the work grows with what is
//! shared, not with rows × rows.
//!
//! Twins of one signature live in `scalar`, `avx2` and `avx512`; `twins` chooses among them at run
//! time by the [`Lanes`](crate::run::Lanes) of the index, and nothing else does.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places are below a block's length and widths are chosen by the greatest sum; each \
              cast says what holds it within its range"
)]

mod aligned;
mod block;
mod codebook;
mod index;
mod scalar;
mod tables;
mod term;
mod twins;
mod update;
mod walk;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;

pub(crate) use block::{BLOCK, Block, CHUNK};
pub(crate) use index::{GONE, Index};
pub(crate) use term::{Asker, Term};
pub(crate) use twins::{FALL_ROOM, Hit, Work, near};
pub(crate) use update::Loose;
pub(crate) use walk::{Sums, Walker};
