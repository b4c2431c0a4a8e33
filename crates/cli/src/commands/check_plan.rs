//! `passerelle check-plan`: a plan's files against the hub's folder that it was made for.

use passerelle::gap::Eligibility;
use passerelle::hub::recruitment::{Picture, PictureOptions};
use passerelle::hub::training::Training;
use passerelle::hub::training::check::proven_bound;
use passerelle::hub::training::plan_file::{Named, faults, read_plan};
use passerelle::hub::{Hub, Region};
use passerelle::trust::{self, Rules};
use passerelle::{Error, Result};

use crate::args::{Arguments, CheckPlan};
use crate::{progress, write};

pub fn run(arguments: &Arguments, asked: &CheckPlan) -> Result<()> {
    let hub = Hub::read(&asked.folder)?;
    let held = hub.profiles.held(&hub.framework)?;
    let (run, bar) = progress::run(arguments, "learners");
    let lacking = || Error::UnknownFormat {
        path: asked.folder.clone(),
        looked_for: vec!["territories.csv", "sensors.csv", "needs.csv", "training/"],
    };
    let region = Region::read(&asked.folder, &hub.framework, &hub.profiles)?.ok_or_else(lacking)?;
    let mut picture = Picture::new(PictureOptions::default());
    picture.update(&region.register)?;
    let seen = (&region, &picture);
    let eligibility = Eligibility::default();
    let training = Training::read(&asked.folder, &hub, &held, seen, eligibility, &run)?;
    let training = training.ok_or_else(lacking)?;
    bar.finish_and_clear();
    let required = hub.framework.required();
    let named = Named {
        offer: &training.offer,
        people: hub.profiles.people(),
        targets: required.targets(),
        learners: &training.learners.learners,
    };
    let (plan, certificate) = (asked.plan.join("plan.csv"), asked.plan.join("certificate.json"));
    let read = read_plan(&plan, &certificate, &named)?;
    let found = faults(&read, &named, &held, required)?;
    let french = arguments.lang == "fr";
    if let Some(first) = found.first() {
        for fault in &found {
            write::print(&format!("{fault}\n"))?;
        }
        let problem = format!("{} faults, the first: {first}; make the plan anew", found.len());
        return Err(Error::Malformed { file: asked.plan.display().to_string(), problem });
    }
    let (plan, seats) = (&read.plan, read.plan.entries.len());
    let percent = plan.certificate.distance() * 100.0;
    let (closed, bound) = (plan.certificate.closed, plan.certificate.bound);
    let proven = plan.certificate.proven;
    let learners = &training.learners.learners;
    let again = proven_bound(&training.offer, &held, required, learners, &read.options, plan);
    let unfinished = again.map_or(0, |again| again.unfinished);
    // A count about people, so hidden where it is small.
    let people = trust::shown(unfinished, Rules::default());
    if arguments.json {
        let told = serde_json::json!({
            "holds": true,
            "seats": seats,
            "closed": closed,
            "bound": bound,
            "proven": proven,
            "unfinished": people,
        });
        return write::print_json(&told);
    }
    let mut text = if french {
        format!(
            "Le plan tient : {seats} places, toutes les limites respectées, {closed} fermés comme écrit.\n"
        )
    } else {
        format!("The plan holds: {seats} seats, every limit kept, {closed} closed as written.\n")
    };
    text.push_str(&match (french, proven) {
        (true, true) => {
            "Il est optimal : tous les plans qui pourraient être meilleurs ont été examinés à nouveau.\n".to_owned()
        }
        (false, true) => {
            "It is optimal: every plan that may be better was looked at again.\n".to_owned()
        }
        (true, false) => format!(
            "Aucun plan ne ferme plus de {bound}, recalculé à partir des prix du certificat : {percent:.1} % au plus de l'optimum.\n"
        ),
        (false, false) => format!(
            "No plan closes more than {bound}, computed again from the certificate's prices: at most {percent:.1} % from the optimum.\n"
        ),
    });
    if unfinished > 0 && !proven {
        let people = people.map_or("·".to_owned(), |people| people.to_string());
        text.push_str(&if french {
            format!(
                "Pour {people} personnes les parcours sont trop nombreux pour être tous examinés : pour elles, la borne est prise comme écrite.\n"
            )
        } else {
            format!(
                "For {people} people pathways are too many to look at each: for them the bound is taken as written.\n"
            )
        });
    }
    write::print(&text)
}
