//! Elements of an XML document, one at a time.

use std::borrow::Cow;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::error::{Error, Result};
use crate::read::Encoding;

/// Elements within elements deeper than this are refused: an offer needs no more than ten.
const DEEPEST: usize = 64;

/// An element with all that is in it. Names are without their prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    name: String,
    /// Its attribute `numero`, or empty.
    pub(super) numero: String,
    /// The line that it starts on, counted from 1.
    pub(super) line: u64,
    /// The text between its children.
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// The children of a name, in order.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element at the end of a path, each step the first child of a name.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| {
            element.children.iter().find(|child| child.name == *name)
        })
    }

    /// The text at the end of a path, without the spaces around it; empty where there is none.
    pub(super) fn text(&self, path: &[&str]) -> &str {
        self.at(path).map_or("", |element| element.text.trim())
    }
}

/// The text of a document in the encoding that its declaration names; UTF-8 without one.
///
/// # Errors
///
/// [`Error::Malformed`] for an encoding that is not known, [`Error::Encoding`].
pub(super) fn decoded(file: &str, bytes: &[u8]) -> Result<String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let malformed = |problem: String| Error::Malformed { file: file.to_owned(), problem };
    let declared = match Reader::from_reader(bytes).read_event() {
        Ok(Event::Decl(declaration)) => {
            declaration.encoding().map(|name| name.map(Cow::into_owned))
        }
        _ => None,
    };
    let encoding = match declared {
        None => Encoding::Utf8,
        Some(name) => {
            let name = name.map_err(|error| malformed(error.to_string()))?;
            name.parse::<Encoding>().map_err(|error| malformed(error.to_string()))?
        }
    };
    let text = encoding.decode(bytes).map_err(|valid| Error::Encoding {
        file: file.to_owned(),
        line: bytes[..valid].iter().filter(|&&byte| byte == b'\n').count() as u64 + 1,
        encoding: encoding.name(),
    })?;
    Ok(text.into_owned())
}

/// Calls `act` with each element at the end of a path from the root, in order.
///
/// # Errors
///
/// [`Error::Malformed`] with the line, for what is no well-formed XML, for another root than the
/// path's, and for entities that only a document type could define: none is expanded.
pub(super) fn each(
    file: &str,
    text: &str,
    path: &[&str],
    mut act: impl FnMut(Element) -> Result<()>,
) -> Result<()> {
    let mut reader = Reader::from_str(text);
    let mut lines = Lines { text, at: 0, line: 1 };
    // The names of the elements that are open above those wanted, then these and what is in them.
    let mut above: Vec<String> = Vec::new();
    let mut open: Vec<Element> = Vec::new();
    let mut root = false;
    loop {
        let line = lines.line_of(reader.buffer_position());
        let malformed = |problem: String| Error::Malformed {
            file: file.to_owned(),
            problem: format!("line {line}: {problem}"),
        };
        let failed = |error: quick_xml::Error| malformed(error.to_string());
        let mut close = |above: &mut Vec<String>, open: &mut Vec<Element>| -> Result<()> {
            let Some(element) = open.pop() else {
                above.pop();
                return Ok(());
            };
            match open.last_mut() {
                Some(parent) => {
                    parent.children.push(element);
                    Ok(())
                }
                None => act(element),
            }
        };
        match reader.read_event().map_err(failed)? {
            Event::Start(start) => {
                begin(&start, line, path, &mut above, &mut open).map_err(malformed)?;
                root = true;
            }
            Event::Empty(start) => {
                begin(&start, line, path, &mut above, &mut open).map_err(malformed)?;
                root = true;
                close(&mut above, &mut open)?;
            }
            Event::End(_) => close(&mut above, &mut open)?,
            Event::Text(text) => push(&mut open, &text.xml10_content()),
            Event::CData(text) => push(&mut open, &text.xml10_content()),
            Event::GeneralRef(entity) => {
                let name = entity.xml10_content();
                if let Some(character) = entity.resolve_char_ref().map_err(failed)? {
                    push(&mut open, character.encode_utf8(&mut [0; 4]));
                } else if let Some(text) = resolve_predefined_entity(&name) {
                    push(&mut open, text);
                } else {
                    return Err(malformed(format!("the entity `{name}` is not known")));
                }
            }
            Event::Eof if !root => {
                return Err(malformed(format!("no element; expected <{}>", path[0])));
            }
            Event::Eof if !above.is_empty() || !open.is_empty() => {
                return Err(malformed("the file ends within an element".to_owned()));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Opens an element: below one that is wanted, or on the way there.
fn begin(
    start: &BytesStart<'_>,
    line: u64,
    path: &[&str],
    above: &mut Vec<String>,
    open: &mut Vec<Element>,
) -> Result<(), String> {
    let name = start.local_name().as_ref().to_owned();
    if above.is_empty() && name != path[0] {
        return Err(format!("the root is <{name}>, not <{}>", path[0]));
    }
    if above.len() + open.len() >= DEEPEST {
        return Err(format!("more than {DEEPEST} elements within each other"));
    }
    let wanted = above.len() + 1 == path.len()
        && above.iter().zip(path).all(|(name, wanted)| name == wanted)
        && name == path[above.len()];
    if open.is_empty() && !wanted {
        above.push(name);
        return Ok(());
    }
    let mut numero = String::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.as_ref() == "numero" {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            value.trim().clone_into(&mut numero);
        }
    }
    open.push(Element { name, numero, line, ..Element::default() });
    Ok(())
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// Counts the lines as the document is read.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn line_of(&mut self, position: u64) -> u64 {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        let passed = &self.text.as_bytes()[self.at..position.max(self.at)];
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.at = position.max(self.at);
        self.line
    }
}
