//! Pools and conditions from a hub's folder: everyone once, filters reported and never scored.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use passerelle::gap::Eligibility;
use passerelle::hub::recruitment::{Picture, PictureOptions};
use passerelle::hub::skill::{Filter, Limits, Pools, candidates};
use passerelle::hub::{Hub, Region};
use passerelle::read::{self, Reason};
use passerelle::{EvidenceKind, HeldSkill, Profiles, Run};

use crate::world;

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// A hub of three people, of whom two are in pools, and of one more whom a pool alone knows.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::create_dir(at.join("pools")).unwrap();
    read::write_csv_folder(&world::framework("1"), at.join("framework")).unwrap();
    write(
        at,
        "people.csv",
        "person,skill,level,evidence\nana,s0,1,declared\nbo,s0,4,assessed\nbo,s1,2,assessed\ncy,s1,4,declared\n",
    );
    // The agency calls Ana x1, and confirms what she says; the platform knows her by her own name.
    write(
        at,
        "pools/agency.csv",
        "person,skill,level,evidence\nx1,s0,3,employer\nx2,s1,2,employer\n",
    );
    write(
        at,
        "pools/platform.csv",
        "person,skill,level,evidence\nana,s0,1,declared\nana,s2,2,badge\n",
    );
    write(
        at,
        "pools.csv",
        "pool,person,same_as,available_from,hours_min,hours_max,contracts\n\
         agency,x1,ana,2026-10-01,20,28,interim\n\
         agency,x1,bo,,,,\n\
         agency,x9,nobody,,,,\n\
         platform,ana,,2026-01-01,35,39,cdi\n\
         union,bo,,,,,cdi|cdd\n",
    );
    folder
}

#[test]
fn a_person_in_two_pools_is_there_once_with_the_evidence_of_both() {
    let folder = folder();
    let hub = Hub::read(folder.path()).unwrap();
    let people: Vec<&str> = hub.profiles.people().iter().collect();
    assert_eq!(people, ["ana", "bo", "cy", "x2"]);
    let pools: Vec<Vec<&str>> =
        hub.pools.iter().map(|own| own.iter().map(String::as_str).collect()).collect();
    assert_eq!(pools, [vec!["agency", "platform"], vec!["union"], vec![], vec!["agency"]]);
    let ana = hub.profiles.profile(0).held;
    let evidence: Vec<(&str, u16, EvidenceKind)> =
        ana.iter().map(|held| (held.skill.as_str(), held.level, held.evidence)).collect();
    assert_eq!(evidence.len(), 3, "what two pools tell alike counts once: {evidence:?}");
    assert!(evidence.contains(&("s0", 3, EvidenceKind::Employer)), "{evidence:?}");
    let list = hub.pools_reports.last().unwrap();
    assert_eq!((list.rows(), list.kept()), (5, 3));
    assert_eq!(
        (list.dropped_for(Reason::Duplicate), list.dropped_for(Reason::UnknownValue)),
        (1, 1)
    );
}

#[test]
fn without_pools_nothing_changes() {
    let folder = folder();
    std::fs::remove_dir_all(folder.path().join("pools")).unwrap();
    std::fs::remove_file(folder.path().join("pools.csv")).unwrap();
    let hub = Hub::read(folder.path()).unwrap();
    assert_eq!((hub.profiles.len(), hub.pools_reports.len()), (3, 0));
    assert!(hub.pools.iter().all(std::collections::BTreeSet::is_empty));
}

#[test]
fn dates_ways_hours_and_contracts_filter_and_are_reported_and_never_scored() {
    let folder = folder();
    let at = folder.path();
    write(
        at,
        "territories.csv",
        "id,kind,label,parents\nnorth,area,,\na,town,,north\nb,town,,north\n",
    );
    write(
        at,
        "sensors.csv",
        "id,kind,territory,reliability\nbranch,branch,,80\nplatform,platform,,40\n",
    );
    let needs = "sensor,record,date,employer,occupation,title,territory,positions\n\
                 branch,1,2026-03-01,Dupont,welder,Soudeur,a,1\n\
                 platform,7,2026-03-02,DUPONT,welder,Soudeur (H/F),a,1\n";
    write(at, "needs.csv", needs);
    write(at, "travel.csv", "from,to,mode,minutes\nb,a,car,40\n");
    let attributes = "person,territory,max_minutes,modes\nana,a,,\nbo,b,30,car\ncy,b,60,car|bike\n";
    write(at, "people_attributes.csv", attributes);
    // The second report of the vacancy says the hours, which the first leaves open.
    let conditions = "sensor,record,start,hours,contract\n\
                      branch,1,2026-09-01,,cdi\n\
                      platform,7,2026-12-01,35,interim\n\
                      platform,8,,35,\n\
                      branch,1,,,\n";
    write(at, "post_conditions.csv", conditions);
    let hub = Hub::read(at).unwrap();
    let region = Region::read(at, &hub.framework, &hub.profiles).unwrap().unwrap();
    let dropped: u64 = region.reports.iter().map(|report| report.rows() - report.kept()).sum();
    assert_eq!(dropped, 3, "a need that nobody told, a second line, somebody unknown");
    // Of two pools the first line that says it.
    assert_eq!(region.limits[0].available_from, Some("2026-10-01".parse().unwrap()));
    assert_eq!(region.limits[0].hours, Some((20, 28)));
    let mut picture = Picture::new(PictureOptions::default());
    picture.update(&region.register).unwrap();
    let (vacancies, targets) = picture.vacancy_targets(&region.register).unwrap();
    assert_eq!(vacancies.len(), 1);
    let post = region.conditions_of(&vacancies[0]);
    assert_eq!((post.start, post.hours), (Some("2026-09-01".parse().unwrap()), Some(35)));
    assert_eq!(post.contract.as_deref(), Some("cdi"));
    let held = hub.profiles.held(&hub.framework).unwrap();
    let ask = |limits: &[Limits]| {
        let posts = [post.clone()];
        let ways = (&region.travel, &*region.territories);
        let (sought, eligibility) = ((limits, &posts[..]), Eligibility::default());
        let mut found =
            candidates(&held, &targets, 9, sought, ways, eligibility, &Run::new()).unwrap();
        found.remove(0)
    };
    let found = ask(&region.limits);
    // Ana: too late, hours and contract; Bo: the way; Cy and x2 fail nothing.
    assert_eq!((found.considered, found.outside), (4, 2));
    let expected =
        [(Filter::Availability, 1), (Filter::Travel, 1), (Filter::Hours, 1), (Filter::Contract, 1)];
    assert_eq!(found.set_aside, BTreeMap::from(expected));
    let best: Vec<u32> = found.best.iter().map(|one| one.person).collect();
    assert_eq!(best, [2, 3]);
    assert_eq!(found.best[0].to_ask, [Filter::Availability, Filter::Hours, Filter::Contract]);
    let unknown: Vec<Limits> = (0..4).map(|_| Limits::default()).collect();
    let everyone = ask(&unknown);
    assert_eq!((everyone.best.len(), everyone.outside), (4, 0));
    for one in &found.best {
        let same = everyone.best.iter().find(|other| other.person == one.person).unwrap();
        assert_eq!(same.score.to_bits(), one.score.to_bits(), "a filter is no score");
    }
}

#[test]
fn pools_united_in_any_order_are_the_same_people() {
    let framework = world::framework("1");
    let pool = |of: &[(&str, &str, &str)]| {
        let mut people = Profiles::builder(framework.axis());
        for &(person, skill, assessor) in of {
            let held = HeldSkill {
                skill: skill.into(),
                level: 1,
                evidence: EvidenceKind::Assessed,
                date: None,
                assessor: Some(assessor.into()),
            };
            people.evidence(person, &held).unwrap();
            people.assessed_in_full(person, assessor).unwrap();
        }
        Arc::new(people.build())
    };
    let told = [
        ("service", pool(&[("zoe", "s0", "z"), ("ana", "s1", "a")])),
        ("agency", pool(&[("x1", "s1", "b"), ("x2", "s1", "a"), ("zoe", "s0", "z")])),
        ("agency", pool(&[("bo", "s2", "c")])),
    ];
    let same = BTreeMap::from([("x1", "ana"), ("x2", "ana")].map(|(a, b)| (a.into(), b.into())));
    let united = |order: [usize; 3]| {
        let mut pools = Pools::new(framework.axis());
        for (name, people) in order.map(|at| told[at].clone()) {
            pools.add(name, people, same.clone()).unwrap();
        }
        pools.build(&Run::new()).unwrap()
    };
    let (people, pools_of) = united([0, 1, 2]);
    assert_eq!(people.people().iter().collect::<Vec<_>>(), ["ana", "bo", "zoe"]);
    let both = std::collections::BTreeSet::from(["agency".to_owned(), "service".to_owned()]);
    assert_eq!((&pools_of[0], pools_of[1].len(), &pools_of[2]), (&both, 1, &both));
    assert_eq!((people.profile(0).held.len(), people.profile(2).held.len()), (2, 1));
    for order in [[2, 1, 0], [1, 0, 2], [0, 2, 1]] {
        assert_eq!(united(order), (people.clone(), pools_of.clone()));
    }
}
