//! The order of the library's rooms: a room uses those above it, never those below.
//!
//! The order is read from `docs/design.md`, where people read it, so that there is one list.

/// Where the rooms are.
const HOUSE: &str = "crates/core/src/";

/// What opens the list of rooms in the design: the next block of code is the list.
const HEADING: &str = "Inside `crates/core/src/`";

/// Rooms that may name any other: the crate's front page and its one error.
const ABOVE_ALL: &[&str] = &["lib", "error"];

/// The rooms in their order.
#[derive(Debug, PartialEq, Eq)]
pub struct Rooms<'a> {
    names: Vec<&'a str>,
}

impl<'a> Rooms<'a> {
    /// The rooms as the text of the design lists them, one a line, the name first; `None` if the
    /// list is not found.
    pub fn read(design: &'a str) -> Option<Self> {
        let (_, after) = design.split_once(HEADING)?;
        let block = after.split("```").nth(1)?;
        let name = |line: &'a str| {
            let word = line.split_whitespace().next()?;
            Some(word.trim_end_matches('/').trim_end_matches(".rs"))
        };
        // The first line is the rest of the fence.
        let names: Vec<_> = block.lines().skip(1).filter_map(name).collect();
        (!names.is_empty()).then_some(Self { names })
    }

    /// The uses of a room below its own in one source file: the line, counted from 1, and the
    /// room. What stands under `#[cfg(test)]` may use every room.
    pub fn used_below<'t>(&self, path: &str, text: &'t str) -> Vec<(usize, &'t str)> {
        let own = path.strip_prefix(HOUSE).and_then(|rest| rest.split(['/', '.']).next());
        let Some(own) = own.filter(|own| !ABOVE_ALL.contains(own)) else { return Vec::new() };
        let Some(place) = self.place(own) else { return Vec::new() };
        uses(text).filter(|(_, room)| self.place(room).is_some_and(|other| other > place)).collect()
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|room| *room == name)
    }
}

/// The first name after each `crate::` that is code, with its line.
fn uses(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let line_of = |at: usize| code[..at].matches('\n').count() + 1;
    code.match_indices("crate::")
        .filter(|(at, _)| {
            let line = code[..*at].rsplit('\n').next().unwrap_or_default();
            !line.contains("//")
        })
        .flat_map(move |(at, word)| {
            let names = names_after(&code[at + word.len()..]).into_iter();
            names.map(move |name| (line_of(at), name))
        })
}

/// The name that `rest` starts with, or the first name of each item of the group
/// `{a::b, c::{d, e}}`.
fn names_after(rest: &str) -> Vec<&str> {
    let Some(group) = rest.strip_prefix('{') else { return vec![first_name(rest)] };
    let (mut names, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(first_name(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn first_name(item: &str) -> &str {
    let item = item.trim_start();
    item.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESIGN: &str = "Inside `crates/core/src/`, in order:\n\n```\nlib.rs   front\n\
                          error.rs one\nskill.rs axis\nmatrix/  sparse\ngap/     far\n```\nmore";

    fn below<'t>(path: &str, text: &'t str) -> Vec<(usize, &'t str)> {
        Rooms::read(DESIGN).unwrap().used_below(path, text)
    }

    #[test]
    fn the_list_is_read_from_the_design() {
        let rooms = Rooms::read(DESIGN).unwrap();
        assert_eq!(rooms.names, ["lib", "error", "skill", "matrix", "gap"]);
        assert_eq!(Rooms::read("no list"), None);
    }

    #[test]
    fn a_room_uses_those_above_it() {
        let text = "use crate::skill::Date;\nuse crate::error::Error;\nuse crate::matrix::Held;";
        assert_eq!(below("crates/core/src/matrix/held.rs", text), []);
        assert_eq!(below("crates/core/src/gap/mod.rs", text), []);
    }

    #[test]
    fn a_room_below_is_found_in_every_form() {
        let path = "crates/core/src/matrix/held.rs";
        assert_eq!(below(path, "use a;\nuse crate::gap::Measure;"), [(2, "gap")]);
        assert_eq!(below(path, "fn f() { crate::gap::near() }"), [(1, "gap")]);
        assert_eq!(below(path, "use crate::{skill::{A, B}, gap::{C}};"), [(1, "gap")]);
        assert_eq!(below(path, "use crate::{\n    gap,\n};"), [(1, "gap")]);
    }

    #[test]
    fn comments_tests_and_the_front_page_are_free() {
        let path = "crates/core/src/skill.rs";
        assert_eq!(below(path, "/// See [`crate::gap`].\n"), []);
        assert_eq!(below(path, "#[cfg(test)]\nmod tests { use crate::gap::Measure; }"), []);
        assert_eq!(below("crates/core/src/error.rs", "use crate::gap::Measure;"), []);
        assert_eq!(below("crates/core/src/laws.rs", "use crate::gap::Measure;"), []);
        assert_eq!(below("crates/cli/src/gap.rs", "use crate::rank::A;"), []);
    }
}
