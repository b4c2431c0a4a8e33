//! `passerelle merge`: frameworks of several sources as one, and where they differ.

use passerelle::framework::{ConceptOf, Union};
use passerelle::snapshot::Snapshot;
use passerelle::{Result, read};

use crate::args::{Arguments, Concepts, Merge};
use crate::{source, write};

pub fn run(arguments: &Arguments, asked: &Merge) -> Result<()> {
    let mut union = Union::default();
    for path in &asked.frameworks {
        union = union.merge(&Union::of(&source::framework(path)?));
    }
    let of = match asked.of {
        Concepts::Skills => ConceptOf::Skills,
        Concepts::Occupations => ConceptOf::Occupations,
    };
    for path in &asked.aliases {
        let (crosswalk, _) = read::crosswalk(path, "one", "another")?;
        union = union.aliases(of, &crosswalk);
    }
    let (framework, conflicts) = union.resolve(&asked.name, &asked.framework_version)?;
    Snapshot::of_framework(&framework).save(&asked.output)?;
    if let Some(path) = &asked.conflicts {
        let header = ["concept", "about", "source", "said", "resolved"];
        write::csv(path, &header, |record| {
            for conflict in &conflicts {
                for (source, said) in &conflict.said {
                    let concept = conflict.concept.join(" → ");
                    record(&[&concept, conflict.about, source, said, &conflict.resolved])?;
                }
            }
            Ok(())
        })?;
    }
    if arguments.json {
        return write::print_json(&serde_json::json!({
            "sources": union.sources(),
            "skills": framework.axis().len(),
            "occupations": framework.required().len(),
            "requirements": framework.required().entries(),
            "conflicts": conflicts.len(),
            "output": asked.output.display().to_string(),
        }));
    }
    write::print(&format!(
        "{} sources: {} skills, {} occupations, {} requirements; {} conflicts → {}\n",
        union.sources().len(),
        framework.axis().len(),
        framework.required().len(),
        framework.required().entries(),
        conflicts.len(),
        asked.output.display()
    ))
}
