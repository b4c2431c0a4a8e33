//! The training module: what to buy, where, who pays, what it closes and what stays open.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Input;
use super::files::{flag, lone, written};
use super::page::{Page, count, short};
use crate::error::Result;
use crate::hub::Region;
use crate::hub::recruitment::Picture;
use crate::hub::training::Training;
use crate::hub::training::adequacy::{Indicator, adequacy, indicators};
use crate::hub::training::offer::{euros, hours};
use crate::hub::training::plan::{Plan, PlanOptions, Purchase, Unmet, plan};
use crate::hub::training::plan_file::{PlanRecord, write_plan};
use crate::hub::training::uncovered::{UncoveredOptions, uncovered, write_uncovered};
use crate::skill::Date;
use crate::trust::{Rules, some_parts_shown};

/// Rows in the report; the files hold all of them.
const SHOWN: usize = 10;

/// What is told of a plan.
struct Told<'t> {
    input: &'t Input<'t>,
    region: &'t Region,
    training: &'t Training,
    plan: &'t Plan,
    /// What each budget is known by.
    budgets: Vec<String>,
    /// The weighted gap that each purchase closes.
    closed: BTreeMap<(u32, Option<u32>), u64>,
}

pub(super) fn tell(
    input: &Input<'_>,
    (region, _): (&Region, &Picture),
    training: &Training,
    page: &mut Page,
) -> Result<Value> {
    let (hub, held) = (input.subject.hub, input.subject.held);
    let (offer, learners) = (&training.offer, &training.learners);
    let (framework, required) = (&hub.framework, hub.framework.required());
    let options = PlanOptions::new(training.from);
    let plan = plan(offer, held, required, &learners.learners, &options, input.run)?;
    let named = training.named(hub);
    input.files.whole("plan.csv", |out| write_plan(&plan, &named, out))?;
    input.files.json("certificate.json", &PlanRecord::of(&plan, &options, &named))?;

    let needs: Vec<u32> =
        learners.positions_of.iter().map(|&count| count.try_into().unwrap_or(u32::MAX)).collect();
    let missed = uncovered(offer, required, &needs, &UncoveredOptions::default())?;
    input.files.whole("uncovered.csv", |out| {
        write_uncovered(&missed, offer, framework, input.language, out)
    })?;

    let closed = plan.closed_by_purchase(required, &learners.learners);
    let budgets = named.budgets();
    let told = Told { input, region, training, plan: &plan, budgets, closed };
    told.write_purchases()?;
    told.write_open()?;
    let without = told.write_adequacy()?;
    let figures = indicators(offer, held, required, learners, &training.publics, &plan)?;
    let figures = told.write_indicators(figures)?;

    told.print_head(page)?;
    told.print_bought(page);
    told.print_paid(page);
    told.print_open(page);
    told.print_tail(missed.enriched.len(), without, page);
    let certificate = &plan.certificate;
    Ok(json!({
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
    }))
}

/// Skills asked for without any module, and modules without a need.
#[derive(Clone, Copy)]
struct Without {
    module: usize,
    need: usize,
}

impl Told<'_> {
    /// Id and label of where a session is.
    fn place(&self, session: u32) -> (&str, &str) {
        let offer = &self.training.offer;
        let id = &offer.territories()[offer.sessions()[session as usize].territory];
        let places = &self.region.territories;
        let label = places.ids().position(id).map_or("", |at| places.get(at).label);
        (id, label)
    }

    /// Funder and axis; empty for seats that are paid for already.
    fn payer(&self, purchase: &Purchase) -> (&str, &str) {
        let offer = &self.training.offer;
        let budget = purchase.budget.map(|at| &offer.budgets()[at as usize]);
        budget.map_or(("", ""), |one| (&offer.funder_ids()[one.funder], &offer.axes()[one.axis]))
    }

    fn closes(&self, purchase: &Purchase) -> u64 {
        self.closed.get(&(purchase.session, purchase.budget)).copied().unwrap_or(0)
    }

    fn write_purchases(&self) -> Result<()> {
        let offer = &self.training.offer;
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
        self.input.files.csv("purchases.csv", &header, |write| {
            self.plan.purchases.iter().try_for_each(|one| {
                let session = &offer.sessions()[one.session as usize];
                let dates = session.dates.or(session.entry);
                let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
                let ((place, label), (funder, axis)) = (self.place(one.session), self.payer(one));
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
                    &self.closes(one).to_string(),
                ])
            })
        })
    }

    /// What stays open, by skill and reason.
    fn write_open(&self) -> Result<()> {
        let required = self.input.subject.hub.framework.required();
        let rows = self.plan.open_skills(required, &self.training.learners.learners);
        let header = ["skill", "label", "why", "people", "weight"];
        self.input.files.csv("open_gaps.csv", &header, |write| {
            rows.iter().map(|one| one.shown()).try_for_each(|one| {
                write(&[
                    self.input.skill_id(one.skill),
                    self.input.skill(one.skill),
                    one.why.name(),
                    &written(one.people),
                    &written(one.weight),
                ])
            })
        })
    }

    /// Needs, offer and plan side by side.
    fn write_adequacy(&self) -> Result<Without> {
        let Told { input, training, .. } = *self;
        let (required, held) = (input.subject.hub.framework.required(), input.subject.held);
        let (offer, learners) = (&training.offer, &training.learners);
        let found = adequacy(offer, held, required, learners, self.plan)?;
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
        input.files.csv("adequacy.csv", &header, |write| {
            for one in &found.skills {
                let scale = offer.axis().scale(one.skill);
                let one = one.shown()?;
                write(&[
                    if one.modules == 0 { "need-without-module" } else { "need" },
                    input.skill_id(one.skill),
                    input.skill(one.skill),
                    &one.positions.to_string(),
                    &scale.written(one.level),
                    &one.modules.to_string(),
                    &scale.written(one.taught),
                    &written(one.seats),
                    &written(one.lacking),
                    &written(one.closed),
                ])?;
            }
            found.idle.iter().try_for_each(|&module| {
                let (id, label) =
                    (&offer.module_ids()[module], &offer.modules()[module as usize].label);
                write(&["module-without-need", id, label, "", "", "", "", "", "", ""])
            })
        })?;
        let module = found.skills.iter().filter(|one| one.modules == 0).count();
        Ok(Without { module, need: found.idle.len() })
    }

    /// Writes the indicators as far as they may be shown, and gives them so.
    fn write_indicators(&self, found: Vec<Indicator>) -> Result<Vec<Value>> {
        let told = found.into_iter().map(Indicator::shown).collect::<Result<Vec<_>>>()?;
        let header =
            ["indicator", "numerator", "denominator", "hidden", "method", "source", "date"];
        let date = self.training.from.to_string();
        self.input.files.csv("indicators.csv", &header, |write| {
            told.iter().try_for_each(|(one, hidden)| {
                write(&[
                    one.id,
                    &written(one.numerator),
                    &written(one.denominator),
                    flag(*hidden),
                    one.method,
                    one.source,
                    &date,
                ])
            })
        })?;
        let told = told.iter();
        Ok(told.map(|(one, hidden)| json!({ "indicator": one, "hidden": hidden })).collect())
    }

    fn print_head(&self, page: &mut Page) -> Result<()> {
        let Told { input, training, plan, .. } = *self;
        let learners = &training.learners;
        let to_train = learners.learners.len() as u64;
        let people = input.subject.held.len() as u64;
        let parts = [to_train, learners.fit, learners.to_ask, learners.beyond, learners.unmatched];
        let parts = some_parts_shown(people, &parts, Rules::default())?.parts;
        let [to_train, fit, to_ask, beyond, unmatched] = [0, 1, 2, 3, 4].map(|at| count(parts[at]));
        let positions = learners.positions;
        let (read, kept) = (training.offer_report.rows(), training.offer_report.kept());
        page.lines(format!("\n── {} ──", input.say("Formation", "Training")));
        page.lines(if input.is_french() {
            format!(
                "offre : {read} lignes lues, {kept} gardées\n\
                 {positions} postes appellent une formation ; {to_train} personnes à former, les plus proches d'abord ({fit} prêtes déjà, {to_ask} à interroger d'abord, {beyond} sans poste restant à leur portée, {unmatched} sans compétence commune)"
            )
        } else {
            format!(
                "offer: {read} rows read, {kept} kept\n\
                 {positions} positions call for training; {to_train} people to train, the nearest first ({fit} fit already, {to_ask} to ask first, {beyond} without a position left within reach, {unmatched} without a skill in common)"
            )
        });
        for finding in training.offer_report.findings.iter().take(SHOWN) {
            page.lines(format!("{}, {} : {}", finding.file, finding.line, finding.problem));
        }
        let certificate = &plan.certificate;
        let minutes = plan
            .entries
            .iter()
            .map(|entry| u64::from(training.offer.modules()[entry.step.module as usize].minutes));
        let (seats, bought, time) =
            (plan.entries.len(), plan.purchases.len(), hours(minutes.sum::<u64>()));
        let (closed, bound, money) =
            (certificate.closed, certificate.bound, euros(certificate.cents));
        let (distance, first) = (certificate.distance() * 100.0, certificate.greedy.0);
        let best = match (certificate.proven, input.is_french()) {
            (true, true) => {
                "prouvé optimal, aucun plan n'en ferme plus, ni autant pour moins".to_owned()
            }
            (true, false) => "proven optimal, no plan closes more, nor as much for less".to_owned(),
            (false, true) => format!(
                "aucun plan n'en ferme plus de {bound} : {distance:.1} % au plus de l'optimum"
            ),
            (false, false) => {
                format!(
                    "no plan closes more than {bound}: at most {distance:.1} % from the optimum"
                )
            }
        };
        page.lines(if input.is_french() {
            format!(
                "Plan : {seats} places, {bought} achats, {time} heures-stagiaires, {money} €\n\
                 Il ferme {closed} d'écart pondéré (poids × niveaux) ; {best}. Premier arrivé, premier servi : {first}"
            )
        } else {
            format!(
                "Plan: {seats} seats, {bought} purchases, {time} trainee hours, {money} €\n\
                 It closes {closed} of weighted gap (weight × levels); {best}. First come first served: {first}"
            )
        });
        Ok(())
    }

    fn print_bought(&self, page: &mut Page) {
        let Told { input, training, plan, .. } = *self;
        let offer = &training.offer;
        let mut order: Vec<&Purchase> = plan.purchases.iter().collect();
        order.sort_by_key(|one| (Reverse(self.closes(one)), one.session, one.budget));
        page.lines(
            input.say(
                "\nÀ acheter, ce qui ferme le plus d'abord",
                "\nTo buy, what closes most first",
            ),
        );
        let header = [
            input.say("module", "module"),
            input.say("où", "where"),
            input.say("dès le", "from"),
            input.say("qui paie", "who pays"),
            input.say("places", "seats"),
            "€",
            input.say("ferme", "closes"),
        ];
        let rows = order.iter().take(SHOWN).map(|one| {
            let session = &offer.sessions()[one.session as usize];
            let start = session.dates.or(session.entry).map(|dates| dates.0.to_string());
            let (funder, axis) = self.payer(one);
            let payer = if funder.is_empty() {
                input.say("déjà payée", "paid already").to_owned()
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
                self.closes(one).to_string(),
            ]
        });
        page.table(&header, 4, rows);
        if order.len() > SHOWN {
            page.lines(input.more(order.len() - SHOWN, "purchases.csv"));
        }
    }

    fn print_paid(&self, page: &mut Page) {
        let offer = &self.training.offer;
        let mut spent = vec![0_u64; offer.budgets().len()];
        for one in &self.plan.purchases {
            if let Some(at) = one.budget {
                spent[at as usize] += one.cents;
            }
        }
        page.lines(self.input.say("\nQui paie", "\nWho pays"));
        let header = [
            "budget",
            self.input.say("disponible €", "available €"),
            self.input.say("dépensé €", "spent €"),
            "%",
        ];
        let rows = self.budgets.iter().zip(offer.budgets()).zip(&spent);
        let rows = rows.map(|((key, budget), &spent)| {
            let share = (u128::from(spent) * 100).checked_div(budget.cents.into()).unwrap_or(0);
            vec![key.clone(), euros(budget.cents), euros(spent), share.to_string()]
        });
        page.table(&header, 1, rows);
    }

    /// What stays open, by reason.
    fn print_open(&self, page: &mut Page) {
        let mut by_why: BTreeMap<Unmet, (u64, u64)> = BTreeMap::new();
        for one in &self.plan.uncovered {
            let (people, weight) = by_why.entry(one.why).or_default();
            (*people, *weight) = (*people + 1, *weight + one.weight);
        }
        page.lines(self.input.say("\nCe qui reste ouvert", "\nWhat stays open"));
        let header = [
            self.input.say("pourquoi", "why"),
            self.input.say("personnes", "people"),
            self.input.say("écart pondéré", "weighted gap"),
        ];
        let rows = by_why.into_iter().map(|(why, (people, weight))| {
            let people = lone(people);
            vec![self.why(why).to_owned(), count(people), count(people.map(|_| weight))]
        });
        page.table(&header, 1, rows);
    }

    fn why(&self, why: Unmet) -> &'static str {
        let (french, english) = match why {
            Unmet::NoPathway => ("aucun module n'y mène", "no module leads there"),
            Unmet::NoSession => ("aucune session à portée", "no session in reach"),
            Unmet::Seats => ("sessions complètes", "sessions full"),
            Unmet::TooFew => ("trop peu de personnes pour ouvrir", "too few people to open"),
            Unmet::Money => ("budgets épuisés", "no money left"),
        };
        self.input.say(french, english)
    }

    fn print_tail(&self, enriched: usize, without: Without, page: &mut Page) {
        let Without { module, need } = without;
        page.lines(if self.input.is_french() {
            format!(
                "\n{module} compétences demandées sans aucun module, {need} modules sans besoin (adequacy.csv) ; {enriched} certifications à compléter (uncovered.csv)"
            )
        } else {
            format!(
                "\n{module} skills asked for without any module, {need} modules without a need (adequacy.csv); {enriched} certifications to complete (uncovered.csv)"
            )
        });
        if self.input.files.folder.is_none() {
            return;
        }
        let files =
            "plan, purchases, open_gaps, uncovered, adequacy, indicators (.csv), certificate.json";
        page.lines(if self.input.is_french() {
            format!(
                "plan.csv nomme des pseudonymes : aussi privé que les profils. Pour le vérifier : passerelle check-plan DOSSIER HUB\n\
                 Fichiers : {files}"
            )
        } else {
            format!(
                "plan.csv names pseudonyms: as private as profiles. To check it: passerelle check-plan FOLDER HUB\n\
                 Files: {files}"
            )
        });
    }
}
