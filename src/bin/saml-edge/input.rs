//! Input and output of all commands.

use std::io::{
    IsTerminal as _, Read as _, Write as _, {self},
};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fmt, fs};

use clap::ValueEnum;
use saml_edge::RsaKeys;
use saml_edge::inspect::{Comparison, Refused};
use saml_verify::error::Refusal;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde_json::{Value, json};

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

impl Format {
    /// What was asked for, or text for people and JSON for programs.
    pub(crate) fn or_default(format: Option<Self>) -> Self {
        let default = if io::stdout().is_terminal() { Self::Text } else { Self::Json };
        format.unwrap_or(default)
    }
}

/// The lines of a command on standard output, and its exit code.
pub(crate) struct Answer {
    lines: Vec<String>,
    code: u8,
}

impl Answer {
    /// Exit code 0.
    pub(crate) const fn yes(lines: Vec<String>) -> Self {
        Self { lines, code: 0 }
    }

    /// A refusal or findings; exit code 1.
    pub(crate) const fn no(lines: Vec<String>) -> Self {
        Self { lines, code: 1 }
    }

    /// The same answer with more lines.
    pub(crate) fn and(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.lines.extend(lines);
        self
    }

    /// Prints the lines. It is no error if the reader, such as `head`, closes the pipe early.
    pub(crate) fn print(self) -> Result<ExitCode, Unreadable> {
        let text: String = self.lines.iter().map(|line| format!("{line}\n")).collect();
        let mut out = io::stdout();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Unreadable(format!("standard output: {error}")))
            }
            Ok(()) | Err(_) => Ok(ExitCode::from(self.code)),
        }
    }
}

/// Prints a line on standard error; a failure to do so is ignored.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Input that cannot be read, in words; exit code 2.
#[derive(Debug)]
pub(crate) struct Unreadable(pub(crate) String);

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The octets of a file, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let mut octets = Vec::new();
    let outcome = if path.as_os_str() == "-" {
        io::stdin().read_to_end(&mut octets).map(|_| octets)
    } else {
        fs::read(path)
    };
    outcome.map_err(|error| Unreadable(format!("{}: {error}", path.display())))
}

/// The text in the octets of a file.
pub(crate) fn text(octets: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(octets).map_err(|_| Refusal::NotUtf8)
}

/// The metadata of the IdP with this entity id, or of the only one.
pub(crate) fn parse_metadata(xml: &str, idp: Option<&str>) -> Result<IdpMetadata, Refusal> {
    idp.map_or_else(|| IdpMetadata::parse(xml), |idp| IdpMetadata::parse_entity(xml, idp))
}

/// The private keys in PEM files.
pub(crate) fn read_keys(paths: &[PathBuf]) -> Result<RsaKeys, Unreadable> {
    let mut pems = Vec::new();
    for path in paths {
        let pem = String::from_utf8(read(path)?);
        pems.push(pem.map_err(|_| Unreadable(format!("{}: not a PEM file", path.display())))?);
    }
    RsaKeys::from_pems(pems.iter().map(String::as_str)).ok_or_else(|| {
        Unreadable(String::from(
            "--sp-key: not an RSA key of 2048 bits or more in PKCS#8 or PKCS#1",
        ))
    })
}

/// A refusal with its code, and with what was expected and received where that is known.
pub(crate) fn refuse(refused: &Refused, format: Format) -> Answer {
    let Refused { refusal, comparison } = refused;
    let (code, detail) = (refusal.code(), refusal.to_string());
    match format {
        Format::Text => {
            let compared = comparison.iter().flat_map(|Comparison { expected, received }| {
                [lines("expected", expected), lines("received", received)].concat()
            });
            Answer::no(vec![format!("refused: {code}"), detail]).and(compared)
        }
        Format::Json => {
            let mut value = json!({"outcome": "refused", "code": code, "detail": detail});
            if let (Some(Comparison { expected, received }), Value::Object(value)) =
                (comparison, &mut value)
            {
                value.insert("expected".to_owned(), json!(expected));
                value.insert("received".to_owned(), json!(received));
            }
            Answer::no(vec![value.to_string()])
        }
    }
}

/// Values under one name. Control characters are escaped, so that they cannot control the terminal.
fn lines(name: &str, values: &[String]) -> Vec<String> {
    let plain = |value: &String| -> String {
        let escaped = |it: char| it.is_control().then(|| it.escape_default().to_string());
        value.chars().map(|it| escaped(it).unwrap_or_else(|| it.to_string())).collect()
    };
    match values {
        [] => vec![format!("{name:<11} nothing")],
        values => values.iter().map(|value| format!("{name:<11} {}", plain(value))).collect(),
    }
}

/// Random octets.
pub(crate) fn draw() -> Result<[u8; 32], Unreadable> {
    let mut octets = [0; 32];
    match getrandom::fill(&mut octets) {
        Ok(()) => Ok(octets),
        Err(error) => Err(Unreadable(format!("no entropy: {error}"))),
    }
}

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "a command is where the clock is read")]
pub(crate) fn now() -> UnixTime {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_seconds(i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX))
}
