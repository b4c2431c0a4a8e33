//! An explanation in plain words, for the person whom it is about.

use std::fmt;

use super::{Explanation, Term};
use crate::gap::{Class, Status};
use crate::matrix::Necessity;
use crate::profile::EvidenceKind;

/// The phrases of one language.
struct Words {
    score: &'static str,
    covered: &'static str,
    up_to: &'static str,
    known: &'static str,
    status: [&'static str; 3],
    classes: [&'static str; 4],
    blocking: &'static str,
    optional: &'static str,
    surplus: &'static str,
    evidence: [&'static str; 6],
    assessed: &'static str,
    credited: &'static str,
    none: &'static str,
}

const ENGLISH: Words = Words {
    score: "score",
    covered: "of what is required is held",
    up_to: "up to",
    known: "the profile speaks of",
    status: [
        "eligible, as far as the profile tells",
        "not eligible yet",
        "not enough evidence: ask before concluding",
    ],
    classes: ["held", "to develop", "to acquire", "not known: to ask"],
    blocking: "blocking",
    optional: "optional",
    surplus: "also held",
    evidence: ["declared", "badge", "employer", "assessed at work", "certification", "VAE"],
    assessed: "assessed in full",
    credited: "credited by",
    none: "none",
};

const FRENCH: Words = Words {
    score: "score",
    covered: "de ce qui est attendu est détenu",
    up_to: "jusqu'à",
    known: "le profil se prononce sur",
    status: [
        "éligible, d'après le profil",
        "pas encore éligible",
        "trop peu d'éléments : interroger avant de conclure",
    ],
    classes: ["détenu", "à développer", "à acquérir", "non connu : à demander"],
    blocking: "bloquant",
    optional: "facultatif",
    surplus: "détenu en plus",
    evidence: ["déclaré", "badge", "employeur", "évalué au poste", "certification", "VAE"],
    assessed: "évaluation complète",
    credited: "crédité par",
    none: "néant",
};

/// The classes in the order in which a person reads them.
const ORDER: [Class; 4] = [Class::Maintain, Class::Develop, Class::Acquire, Class::Unknown];

fn evidence_number(kind: EvidenceKind) -> usize {
    usize::from(kind as u8)
}

impl Words {
    fn term(&self, term: &Term) -> String {
        let held = term.held.map_or_else(|| "?".to_owned(), |level| level.to_string());
        let mut line = format!("{} ({held} / {})", term.label, term.required);
        match term.necessity {
            Necessity::Blocking => line.push_str(&format!(", {}", self.blocking)),
            Necessity::Optional => line.push_str(&format!(", {}", self.optional)),
            Necessity::Essential => {}
        }
        if let Some(by) = &term.credited_by {
            line.push_str(&format!(", {} {} × {}", self.credited, by.label, by.share));
        }
        match (&term.evidence, term.held) {
            (Some(evidence), _) => {
                line.push_str(&format!(", {}", self.evidence[evidence_number(evidence.evidence)]));
                if let Some(date) = evidence.date {
                    line.push_str(&format!(" {date}"));
                }
            }
            (None, Some(_)) if term.credited_by.is_none() => {
                line.push_str(&format!(", {}", self.assessed))
            }
            (None, _) => {}
        }
        if term.contribution > 0.0 {
            line.push_str(&format!(", +{}", term.contribution));
        }
        line
    }
}

/// A share in percent, rounded down to tenths so that 100 % means all of it.
fn percent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "100 %".to_owned();
    }
    let tenths = u64::from(part) * 1000 / u64::from(whole);
    if tenths % 10 == 0 {
        format!("{} %", tenths / 10)
    } else {
        format!("{}.{} %", tenths / 10, tenths % 10)
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = if self.language == "fr" { &FRENCH } else { &ENGLISH };
        let all = self.standing.all;
        writeln!(f, "{} → {} ({})", self.person, self.target_label, self.target)?;
        writeln!(
            f,
            "{} ({}) {} · {} {}, {} {}",
            words.score,
            self.strategy_name,
            self.score,
            percent(all.credit, all.total),
            words.covered,
            words.up_to,
            percent(all.total - all.gap_lower(), all.total),
        )?;
        writeln!(f, "{} {}", words.known, percent(all.known, all.total))?;
        writeln!(f, "{}", words.status[usize::from(self.status as u8)])?;
        debug_assert_eq!(Status::ALL.len(), words.status.len());
        for class in ORDER {
            let mut terms: Vec<&Term> = self.terms.iter().filter(|t| t.class == class).collect();
            if terms.is_empty() {
                continue;
            }
            // What binds and weighs most first; the axis's order between equals.
            terms.sort_by_key(|term| std::cmp::Reverse((term.necessity, term.weight)));
            writeln!(f, "\n{} ({})", words.classes[usize::from(class as u8)], terms.len())?;
            for term in terms {
                writeln!(f, "  - {}", words.term(term))?;
            }
        }
        let surplus = match self.surplus.len() {
            0 => words.none.to_owned(),
            _ => self.surplus.iter().map(|s| s.label.as_str()).collect::<Vec<_>>().join(" · "),
        };
        writeln!(f, "\n{} ({}): {surplus}", words.surplus, self.surplus.len())
    }
}
