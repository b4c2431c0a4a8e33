//! Folders recognised by their files.

use super::*;

#[test]
fn a_folder_is_recognised_by_its_files() {
    for (name, source) in [("csv", "CSV"), ("rome", "ROME"), ("esco", "ESCO"), ("onet", "O*NET")] {
        let (framework, report) = read::framework(fixture(name)).unwrap();
        assert_eq!(report.source(), source);
        assert!(!framework.required().is_empty());
        adds_up(&report);
    }
}

#[test]
fn an_unknown_folder_says_what_was_looked_for() {
    let refused = read::framework(fixture("profiles")).unwrap_err();
    let Error::UnknownFormat { looked_for, .. } = &refused else { panic!("{refused}") };
    assert_eq!(looked_for.len(), 4);
    assert!(refused.to_string().contains("Occupation Data.txt (O*NET)"), "{refused}");
    assert!(matches!(read::framework("no/such/folder"), Err(Error::File { .. })));
    let file = fixture("csv").join("skills.csv");
    assert!(matches!(read::framework(file), Err(Error::File { .. })));
}
