//! A hub's modules: questions and answers in JSON.

mod answer;
mod ask;

use std::ffi::c_char;
use std::sync::Arc;

use passerelle::hub::recruitment::{Picture, PictureOptions};
use passerelle::hub::training::{Offer, OfferReport};
use passerelle::hub::{Hub, Region};
use passerelle::{Held, SkillAxis};
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
    framework: Arc<OpenFramework>,
    profiles: Arc<OpenProfiles>,
    held: Held,
    recruitment: Option<(Region, Picture)>,
    training: Option<(Offer, OfferReport)>,
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
            "recruitment": self.recruitment.as_ref().map(|(region, _)| &region.reports),
            "training": self.training.as_ref().map(|(_, report)| report),
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
        let read = Hub::read(folder)?;
        let held = read.profiles.held(&read.framework)?;
        let mut recruitment = None;
        if let Some(region) = Region::read(folder, &read.framework, &read.profiles)? {
            let mut picture = Picture::new(PictureOptions::default());
            picture.update(&region.register)?;
            recruitment = Some((region, picture));
        }
        let training = folder.join("training");
        let training = match training.is_dir() {
            true => Some(Offer::read(&training, read.framework.axis())?),
            false => None,
        };
        let of = Arc::new(OpenFramework::new(read.framework, Some(read.framework_report)));
        let people = Arc::new(OpenProfiles {
            framework: Arc::clone(&of),
            profiles: read.profiles,
            report: Some(read.profiles_report),
        });
        let open = OpenHub {
            framework: Arc::clone(&of),
            profiles: Arc::clone(&people),
            held,
            recruitment,
            training,
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
/// recruitment: `needs`, `vacancies`; skill: `overview`, `tension`, `balance`, `bridges`,
/// `exclusions`, `candidates`; training: `uncovered`, `pathway`.
///
/// Skills, targets and people in answers are positions, as passerelle_id takes them. Answers count
/// people: before they are published, small numbers must be hidden.
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
