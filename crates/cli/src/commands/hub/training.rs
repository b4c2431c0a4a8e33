//! The training module: what to buy, where, who pays, what it closes and what stays open.

use std::collections::BTreeMap;
use std::path::Path;

use passerelle::hub::training::Training;
use passerelle::hub::training::adequacy::{Indicator, adequacy, indicators};
use passerelle::hub::training::offer::{euros, hours};
use passerelle::hub::training::plan::{Plan, PlanOptions, Purchase, Unmet, plan};
use passerelle::hub::training::plan_file::{Named, PlanRecord, write_plan};
use passerelle::hub::training::uncovered::{UncoveredOptions, uncovered, write_uncovered};
use passerelle::hub::{Hub, Region};
use passerelle::{Held, Result, Run};

use super::people::{lone, parts, text as shown, written};
use super::table::{short, table};
use crate::write::{self, Whole};

/// Rows shown on the screen; the files hold all of them.
const SHOWN: usize = 10;

/// What the module works on.
pub struct Input<'a> {
    pub hub: &'a Hub,
    pub region: &'a Region,
    pub training: &'a Training,
    pub held: &'a Held,
    pub run: &'a Run,
}

/// Writes the module's files, and gives what goes on the screen and into the summary.
pub fn run(
    input: &Input<'_>,
    folder: &Path,
    language: &str,
) -> Result<(String, serde_json::Value)> {
    let Input { hub, training, held, run, .. } = *input;
    let (offer, learners) = (&training.offer, &training.learners);
    let required = hub.framework.required();
    let options = PlanOptions::new(training.from);
    let plan = plan(offer, held, required, &learners.learners, &options, run)?;
    let named = Named {
        offer,
        people: hub.profiles.people(),
        targets: required.targets(),
        learners: &learners.learners,
    };
    let mut seats = Whole::create(&folder.join("plan.csv"))?;
    write_plan(&plan, &named, seats.out())?;
    seats.finish()?;
    let record = PlanRecord::of(&plan, &options, &named);
    write::json(&folder.join("certificate.json"), &record)?;

    let needs: Vec<u32> =
        learners.positions_of.iter().map(|&count| count.try_into().unwrap_or(u32::MAX)).collect();
    let missed = uncovered(offer, required, &needs, &UncoveredOptions::default())?;
    let mut file = Whole::create(&folder.join("uncovered.csv"))?;
    write_uncovered(&missed, offer, &hub.framework, language, file.out())?;
    file.finish()?;

    let told = Told { input, plan: &plan, language, budgets: named.budgets() };
    let closed = told.closed();
    told.write_purchases(folder, &closed)?;
    let open = told.write_open(folder)?;
    let idle = told.write_adequacy(folder)?;
    let figures = indicators(offer, held, required, learners, &training.publics, &plan)?;
    let figures = told.write_indicators(folder, figures)?;

    let mut text = told.head()?;
    text.push_str(&told.bought(&closed));
    text.push_str(&told.paid());
    text.push_str(&open);
    text.push_str(&told.tail(missed.enriched.len(), idle));
    let certificate = &plan.certificate;
    let summary = serde_json::json!({
        "positions_that_call_for_training": learners.positions,
        "learners": lone(learners.learners.len() as u64),
        "seats": lone(plan.entries.len() as u64),
        "closed": certificate.closed,
        "cents": certificate.cents,
        "proven": certificate.proven,
        "bound": certificate.bound,
        "bound_considered": certificate.bound_considered,
        "distance": certificate.distance(),
        "first_come": certificate.greedy,
        "certifications_enriched": missed.enriched.len(),
        "indicators": figures,
        "offer_report": training.offer_report,
        "attributes_report": training.publics_report,
    });
    Ok((text, summary))
}

/// What is told of a plan.
struct Told<'t> {
    input: &'t Input<'t>,
    plan: &'t Plan,
    language: &'t str,
    budgets: Vec<String>,
}

impl Told<'_> {
    fn say(&self, french: &'static str, english: &'static str) -> &'static str {
        if self.language == "fr" { french } else { english }
    }

    /// The weighted gap that each purchase closes.
    fn closed(&self) -> BTreeMap<(u32, Option<u32>), u64> {
        let required = self.input.hub.framework.required();
        let mut closed = BTreeMap::new();
        for entry in &self.plan.entries {
            let learner = &self.input.training.learners.learners[entry.learner as usize];
            let target = required.row(learner.target);
            let weight = |skill: u32| {
                let found = target.iter().find(|(of, _)| *of == skill);
                found.map_or(0, |(_, requirement)| u64::from(requirement.weight))
            };
            let gain = entry
                .step
                .closes
                .iter()
                .map(|one| weight(one.skill) * u64::from(one.to - one.from));
            let gain = gain.sum::<u64>() * u64::from(learner.weight);
            let session = entry.step.session.unwrap_or(u32::MAX);
            *closed.entry((session, entry.budget)).or_default() += gain;
        }
        closed
    }

    fn place(&self, session: u32) -> (&str, &str) {
        let offer = &self.input.training.offer;
        let id = &offer.territories()[offer.sessions()[session as usize].territory];
        let places = &self.input.region.territories;
        let label = places.ids().position(id).map_or("", |at| places.get(at).label);
        (id, label)
    }

    fn payer(&self, purchase: &Purchase) -> (&str, &str) {
        let offer = &self.input.training.offer;
        let budget = purchase.budget.map(|at| &offer.budgets()[at as usize]);
        budget.map_or(("", ""), |one| (&offer.funder_ids()[one.funder], &offer.axes()[one.axis]))
    }

    fn write_purchases(
        &self,
        folder: &Path,
        closed: &BTreeMap<(u32, Option<u32>), u64>,
    ) -> Result<()> {
        let offer = &self.input.training.offer;
        let header = [
            "session",
            "module",
            "label",
            "territory",
            "place",
            "start",
            "end",
            "seats",
            "funder",
            "axis",
            "euros",
            "closes",
        ];
        write::csv(&folder.join("purchases.csv"), &header, |write| {
            self.plan.purchases.iter().try_for_each(|one| {
                let session = &offer.sessions()[one.session as usize];
                let dates = session.dates.or(session.entry);
                let day = |day: Option<passerelle::Date>| {
                    day.map(|day| day.to_string()).unwrap_or_default()
                };
                let ((place, label), (funder, axis)) = (self.place(one.session), self.payer(one));
                let gain = closed.get(&(one.session, one.budget)).copied().unwrap_or(0);
                write(&[
                    &offer.session_ids()[one.session],
                    &offer.module_ids()[session.module],
                    &offer.modules()[session.module as usize].label,
                    place,
                    label,
                    &day(dates.map(|dates| dates.0)),
                    &day(dates.map(|dates| dates.1)),
                    &one.people.to_string(),
                    funder,
                    axis,
                    &euros(one.cents),
                    &gain.to_string(),
                ])
            })
        })
    }

    /// Writes what stays open, by skill and reason, and gives what goes on the screen.
    fn write_open(&self, folder: &Path) -> Result<String> {
        let framework = &self.input.hub.framework;
        let required = framework.required();
        let mut by_why: BTreeMap<Unmet, (u64, u64)> = BTreeMap::new();
        for one in &self.plan.uncovered {
            let (people, weight) = by_why.entry(one.why).or_default();
            (*people, *weight) = (*people + 1, *weight + one.weight);
        }
        let rows = self.plan.open_skills(required, &self.input.training.learners.learners);
        let header = ["skill", "label", "why", "people", "weight"];
        write::csv(&folder.join("open_gaps.csv"), &header, |write| {
            rows.iter().try_for_each(|one| {
                // The weight would tell how many they are.
                let people = lone(one.people);
                write(&[
                    &framework.axis().ids()[one.skill],
                    framework.skill_name(one.skill, self.language),
                    one.why.name(),
                    &written(people),
                    &written(people.map(|_| one.weight)),
                ])
            })
        })?;
        let mut text = self.say("\nCe qui reste ouvert\n", "\nWhat stays open\n").to_owned();
        let columns = [
            self.say("pourquoi", "why"),
            self.say("personnes", "people"),
            self.say("écart pondéré", "weighted gap"),
        ];
        let reasons = by_why.into_iter().map(|(why, (people, weight))| {
            let people = lone(people);
            vec![self.why(why).to_owned(), shown(people), shown(people.map(|_| weight))]
        });
        text.push_str(&table(&columns, reasons, 1));
        Ok(text)
    }

    fn why(&self, why: Unmet) -> &'static str {
        match why {
            Unmet::NoPathway => self.say("aucun module n'y mène", "no module leads there"),
            Unmet::NoSession => self.say("aucune session à portée", "no session in reach"),
            Unmet::Seats => self.say("sessions complètes", "sessions full"),
            Unmet::TooFew => {
                self.say("trop peu de personnes pour ouvrir", "too few people to open")
            }
            Unmet::Money => self.say("budgets épuisés", "no money left"),
        }
    }

    /// Writes needs, offer and plan side by side, and gives how many modules trace to no need.
    fn write_adequacy(&self, folder: &Path) -> Result<[usize; 2]> {
        let Input { hub, training, held, .. } = self.input;
        let required = hub.framework.required();
        let found = adequacy(&training.offer, held, required, &training.learners, self.plan)?;
        let header = [
            "what",
            "id",
            "label",
            "positions",
            "level",
            "modules",
            "taught",
            "seats",
            "lacking",
            "closed",
        ];
        write::csv(&folder.join("adequacy.csv"), &header, |write| {
            for one in &found.skills {
                let scale = training.offer.axis().scale(one.skill);
                let (lacking, closed) = parts(one.lacking, &[one.closed])?;
                write(&[
                    if one.modules == 0 { "need-without-module" } else { "need" },
                    &training.offer.axis().ids()[one.skill],
                    hub.framework.skill_name(one.skill, self.language),
                    &one.positions.to_string(),
                    &scale.written(one.level),
                    &one.modules.to_string(),
                    &scale.written(one.taught),
                    &written(lone(one.seats)),
                    &written(lacking),
                    &written(closed[0]),
                ])?;
            }
            found.idle.iter().try_for_each(|&module| {
                let id = &training.offer.module_ids()[module];
                let label = &training.offer.modules()[module as usize].label;
                write(&["module-without-need", id, label, "", "", "", "", "", "", ""])
            })
        })?;
        let without = found.skills.iter().filter(|one| one.modules == 0).count();
        Ok([without, found.idle.len()])
    }

    /// Writes the indicators as far as they may be shown, and gives them so.
    fn write_indicators(
        &self,
        folder: &Path,
        found: Vec<Indicator>,
    ) -> Result<Vec<serde_json::Value>> {
        let told = found.into_iter().map(Indicator::shown).collect::<Result<Vec<_>>>()?;
        let header =
            ["indicator", "numerator", "denominator", "hidden", "method", "source", "date"];
        let date = self.input.training.from.to_string();
        write::csv(&folder.join("indicators.csv"), &header, |write| {
            told.iter().try_for_each(|(one, hidden)| {
                write(&[
                    one.id,
                    &written(one.numerator),
                    &written(one.denominator),
                    if *hidden { "1" } else { "0" },
                    one.method,
                    one.source,
                    &date,
                ])
            })
        })?;
        Ok(told
            .iter()
            .map(|(one, hidden)| serde_json::json!({ "indicator": one, "hidden": hidden }))
            .collect())
    }

    fn head(&self) -> Result<String> {
        let training = self.input.training;
        let learners = &training.learners;
        let certificate = &self.plan.certificate;
        let minutes: u64 = self
            .plan
            .entries
            .iter()
            .map(|entry| u64::from(training.offer.modules()[entry.step.module as usize].minutes))
            .sum();
        let people = self.input.held.len() as u64;
        let to_train = learners.learners.len() as u64;
        let (_, counts) = parts(
            people,
            &[to_train, learners.fit, learners.to_ask, learners.beyond, learners.unmatched],
        )?;
        let [to_train, fit, to_ask, beyond, unmatched] =
            [0, 1, 2, 3, 4].map(|at| shown(counts[at]));
        let positions = learners.positions;
        let rows = &training.offer_report;
        let (read, kept) = (rows.rows(), rows.kept());
        let mut text = format!("\n── {} ──\n", self.say("Formation", "Training"));
        text.push_str(&if self.language == "fr" {
            format!(
                "offre : {read} lignes lues, {kept} gardées\n\
                 {positions} postes appellent une formation ; {to_train} personnes à former, les plus proches d'abord ({fit} prêtes déjà, {to_ask} à interroger d'abord, {beyond} sans poste restant à leur portée, {unmatched} sans compétence commune)\n"
            )
        } else {
            format!(
                "offer: {read} rows read, {kept} kept\n\
                 {positions} positions call for training; {to_train} people to train, the nearest first ({fit} fit already, {to_ask} to ask first, {beyond} without a position left within reach, {unmatched} without a skill in common)\n"
            )
        });
        for finding in rows.findings.iter().take(SHOWN) {
            text.push_str(&format!("{}, {} : {}\n", finding.file, finding.line, finding.problem));
        }
        let (closed, bound) = (certificate.closed, certificate.bound);
        let (seats, money) = (self.plan.entries.len(), euros(certificate.cents));
        let (distance, first) = (certificate.distance() * 100.0, certificate.greedy.0);
        let time = hours(minutes);
        let bought = self.plan.purchases.len();
        text.push_str(&if self.language == "fr" {
            let proof = if certificate.proven {
                "prouvé optimal, aucun plan n'en ferme plus, ni autant pour moins".to_owned()
            } else {
                format!(
                    "aucun plan n'en ferme plus de {bound} : {distance:.1} % au plus de l'optimum"
                )
            };
            format!(
                "Plan : {seats} places, {bought} achats, {time} heures-stagiaires, {money} €\n\
                 Il ferme {closed} d'écart pondéré (poids × niveaux) ; {proof}. Premier arrivé, premier servi : {first}\n"
            )
        } else {
            let proof = if certificate.proven {
                "proven optimal, no plan closes more, nor as much for less".to_owned()
            } else {
                format!("no plan closes more than {bound}: at most {distance:.1} % from the optimum")
            };
            format!(
                "Plan: {seats} seats, {bought} purchases, {time} trainee hours, {money} €\n\
                 It closes {closed} of weighted gap (weight × levels); {proof}. First come first served: {first}\n"
            )
        });
        Ok(text)
    }

    fn bought(&self, closed: &BTreeMap<(u32, Option<u32>), u64>) -> String {
        let offer = &self.input.training.offer;
        let mut order: Vec<(&Purchase, u64)> = Vec::new();
        for one in &self.plan.purchases {
            order.push((one, closed.get(&(one.session, one.budget)).copied().unwrap_or(0)));
        }
        order.sort_by_key(|(one, gain)| (std::cmp::Reverse(*gain), one.session, one.budget));
        let mut text = self
            .say(
                "\nÀ acheter, ce qui ferme le plus d'abord\n",
                "\nTo buy, what closes most first\n",
            )
            .to_owned();
        let columns = [
            self.say("module", "module"),
            self.say("où", "where"),
            self.say("dès le", "from"),
            self.say("qui paie", "who pays"),
            self.say("places", "seats"),
            "€",
            self.say("ferme", "closes"),
        ];
        let rows = order.iter().take(SHOWN).map(|&(one, gain)| {
            let session = &offer.sessions()[one.session as usize];
            let start = session.dates.or(session.entry).map(|dates| dates.0.to_string());
            let (funder, axis) = self.payer(one);
            let payer = if funder.is_empty() {
                self.say("déjà payée", "paid already").to_owned()
            } else {
                format!("{funder} {axis}")
            };
            vec![
                short(&offer.modules()[session.module as usize].label, 36),
                short(self.place(one.session).1, 20),
                start.unwrap_or_default(),
                payer,
                one.people.to_string(),
                euros(one.cents),
                gain.to_string(),
            ]
        });
        text.push_str(&table(&columns, rows, 4));
        if order.len() > SHOWN {
            let more = self.say("autres dans", "more in");
            text.push_str(&format!("… {} {more} purchases.csv\n", order.len() - SHOWN));
        }
        text
    }

    fn paid(&self) -> String {
        let offer = &self.input.training.offer;
        let mut spent = vec![0_u64; offer.budgets().len()];
        for one in &self.plan.purchases {
            if let Some(at) = one.budget {
                spent[at as usize] += one.cents;
            }
        }
        let columns = [
            "budget",
            self.say("disponible €", "available €"),
            self.say("dépensé €", "spent €"),
            "%",
        ];
        let rows = self.budgets.iter().zip(offer.budgets()).zip(&spent);
        let rows = rows.map(|((key, budget), &spent)| {
            let share = (u128::from(spent) * 100).checked_div(budget.cents.into()).unwrap_or(0);
            vec![key.clone(), euros(budget.cents), euros(spent), share.to_string()]
        });
        format!("\n{}\n{}", self.say("Qui paie", "Who pays"), table(&columns, rows, 1))
    }

    fn tail(&self, enriched: usize, [without, idle]: [usize; 2]) -> String {
        let files =
            "plan, purchases, open_gaps, uncovered, adequacy, indicators (.csv), certificate.json";
        if self.language == "fr" {
            format!(
                "\n{without} compétences demandées sans aucun module, {idle} modules sans besoin (adequacy.csv) ; {enriched} certifications à compléter (uncovered.csv)\n\
                 plan.csv nomme des pseudonymes : aussi privé que les profils. Pour le vérifier : passerelle check-plan DOSSIER HUB\n\
                 Fichiers : {files}\n"
            )
        } else {
            format!(
                "\n{without} skills asked for without any module, {idle} modules without a need (adequacy.csv); {enriched} certifications to complete (uncovered.csv)\n\
                 plan.csv names pseudonyms: as private as profiles. To check it: passerelle check-plan FOLDER HUB\n\
                 Files: {files}\n"
            )
        }
    }
}
