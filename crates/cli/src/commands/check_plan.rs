//! `passerelle check-plan`: a plan's files against the hub's folder that it was made for.

use passerelle::gap::Eligibility;
use passerelle::hub::recruitment::{Picture, PictureOptions};
use passerelle::hub::training::Training;
use passerelle::hub::training::plan_file::{Named, faults, read_plan};
use passerelle::hub::{Hub, Region};
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
    if arguments.json {
        let told = serde_json::json!({ "holds": true, "seats": seats, "closed": closed });
        return write::print_json(&told);
    }
    write::print(&if french {
        format!(
            "Le plan tient : {seats} places, toutes les limites respectées, {closed} fermés comme écrit.\n\
             Aucun plan ne ferme plus de {bound}, recalculé à partir des prix du certificat : {percent:.1} % au plus de l'optimum.\n"
        )
    } else {
        format!(
            "The plan holds: {seats} seats, every limit kept, {closed} closed as written.\n\
             No plan closes more than {bound}, computed again from the certificate's prices: at most {percent:.1} % from the optimum.\n"
        )
    })
}
