//! Modules and sessions from LHEO, the French exchange format for training offers.
//!
//! LHEO (*langage harmonisé d'échange d'informations sur l'offre de formation*) is documented at
//! <http://lheo.gouv.fr/2.3/>; what is read here are elements that versions 2.2 and 2.3 share, and
//! the headcounts and blocks that 2.3 adds.

mod element;
mod words;

#[cfg(test)]
mod tests;

use std::path::Path;

use hashbrown::HashMap;

use super::builder::OfferBuilder;
use super::finding::{FileCount, OfferReport};
use super::module::{Modality, Module};
use super::quantity::read_cents;
use super::session::{Buying, Session};
use crate::error::{Error, Result};
use crate::read::{Found, ResolveSkill};
use crate::skill::Date;
use element::Element;

/// The territory of remote sessions that name no place.
pub const REMOTE: &str = "remote";

/// What LHEO does not say, and how to read its words.
pub struct LheoOptions<'a> {
    /// The territory of a commune, by its Insee code: `None` when it is not known.
    pub territory: &'a dyn Fn(&str) -> Option<String>,
    /// The skill that a phrase of an objective or of a content names.
    pub skills: &'a dyn ResolveSkill,
    /// The level, in steps, up to which a skill named in words is taught, at most its scale's top;
    /// `None`: the top. LHEO says nothing of levels.
    pub level: Option<u16>,
    /// The budget axis that sessions count on.
    pub axis: &'a str,
    /// Funders, by id, for each `code-financeur` of LHEO.
    pub funder_of_code: &'a [(&'a str, &'a str)],
    /// Who may pay, by id, where no code of a known funder is given.
    pub funders: &'a [&'a str],
    /// The seats of sessions that say none; `None`: these are dropped and reported, because a
    /// session without seats trains nobody. LHEO 2.2 has no place for a capacity.
    pub seats: Option<u32>,
}

impl OfferBuilder {
    /// Adds the modules and sessions of a file in LHEO XML.
    ///
    /// Each `action` of a `formation` is a module: its id is the `numero` of the formation (its
    /// place in the file, as `formation-1`, without one), followed by that of the action where
    /// there are several; its hours `nombre-heures-total`, or those in the centre and the firm
    /// together; its price `prix-total-TTC`, or that of an hour times the hours; in class, blended
    /// or remote by `modalites-enseignement`. It leads to the blocks that its sessions name, or
    /// else to all blocks of the certifications that its formation prepares for (`code-RNCP`,
    /// `code-RS`), as far as the builder knows them. It teaches the skills that the phrases of
    /// `objectif-formation` and `contenu-formation` name.
    ///
    /// Each `session` is one, in the commune of the first `lieu-de-formation`. With
    /// `modalites-entrees-sorties` 1 people enter at any time: `debut` is then the first day on
    /// which they may, and `fin` the last day of the last pathway, so that the last entry comes as
    /// many days earlier as the module takes. Seats are `capacite-simultanee`, or
    /// `capacite-cumulee`, or the `nb-places-financees` of an action with one session; the least
    /// headcount is `effectif-minimal`. Sessions whose recruitment is closed or suspended are set
    /// aside.
    ///
    /// Contacts (names, telephones, e-mail addresses) are not looked at. Prerequisites, public and
    /// levels of entry are words or codes of other vocabularies, and are not read. What does not
    /// resolve is in the report, with its line.
    ///
    /// # Errors
    ///
    /// [`Error::File`]; [`Error::Malformed`] for what is no LHEO; [`Error::Encoding`] for text
    /// that is not in the encoding it declares; [`Error::Unknown`] for a funder of the options.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use passerelle::hub::training::offer::{Funder, LheoOptions, OfferBuilder};
    /// use passerelle::read::{self, ByLabel};
    ///
    /// let (framework, _) = read::framework("hub/framework")?;
    /// let mut offer = OfferBuilder::new(framework.axis());
    /// offer.funder("region", Funder { label: "Région".into() })?;
    /// let options = LheoOptions {
    ///     territory: &|commune| commune.starts_with("59").then(|| "dep-59".to_owned()),
    ///     skills: &ByLabel::new(&framework),
    ///     level: None,
    ///     axis: "axe-1",
    ///     funder_of_code: &[("2", "region")],
    ///     funders: &["region"],
    ///     seats: Some(12),
    /// };
    /// let (offer, report) = offer.lheo("offre.xml".as_ref(), &options)?;
    /// println!("{report}{} modules", offer.build()?.modules().len());
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn lheo(mut self, path: &Path, options: &LheoOptions<'_>) -> Result<(Self, OfferReport)> {
        let bytes =
            std::fs::read(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
        let file =
            path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let text = element::decoded(&file, &bytes)?;
        let funder = |id: &str| {
            let ids = &self.offer().funder_ids;
            ids.position(id).ok_or_else(|| Error::unknown("funder", id, ids))
        };
        let funders = options.funders.iter().map(|id| funder(id)).collect::<Result<_>>()?;
        let funder_of_code = options
            .funder_of_code
            .iter()
            .map(|(code, id)| Ok((*code, funder(id)?)))
            .collect::<Result<_>>()?;
        let axis = self.axis(options.axis)?;
        let count =
            |what| FileCount { file: format!("{file} <{what}>"), rows: 0, kept: 0, set_aside: 0 };
        let (actions, sessions) = (count("action"), count("session"));
        let mut reader = Reader {
            builder: self,
            options,
            funders,
            funder_of_code,
            axis,
            file: &file,
            actions,
            sessions,
            report: OfferReport::default(),
        };
        let mut place = 0u64;
        element::each(&file, &text, &["lheo", "offres", "formation"], |formation| {
            place += 1;
            reader.formation(&formation, place)
        })?;
        let Reader { builder, actions, sessions, mut report, .. } = reader;
        report.files = vec![actions, sessions];
        Ok((builder, report))
    }
}

struct Reader<'a> {
    builder: OfferBuilder,
    options: &'a LheoOptions<'a>,
    funders: Vec<u32>,
    funder_of_code: HashMap<&'a str, u32>,
    axis: u32,
    file: &'a str,
    actions: FileCount,
    sessions: FileCount,
    report: OfferReport,
}

impl Reader<'_> {
    fn note(&mut self, element: &Element, problem: String) {
        self.report.note(self.file, element.line, problem);
    }

    fn formation(&mut self, formation: &Element, place: u64) -> Result<()> {
        let id = if formation.numero.is_empty() {
            format!("formation-{place}")
        } else {
            formation.numero.clone()
        };
        let actions: Vec<&Element> = formation.all("action").collect();
        if actions.is_empty() {
            self.note(formation, format!("formation `{id}` has no <action>: nothing to follow"));
        }
        for (number, action) in (1..).zip(&actions) {
            self.actions.rows += 1;
            let id = match (actions.len(), action.numero.as_str()) {
                (1, _) => id.clone(),
                (_, "") => format!("{id}/{number}"),
                (_, numero) => format!("{id}/{numero}"),
            };
            let sessions = action.all("session").count() as u64;
            self.sessions.rows += sessions;
            match self.action(formation, action, &id)? {
                Ok(()) => self.actions.kept += 1,
                Err(problem) => {
                    self.report.drop_row(self.file, action.line, problem);
                    for session in action.all("session") {
                        let problem = format!("its action `{id}` was dropped");
                        self.report.drop_row(self.file, session.line, problem);
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds the module of an action with its sessions; the inner error says why it was dropped.
    fn action(
        &mut self,
        formation: &Element,
        action: &Element,
        id: &str,
    ) -> Result<Result<(), String>> {
        let hours = match minutes(action) {
            Ok(minutes) => minutes,
            Err(problem) => return Ok(Err(problem)),
        };
        let module = Module {
            label: formation.text(&["intitule-formation"]).to_owned(),
            minutes: hours,
            cents: self.cents(action, hours),
            modality: self.modality(action),
            providers: providers(formation, action),
            blocks: self.blocks(formation, action),
            ..Module::default()
        };
        let days = i32::try_from(module.calendar_days()).unwrap_or(i32::MAX);
        let module = match self.builder.module(id, module) {
            Ok(module) => module,
            Err(error) => return Ok(Err(error.to_string())),
        };
        self.skills(formation, action, id)?;
        for (number, session) in (1..).zip(action.all("session")) {
            let id = match session.numero.as_str() {
                "" => format!("{id}/s{number}"),
                numero => format!("{id}/{numero}"),
            };
            let state = session.text(&["etat-recrutement"]);
            if ["2", "3"].contains(&state) {
                self.sessions.set_aside += 1;
                continue;
            }
            let added = self.session(action, session, module, days);
            let added = added.and_then(|session| {
                self.builder.session(&id, session).map_err(|error| error.to_string())
            });
            match added {
                Ok(_) => self.sessions.kept += 1,
                Err(problem) => self.report.drop_row(self.file, session.line, problem),
            }
        }
        Ok(Ok(()))
    }

    fn cents(&mut self, action: &Element, minutes: u32) -> u64 {
        let (total, hourly) =
            (action.text(&["prix-total-TTC"]), action.text(&["prix-horaire-TTC"]));
        if let Some(cents) = read_cents(total) {
            return cents;
        }
        if let Some(cents) = read_cents(hourly) {
            return cents.saturating_mul(minutes.into()) / 60;
        }
        let problem = if total.is_empty() && hourly.is_empty() {
            "no price: a seat counts as free".to_owned()
        } else {
            format!("the price `{total}{hourly}` is no amount in euros: a seat counts as free")
        };
        self.note(action, problem);
        0
    }

    fn modality(&mut self, action: &Element) -> Modality {
        match action.text(&["modalites-enseignement"]) {
            "0" => Modality::InClass,
            "1" => Modality::Blended,
            "2" => Modality::Remote,
            other => {
                let problem = format!(
                    "`modalites-enseignement` is `{other}`, not 0, 1 or 2: taken as in class"
                );
                self.note(action, problem);
                Modality::InClass
            }
        }
    }

    /// The blocks that an action leads to: those that its sessions name, or else all of the
    /// certifications of its formation.
    fn blocks(&mut self, formation: &Element, action: &Element) -> Vec<u32> {
        let mut blocks = Vec::new();
        for session in action.all("session") {
            for group in session.all("blocs-competences") {
                for block in group.all("bloc-competences") {
                    let code = block.text(&["code-bloc"]);
                    match self.builder.offer().block_ids.position(code) {
                        Some(position) => blocks.push(position),
                        None => self.note(block, format!("unknown block `{code}`")),
                    }
                }
            }
        }
        if blocks.is_empty() {
            for certification in formation.all("certification") {
                for (name, register) in [("code-RNCP", "RNCP"), ("code-RS", "RS")] {
                    let code = certification.text(&[name]);
                    if code.is_empty() {
                        continue;
                    }
                    // Written as `474` or as `RNCP474`.
                    let number = code.strip_prefix(register).unwrap_or(code);
                    let id = format!("{register}{number}");
                    let offer = self.builder.offer();
                    match offer.certification_ids.position(&id) {
                        Some(at) => blocks.extend(&offer.certifications[at as usize].blocks),
                        None => self.note(certification, format!("unknown certification `{id}`")),
                    }
                }
            }
        }
        blocks.sort_unstable();
        blocks.dedup();
        blocks
    }

    /// The skills that phrases of the objective and the content name.
    fn skills(&mut self, formation: &Element, action: &Element, id: &str) -> Result<()> {
        let mut named = Vec::new();
        let (mut phrases, mut unknown, mut first) = (0u64, 0u64, None);
        for part in ["objectif-formation", "contenu-formation"] {
            for phrase in words::phrases(formation.text(&[part])) {
                phrases += 1;
                match self.options.skills.resolve_skill(&phrase) {
                    Found::Skill(skill) => named.push(skill),
                    Found::Several | Found::Nothing => {
                        unknown += 1;
                        first.get_or_insert(phrase);
                    }
                }
            }
        }
        named.sort_unstable();
        named.dedup();
        let axis = std::sync::Arc::clone(self.builder.offer().axis());
        for skill in named {
            let top = axis.scale(skill).top();
            let level = self.options.level.map_or(top, |level| level.clamp(1, top));
            self.builder.teach(id, &axis.ids()[skill], level)?;
        }
        if let Some(first) = first {
            let first: String = first.chars().take(80).collect();
            let problem = format!(
                "{unknown} of {phrases} phrases of `{id}` name no one skill, such as `{first}`"
            );
            self.note(action, problem);
        }
        Ok(())
    }

    fn session(
        &mut self,
        action: &Element,
        session: &Element,
        module: u32,
        days: i32,
    ) -> Result<Session, String> {
        let permanent = match action.text(&["modalites-entrees-sorties"]) {
            "1" => true,
            "" | "0" => false,
            other => {
                return Err(format!("`modalites-entrees-sorties` is `{other}`, not 0 or 1"));
            }
        };
        let period = |name| session.text(&["periode", name]);
        let (from, until) = (day(period("debut"))?, day(period("fin"))?);
        let (dates, entry) = match (permanent, from, until) {
            (false, Some(from), Some(until)) => (Some((from, until)), None),
            (false, ..) => {
                return Err(
                    "its days are not all known; a session has a first and a last".to_owned()
                );
            }
            (true, Some(from), Some(until)) if from <= until => {
                let last = until.days().saturating_sub(days - 1).max(from.days());
                let last = Date::from_days(last).map_err(|error| error.to_string())?;
                (None, Some((from, last)))
            }
            (true, Some(from), Some(until)) => (None, Some((from, until))),
            (true, ..) => (None, None),
        };
        let (seats, minimum) = self.headcount(action, session)?;
        let known = &self.builder.offer().modules[module as usize];
        let (cents, remote) = (known.cents, known.modality == Modality::Remote);
        let territory = self.territory(action, remote)?;
        Ok(Session {
            module,
            territory: self.builder.territory(&territory).map_err(|error| error.to_string())?,
            dates,
            entry,
            seats,
            minimum,
            maximum: seats,
            cents_per_seat: cents,
            cents_per_session: 0,
            axis: self.axis,
            funders: self.payers(action)?,
            buying: Buying::Collective,
        })
    }

    fn territory(&self, action: &Element, remote: bool) -> Result<String, String> {
        let path = ["lieu-de-formation", "coordonnees", "adresse", "code-INSEE-commune"];
        match action.text(&path) {
            "" if remote => Ok(REMOTE.to_owned()),
            "" => Err("no `code-INSEE-commune` of a place of training".to_owned()),
            commune => (self.options.territory)(commune)
                .ok_or_else(|| format!("the commune `{commune}` is in no known territory")),
        }
    }

    /// The seats and the least headcount.
    fn headcount(&self, action: &Element, session: &Element) -> Result<(u32, u32), String> {
        let number = |element: &Element, path: &[&str]| match element.text(path) {
            "" => Ok(None),
            written => match written.parse::<u32>() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(format!("`{written}` is no number of people")),
            },
        };
        let mut seats = number(session, &["cycle", "capacite-simultanee"])?
            .or(number(session, &["cycle", "capacite-cumulee"])?);
        if seats.is_none() && action.all("session").count() == 1 {
            for funder in action.all("organisme-financeur") {
                if let Some(paid) = number(funder, &["nb-places-financees"])? {
                    seats = Some(seats.unwrap_or(0).saturating_add(paid));
                }
            }
        }
        let seats = seats.or(self.options.seats).ok_or_else(|| {
            "it says no number of seats; name one for such sessions in the options".to_owned()
        })?;
        Ok((seats, number(session, &["cycle", "effectif-minimal"])?.unwrap_or(1)))
    }

    fn payers(&mut self, action: &Element) -> Result<Vec<u32>, String> {
        let mut payers = Vec::new();
        for funder in action.all("organisme-financeur") {
            let code = funder.text(&["code-financeur"]);
            match self.funder_of_code.get(code) {
                Some(&position) => payers.push(position),
                None => {
                    self.note(funder, format!("no funder is known for `code-financeur` {code}"))
                }
            }
        }
        if payers.is_empty() {
            payers.clone_from(&self.funders);
        }
        if payers.is_empty() {
            return Err("nobody is known who may pay; name one in the options".to_owned());
        }
        Ok(payers)
    }
}

/// The hours of an action, as minutes.
fn minutes(action: &Element) -> Result<u32, String> {
    let hours = |name| match action.text(&[name]) {
        "" => Ok(0),
        written => {
            let hours = written.parse::<u32>().ok().filter(|&hours| hours <= 99_999);
            hours.ok_or_else(|| {
                format!("`{name}` is `{written}`, not a number of hours up to 99999")
            })
        }
    };
    let total = match hours("nombre-heures-total")? {
        0 => hours("nombre-heures-centre")? + hours("nombre-heures-entreprise")?,
        total => total,
    };
    match total {
        0 => Err("no number of hours: its cost cannot be told".to_owned()),
        hours => Ok(hours * 60),
    }
}

/// The organisations that give a course; never the people to contact there.
fn providers(formation: &Element, action: &Element) -> Vec<String> {
    let formers = action.all("organisme-formateur").map(|o| o.text(&["raison-sociale-formateur"]));
    let mut names: Vec<String> = formers
        .chain([formation.text(&["organisme-formation-responsable", "nom-organisme"])])
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    names.dedup();
    names
}

/// A date written `AAAAMMJJ`; `None` where the day is not known: all zeros, all nines, or a year or
/// month alone.
fn day(written: &str) -> Result<Option<Date>, String> {
    let wrong = || format!("`{written}` is no date as AAAAMMJJ");
    if written.len() != 8 || !written.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    if written == "99999999" || written.ends_with("00") {
        return Ok(None);
    }
    let (year, month, day) = (&written[..4], &written[4..6], &written[6..]);
    format!("{year}-{month}-{day}").parse().map(Some).map_err(|_| wrong())
}
