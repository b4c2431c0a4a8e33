//! A hub's modules: questions and answers in JSON.

mod answer;
mod ask;
mod training;

use std::ffi::c_char;
use std::sync::{Arc, OnceLock};

use passerelle::SkillAxis;
use passerelle::hub::Contents;
use passerelle::hub::training::plan::Plan;
use passerelle::hub::training::{Offer, OfferReport, Training};
use serde_json::{Value, json};

pub use self::ask::ASKS;
use self::ask::Ask;
use crate::argument::{Out, path, text};
use crate::framework::{OpenFramework, OpenProfiles};
use crate::guard::guard;
use crate::run::{Options, run};
use crate::status::{Fault, Status};
use crate::table::{self, Handle, Kind};

/// A hub's folder, read.
#[derive(Debug)]
pub struct OpenHub {
    contents: Contents,
    framework: Arc<OpenFramework>,
    profiles: Arc<OpenProfiles>,
    offer: Option<(Offer, OfferReport)>,
    /// Drawn and made when they are first asked for.
    training: OnceLock<Training>,
    plan: OnceLock<Plan>,
}

impl Kind for OpenHub {
    fn name() -> &'static str {
        "a hub"
    }

    fn axis(&self) -> Option<&Arc<SkillAxis>> {
        self.framework.axis()
    }

    fn describe(&self) -> Value {
        json!({
            "kind": "hub",
            "framework": self.framework.describe(),
            "profiles": self.profiles.describe(),
            "recruitment": self.contents.needs().map(|(region, _)| &region.reports),
            "training": self.offer.as_ref().map(|(_, report)| report),
        })
    }
}

/// Opens a hub's folder: `framework/` and `people/`, with the needs and the training on offer where
/// it has them (docs/formats.md says what the files are).
///
/// `hub`, `framework` and `profiles` are new handles, each to be closed; the last two may be null
/// where they are not wanted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_hub_open(
    folder: *const c_char,
    folder_length: usize,
    hub: *mut Handle,
    framework: *mut Handle,
    profiles: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(hub, "hub")?;
        let framework = Out::optional(framework, "framework")?;
        let profiles = Out::optional(profiles, "profiles")?;
        // SAFETY: the caller gives a text and its length.
        let folder = unsafe { path(folder, folder_length, "folder") }?;
        let contents = Contents::read(folder)?;
        let (hub, bought) = (&contents.hub, folder.join("training"));
        let offer = match bought.is_dir() {
            true => Some(Offer::read(&bought, hub.framework.axis())?),
            false => None,
        };
        let report = Some(hub.framework_report.clone());
        let of = Arc::new(OpenFramework::new(Arc::clone(&hub.framework), report));
        let people = Arc::new(OpenProfiles {
            framework: Arc::clone(&of),
            profiles: Arc::clone(&hub.profiles),
            report: Some(hub.profiles_report.clone()),
        });
        let open = OpenHub {
            contents,
            framework: Arc::clone(&of),
            profiles: Arc::clone(&people),
            offer,
            training: OnceLock::new(),
            plan: OnceLock::new(),
        };
        out.put(table::insert(open)?);
        framework.map(|out| table::insert_shared(of).map(|of| out.put(of))).transpose()?;
        profiles.map(|out| table::insert_shared(people).map(|them| out.put(them))).transpose()?;
        Ok(())
    })
}

/// Asks a hub a question of its modules. `question` is a JSON object whose `ask` names it; the
/// answer is JSON in a new text. docs/c.md lists the questions with their fields and answers:
///
/// recruitment: `needs`, `vacancies`, `patterns`, `breadth`, `conflicts`; skill: `overview`,
/// `tension`, `balance`, `bridges`, `near-sectors`, `exclusions`, `candidates`; training:
/// `uncovered`, `pathway`, `plan`, `open-gaps`, `adequacy`, `indicators`, `check-plan`; and
/// `report`, which is all that `passerelle hub` prints, with every table as a file if a folder is
/// given.
///
/// Skills, targets and people in answers are positions, as passerelle_id takes them. A count of
/// people is null where it is about 1 to 10 of them, or would give such a count away. Answers that
/// name people (`candidates`, `pathway`, `plan`) are as private as profiles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_hub_ask(
    hub: Handle,
    question: *const c_char,
    question_length: usize,
    options: *const Options,
    json: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(json, "json")?;
        let hub = table::get::<OpenHub>(hub, "hub")?;
        // SAFETY: the caller gives a text, and options or null.
        let (question, run) =
            unsafe { (text(question, question_length, "question")?, run(options)?) };
        let ask: Ask = serde_json::from_str(question).map_err(|error| {
            Fault::new(Status::Argument, format!("`question`: {error}; see docs/c.md"))
        })?;
        out.put(table::insert(hub.answer(&ask, &run)?)?);
        Ok(())
    })
}
