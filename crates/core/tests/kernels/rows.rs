//! What is not sound is refused.

use passerelle::Error;
use passerelle::matrix::Rows;
use passerelle::rank::RawRows;

#[test]
fn rows_that_are_not_sound_are_refused_with_the_row() {
    let held = |offsets: &[u64], skills: &[u32], levels: &[u16]| {
        Rows::held(offsets, skills, levels, 3).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(held(&[0, 1], &[1], &[]), "`levels` has 0 entries; pass 1");
    for offsets in [&[][..], &[1, 1], &[0, 2], &[0, 0], &[0, 1, 0, 1]] {
        assert!(held(offsets, &[1], &[1]).contains("bounds"), "{offsets:?}");
    }
    assert!(held(&[0, 1, 3], &[0, 2, 1], &[1, 1, 1]).starts_with("row 1: its skills"));
    assert!(held(&[0, 1], &[3], &[1]).starts_with("row 0: its skills"));
    let required = |level, weight| {
        let (levels, weights) = ([1, level], [1, weight]);
        let rows = Rows::required(&[0, 0, 2], &[0, 1], &levels, &weights, 2);
        rows.map(|_| ()).unwrap_err().to_string()
    };
    assert!(required(0, 1).starts_with("row 1 requires a level"));
    assert!(required(1, 0).starts_with("row 1 requires a level"));
    let (levels, weights) = ([u16::MAX; 2], [u16::MAX; 2]);
    let total = Rows::required(&[0, 2], &[0, 1], &levels, &weights, 2);
    assert!(matches!(total, Err(Error::RowTotal { row: 0, total: 8_589_672_450 })));
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let values = [1.0, value];
        let refused = RawRows::new(&[0, 0, 2, 2], &[1, 2], &values, 3);
        assert!(matches!(refused, Err(Error::NotFinite { row: 1, skill: 2, .. })));
    }
}
