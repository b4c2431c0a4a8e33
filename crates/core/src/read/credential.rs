//! Held skills from digital credentials: badges, records and European credentials.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{credential_signed, credential_xml};
use crate::error::{CredentialProblem, Error, Result};
use crate::framework::Framework;
use crate::lookup::{Concept, ConceptKind, Lookup};
use crate::profile::{EvidenceKind, HeldSkill, Profile};
use crate::skill::Date;

/// How to read a credential.
#[derive(Clone, Debug, Default)]
pub struct CredentialOptions {
    today: Option<Date>,
    badges: BTreeMap<String, String>,
}

impl CredentialOptions {
    /// The day on which it is read: what has expired or is issued later is refused. Without it
    /// neither is asked.
    #[must_use]
    pub fn today(mut self, day: Date) -> Self {
        self.today = Some(day);
        self
    }

    /// A badge class in JSON, for assertions that name it by its address only. Nothing is fetched.
    #[must_use]
    pub fn badge(mut self, address: impl Into<String>, json: impl Into<String>) -> Self {
        self.badges.insert(address.into(), json.into());
        self
    }
}

/// What a credential says that someone holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CredentialReading {
    /// The held skills, for the person that the caller named. The assessor of each is `unverified:`
    /// with the issuer's address: no signature was checked.
    pub profile: Profile,
    /// What the credential names that resolves to no skill of the framework.
    pub unresolved: Vec<String>,
}

/// What a credential says of one achievement, before it is resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Claim {
    /// What it is aligned to: addresses and codes, then names; or its own name where it is aligned
    /// to nothing.
    pub(super) names: Vec<Vec<String>>,
    pub(super) kind: EvidenceKind,
    pub(super) issuer: String,
    pub(super) date: Option<Date>,
}

/// Reads a credential of one person: Open Badges 2.0 (an assertion) and 3.0, Comprehensive Learner
/// Record 2.0, European Learning Model 3 (JSON-LD, plain, wrapped or signed) and 2 (XML). Of a JSON
/// Web Signature the payload is read, in the clear or in base64url, in any serialization.
///
/// Achievements become skills through their alignments: an alignment is a skill whose id is its
/// address or code, or else whose label is its name. An achievement without alignments is looked up
/// by its own name. The level is the scale's top, since credentials state none. The person is
/// `person`, the pseudonym that the caller gives; nothing personal in the credential is kept.
/// Signatures and revocation lists are not checked, and the evidence says so.
///
/// # Errors
///
/// [`Error::Credential`] with the reason for what is no credential, is broken, has expired or is not
/// issued yet. `name` stands for it in errors.
///
/// # Example
///
/// ```
/// use passerelle::lookup::Lookup;
/// use passerelle::read::{CredentialOptions, credential};
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # builder.skill("team", SkillKind::Soft)?;
/// # builder.skill_label("team", "en", "Teamwork")?;
/// # builder.occupation("o")?;
/// # let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// # builder.require("o", "team", one)?;
/// # let framework = builder.build()?;
/// let badge = r#"{
///     "@context": ["https://www.w3.org/ns/credentials/v2",
///                  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
///     "type": ["VerifiableCredential", "OpenBadgeCredential"],
///     "issuer": {"id": "https://example.org/1", "type": ["Profile"]},
///     "validFrom": "2025-01-31T00:00:00Z",
///     "credentialSubject": {
///         "type": ["AchievementSubject"],
///         "achievement": {"id": "a", "type": ["Achievement"], "name": "Teamwork"}
///     }
/// }"#;
/// let lookup = Lookup::build(&framework)?;
/// let options = CredentialOptions::default();
/// let read = credential(badge.as_bytes(), "badge.json", "p1", &framework, &lookup, &options)?;
/// assert_eq!(read.profile.held[0].skill, "team");
/// assert_eq!(read.profile.held[0].assessor.as_deref(), Some("unverified:https://example.org/1"));
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn credential(
    bytes: &[u8],
    name: &str,
    person: &str,
    framework: &Framework,
    lookup: &Lookup,
    options: &CredentialOptions,
) -> Result<CredentialReading> {
    let claims = claims(bytes, options)
        .map_err(|problem| Error::Credential { file: name.to_owned(), problem })?;
    let mut reading = CredentialReading::default();
    reading.profile.person = person.to_owned();
    for claim in claims {
        for names in claim.names {
            let skill = names.iter().find_map(|name| {
                framework.axis().ids().position(name).or_else(|| {
                    match lookup.resolve(name, ConceptKind::Skill).one()? {
                        Concept::Skill(skill) => Some(skill),
                        _ => None,
                    }
                })
            });
            let Some(skill) = skill else {
                reading.unresolved.extend(names.last().cloned());
                continue;
            };
            let held = HeldSkill {
                skill: framework.axis().ids()[skill].to_owned(),
                level: framework.axis().scale(skill).top(),
                evidence: claim.kind,
                date: claim.date,
                assessor: Some(unverified(&claim.issuer)),
            };
            if !reading.profile.held.contains(&held) {
                reading.profile.held.push(held);
            }
        }
    }
    Ok(reading)
}

/// The assessor of evidence whose signature nobody checked. An issuer that is no address could be
/// a person's name or e-mail address, and is left out.
fn unverified(issuer: &str) -> String {
    let address =
        ["https://", "http://", "did:", "urn:"].iter().any(|start| issuer.starts_with(start));
    format!("unverified:{}", if address && !issuer.contains('@') { issuer } else { "" })
}

type Problem = CredentialProblem;

fn claims(bytes: &[u8], options: &CredentialOptions) -> Result<Vec<Claim>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::Unreadable)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        return credential_xml::claims(text, options.today);
    }
    let object = match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object,
        _ => credential_signed::compact(text).ok_or(Problem::Unreadable)?,
    };
    of_object(&object, options)
}

fn of_object(
    object: &Map<String, Value>,
    options: &CredentialOptions,
) -> Result<Vec<Claim>, Problem> {
    // Credentials come wrapped for upload, as the claim of a token, or signed.
    if let Some(Value::Object(inner)) = object.get("credential").or_else(|| object.get("vc")) {
        return of_object(inner, options);
    }
    if let Some(payload) = credential_signed::payload(object) {
        return of_object(&payload.ok_or(Problem::Unreadable)?, options);
    }
    let contexts: Vec<&str> = texts(object.get("@context")).collect();
    let has = |part: &str| contexts.iter().any(|context| context.contains(part));
    let is = |name: &str| texts(object.get("type")).any(|kind| kind == name);
    if is("Assertion") || has("w3id.org/openbadges") {
        return assertion(object, options, &contexts);
    }
    if !is("VerifiableCredential") {
        return Err(Problem::NotACredential);
    }
    if !contexts.first().is_some_and(|first| first.starts_with("https://www.w3.org/")) {
        return Err(Problem::Wrong { field: "@context" });
    }
    dates(object, options)?;
    if is("EuropeanDigitalCredential") {
        return european(object);
    }
    let record = is("ClrCredential");
    let badge = ["OpenBadgeCredential", "AchievementCredential"].into_iter().any(is);
    if !record && !badge {
        return Err(Problem::NotACredential);
    }
    if !has("purl.imsglobal.org/spec/ob/v3p0") && !has("purl.imsglobal.org/spec/clr/v2p0") {
        return Err(Problem::Wrong { field: "@context" });
    }
    if object.get("issuer").is_none_or(|issuer| address(issuer).is_empty()) {
        return Err(Problem::Missing { field: "issuer" });
    }
    typed(object)?;
    proofs(object)?;
    let subject = object.get("credentialSubject").and_then(Value::as_object);
    let subject = subject.ok_or(Problem::Missing { field: "credentialSubject" })?;
    if record {
        let mut claims = Vec::new();
        for inner in each(subject.get("verifiableCredential")) {
            let inner =
                inner.as_object().ok_or(Problem::Wrong { field: "verifiableCredential" })?;
            // Endorsements stand among the achievements of a record and say nothing of skills.
            if !texts(inner.get("type")).any(|kind| kind == "EndorsementCredential") {
                claims.extend(of_object(inner, options)?);
            }
        }
        for achievement in each(subject.get("achievement")) {
            claims.push(achieved(object, achievement)?);
        }
        return Ok(claims);
    }
    let achievement =
        subject.get("achievement").ok_or(Problem::Missing { field: "achievement" })?;
    Ok(vec![achieved(object, achievement)?])
}

/// The claim of an Open Badges 3.0 achievement.
fn achieved(credential: &Map<String, Value>, achievement: &Value) -> Result<Claim, Problem> {
    let achievement = achievement.as_object().ok_or(Problem::Wrong { field: "achievement" })?;
    if !achievement.get("name").is_some_and(Value::is_string) {
        return Err(Problem::Missing { field: "name" });
    }
    Ok(Claim {
        names: aligned(achievement),
        kind: EvidenceKind::Badge,
        issuer: credential.get("issuer").map(address).unwrap_or_default(),
        date: day(credential, &["validFrom", "issuanceDate"])?,
    })
}

/// The alignments of an achievement or a badge class, or its name.
fn aligned(achievement: &Map<String, Value>) -> Vec<Vec<String>> {
    let text = |object: &Map<String, Value>, name: &str| {
        let schema = format!("schema:{name}");
        let value = object.get(name).or_else(|| object.get(&schema));
        value.and_then(Value::as_str).map(str::to_owned)
    };
    let alignments: Vec<Vec<String>> = each(achievement.get("alignment"))
        .filter_map(Value::as_object)
        .map(|one| {
            ["targetUrl", "targetCode", "targetName"].iter().filter_map(|n| text(one, n)).collect()
        })
        .filter(|names: &Vec<String>| !names.is_empty())
        .collect();
    if alignments.is_empty() {
        text(achievement, "name").map(|name| vec![name]).into_iter().collect()
    } else {
        alignments
    }
}

/// An Open Badges 2.0 assertion.
fn assertion(
    object: &Map<String, Value>,
    options: &CredentialOptions,
    contexts: &[&str],
) -> Result<Vec<Claim>, Problem> {
    if !contexts.contains(&"https://w3id.org/openbadges/v2") {
        return Err(Problem::Wrong { field: "@context" });
    }
    if !texts(object.get("type")).any(|kind| kind == "Assertion") {
        return Err(Problem::Wrong { field: "type" });
    }
    for field in ["recipient", "verification"] {
        if !object.contains_key(field) {
            return Err(Problem::Missing { field });
        }
    }
    if object.get("revoked") == Some(&Value::Bool(true)) {
        return Err(Problem::Revoked);
    }
    dates(object, options)?;
    let given;
    let badge = match object.get("badge") {
        Some(Value::Object(badge)) => badge,
        Some(Value::String(address)) => {
            let text = options.badges.get(address);
            let text = text.ok_or_else(|| Problem::BadgeNotGiven { address: address.clone() })?;
            let Ok(Value::Object(badge)) = serde_json::from_str(text) else {
                return Err(Problem::Wrong { field: "badge" });
            };
            given = badge;
            &given
        }
        _ => return Err(Problem::Missing { field: "badge" }),
    };
    if !texts(badge.get("type")).any(|kind| kind == "BadgeClass") {
        return Err(Problem::Wrong { field: "badge" });
    }
    for field in ["name", "criteria", "issuer"] {
        if !badge.contains_key(field) {
            return Err(Problem::Missing { field });
        }
    }
    Ok(vec![Claim {
        names: aligned(badge),
        kind: EvidenceKind::Badge,
        issuer: badge.get("issuer").map(address).unwrap_or_default(),
        date: day(object, &["issuedOn"])?,
    }])
}

/// A European Learning Model 3 credential: each learning outcome of each achievement, by the skills
/// that it is related to or by its title.
fn european(object: &Map<String, Value>) -> Result<Vec<Claim>, Problem> {
    let subject = object.get("credentialSubject");
    if subject.is_none() {
        return Err(Problem::Missing { field: "credentialSubject" });
    }
    let issuer = object.get("issuer").map(address).unwrap_or_default();
    let date = day(object, &["validFrom", "issuanceDate", "issued"])?;
    let mut claims = Vec::new();
    let mut open: Vec<&Value> =
        each(subject).flat_map(|subject| each(subject.get("hasClaim"))).collect();
    while let Some(claim) = open.pop() {
        open.extend(each(claim.get("hasPart")));
        for specification in each(claim.get("specifiedBy")) {
            let qualification =
                texts(specification.get("type")).any(|kind| kind == "Qualification");
            let kind =
                if qualification { EvidenceKind::Certification } else { EvidenceKind::Badge };
            let mut names = Vec::new();
            for outcome in each(specification.get("learningOutcome")) {
                let related: Vec<Vec<String>> = each(outcome.get("relatedESCOSkill"))
                    .chain(each(outcome.get("relatedSkill")))
                    .map(|skill| {
                        let id = skill.get("id").and_then(Value::as_str).map(str::to_owned);
                        id.into_iter().chain(labels(skill.get("prefLabel"))).collect()
                    })
                    .filter(|names: &Vec<String>| !names.is_empty())
                    .collect();
                let own: Vec<String> = labels(outcome.get("title")).collect();
                if related.is_empty() && !own.is_empty() {
                    names.push(own);
                } else {
                    names.extend(related);
                }
            }
            if !names.is_empty() {
                claims.push(Claim { names, kind, issuer: issuer.clone(), date });
            }
        }
    }
    Ok(claims)
}

/// Texts of one language each, or one text.
fn labels(value: Option<&Value>) -> impl Iterator<Item = String> + '_ {
    let maps = each(value).flat_map(|value| match value {
        Value::Object(languages) => languages.values().flat_map(|text| each(Some(text))).collect(),
        other => vec![other],
    });
    maps.filter_map(|text| text.as_str().map(str::to_owned))
}

/// The elements of an array, or the value itself, or nothing.
fn each(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (list, one) = match value {
        Some(Value::Array(list)) => (list.as_slice(), None),
        other => (&[][..], other.filter(|value| !value.is_null())),
    };
    list.iter().chain(one)
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    each(value).filter_map(Value::as_str)
}

/// The id of something that is an object or its address.
fn address(value: &Value) -> String {
    let id = value.as_str().or_else(|| value.get("id").and_then(Value::as_str));
    id.unwrap_or_default().to_owned()
}

/// The day of the first of some fields that is there.
fn day(object: &Map<String, Value>, fields: &[&'static str]) -> Result<Option<Date>, Problem> {
    for &field in fields {
        if let Some(value) = object.get(field) {
            let text = value.as_str().ok_or(Problem::Wrong { field })?;
            return day_of(text).map(Some).ok_or(Problem::Wrong { field });
        }
    }
    Ok(None)
}

/// The day of a time stamp, or of a date.
pub(super) fn day_of(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Refuses what has no date, has expired, ended before it began, or is issued later.
fn dates(object: &Map<String, Value>, options: &CredentialOptions) -> Result<(), Problem> {
    let from = day(object, &["validFrom", "issuanceDate", "issuedOn", "issued"])?;
    let from = from.ok_or(Problem::Missing { field: "validFrom" })?;
    let until = day(object, &["validUntil", "expirationDate", "expires"])?;
    in_force(from, until, options.today)
}

pub(super) fn in_force(
    from: Date,
    until: Option<Date>,
    today: Option<Date>,
) -> Result<(), Problem> {
    if let Some(until) = until.filter(|&until| until < from) {
        return Err(Problem::EndsBeforeItBegins { from, until });
    }
    match (until, today) {
        (Some(until), Some(today)) if until < today => Err(Problem::Expired { until }),
        (_, Some(today)) if from > today => Err(Problem::NotYet { from }),
        _ => Ok(()),
    }
}

/// What the objects under a key must be, in Open Badges 3.0 and CLR 2.0.
const TYPES: &[(&str, &[&str])] = &[
    ("issuer", &["Profile"]),
    ("creator", &["Profile"]),
    ("source", &["Profile"]),
    ("parentOrg", &["Profile"]),
    ("otherIdentifier", &["IdentifierEntry"]),
    ("credentialSubject", &["AchievementSubject", "ClrSubject", "EndorsementSubject"]),
    ("identifier", &["IdentityObject"]),
    ("achievement", &["Achievement"]),
    ("alignment", &["Alignment"]),
    ("evidence", &["Evidence"]),
    ("result", &["Result"]),
    ("resultDescription", &["ResultDescription"]),
    ("rubricCriterionLevel", &["RubricCriterionLevel"]),
];

/// Refuses an object that says that it is something else than its key asks for. Credentials within
/// are read, and checked, by themselves.
fn typed(object: &Map<String, Value>) -> Result<(), Problem> {
    for (key, value) in object {
        let wanted = TYPES.iter().find(|(known, _)| known == key);
        for one in each(Some(value)).filter_map(Value::as_object) {
            if let Some(&(field, names)) = wanted
                && (one.contains_key("type") || key == "achievement" || key == "credentialSubject")
                && !texts(one.get("type")).any(|kind| names.contains(&kind))
            {
                return Err(Problem::Wrong { field });
            }
            if key != "verifiableCredential" && key != "endorsement" {
                typed(one)?;
            }
        }
    }
    Ok(())
}

/// Refuses a proof whose key nobody could look for. Proofs are not verified.
fn proofs(object: &Map<String, Value>) -> Result<(), Problem> {
    for method in each(object.get("proof")).filter_map(|proof| proof.get("verificationMethod")) {
        let known = ["https://", "http://", "did:key:", "did:web:"];
        if !known.iter().any(|start| address(method).starts_with(start)) {
            return Err(Problem::Wrong { field: "verificationMethod" });
        }
    }
    Ok(())
}
