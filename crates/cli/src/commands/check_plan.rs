//! `passerelle check-plan`: a plan's files against the hub's folder that it was made for.

use passerelle::hub::Contents;
use passerelle::{Error, Result};

use crate::args::{Arguments, CheckPlan};
use crate::{progress, write};

pub fn run(arguments: &Arguments, asked: &CheckPlan) -> Result<()> {
    let contents = Contents::read(&asked.folder)?;
    let (run, bar) = progress::run(arguments, "learners");
    let lacking = || Error::UnknownFormat {
        path: asked.folder.clone(),
        looked_for: vec!["territories.csv", "sensors.csv", "needs.csv", "training/"],
    };
    let training = contents.training(&run)?.ok_or_else(lacking)?;
    bar.finish_and_clear();
    let (read, found) = training.check_plan(&asked.plan, &contents.hub, &contents.held)?;
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
