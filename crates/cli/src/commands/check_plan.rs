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
    let checked = training.check_plan(&asked.plan, &contents.hub, &contents.held, &run)?;
    if let Some(first) = checked.faults.first() {
        for fault in &checked.faults {
            write::print(&format!("{fault}\n"))?;
        }
        let problem =
            format!("{} faults, the first: {first}; make the plan anew", checked.faults.len());
        return Err(Error::Malformed { file: asked.plan.display().to_string(), problem });
    }
    let (seats, certificate) = (checked.read.plan.entries.len(), &checked.read.plan.certificate);
    let (closed, bound, proven) = (certificate.closed, certificate.bound, certificate.proven);
    if arguments.json {
        let told = serde_json::json!({
            "holds": true,
            "seats": seats,
            "closed": closed,
            "bound": bound,
            "proven": proven,
            "unfinished": checked.unfinished,
        });
        return write::print_json(&told);
    }
    let french = arguments.lang == "fr";
    let percent = certificate.distance() * 100.0;
    let holds = if french {
        format!(
            "Le plan tient : {seats} places, toutes les limites respectées, {closed} fermés comme écrit."
        )
    } else {
        format!("The plan holds: {seats} seats, every limit kept, {closed} closed as written.")
    };
    let best = match (proven, french) {
        (true, true) => {
            "Il est optimal : tout plan qui pourrait être meilleur a été examiné à nouveau."
                .to_owned()
        }
        (true, false) => {
            "It is optimal: every plan that may be better was looked at again.".to_owned()
        }
        (false, true) => format!(
            "Aucun plan ne ferme plus de {bound}, recalculé à partir des prix du certificat : {percent:.1} % au plus de l'optimum."
        ),
        (false, false) => format!(
            "No plan closes more than {bound}, computed again from the certificate's prices: at most {percent:.1} % from the optimum."
        ),
    };
    write::print(&format!("{holds}\n{best}\n"))?;
    if proven || checked.unfinished == Some(0) {
        return Ok(());
    }
    let people = checked.unfinished.map_or("·".to_owned(), |people| people.to_string());
    write::print(&if french {
        format!(
            "Pour {people} personnes les parcours sont trop nombreux pour être tous examinés : pour elles, la borne est prise comme écrite.\n"
        )
    } else {
        format!(
            "For {people} people pathways are too many to look at each: for them the bound is taken as written.\n"
        )
    })
}
