//! What each code of an index adds, for one cell of the side that asks.

use super::Index;
use super::term::{Asker, Term};
use crate::matrix::Pair;

/// What every code adds, at each width of the sums; 0 at code 0.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) bytes: [u8; 256],
    pub(crate) shorts: [u16; 256],
    pub(crate) words: [u32; 256],
    /// The most that one code adds.
    pub(crate) most: u64,
}

/// Tables kept: people of a yes/no or five-step framework need one to five.
const KEPT: usize = 64;

/// Tables that one row may come to: about two megabytes.
const MOST: u16 = 1024;

/// The tables met lately, by cell.
pub(crate) struct Tables {
    term: Term,
    asker: Asker,
    slots: Vec<Slot>,
    tables: Vec<Table>,
}

/// Where the table of a cell is.
#[derive(Clone, Copy)]
pub(crate) struct Slot {
    pair: Pair,
    pub(crate) table: u16,
    /// The most that one code adds.
    pub(crate) most: u64,
}

/// A slot of no cell: none has a weight of 0.
const EMPTY: Slot = Slot { pair: Pair { level: 0, weight: 0 }, table: 0, most: 0 };

impl Tables {
    pub(crate) fn new(term: Term, asker: Asker) -> Self {
        Self { term, asker, slots: vec![EMPTY; KEPT], tables: Vec::new() }
    }

    /// Forgets what was kept when it has grown beyond what rows need; before a row begins.
    pub(crate) fn begin_row(&mut self) {
        if self.tables.len() > 4 * KEPT {
            self.tables.clear();
            self.slots.fill(EMPTY);
        }
    }

    /// Where the table of `pair` is, good until the next [`Self::begin_row`]; `None` for a
    /// row with more distinct cells than are worth a table.
    #[inline]
    pub(crate) fn find(&mut self, index: &Index, pair: Pair) -> Option<Slot> {
        let at = (usize::from(pair.level) + 5 * usize::from(pair.weight)) % KEPT;
        let found = self.slots[at];
        if found.pair == pair {
            return Some(found);
        }
        let table = u16::try_from(self.tables.len()).ok().filter(|&made| made < MOST)?;
        let most = self.make(index, pair);
        self.slots[at] = Slot { pair, table, most };
        Some(self.slots[at])
    }

    /// Table `number`.
    #[inline]
    pub(crate) fn get(&self, number: u16) -> &Table {
        &self.tables[usize::from(number)]
    }

    #[cold]
    fn make(&mut self, index: &Index, pair: Pair) -> u64 {
        let mut table = Table { bytes: [0; 256], shorts: [0; 256], words: [0; 256], most: 0 };
        for (at, &indexed) in (1..).zip(index.codes.pairs()) {
            let part = self.term.part_asked(self.asker, pair, indexed);
            table.most = table.most.max(part);
            // A width is only used where the sum of the most of every table fits it.
            table.bytes[at] = part as u8;
            table.shorts[at] = part as u16;
            table.words[at] = part as u32;
        }
        let most = table.most;
        self.tables.push(table);
        most
    }
}
