//! `passerelle explain`: one person's score for one target, taken apart.

use passerelle::rank::{self, Account, PartOf};
use passerelle::{Explanation, Framework, Profiles, Result, near};

use crate::args::{Arguments, Explain};
use crate::{progress, source, write};

pub fn run(arguments: &Arguments, explain: &Explain) -> Result<()> {
    let framework = source::framework(&explain.framework)?;
    let profiles = source::profiles(&explain.people, &framework)?;
    let (person, target) = (&explain.person, &explain.target);
    let Ok(strategy) = rank::fitted(&explain.strategy, framework.required()) else {
        return account(arguments, explain, &framework, &profiles);
    };
    let transfer = source::transfer(&explain.transfer, &framework)?;
    let (lang, strategy) = (&arguments.lang, &*strategy);
    let why = Explanation::with_transfer(
        &profiles, person, &framework, target, strategy, lang, &transfer,
    )?;
    if arguments.json { write::print_json(&why) } else { write::print(&why.to_string()) }
}

/// For what scores by other rules than a sum over shared skills.
fn account(
    arguments: &Arguments,
    explain: &Explain,
    framework: &Framework,
    profiles: &Profiles,
) -> Result<()> {
    let (run, bar) = progress::run(arguments, "explain");
    let scorer = near::scorer(&explain.strategy, framework, &arguments.lang, &run)?;
    bar.finish_and_clear();
    let alone = profiles.select(&[profiles.position(&explain.person)?])?.held(framework)?;
    let held = source::transfer(&explain.transfer, framework)?.apply(&alone)?;
    let target = framework.required().position(&explain.target)?;
    let account = scorer.account(held.held().row(0).into(), target);
    if arguments.json {
        return write::print_json(&account);
    }
    let mut text = format!(
        "{} → {} ({})\n{}: {}\n",
        explain.person,
        framework.occupation_name(target, &arguments.lang),
        explain.target,
        account.scorer,
        account.score
    );
    lines(&account, framework, &arguments.lang, 1, &mut text);
    write::print(&text)
}

fn lines(account: &Account, framework: &Framework, lang: &str, depth: usize, text: &mut String) {
    for part in &account.parts {
        let of = match &part.of {
            PartOf::Skill(skill) => framework.skill_name(*skill, lang).to_owned(),
            PartOf::Answer { required, held } => format!(
                "{} ← {}",
                framework.skill_name(*required, lang),
                framework.skill_name(*held, lang)
            ),
            PartOf::Occupation(at) => framework.occupation_name(*at, lang).to_owned(),
            PartOf::Term(term) => term.clone(),
        };
        text.push_str(&format!("{:1$}{of}: ", "", depth * 2));
        text.push_str(&format!("{} × {}\n", part.weight, part.value));
        if let Some(own) = &part.account {
            lines(own, framework, lang, depth + 1, text);
        }
    }
}
