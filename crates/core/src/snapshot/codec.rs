//! The one place that knows bincode: the small typed header of a snapshot, to bytes and back.
//!
//! Everything large stands in sections of its own ([`super::section`]), so that the format can
//! outlive this codec: another one would replace this file and raise the format's version.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::section::{HEADER, damaged};
use crate::error::{Error, Result};

/// What a header may take, in bytes. Names, languages, scales and tags need some kilobytes.
const LIMIT: usize = 1 << 24;

/// The settings: fixed by the format's version 1.
fn settings() -> impl bincode::config::Config {
    bincode::config::standard()
        .with_little_endian()
        .with_variable_int_encoding()
        .with_limit::<LIMIT>()
}

/// A header's bytes.
pub(super) fn encode(header: &impl Serialize) -> Result<Vec<u8>> {
    let too_many = |count: usize| Error::TooMany {
        what: "bytes of names, scales and tags in one snapshot",
        count: count as u64,
        limit: LIMIT as u64,
    };
    // Strings and numbers always encode: only their length can be refused.
    let bytes = bincode::serde::encode_to_vec(header, settings())
        .map_err(|_| too_many(LIMIT.saturating_add(1)))?;
    if bytes.len() > LIMIT { Err(too_many(bytes.len())) } else { Ok(bytes) }
}

/// A header from its bytes, every one of which must be used.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    match bincode::serde::decode_from_slice(bytes, settings()) {
        Ok((header, used)) if used == bytes.len() => Ok(header),
        Ok((_, used)) => Err(damaged(HEADER, format!("it ends at byte {used} of {}", bytes.len()))),
        Err(_) => Err(damaged(HEADER, "it cannot be decoded")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back_and_uses_every_byte() {
        let header = (String::from("ROME"), 460u32, vec![1u16, 2]);
        let mut bytes = encode(&header).unwrap();
        assert_eq!(decode::<(String, u32, Vec<u16>)>(&bytes).unwrap(), header);
        bytes.push(0);
        let refused = decode::<(String, u32, Vec<u16>)>(&bytes).unwrap_err().to_string();
        assert!(refused.contains("`header`"), "{refused}");
    }

    #[test]
    fn a_length_beyond_the_bytes_allocates_nothing() {
        // A text that claims 2⁶⁰ bytes.
        let mut bytes = vec![253];
        bytes.extend((1u64 << 60).to_le_bytes());
        assert!(decode::<String>(&bytes).is_err());
        assert!(decode::<Vec<u64>>(&bytes).is_err());
    }
}
