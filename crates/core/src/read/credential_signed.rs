//! What stands in a signed credential: the payload of a JSON Web Signature (RFC 7515). Nothing is
//! verified.

use base64::Engine;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use serde_json::{Map, Value};

/// Base64url, with padding or without.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The payload in its compact serialization: header, payload and signature with a point between two.
pub(super) fn compact(text: &str) -> Option<Map<String, Value>> {
    let mut parts = text.trim_end().split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() { None } else { opened(payload) }
}

/// The payload of a JSON serialization, where an object is one: `None` within where it cannot be
/// read.
pub(super) fn payload(object: &Map<String, Value>) -> Option<Option<Map<String, Value>>> {
    let signed = object.contains_key("signatures") || object.contains_key("signature");
    match object.get("payload") {
        Some(Value::String(payload)) if signed => Some(opened(payload)),
        _ => None,
    }
}

/// A payload in the clear (RFC 7797), as the European issuer's are, or encoded. The encoding has no
/// brace, so that which of the two it is needs no header.
fn opened(payload: &str) -> Option<Map<String, Value>> {
    let bytes = match payload.trim_start() {
        clear if clear.starts_with('{') => clear.as_bytes().to_vec(),
        encoded => BASE64URL.decode(encoded).ok()?,
    };
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::{CredentialProblem, Error};
    use crate::framework::Framework;
    use crate::lookup::Lookup;
    use crate::matrix::{Necessity, Requirement};
    use crate::read::{CredentialOptions, CredentialReading, credential};
    use crate::skill::SkillKind;

    fn read(text: &str) -> Result<CredentialReading, CredentialProblem> {
        let mut builder = Framework::builder("demo", "1", "en");
        builder.skill("team", SkillKind::Soft).unwrap();
        builder.skill_label("team", "en", "Travail d’équipe").unwrap();
        builder.occupation("o").unwrap();
        let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
        builder.require("o", "team", one).unwrap();
        let framework = builder.build().unwrap();
        let lookup = Lookup::build(&framework).unwrap();
        let options = CredentialOptions::default();
        credential(text.as_bytes(), "c", "p1", &framework, &lookup, &options).map_err(|error| {
            match error {
                Error::Credential { problem, .. } => problem,
                other => panic!("{other}"),
            }
        })
    }

    fn european() -> Value {
        json!({
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
            "issuer": {"id": "urn:example:1"},
            "issuanceDate": "2025-01-31T00:00:00Z",
            "credentialSubject": {"hasClaim": [{
                "specifiedBy": {"learningOutcome": {"title": {"fr": "Travail d’équipe"}}}
            }]}
        })
    }

    #[test]
    fn a_signed_credential_says_what_it_says_unsigned() {
        let plain = european();
        let unsigned = read(&plain.to_string()).unwrap();
        assert_eq!(unsigned.profile.held[0].assessor.as_deref(), Some("unverified:urn:example:1"));
        let clear = plain.to_string();
        let encoded = BASE64URL.encode(&clear);
        let bare = encoded.trim_end_matches('=');
        let header = BASE64URL.encode(r#"{"alg":"ES256"}"#);
        let signatures = json!([{"protected": header, "signature": "AAAA"}]);
        let upload = BASE64URL.encode(json!({"credential": plain}).to_string());
        let token = BASE64URL.encode(json!({"iss": "x", "vc": plain}).to_string());
        for signed in [
            json!({"payload": clear, "signatures": signatures}).to_string(),
            json!({"payload": encoded, "signatures": signatures}).to_string(),
            json!({"payload": bare, "signatures": signatures}).to_string(),
            json!({"payload": bare, "protected": header, "signature": "AAAA"}).to_string(),
            json!({"payload": upload, "signatures": signatures}).to_string(),
            format!("{header}.{bare}.AAAA\n"),
            format!("{header}.{token}.AAAA"),
        ] {
            assert_eq!(read(&signed), Ok(unsigned.clone()), "{signed}");
        }
    }

    #[test]
    fn a_payload_that_is_no_credential_is_refused() {
        let refused = |payload: &str| {
            let signed = json!({"payload": payload, "signatures": []}).to_string();
            let reasons =
                [read(&signed).unwrap_err(), read(&format!("a.{payload}.b")).unwrap_err()];
            assert_eq!(reasons[0], reasons[1]);
            reasons[0].clone()
        };
        // No encoding, of an odd length, not UTF-8, a list, nothing.
        for payload in ["§", "abcde", "____", "W10", "", "{"] {
            assert_eq!(refused(payload), CredentialProblem::Unreadable, "{payload}");
        }
        assert_eq!(refused("e30"), CredentialProblem::NotACredential);
        assert_eq!(read("a.e30.b.c"), Err(CredentialProblem::Unreadable));
    }
}
