//! Why a score is what it is, and what a label names.

use std::ffi::c_char;

use passerelle::Explanation;
use passerelle::lookup::{FindOptions, Found};
use passerelle::rank::fitted;

use crate::argument::{Out, text};
use crate::framework::{OpenFramework, OpenProfiles};
use crate::guard::guard;
use crate::status::Status;
use crate::table::{self, Handle};
use crate::text;

/// Takes the score of one person for one occupation apart, as JSON in a new text: each required
/// skill with what is held, on which evidence, and what it adds; what is held beside; where the
/// person stands (`status`), which is never part of the score. What the command `passerelle explain
/// --json` prints.
///
/// `person` and `target` are ids, `strategy` as in passerelle_rank, `language` that of the labels
/// (`fr`, `en`…).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_explain(
    profiles: Handle,
    person: *const c_char,
    person_length: usize,
    target: *const c_char,
    target_length: usize,
    strategy: *const c_char,
    strategy_length: usize,
    language: *const c_char,
    language_length: usize,
    json: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(json, "json")?;
        let open = table::get::<OpenProfiles>(profiles, "profiles")?;
        let framework = &open.framework.framework;
        // SAFETY: the caller gives four texts and their lengths.
        let (person, target, strategy, language) = unsafe {
            let person = text(person, person_length, "person")?;
            let target = text(target, target_length, "target")?;
            let strategy = text(strategy, strategy_length, "strategy")?;
            (person, target, strategy, text(language, language_length, "language")?)
        };
        let strategy = fitted(strategy, framework.required())?;
        let why = Explanation::of(&open.profiles, person, framework, target, &*strategy, language)?;
        out.put(table::insert(text::of_json(&why)?)?);
        Ok(())
    })
}

/// Finds skills, occupations, job titles and groups by a label or a part of one, as JSON in a new
/// text: an array of at most `limit` objects, the best first, each with `kind`, `id`, `label`,
/// `language` and `how` (`exact`, `normalised`, `prefix`, or `fuzzy` with the number of edits); a
/// job title also has the `occupation` that it names, with its label in `language`. What the command
/// `passerelle find --json` prints.
///
/// The first call with a framework builds its index of labels, some tenths of a second for a large
/// one; it is kept.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_find(
    framework: Handle,
    query: *const c_char,
    query_length: usize,
    limit: usize,
    language: *const c_char,
    language_length: usize,
    json: *mut Handle,
) -> Status {
    guard(|| {
        let out = Out::new(json, "json")?;
        let open = table::get::<OpenFramework>(framework, "framework")?;
        // SAFETY: the caller gives two texts and their lengths.
        let (query, language) = unsafe {
            let query = text(query, query_length, "query")?;
            (query, text(language, language_length, "language")?)
        };
        let matches = open.lookup()?.find(query, &FindOptions::new().limit(limit))?;
        let found = matches.iter().map(|found| Found::of(&open.framework, found, language));
        out.put(table::insert(text::of_json(&found.collect::<Vec<_>>())?)?);
        Ok(())
    })
}
