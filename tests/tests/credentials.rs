//! The published samples of digital credentials: the valid ones are read, and each invalid one is
//! refused with its reason.

use std::collections::BTreeMap;
use std::path::Path;

use passerelle::lookup::Lookup;
use passerelle::read::{CredentialOptions, CredentialReading, credential};
use passerelle::{CredentialProblem, Error, Framework, Necessity, Requirement, SkillKind};

fn framework() -> Framework {
    let mut builder = Framework::builder("demo", "1", "en");
    builder.occupation("o").unwrap();
    for (id, label) in [
        ("team", "Teamwork"),
        ("robots", "Awesome Robotics Badge"),
        (
            "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a",
            "develop digital content",
        ),
        (
            "http://data.europa.eu/esco/skill/31c69100-b612-4a61-8db5-fd314318854c",
            "execute analytical mathematical calculations",
        ),
        ("https://1edtech.edu/catalog/degree", "a degree"),
    ] {
        builder.skill(id, SkillKind::KnowHow).unwrap();
        builder.skill_label(id, "en", label).unwrap();
        let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
        builder.require("o", id, one).unwrap();
    }
    builder.build().unwrap()
}

/// What became of each sample of a folder, by file name.
fn outcomes(
    folder: &Path,
    options: &CredentialOptions,
) -> BTreeMap<String, Result<CredentialReading, CredentialProblem>> {
    let framework = framework();
    let lookup = Lookup::build(&framework).unwrap();
    let mut outcomes = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let read = credential(&bytes, &name, "p1", &framework, &lookup, options);
        let outcome = read.map_err(|error| match error {
            Error::Credential { problem, .. } => problem,
            other => panic!("{name}: {other}"),
        });
        if let Ok(reading) = &outcome {
            assert_eq!(reading.profile.person, "p1");
            for held in &reading.profile.held {
                assert!(held.assessor.as_deref().unwrap().starts_with("unverified:"), "{name}");
            }
        }
        outcomes.insert(name, outcome);
    }
    outcomes
}

fn day(text: &str) -> passerelle::Date {
    text.parse().unwrap()
}

/// What is wrong with the samples that are not listed here is their signature alone, which is not
/// verified.
#[test]
fn badges_and_records_are_read_or_refused_with_their_reason() {
    use CredentialProblem::{
        BadgeNotGiven, EndsBeforeItBegins, Expired, Missing, NotACredential, NotYet, Wrong,
    };
    let Some(data) = passerelle_tests::real_data() else { return };
    let samples = data.join("credentials/1edtech-validator");
    let mut options = CredentialOptions::default().today(day("2026-06-30"));
    for entry in std::fs::read_dir(samples.join("ob20/assets")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        options = options
            .badge(format!("https://example.org/{name}"), std::fs::read_to_string(&path).unwrap());
    }
    let wrong = |field| Err(Wrong { field });
    let missing = |field| Err(Missing { field });
    let expected: BTreeMap<&str, Result<(), CredentialProblem>> = [
        ("basic-assertion-expired.json", Err(Expired { until: day("2022-11-15") })),
        (
            "basic-assertion-expired-before-issued.json",
            Err(EndsBeforeItBegins { from: day("2022-12-31"), until: day("2022-11-15") }),
        ),
        ("basic-assertion-in-future.json", Err(NotYet { from: day("2100-12-31") })),
        ("basic-assertion-invalid-context.json", wrong("@context")),
        ("basic-assertion-invalid-type.json", wrong("type")),
        ("issuer-compact-iri-validation.json", wrong("type")),
        (
            "warning-issuer-non-http.json",
            Err(BadgeNotGiven { address: "http://example.org/badge-with-bad-issuer.json".into() }),
        ),
        (
            "warning-with-redirection.json",
            Err(BadgeNotGiven { address: "http://example.org/altbadgeurl.json".into() }),
        ),
        ("simple-err-context.json", wrong("@context")),
        (
            "simple-err-credential-subject-achievement-result-description-type.json",
            wrong("resultDescription"),
        ),
        ("simple-err-credential-subject-identifier-type.json", wrong("identifier")),
        ("simple-err-credential-subject-profile-type.json", wrong("source")),
        ("simple-err-credential-subject-result-type.json", wrong("result")),
        ("simple-err-credential-subject-type.json", wrong("credentialSubject")),
        ("simple-err-evidence-type.json", wrong("evidence")),
        ("simple-err-expired.json", Err(Expired { until: day("2010-01-01") })),
        ("simple-err-issued.json", Err(NotYet { from: day("2040-01-01") })),
        ("simple-err-issuer.json", missing("issuer")),
        ("simple-err-issuer-otheridentifier-type.json", wrong("otherIdentifier")),
        ("simple-err-issuer-parentorg-type.json", wrong("parentOrg")),
        ("simple-err-issuer-type.json", wrong("issuer")),
        ("simple-err-proof-method-no-scheme.json", wrong("verificationMethod")),
        ("simple-err-proof-method-unknown-did-method.json", wrong("verificationMethod")),
        ("simple-err-proof-method-unknown-scheme.json", wrong("verificationMethod")),
        ("simple-err-type.json", Err(NotACredential)),
    ]
    .into();
    for folder in ["ob20", "ob30", "clr20"] {
        for (name, outcome) in outcomes(&samples.join(folder), &options) {
            println!(
                "{folder}/{name}: {:?}",
                outcome.as_ref().map(|reading| (reading.profile.held.len(), &reading.unresolved))
            );
            if let Some(expected) = expected.get(name.as_str()) {
                assert_eq!(&outcome.map(|_| ()), expected, "{folder}/{name}");
            }
        }
    }
}

#[test]
fn european_credentials_are_read_in_every_wrapping() {
    let Some(data) = passerelle_tests::real_data() else { return };
    let options = CredentialOptions::default();
    let all = outcomes(&data.join("credentials/elm"), &options);
    for (name, outcome) in &all {
        println!("{name}: {outcome:?}");
    }
    let held = |name: &str| -> Vec<String> {
        let reading = all[name].as_ref().unwrap();
        reading.profile.held.iter().map(|held| held.skill.clone()).collect()
    };
    let plain = held("Sample-MC-Annex1-unsigned.jsonld");
    assert_eq!(plain, ["http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a"]);
    assert_eq!(held("Sample-MC-Annex1-unsigned-uploadable.json"), plain);
    assert_eq!(held("Sample-MC-Annex1-signed.jsonld"), plain);
    let xml = held("EDC_DiplomaSupplement_AA.xml");
    assert_eq!(xml, ["http://data.europa.eu/esco/skill/31c69100-b612-4a61-8db5-fd314318854c"]);
}
