//! `passerelle info`: what a framework holds, and what was set aside when it was read.

use passerelle::gap::Measure;
use passerelle::read::{self, ReadReport};
use passerelle::{Framework, Necessity, Result, SkillKind, snapshot};
use serde::Serialize;

use crate::args::{Arguments, Info};
use crate::write;

/// What is said of a framework.
#[derive(Serialize)]
struct Said<'a> {
    name: &'a str,
    version: &'a str,
    licence: &'a str,
    attribution: &'a str,
    languages: &'a [String],
    skills: usize,
    skills_by_kind: Vec<(&'static str, usize)>,
    skill_groups: usize,
    occupations: usize,
    occupation_groups: usize,
    job_titles: usize,
    requirements: usize,
    requirements_by_necessity: Vec<(&'static str, usize)>,
    prerequisites: usize,
    scales: Vec<String>,
    weight_denominator: u16,
    measures: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a ReadReport>,
}

pub fn run(arguments: &Arguments, info: &Info) -> Result<()> {
    let (framework, report) = if info.framework.is_file() {
        (snapshot::open_framework_file(&info.framework)?, None)
    } else {
        let (framework, report) = read::framework(&info.framework)?;
        (framework, Some(report))
    };
    let said = Said::of(&framework, report.as_ref());
    if arguments.json {
        return write::print_json(&said);
    }
    write::print(&said.text())
}

impl<'a> Said<'a> {
    fn of(framework: &'a Framework, report: Option<&'a ReadReport>) -> Self {
        let axis = framework.axis();
        let required = framework.required();
        let skills = u32::try_from(axis.len()).unwrap_or(u32::MAX);
        let of_kind = |kind| (0..skills).filter(|&skill| axis.kind(skill) == kind).count();
        let mut bound = vec![0usize; Necessity::ALL.len()];
        for target in (0u32..).take(required.len()) {
            for necessity in required.row(target).necessities {
                bound[usize::from(*necessity as u8)] += 1;
            }
        }
        Self {
            name: framework.name(),
            version: framework.version(),
            licence: &framework.origin().licence,
            attribution: &framework.origin().attribution,
            languages: framework.skills().labels().languages(),
            skills: axis.len(),
            skills_by_kind: SkillKind::ALL.iter().map(|&k| (k.name(), of_kind(k))).collect(),
            skill_groups: framework.skills().groups().len(),
            occupations: required.len(),
            occupation_groups: framework.occupations().groups().len(),
            job_titles: framework.titles().len(),
            requirements: required.entries(),
            requirements_by_necessity: Necessity::ALL.iter().map(|n| n.name()).zip(bound).collect(),
            prerequisites: framework.prerequisites().strict.len()
                + framework.prerequisites().advisory.len(),
            scales: axis.scales().iter().map(|s| format!("{} (0 to {})", s.name(), s.written(s.top()))).collect(),
            weight_denominator: axis.weight_denominator(),
            measures: Measure::ALL.iter().map(|measure| measure.name()).collect(),
            report,
        }
    }

    fn text(&self) -> String {
        let counted = |counts: &[(&str, usize)]| {
            let some = counts.iter().filter(|(_, count)| *count > 0);
            some.map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
        };
        let mut text = format!(
            "{} {}\n  skills        {} ({}), in {} groups\n  occupations   {}, in {} groups, \
             with {} job titles\n  requirements  {} ({})\n  scales        {}; weights in parts of {}\n",
            self.name,
            self.version,
            self.skills,
            counted(&self.skills_by_kind),
            self.skill_groups,
            self.occupations,
            self.occupation_groups,
            self.job_titles,
            self.requirements,
            counted(&self.requirements_by_necessity),
            self.scales.join(", "),
            self.weight_denominator,
        );
        for (what, value) in [
            ("languages", self.languages.join(", ")),
            ("licence", self.licence.to_owned()),
            ("attribution", self.attribution.to_owned()),
        ] {
            if !value.is_empty() {
                text.push_str(&format!("  {what:<13} {value}\n"));
            }
        }
        if self.prerequisites > 0 {
            text.push_str(&format!("  prerequisites {}\n", self.prerequisites));
        }
        if let Some(report) = self.report {
            text.push_str(&format!("\n{report}\n"));
        }
        text
    }
}
