//! The encodings that files may be in.

use std::borrow::Cow;
use std::str::FromStr;

use crate::error::Error;

/// How a file's bytes spell its text. The caller names it; it is never guessed.
///
/// A wrong guess shows only where a file holds UTF-8: bytes that are not valid UTF-8 are refused
/// with their line, while every byte means something in the single-byte encodings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// Windows-1252, and ISO-8859-1 (Latin-1), of which it is the superset that files mean.
    Windows1252,
    /// ISO-8859-15 (Latin-9), with €, Œ and œ.
    Iso8859_15,
}

impl Encoding {
    /// The name, as errors write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
            Self::Iso8859_15 => "ISO-8859-15",
        }
    }

    /// The text that bytes spell; `Err` with the bytes before the first one at fault.
    pub(crate) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, usize> {
        let encoding = match self {
            Self::Utf8 => {
                return std::str::from_utf8(bytes)
                    .map(Cow::Borrowed)
                    .map_err(|error| error.valid_up_to());
            }
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
            Self::Iso8859_15 => encoding_rs::ISO_8859_15,
        };
        // Every byte has a meaning in both, so nothing is ever replaced.
        Ok(encoding.decode_without_bom_handling(bytes).0)
    }
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Encoding {
    type Err = Error;

    /// Reads the usual names: `utf-8`, `latin1`, `iso-8859-1`, `windows-1252`, `cp1252`,
    /// `iso-8859-15`, `latin9`.
    fn from_str(name: &str) -> Result<Self, Error> {
        match name.to_ascii_lowercase().replace('_', "-").as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "windows-1252" | "cp1252" | "latin1" | "latin-1" | "iso-8859-1" | "iso8859-1" => {
                Ok(Self::Windows1252)
            }
            "iso-8859-15" | "iso8859-15" | "latin9" | "latin-9" => Ok(Self::Iso8859_15),
            _ => Err(Error::argument(
                "encoding",
                format!("`{name}`"),
                "utf-8, windows-1252 (latin1) or iso-8859-15 (latin9)",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_known_by_its_usual_names() {
        for encoding in [Encoding::Utf8, Encoding::Windows1252, Encoding::Iso8859_15] {
            assert_eq!(encoding.name().parse::<Encoding>().unwrap(), encoding);
        }
        assert_eq!("Latin1".parse::<Encoding>().unwrap(), Encoding::Windows1252);
        assert!("utf-16".parse::<Encoding>().unwrap_err().to_string().contains("iso-8859-15"));
    }

    #[test]
    fn single_bytes_are_read_as_named() {
        assert_eq!(Encoding::Windows1252.decode(b"m\xE9tier \x80").unwrap(), "métier €");
        assert_eq!(Encoding::Iso8859_15.decode(b"\xBDuvre \xA4").unwrap(), "œuvre €");
        assert_eq!(Encoding::Utf8.decode(b"m\xE9tier"), Err(1));
    }
}
