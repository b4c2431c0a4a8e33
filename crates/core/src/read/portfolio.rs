//! The canonical JSON form of a profile: what portfolios write to, and what is exported to them.

use std::io::{Read, Write};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::profile::{Profile, Profiles};
use crate::skill::SkillAxis;

/// The form's version, which stands in every file.
pub const PORTFOLIO_FORMAT: &str = "passerelle-profiles/1";

/// A file of profiles. Its JSON Schema is `docs/profiles.schema.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Portfolio {
    format: String,
    framework: Named,
    profiles: Vec<Profile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    version: String,
}

/// Writes profiles in the canonical JSON form: people in their order, evidence as it counts. The
/// same profiles always give the same bytes.
///
/// # Errors
///
/// [`Error::File`] with what the writer said.
pub fn write_portfolio(profiles: &Profiles, mut writer: impl Write) -> Result<()> {
    let axis: &SkillAxis = profiles.axis();
    let portfolio = Portfolio {
        format: PORTFOLIO_FORMAT.to_owned(),
        framework: Named { name: axis.framework().to_owned(), version: axis.version().to_owned() },
        profiles: (0u32..).take(profiles.len()).map(|person| profiles.profile(person)).collect(),
    };
    let failed = |source| Error::File { path: "portfolio".into(), source };
    serde_json::to_writer_pretty(&mut writer, &portfolio).map_err(|error| failed(error.into()))?;
    writer.write_all(b"\n").map_err(failed)
}

/// Reads profiles in the canonical JSON form. `name` stands for the file in errors.
///
/// # Errors
///
/// [`Error::Malformed`] for what is not that form, a field beside those of its head included;
/// [`Error::AxisMismatch`] for profiles on another framework or version; [`Error::PersonalColumn`]
/// for a person known by an e-mail address; [`Error::Duplicate`] for one who is there twice; [`Error::Unknown`] skill and [`Error::Level`].
///
/// # Example
///
/// ```
/// use passerelle::read::{read_portfolio, write_portfolio};
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # builder.skill("weld", SkillKind::KnowHow)?;
/// # builder.occupation("o")?;
/// # let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// # builder.require("o", "weld", one)?;
/// # let framework = builder.build()?;
/// let json = r#"{
///     "format": "passerelle-profiles/1",
///     "framework": {"name": "demo", "version": "1"},
///     "profiles": [{"person": "p1", "held": [{"skill": "weld", "level": 1, "evidence": "badge"}]}]
/// }"#;
/// let profiles = read_portfolio(json.as_bytes(), "p.json", &framework)?;
/// let mut written = Vec::new();
/// write_portfolio(&profiles, &mut written)?;
/// assert_eq!(read_portfolio(&written[..], "again", &framework)?, profiles);
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn read_portfolio(reader: impl Read, name: &str, framework: &Framework) -> Result<Profiles> {
    let malformed = |problem: String| Error::Malformed { file: name.to_owned(), problem };
    let portfolio: Portfolio =
        serde_json::from_reader(reader).map_err(|error| malformed(error.to_string()))?;
    if portfolio.format != PORTFOLIO_FORMAT {
        return Err(malformed(format!(
            "its format is `{}`, not `{PORTFOLIO_FORMAT}`",
            portfolio.format
        )));
    }
    let axis = framework.axis();
    let Named { name: of, version } = &portfolio.framework;
    if (of.as_str(), version.as_str()) != (axis.framework(), axis.version()) {
        return Err(Error::AxisMismatch {
            expected: axis.to_string(),
            found: format!("{of} {version}"),
        });
    }
    let mut builder = Profiles::builder(axis);
    for profile in &portfolio.profiles {
        if profile.person.contains('@') {
            return Err(Error::PersonalColumn {
                file: name.to_owned(),
                column: "person".to_owned(),
            });
        }
        builder.add(profile)?;
    }
    Ok(builder.build())
}
