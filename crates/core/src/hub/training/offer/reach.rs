//! Which modules can be begun at all, and which prerequisites go round in circles.

use super::Offer;

impl Offer {
    /// The modules that someone can come to follow one after the other: those whose strict
    /// prerequisites are met by `level` (what is held of a skill) or by what other such modules
    /// teach. O(modules² × prerequisites) at worst.
    pub fn takeable(&self, allowed: &[u32], level: impl Fn(u32) -> u16) -> Vec<u32> {
        let mut reached: hashbrown::HashMap<u32, u16> = hashbrown::HashMap::new();
        let mut taken = vec![false; allowed.len()];
        loop {
            let mut more = false;
            for (at, &module) in allowed.iter().enumerate() {
                let met = |skill: u32, needed: u16| {
                    let taught = reached.get(&skill).copied().unwrap_or(0);
                    taught >= needed || level(skill) >= needed
                };
                if taken[at]
                    || !self.modules[module as usize].strict().all(|p| met(p.skill, p.level))
                {
                    continue;
                }
                taken[at] = true;
                more = true;
                for (skill, level) in self.taught.row(module).iter() {
                    let reached = reached.entry(skill).or_default();
                    *reached = (*reached).max(level);
                }
            }
            if !more {
                break;
            }
        }
        allowed.iter().zip(taken).filter(|(_, taken)| *taken).map(|(&module, _)| module).collect()
    }

    /// A circle of prerequisites that nobody who holds nothing can enter: modules and the skills
    /// between them, the first module repeated at the end.
    pub(super) fn unbroken_cycle(&self) -> Option<Vec<String>> {
        let all: Vec<u32> = (0u32..).take(self.modules.len()).collect();
        let takeable = self.takeable(&all, |_| 0);
        let stuck = |module: u32| takeable.binary_search(&module).is_err();
        // From a stuck module, go to a stuck provider of what it lacks; a repeat is a circle.
        for start in all.iter().copied().filter(|&module| stuck(module)) {
            let (mut path, mut skills, mut at) = (vec![start], Vec::new(), start);
            loop {
                let lacks = |skill: u32, level: u16| {
                    !takeable.iter().any(|&m| self.taught.row(m).level(skill) >= Some(level))
                };
                let next = self.modules[at as usize].strict().find_map(|p| {
                    let teaches = |&module: &u32| {
                        stuck(module) && self.taught.row(module).level(p.skill) >= Some(p.level)
                    };
                    let provider = all.iter().copied().find(teaches)?;
                    lacks(p.skill, p.level).then_some((provider, p.skill))
                });
                let Some((provider, skill)) = next else { break };
                skills.push(skill);
                if let Some(first) = path.iter().position(|&module| module == provider) {
                    let mut words = Vec::new();
                    for (&module, &skill) in path[first..].iter().zip(&skills[first..]) {
                        words.push(self.module_ids()[module].to_owned());
                        words.push(format!("({})", self.axis.ids()[skill].to_owned()));
                    }
                    words.push(self.module_ids()[provider].to_owned());
                    return Some(words);
                }
                path.push(provider);
                at = provider;
            }
        }
        None
    }
}
