//! Delimited text read row by row, by the names of its columns.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::path::{Path, PathBuf};

use super::encoding::Encoding;
use super::report::{Fate, FileReport, Reason};
use crate::error::{Error, Result};

/// What separates the fields of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// `,` or `;`, whichever the header line holds more of outside quotes.
    CommaOrSemicolon,
    /// `,`, with quotes.
    Comma,
    /// A tab, and no quoting: a quote is a character like another.
    Tab,
}

/// How the text of a file is laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    pub delimiter: Delimiter,
    pub encoding: Encoding,
}

impl Dialect {
    pub(crate) fn new(delimiter: Delimiter, encoding: Encoding) -> Self {
        Self { delimiter, encoding }
    }
}

/// A column of a table, found by its name; an optional one that is not there reads as empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column(Option<usize>);

impl Column {
    pub(crate) fn is_there(self) -> bool {
        self.0.is_some()
    }
}

/// Watches the bytes pass: what the parser does not tell of the end of a file.
struct Tap<R> {
    inner: R,
    bytes: u64,
    quotes: u64,
    last: u8,
    ended: bool,
}

impl<R: Read> Read for Tap<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let passed = &buffer[..read];
        self.bytes += read as u64;
        self.quotes += passed.iter().filter(|&&byte| byte == b'"').count() as u64;
        match passed.last() {
            Some(&last) => self.last = last,
            None => self.ended |= !buffer.is_empty(),
        }
        Ok(read)
    }
}

type Source<R> = Chain<Cursor<Vec<u8>>, BufReader<Tap<R>>>;

/// The longest header line: a file without line breaks is not held in memory to find that out.
const LONGEST_HEADER: u64 = 1 << 20;

/// A table read in one pass, whatever its length.
///
/// Values come without the spaces around them. Lines are counted from 1 as an editor counts them,
/// line breaks inside quotes included, and a row's line is the one it starts on.
pub(crate) struct Table<R> {
    path: PathBuf,
    encoding: Encoding,
    columns: Vec<String>,
    reader: csv::Reader<Source<R>>,
    record: csv::ByteRecord,
    /// The record decoded and trimmed, its fields end to end, and where each ends.
    text: String,
    ends: Vec<usize>,
    line: u64,
}

impl Table<File> {
    /// Opens a file and reads its header line.
    pub(crate) fn open(path: &Path, dialect: Dialect) -> Result<Self> {
        let file =
            File::open(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
        Self::new(path, file, dialect)
    }
}

impl<R: Read> Table<R> {
    /// Reads the header line; `path` is for errors.
    pub(crate) fn new(path: &Path, reader: R, dialect: Dialect) -> Result<Self> {
        let failed = |source| Error::File { path: path.to_owned(), source };
        let tap = Tap { inner: reader, bytes: 0, quotes: 0, last: b'\n', ended: false };
        let mut buffered = BufReader::with_capacity(1 << 16, tap);
        let mut head = Vec::new();
        // Empty lines before the header do not count.
        let mut start = (&mut buffered).take(LONGEST_HEADER);
        while start.read_until(b'\n', &mut head).map_err(failed)? > 0
            && head.iter().all(u8::is_ascii_whitespace)
        {}
        let delimiter = match dialect.delimiter {
            Delimiter::Comma => b',',
            Delimiter::Tab => b'\t',
            Delimiter::CommaOrSemicolon => found_delimiter(&head),
        };
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .quoting(dialect.delimiter != Delimiter::Tab)
            .has_headers(false)
            .flexible(true)
            // A carriage return before it is trimmed with the value. The parser's own handling of
            // CRLF leaves the line feed to the next row, which puts its line off by one.
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(Cursor::new(head).chain(buffered));
        let mut table = Self {
            path: path.to_owned(),
            encoding: dialect.encoding,
            columns: Vec::new(),
            reader,
            record: csv::ByteRecord::new(),
            text: String::new(),
            ends: Vec::new(),
            line: 0,
        };
        if !table.advance()? {
            return Err(table.malformed("it is empty; a header line is needed"));
        }
        table.columns = table.row().fields().map(str::to_owned).collect();
        Ok(table)
    }

    fn malformed(&self, problem: impl Into<String>) -> Error {
        self.header().malformed(problem)
    }

    /// The names of the columns, to be looked for.
    pub(crate) fn header(&self) -> Header<'_> {
        Header { path: &self.path, columns: &self.columns }
    }

    /// As [`Header::column`].
    pub(crate) fn column(&self, name: &str) -> Result<Column> {
        self.header().column(name)
    }

    /// As [`Header::optional`].
    pub(crate) fn optional(&self, name: &str) -> Result<Column> {
        self.header().optional(name)
    }

    /// The columns `prefix…`, each with what follows the prefix.
    pub(crate) fn prefixed(&self, prefix: &str) -> Vec<(String, Column)> {
        let rest = |name: &String| name.strip_prefix(prefix).map(str::to_owned);
        (0..self.columns.len())
            .filter_map(|at| Some((rest(&self.columns[at])?, Column(Some(at)))))
            .filter(|(rest, _)| !rest.is_empty())
            .collect()
    }

    /// Reads every row and counts what becomes of it. Rows that are blank or that do not have as
    /// many fields as the header are dropped before `act` sees them.
    pub(crate) fn each(
        &mut self,
        report: &mut FileReport,
        mut act: impl FnMut(&Row<'_>, &mut FileReport) -> Result<Fate>,
    ) -> Result<()> {
        while self.advance()? {
            self.row().judge(report, &mut act)?;
        }
        debug_assert!(report.adds_up());
        Ok(())
    }

    /// Hands over every row, whatever its length, for those who judge rows in another way.
    #[cfg(feature = "hub")]
    pub(crate) fn each_row(&mut self, mut act: impl FnMut(&Row<'_>)) -> Result<()> {
        while self.advance()? {
            act(&self.row());
        }
        Ok(())
    }

    fn row(&self) -> Row<'_> {
        self.header().row(self.line, &self.text, &self.ends)
    }

    /// Reads the next record that is not an empty line.
    fn advance(&mut self) -> Result<bool> {
        loop {
            let more = self.reader.read_byte_record(&mut self.record).map_err(|error| {
                let path = self.path.clone();
                match error.into_kind() {
                    csv::ErrorKind::Io(source) => Error::File { path, source },
                    kind => Error::Malformed {
                        file: path.display().to_string(),
                        problem: format!("{kind:?}"),
                    },
                }
            })?;
            if !more {
                return Ok(false);
            }
            let bytes = self.record.as_slice();
            let breaks = breaks(bytes);
            let position = self.reader.position();
            let tap = self.reader.get_ref().get_ref().1.get_ref();
            let at_end = tap.ended && position.byte() >= tap.bytes;
            // Without quoting no field holds a line break, so this is for files with quotes.
            let unclosed = at_end && breaks > 0 && tap.quotes % 2 == 1;
            let terminated = !unclosed && (!at_end || tap.last == b'\n');
            // The parser counts the line feeds that it has passed. Stray quotes in the last row can
            // hide that its line feed lies within one: no row starts where the one before it did.
            let ended = breaks + u64::from(terminated);
            self.line = position.line().saturating_sub(ended).max(self.line + 1);
            if unclosed {
                let line = self.line;
                return Err(self.malformed(format!(
                    "a quote opened in the row of line {line} is never closed; close it, or double it if it is part of the text"
                )));
            }
            if self.record.len() == 1 && bytes.iter().all(|&byte| byte == b'\r') {
                continue;
            }
            self.decode()?;
            return Ok(true);
        }
    }

    fn decode(&mut self) -> Result<()> {
        self.text.clear();
        self.ends.clear();
        let mut breaks_before = 0;
        for field in &self.record {
            let decoded = self.encoding.decode(field).map_err(|valid| Error::Encoding {
                file: self.path.display().to_string(),
                line: self.line + breaks_before + breaks(&field[..valid]),
                encoding: self.encoding.name(),
            })?;
            breaks_before += breaks(field);
            self.text.push_str(decoded.trim());
            self.ends.push(self.text.len());
        }
        Ok(())
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// `;` when the header line holds more of them outside quotes than `,`.
fn found_delimiter(head: &[u8]) -> u8 {
    let (mut commas, mut semicolons, mut quoted) = (0u32, 0u32, false);
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => commas += 1,
            b';' if !quoted => semicolons += 1,
            _ => {}
        }
    }
    if semicolons > commas { b';' } else { b',' }
}

/// The columns of a table by their names, and where it comes from for errors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header<'a> {
    pub path: &'a Path,
    pub columns: &'a [String],
}

impl<'a> Header<'a> {
    fn malformed(self, problem: impl Into<String>) -> Error {
        Error::Malformed { file: self.path.display().to_string(), problem: problem.into() }
    }

    /// The column of a name. Case does not count.
    ///
    /// # Errors
    ///
    /// [`Error::MissingColumn`] with the columns that are there, [`Error::Malformed`] when two
    /// have the name.
    pub(crate) fn column(self, name: &str) -> Result<Column> {
        let column = self.optional(name)?;
        if column.0.is_none() {
            return Err(Error::MissingColumn {
                file: self.path.display().to_string(),
                column: name.to_owned(),
                present: self.columns.to_vec(),
            });
        }
        Ok(column)
    }

    /// The column of a name, if it is there.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] when two have the name.
    pub(crate) fn optional(self, name: &str) -> Result<Column> {
        let mut found =
            (0..self.columns.len()).filter(|&at| self.columns[at].eq_ignore_ascii_case(name));
        let first = found.next();
        if found.next().is_some() {
            return Err(self.malformed(format!("two columns are named `{name}`; rename one")));
        }
        Ok(Column(first))
    }

    /// A row: its trimmed fields end to end, and where each ends.
    pub(crate) fn row(self, line: u64, text: &'a str, ends: &'a [usize]) -> Row<'a> {
        Row { line, text, ends, path: self.path, columns: self.columns }
    }
}

/// One row, by its columns.
pub(crate) struct Row<'a> {
    /// The line on which it starts.
    pub line: u64,
    text: &'a str,
    ends: &'a [usize],
    path: &'a Path,
    columns: &'a [String],
}

impl<'a> Row<'a> {
    fn field(&self, at: usize) -> &'a str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }

    fn fields(&self) -> impl Iterator<Item = &'a str> {
        (0..self.ends.len()).map(|at| self.field(at))
    }

    /// Counts what becomes of the row: one that is blank, or has not as many fields as the header,
    /// is dropped before `act` sees it.
    pub(crate) fn judge(
        &self,
        report: &mut FileReport,
        act: &mut impl FnMut(&Row<'_>, &mut FileReport) -> Result<Fate>,
    ) -> Result<()> {
        let fate = if self.fields().all(str::is_empty) {
            Fate::dropped(Reason::Blank, "")
        } else if self.is_whole() {
            act(self, report)?
        } else {
            let count = format!("{} fields for {}", self.ends.len(), self.columns.len());
            Fate::dropped(Reason::FieldCount, count)
        };
        report.count(self.line, fate);
        Ok(())
    }

    /// As many fields as there are columns; empty ones beyond them do not count.
    pub(crate) fn is_whole(&self) -> bool {
        let columns = self.columns.len();
        self.ends.len() >= columns && self.fields().skip(columns).all(str::is_empty)
    }

    /// How many fields the row has, for how many columns.
    #[cfg(feature = "hub")]
    pub(crate) fn widths(&self) -> String {
        format!("{} fields for {} columns", self.ends.len(), self.columns.len())
    }

    /// The trimmed fields end to end, and where each ends: what [`Header::row`] takes.
    #[cfg(feature = "hub")]
    pub(crate) fn parts(&self) -> (&'a str, &'a [usize]) {
        (self.text, self.ends)
    }

    /// The value in a column, without the spaces around it.
    pub(crate) fn get(&self, column: Column) -> &'a str {
        column.0.map_or("", |at| self.field(at))
    }

    /// The error for a value that cannot be read.
    pub(crate) fn refuse(&self, column: Column, expected: impl Into<String>) -> Error {
        let name = column.0.and_then(|at| self.columns.get(at)).cloned().unwrap_or_default();
        Error::Value {
            file: self.path.display().to_string(),
            line: self.line,
            column: name,
            value: self.get(column).to_owned(),
            expected: expected.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CSV: Dialect =
        Dialect { delimiter: Delimiter::CommaOrSemicolon, encoding: Encoding::Utf8 };

    type Lines = Vec<(u64, Vec<String>)>;

    fn rows(bytes: &[u8], dialect: Dialect) -> Result<(Lines, FileReport)> {
        let mut table = Table::new(Path::new("t.csv"), bytes, dialect)?;
        let mut report = FileReport::new("t.csv");
        let mut rows = Vec::new();
        table.each(&mut report, |row, _| {
            rows.push((row.line, row.fields().map(str::to_owned).collect()));
            Ok(Fate::Kept)
        })?;
        Ok((rows, report))
    }

    fn read(text: &str) -> Lines {
        rows(text.as_bytes(), CSV).unwrap().0
    }

    fn row(line: u64, fields: &[&str]) -> (u64, Vec<String>) {
        (line, fields.iter().map(|&field| field.to_owned()).collect())
    }

    #[test]
    fn a_row_has_the_line_it_starts_on() {
        let expected =
            [row(2, &["1", "2"]), row(5, &["3", "x\ny"]), row(7, &["5", "6"]), row(9, &["7", "8"])];
        let text = "a,b\n1,2\n\n\n3,\"x\ny\"\n5,6\n\n7,8";
        assert_eq!(read(text), expected);
        assert_eq!(read(&format!("{text}\n")), expected);
        assert_eq!(read(&format!("\u{feff}{text}\n\n")), expected);
        let crlf = text.replace('\n', "\r\n");
        let expected = expected.map(|(line, fields)| {
            (line, fields.iter().map(|field| field.replace('\n', "\r\n")).collect::<Vec<_>>())
        });
        assert_eq!(read(&crlf), expected);
        assert_eq!(read(&format!("{crlf}\r\n")), expected);
    }

    #[test]
    fn the_header_line_says_which_delimiter() {
        assert_eq!(read("a;b\n1,5;2\n"), [row(2, &["1,5", "2"])]);
        assert_eq!(read("\r\n\na;b\n1,5;2\n"), [row(4, &["1,5", "2"])]);
        assert_eq!(read("\"a;b;c\",d\n1;2,3\n"), [row(2, &["1;2", "3"])]);
        let tab = Dialect::new(Delimiter::Tab, Encoding::Utf8);
        let text = "a\tb\n5\" pipe\t\"x\n";
        assert_eq!(rows(text.as_bytes(), tab).unwrap().0, [row(2, &["5\" pipe", "\"x"])]);
    }

    #[test]
    fn rows_of_another_length_are_dropped_and_counted() {
        let (rows, report) = rows(b"a,b\n1\n1,2\n1,2,3\n1,2,\n,\n", CSV).unwrap();
        assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(report.dropped_for(Reason::FieldCount), 2);
        assert_eq!(report.dropped_for(Reason::Blank), 1);
        assert!(report.adds_up());
    }

    #[test]
    fn a_byte_order_mark_and_a_quoted_first_name_are_read() {
        let table =
            Table::new(Path::new("t"), "\u{feff}\"person\",skill\r\n".as_bytes(), CSV).unwrap();
        assert_eq!(table.header().columns, ["person", "skill"]);
        assert!(table.column("Person").is_ok(), "case does not count");
        let missing = table.column("level").err().map(|error| error.to_string()).unwrap();
        assert_eq!(
            missing,
            "t: no column `level`; the columns are `person`, `skill`: rename one or add it"
        );
        let twice = Table::new(Path::new("t"), "a,A\n".as_bytes(), CSV).unwrap();
        assert!(matches!(twice.column("a"), Err(Error::Malformed { .. })));
    }

    #[test]
    fn wrong_bytes_are_refused_with_their_line() {
        let refused = |bytes: &[u8]| rows(bytes, CSV).unwrap_err();
        assert!(matches!(refused(b"a,b\n1,2\n3,\"x\ny\xE9\"\n"), Error::Encoding { line: 4, .. }));
        assert!(matches!(refused(b"a,b\r\n1,m\xE9tier\r\n"), Error::Encoding { line: 2, .. }));
        // Two halves of a character in two fields are not a character.
        assert!(matches!(refused(b"a,b\n\xC3,\xA9\n"), Error::Encoding { line: 2, .. }));
        let latin = Dialect::new(Delimiter::CommaOrSemicolon, Encoding::Windows1252);
        let (read, _) = rows(b"a,b\n1,m\xE9tier\n", latin).unwrap();
        assert_eq!(read, [row(2, &["1", "métier"])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_refused() {
        let refused = rows(b"a,b\n1,2\n3,\"x\n4,5\n6,7\n", CSV).unwrap_err().to_string();
        assert!(refused.contains("the row of line 3 is never closed"), "{refused}");
        assert!(matches!(rows(b"", CSV), Err(Error::Malformed { .. })));
    }

    #[test]
    fn stray_quotes_in_the_last_row_leave_its_line_right() {
        let (rows, _) = rows(b";\n\"\"\"\"\r\";\"\n", CSV).unwrap();
        assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_and_the_counts_add_up(
            bytes in proptest::collection::vec(
                prop_oneof![Just(b','), Just(b'\n'), Just(b'"'), Just(b'\r'), Just(b';'), any::<u8>()],
                0..200,
            ),
            encoding in prop_oneof![
                Just(Encoding::Utf8), Just(Encoding::Windows1252), Just(Encoding::Iso8859_15)
            ],
            delimiter in prop_oneof![
                Just(Delimiter::CommaOrSemicolon), Just(Delimiter::Comma), Just(Delimiter::Tab)
            ],
        ) {
            if let Ok((rows, report)) = rows(&bytes, Dialect { delimiter, encoding }) {
                prop_assert!(report.adds_up());
                prop_assert_eq!(rows.len() as u64, report.kept());
                let lines = breaks(&bytes) + 1;
                prop_assert!(rows.iter().all(|&(line, _)| 1 < line && line <= lines));
                prop_assert!(rows.is_sorted_by_key(|&(line, _)| line));
            }
        }

        #[test]
        fn what_a_writer_quotes_comes_back_with_its_line(
            fields in proptest::collection::vec(
                proptest::array::uniform3("[a-z\"\n;,é]{0,6}"), 1..20),
            crlf in any::<bool>(),
        ) {
            let terminator =
                if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(vec![]);
            writer.write_record(["a", "b", "c"]).unwrap();
            let (mut line, mut expected) = (2, Vec::new());
            for fields in &fields {
                writer.write_record(fields).unwrap();
                if fields.iter().any(|field| !field.trim().is_empty()) {
                    expected.push((line, fields.iter().map(|f| f.trim().to_owned()).collect()));
                }
                line += 1 + fields.iter().map(|field| breaks(field.as_bytes())).sum::<u64>();
            }
            let bytes = writer.into_inner().unwrap();
            prop_assert_eq!(rows(&bytes, CSV).unwrap().0, expected);
        }
    }
}
