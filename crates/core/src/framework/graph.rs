//! Directed edges between positions, and the search for cycles in them.

/// Edges from each node to others, those of one node together and ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    /// Where each node's edges end.
    pub(crate) ends: Vec<u32>,
    pub(crate) to: Vec<u32>,
}

impl Edges {
    /// The nodes that a node's edges lead to, ascending; none beyond the last node.
    pub fn from(&self, node: u32) -> &[u32] {
        let at = node as usize;
        let Some(&end) = self.ends.get(at) else { return &[] };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.to[start as usize..end as usize]
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.ends.len()
    }

    /// How many edges there are in all.
    pub fn len(&self) -> usize {
        self.to.len()
    }

    /// Whether there is no edge.
    pub fn is_empty(&self) -> bool {
        self.to.is_empty()
    }

    /// Edges from pairs; a pair given twice counts once.
    pub(crate) fn from_pairs(nodes: usize, pairs: &mut Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut edges = Self { ends: vec![0; nodes], to: Vec::with_capacity(pairs.len()) };
        for &(from, to) in pairs.iter() {
            edges.to.push(to);
            edges.ends[from as usize] += 1;
        }
        let mut end = 0;
        for count in &mut edges.ends {
            end += *count;
            *count = end;
        }
        edges
    }

    /// A cycle, its first node repeated at the end, if there is one. O(nodes + edges).
    pub(crate) fn cycle(&self) -> Option<Vec<u32>> {
        #[derive(Clone, Copy, PartialEq)]
        enum Visit {
            New,
            OnPath,
            Done,
        }
        let mut visits = vec![Visit::New; self.nodes()];
        // The path from a start, each node with the number of its edges already followed.
        let mut path: Vec<(u32, usize)> = Vec::new();
        for start in 0..u32::try_from(self.nodes()).ok()? {
            if visits[start as usize] == Visit::New {
                visits[start as usize] = Visit::OnPath;
                path.push((start, 0));
            }
            while let Some((node, followed)) = path.last_mut() {
                let node = *node;
                let Some(&next) = self.from(node).get(*followed) else {
                    visits[node as usize] = Visit::Done;
                    path.pop();
                    continue;
                };
                *followed += 1;
                match visits.get_mut(next as usize) {
                    Some(visit @ Visit::New) => {
                        *visit = Visit::OnPath;
                        path.push((next, 0));
                    }
                    Some(Visit::OnPath) => {
                        let from = path.iter().position(|&(at, _)| at == next).unwrap_or(0);
                        let mut cycle: Vec<u32> = path[from..].iter().map(|&(at, _)| at).collect();
                        cycle.push(next);
                        return Some(cycle);
                    }
                    Some(Visit::Done) | None => {}
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_found_and_named() {
        let edges = |pairs: &[(u32, u32)]| Edges::from_pairs(5, &mut pairs.to_vec());
        assert_eq!(edges(&[(0, 1), (1, 2), (0, 2), (3, 2)]).cycle(), None);
        assert_eq!(edges(&[(0, 1), (1, 2), (2, 1), (3, 0)]).cycle(), Some(vec![1, 2, 1]));
        assert_eq!(edges(&[(4, 4)]).cycle(), Some(vec![4, 4]));
        assert_eq!(edges(&[(0, 2), (0, 1), (0, 2)]).from(0), [1, 2]);
    }
}
