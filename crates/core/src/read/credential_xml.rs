//! European Learning Model 2 in XML, as Europass signed credentials until 2022.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::credential::{Claim, day_of, in_force};
use crate::error::CredentialProblem as Problem;
use crate::profile::EvidenceKind;
use crate::skill::Date;

/// What is being read of a learning outcome.
#[derive(Default)]
struct Outcome {
    names: Vec<Vec<String>>,
    own: Vec<String>,
}

/// The learning outcomes of a European credential, by the skills that each is related to or by its
/// own label.
pub(super) fn claims(text: &str, today: Option<Date>) -> Result<Vec<Claim>, Problem> {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let (mut from, mut until, mut issuer) = (None, None, String::new());
    let mut european = false;
    let mut claim = Claim { kind: EvidenceKind::Badge, ..Claim::default() };
    let mut outcome: Option<Outcome> = None;
    // What stands between a tag and the next.
    let mut text = String::new();
    loop {
        let event = reader.read_event().map_err(|_| Problem::Unreadable)?;
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => {
                text.clear();
                let name = start.local_name().as_ref().to_owned();
                european |= name == "europeanCredential" || name == "verifiablePresentation";
                match name.as_str() {
                    // With an `idref` it only points to one.
                    "learningOutcome" if attribute(&start, "id").is_some() && !empty => {
                        outcome = Some(Outcome::default());
                    }
                    "relatedEscoSkill" | "relatedSkill" => {
                        if let Some(outcome) = &mut outcome {
                            outcome.names.push(attribute(&start, "uri").into_iter().collect());
                        }
                    }
                    "qualification" => claim.kind = EvidenceKind::Certification,
                    "issuer" if issuer.is_empty() => {
                        let id = attribute(&start, "idref").or_else(|| attribute(&start, "id"));
                        issuer = id.unwrap_or_default();
                    }
                    _ => {}
                }
                if !empty {
                    path.push(name);
                }
            }
            Event::Text(more) => text.push_str(&more),
            Event::GeneralRef(entity) => match &*entity {
                "amp" => text.push('&'),
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                "apos" => text.push('\''),
                "quot" => text.push('"'),
                _ => {}
            },
            Event::End(_) => {
                let within = |name: &str| path.iter().any(|step| step == name);
                let text = std::mem::take(&mut text).trim().to_owned();
                match (path.last().map_or("", String::as_str), &mut outcome) {
                    ("validFrom", _) => from = from.or(day_of(&text)),
                    ("validUntil" | "expirationDate", _) => until = until.or(day_of(&text)),
                    ("text", Some(outcome))
                        if within("relatedEscoSkill") || within("relatedSkill") =>
                    {
                        if let Some(names) = outcome.names.last_mut() {
                            names.push(text);
                        }
                    }
                    ("text", Some(outcome))
                        if path.iter().rev().nth(1).is_some_and(|s| s == "prefLabel") =>
                    {
                        outcome.own.push(text);
                    }
                    ("learningOutcome", _) => match outcome.take() {
                        Some(outcome) if outcome.names.is_empty() => claim.names.push(outcome.own),
                        Some(outcome) => claim.names.extend(outcome.names),
                        None => {}
                    },
                    _ => {}
                }
                path.pop().ok_or(Problem::Unreadable)?;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !path.is_empty() {
        return Err(Problem::Unreadable);
    }
    if !european {
        return Err(Problem::NotACredential);
    }
    let from = from.ok_or(Problem::Missing { field: "validFrom" })?;
    in_force(from, until, today)?;
    claim.names.retain(|names| !names.is_empty());
    claim.issuer = issuer;
    claim.date = Some(from);
    Ok(vec![claim])
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.try_get_attribute(name).ok()??;
    Some(found.value.into_owned())
}
