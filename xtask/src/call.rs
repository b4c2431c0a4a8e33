//! A command line that is run, its output kept, and told in full when it fails.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// One command line, not run yet. It reads nothing from stdin.
#[derive(Debug, Clone)]
pub struct Call {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(String, OsString)>,
    dir: PathBuf,
}

/// A command that did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The program could not be started, or its output not be read.
    #[error("command: {line}\ncould not be run: {source}")]
    NotRun {
        /// The command line, as one would type it.
        line: String,
        /// What the system said.
        source: io::Error,
    },
    /// The program ended with anything but success.
    #[error("command: {line}\nended with {status}; its output:\n{output}", output = output.trim_end())]
    Failed {
        /// The command line, as one would type it.
        line: String,
        /// How it ended.
        status: ExitStatus,
        /// Its stdout and stderr, in the order they were written.
        output: String,
    },
}

impl Call {
    /// A call of `program`, run in the folder `dir`.
    pub fn new(program: impl Into<OsString>, dir: &Path) -> Self {
        Self { program: program.into(), args: Vec::new(), env: Vec::new(), dir: dir.into() }
    }

    /// Adds one argument.
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments, in order.
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets one variable of the environment.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The command line as one would type it in a shell, variables first.
    pub fn line(&self) -> String {
        let env = self.env.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
        env.chain([quoted(&self.program)])
            .chain(self.args.iter().map(quoted))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Runs it and returns what it printed, stdout and stderr in the order they were written.
    /// With `show`, each line is printed as it comes, too.
    pub fn run(&self, show: bool) -> Result<String, CallError> {
        let (status, output) = self.collect(show).map_err(|source| self.not_run(source))?;
        if status.success() { Ok(output) } else { Err(self.failed(status, output)) }
    }

    /// Runs it and returns its stdout alone, for output that is read by a program.
    pub fn read(&self) -> Result<Vec<u8>, CallError> {
        let done = self.command().output().map_err(|source| self.not_run(source))?;
        if done.status.success() {
            Ok(done.stdout)
        } else {
            Err(self.failed(done.status, String::from_utf8_lossy(&done.stderr).into_owned()))
        }
    }

    fn collect(&self, show: bool) -> io::Result<(ExitStatus, String)> {
        let (reader, writer) = io::pipe()?;
        // The command holds the pipe's writing end: it must be gone before the pipe is read to its
        // end.
        let mut child = self.command().stdout(writer.try_clone()?).stderr(writer).spawn()?;
        let mut output = String::new();
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            if show {
                io::stdout().write_all(text.as_bytes())?;
            }
            output.push_str(&text);
            line.clear();
        }
        Ok((child.wait()?, output))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.dir)
            .stdin(Stdio::null());
        command
    }

    fn not_run(&self, source: io::Error) -> CallError {
        CallError::NotRun { line: self.line(), source }
    }

    fn failed(&self, status: ExitStatus, output: String) -> CallError {
        CallError::Failed { line: self.line(), status, output }
    }
}

impl CallError {
    /// One line on what went wrong: the first line of the output that starts with `error`, or else
    /// its last.
    pub fn reason(&self) -> String {
        match self {
            Self::NotRun { source, .. } => source.to_string(),
            Self::Failed { output, status, .. } => {
                let lines = || output.lines().map(str::trim).filter(|line| !line.is_empty());
                lines()
                    .find(|line| line.starts_with("error"))
                    .or_else(|| lines().next_back())
                    .map_or_else(|| status.to_string(), Into::into)
            }
        }
    }
}

/// A word as a POSIX shell would want it.
fn quoted(word: &OsString) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "-_=./:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cargo() -> Call {
        Call::new(env!("CARGO"), Path::new(env!("CARGO_MANIFEST_DIR")))
    }

    #[test]
    fn a_line_can_be_typed_again() {
        let call = Call::new("cargo", Path::new("."))
            .env("RUSTDOCFLAGS", "-D warnings")
            .args(["doc", "--no-deps"])
            .arg("it's");
        assert_eq!(call.line(), r"RUSTDOCFLAGS='-D warnings' cargo doc --no-deps 'it'\''s'");
    }

    #[test]
    fn what_a_command_prints_comes_back() {
        assert!(cargo().arg("--version").run(false).unwrap().starts_with("cargo "));
        assert!(cargo().arg("--version").read().unwrap().starts_with(b"cargo "));
    }

    #[test]
    fn a_failure_tells_the_command_and_its_output() {
        let error = cargo().arg("no-such-chore").run(false).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("no-such-chore\nended with exit status: 101"), "{text}");
        assert!(error.reason().starts_with("error: no such command"), "{}", error.reason());
    }

    #[test]
    fn a_program_that_is_not_there_is_told() {
        let error = Call::new("no-such-program", Path::new(".")).run(false).unwrap_err();
        assert!(matches!(error, CallError::NotRun { .. }), "{error}");
    }
}
