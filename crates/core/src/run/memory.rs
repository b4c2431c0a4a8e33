//! How much memory a result may take, checked before anything is allocated.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// How much memory the result of one call may take.
///
/// The check comes before anything is allocated. It covers what the call returns and its working
/// memory that grows with the input, not buffers that the caller gives. The default is 4 GiB, so
/// that a matrix of a whole region is refused with its size rather than taking the machine down.
///
/// # Example
///
/// ```
/// use passerelle::MemoryLimit;
///
/// assert_eq!("2GiB".parse::<MemoryLimit>()?, MemoryLimit::bytes(2 << 30));
/// assert_eq!("500 MB".parse::<MemoryLimit>()?, MemoryLimit::bytes(500_000_000));
/// assert_eq!(MemoryLimit::bytes(3 << 29).to_string(), "1.5 GiB");
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemoryLimit(u64);

impl Default for MemoryLimit {
    fn default() -> Self {
        Self(4 << 30)
    }
}

impl MemoryLimit {
    /// A limit in bytes.
    pub const fn bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// No limit: an allocation that fails ends the process.
    pub const fn none() -> Self {
        Self(u64::MAX)
    }

    /// The limit in bytes.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }

    /// Refuses what takes more than the limit; `instead` says what to do.
    ///
    /// # Errors
    ///
    /// [`Error::Memory`] with both figures.
    pub fn check(self, what: &str, needed: u64, instead: &'static str) -> Result<()> {
        if needed <= self.0 {
            return Ok(());
        }
        Err(Error::Memory { what: what.to_owned(), needed, allowed: self.0, instead })
    }
}

impl fmt::Display for MemoryLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bytes_in_words(self.0))
    }
}

impl FromStr for MemoryLimit {
    type Err = Error;

    /// Reads `512MiB`, `2 GiB`, `500MB`, `1000000`: a whole number of bytes, kB, MB, GB, TB (powers
    /// of 1000) or KiB, MiB, GiB, TiB (powers of 1024).
    fn from_str(text: &str) -> Result<Self> {
        let refused =
            || Error::argument("memory", format!("`{text}`"), "a size such as `512MiB` or `2GiB`");
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| refused())?;
        let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "kb" => 1000,
            "mb" => 1000 * 1000,
            "gb" => 1000 * 1000 * 1000,
            "tb" => 1000 * 1000 * 1000 * 1000,
            "kib" | "k" => 1 << 10,
            "mib" | "m" => 1 << 20,
            "gib" | "g" => 1 << 30,
            "tib" | "t" => 1 << 40,
            _ => return Err(refused()),
        };
        number.checked_mul(factor).map(Self).ok_or_else(refused)
    }
}

/// A number of bytes as a person reads it: `1.5 GiB`.
pub fn bytes_in_words(bytes: u64) -> String {
    let units = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    for (unit, shift) in units {
        if bytes >> shift > 0 {
            let tenths = (u128::from(bytes) * 10) >> shift;
            return if tenths % 10 == 0 {
                format!("{} {unit}", tenths / 10)
            } else {
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            };
        }
    }
    format!("{bytes} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_written_or_refused() {
        assert_eq!("1kib".parse::<MemoryLimit>().unwrap().as_bytes(), 1024);
        assert_eq!("7".parse::<MemoryLimit>().unwrap().as_bytes(), 7);
        for wrong in ["", "GiB", "-1", "1.5GiB", "99999999999TiB", "3 apples"] {
            assert!(wrong.parse::<MemoryLimit>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_refusal_says_how_much_and_what_instead() {
        let refused = MemoryLimit::bytes(10).check("the gap matrix", 11, "call `tiles`");
        assert_eq!(
            refused.unwrap_err().to_string(),
            "the gap matrix takes 11 bytes and 10 are allowed; call `tiles`"
        );
    }
}
