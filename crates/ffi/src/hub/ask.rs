//! What can be asked of a hub.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The names of the questions, in the order of `Ask`.
pub const ASKS: &[&str] = &[
    "overview",
    "needs",
    "vacancies",
    "patterns",
    "breadth",
    "conflicts",
    "tension",
    "balance",
    "bridges",
    "near-sectors",
    "exclusions",
    "candidates",
    "uncovered",
    "pathway",
    "plan",
    "open-gaps",
    "adequacy",
    "indicators",
    "check-plan",
    "report",
];

/// A question.
#[derive(Debug, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Ask {
    /// How far everyone is from the nearest jobs.
    Overview {
        /// How many jobs for each person.
        #[serde(default = "five")]
        k: usize,
    },
    /// What is needed, as far as all sensors together tell.
    Needs {
        /// What is counted apart, beside the territories.
        #[serde(default)]
        by: Vec<By>,
        /// The kind of territory by which needs are counted apart; everywhere together without it.
        territories: Option<String>,
    },
    /// The distinct vacancies behind the reports.
    Vacancies {},
    /// The skills asked for over the last eight quarters, and by which pattern.
    Patterns {},
    /// How many of a sector's employers ask for each skill.
    Breadth {
        /// The sector.
        sector: String,
    },
    /// Records that a sensor gave two contents.
    Conflicts {},
    /// Positions beside the people who cover each occupation.
    Tension {
        /// As in needs.
        territories: Option<String>,
    },
    /// Skills required beside skills held.
    Balance {
        /// As in needs.
        territories: Option<String>,
        /// A scenario of the folder.
        scenario: Option<String>,
    },
    /// The jobs nearest to an occupation, or to a person.
    Bridges {
        /// An occupation's id.
        occupation: Option<String>,
        /// A person's id.
        person: Option<String>,
    },
    /// Pairs of sectors that look for the same skills.
    NearSectors {
        /// A scenario of the folder.
        scenario: Option<String>,
    },
    /// Which requirements keep people out of an occupation.
    Exclusions {
        /// Its id.
        occupation: String,
    },
    /// The best people for each vacancy.
    Candidates {
        /// How many.
        #[serde(default = "five")]
        k: usize,
    },
    /// What certifications miss.
    Uncovered {
        /// How many are needed, by an occupation's id.
        needs: BTreeMap<String, u32>,
    },
    /// The modules that close one person's gap at least cost.
    Pathway {
        /// The person's id.
        person: String,
        /// The occupation's id.
        target: String,
        /// The coverage to reach, in hundredths of a percent; all that modules can without it.
        coverage: Option<u16>,
    },
    /// What to buy for everyone to be trained, and who sits where.
    Plan {},
    /// What the plan leaves open, skill by skill.
    OpenGaps {},
    /// Needs, offer and plan side by side, skill by skill.
    Adequacy {},
    /// The figures by which a plan is judged.
    Indicators {},
    /// Whether a plan's files hold against the hub.
    CheckPlan {
        /// The folder that holds them.
        folder: String,
    },
    /// Everything that `passerelle hub` tells.
    Report {
        /// How many jobs for each person.
        #[serde(default = "ten")]
        k: usize,
        /// A scenario of the folder.
        scenario: Option<String>,
        /// The language of labels and of the report.
        #[serde(default = "french")]
        language: String,
        /// The folder to write every table into.
        folder: Option<String>,
    },
}

/// What needs are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Sectors.
    Sector,
    /// Occupations.
    Occupation,
    /// Horizons.
    Horizon,
}

fn five() -> usize {
    5
}

fn ten() -> usize {
    10
}

fn french() -> String {
    "fr".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_question_and_others_are_refused() {
        let guide = include_str!("../../../../docs/c.md");
        for name in ASKS {
            assert!(guide.contains(&format!("\n| `{name}` | ")), "docs/c.md has a row for {name}");
            let asked = serde_json::from_str::<Ask>(&format!(r#"{{"ask": "{name}"}}"#));
            // It is known, though some of its fields may be missing.
            if let Err(error) = asked {
                assert!(error.to_string().starts_with("missing field"), "{name}: {error}");
            }
        }
        let refused = |text| serde_json::from_str::<Ask>(text).unwrap_err().to_string();
        let said = refused(r#"{"ask": "luck"}"#);
        let listed = ASKS.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        assert!(said.contains(&listed), "{said}");
        assert!(refused(r#"{"ask": "overview", "q": 1}"#).contains("unknown field `q`"));
    }
}
