//! Money and time as whole numbers: cents and minutes.

use crate::skill::exact_parts;

/// Reads an amount in euros, such as `8500` or `0,50`, as cents; `None` when it has parts of a cent
/// or is no amount. Spaces between digits are allowed, as French files print them.
pub fn read_cents(written: &str) -> Option<u64> {
    let plain: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_end_matches('€');
    let (whole, decimals) = plain.split_once(['.', ',']).unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) {
        return None;
    }
    let decimals = decimals.trim_end_matches('0');
    let cents: u64 = match decimals.len() {
        0 => 0,
        1 => decimals.parse::<u64>().ok()? * 10,
        2 => decimals.parse().ok()?,
        _ => return None,
    };
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(cents)
}

/// Reads hours, such as `35` or `3,5`, as minutes; `None` when they have parts of a minute.
pub fn read_minutes(written: &str) -> Option<u32> {
    exact_parts(written, 60)
}

/// Reads a percentage, such as `7` or `7.5`, as hundredths of a percent, at most 100 %.
pub(super) fn read_basis_points(written: &str) -> Option<u32> {
    exact_parts(written.trim_end_matches('%'), 100).filter(|&points| points <= 10_000)
}

/// Cents as euros: `8500` or `0.50`.
pub fn euros(cents: u64) -> String {
    match cents % 100 {
        0 => (cents / 100).to_string(),
        part => format!("{}.{part:02}", cents / 100),
    }
}

/// Minutes as hours: `35` or `3.5`; with more than two decimals, rounded.
pub fn hours(minutes: u64) -> String {
    match minutes % 60 {
        0 => (minutes / 60).to_string(),
        part => {
            let hundredths = (part * 100 + 30) / 60;
            format!("{}.{hundredths:02}", minutes / 60).trim_end_matches('0').to_owned()
        }
    }
}

/// Hundredths of a percent as a percentage: `7` or `7.5`.
pub fn percent(basis_points: u32) -> String {
    match basis_points % 100 {
        0 => (basis_points / 100).to_string(),
        part => format!("{}.{part:02}", basis_points / 100).trim_end_matches('0').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_come_back_as_they_went_in() {
        for (written, cents) in [
            ("8500", 850_000),
            ("0,50", 50),
            ("745 361 500", 74_536_150_000),
            ("12.3", 1_230),
            ("7 €", 700),
        ] {
            assert_eq!(read_cents(written), Some(cents), "{written}");
            assert_eq!(read_cents(&euros(cents)), Some(cents));
        }
        for wrong in ["", "-1", "1.234", "1e3", "many", ".5", "99999999999999999999"] {
            assert_eq!(read_cents(wrong), None, "{wrong}");
        }
        assert_eq!((read_minutes("3,5"), read_minutes("400")), (Some(210), Some(24_000)));
        assert_eq!((hours(210).as_str(), hours(24_000).as_str()), ("3.5", "400"));
        assert_eq!((read_basis_points("7,5 %"), read_basis_points("101")), (Some(750), None));
        assert_eq!((read_basis_points("7.5%"), percent(750).as_str()), (Some(750), "7.5"));
    }
}
