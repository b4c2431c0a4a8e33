//! What this library is and can do.

use std::ffi::c_char;

use passerelle::gap::Measure;
use passerelle::{near, rank};
use serde::Serialize;

use crate::argument::Out;
use crate::guard::guard;
use crate::hub::ASKS;
use crate::status::Status;
use crate::table::{self, Handle};
use crate::text;

/// The number of this ABI: it goes up when a function, a structure or a code changes its meaning.
/// New functions and codes leave it.
pub const ABI: u32 = 0;

/// The version, ended by a NUL.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

#[derive(Serialize)]
struct Capabilities {
    version: &'static str,
    abi: u32,
    measures: Vec<&'static str>,
    strategies: Vec<&'static str>,
    scorers: &'static [&'static str],
    asks: &'static [&'static str],
    handles: [&'static str; 6],
}

/// The version of the library, such as `0.1.0`, ended by a NUL. It stands for ever.
#[unsafe(no_mangle)]
pub extern "C" fn passerelle_version() -> *const c_char {
    VERSION.as_ptr().cast()
}

/// The number of the ABI that the loaded library has: compare it with PASSERELLE_ABI, which your
/// program was built with, before anything else.
#[unsafe(no_mangle)]
pub extern "C" fn passerelle_abi() -> u32 {
    ABI
}

/// What this build can do, as JSON in a new text: `version`, `abi`, `measures`, `strategies`,
/// `scorers`, `asks` (the questions of passerelle_hub_ask), and `handles`, the kinds of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_capabilities(json: *mut Handle) -> Status {
    guard(|| {
        let out = Out::new(json, "json")?;
        let can = Capabilities {
            version: env!("CARGO_PKG_VERSION"),
            abi: ABI,
            measures: Measure::ALL.iter().map(|measure| measure.name()).collect(),
            strategies: [rank::NAMES, rank::FITTED_NAMES].concat(),
            scorers: near::SCORER_NAMES,
            asks: ASKS,
            handles: ["framework", "profiles", "people", "targets", "hub", "text"],
        };
        out.put(table::insert(text::of_json(&can)?)?);
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::ABI;

    #[test]
    fn the_number_of_the_abi_is_the_same_wherever_it_is_written() {
        let said = format!("const ABI: u32 = {ABI};");
        for text in [include_str!("../build.rs"), include_str!("../../../xtask/src/install.rs")] {
            assert!(text.contains(&said), "{said}");
        }
    }
}
