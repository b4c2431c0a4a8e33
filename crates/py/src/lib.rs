//! The compiled half of the Python package `passerelle`: it translates, and holds no rule of the
//! domain.
//!
//! The other half is `python/passerelle`, which turns frames into columns and back. A room here is
//! one idea of the library: what Python passes in becomes the library's types, the library runs
//! without the interpreter's lock ([`call`]), and what it refuses becomes an exception ([`error`]).
#![deny(missing_docs)]

mod call;
mod csr;
mod error;
mod evaluate;
mod explain;
mod framework;
mod gap;
mod hub;
mod index;
mod json;
mod number;
mod occupations;
mod profiles;
mod rank;
mod report;
mod rows;
mod top_k;
mod transfer;
mod vectors;

use pyo3::prelude::*;

#[pymodule(name = "_core")]
mod module {
    #[pymodule_export]
    use crate::call::_panic;
    #[pymodule_export]
    use crate::evaluate::{_evaluate, _metric_names, _metrics, _tasks};
    #[pymodule_export]
    use crate::explain::explain;
    #[pymodule_export]
    use crate::framework::{_open_framework, Found, Framework};
    #[pymodule_export]
    use crate::gap::gap_matrix;
    #[pymodule_export]
    use crate::hub::candidates::candidates;
    #[pymodule_export]
    use crate::hub::folder::Hub;
    #[pymodule_export]
    use crate::hub::learners::{Learners, learners};
    #[pymodule_export]
    use crate::hub::likeness::{common_core, near_sectors, transversality};
    #[pymodule_export]
    use crate::hub::maps::{held_map, required_map};
    #[pymodule_export]
    use crate::hub::offer::Offer;
    #[pymodule_export]
    use crate::hub::pathway::{pathway, pathways};
    #[pymodule_export]
    use crate::hub::picture::Picture;
    #[pymodule_export]
    use crate::hub::plan::{Plan, plan};
    #[pymodule_export]
    use crate::hub::pools::Pools;
    #[pymodule_export]
    use crate::hub::region::Region;
    #[pymodule_export]
    use crate::hub::register::Register;
    #[pymodule_export]
    use crate::hub::scenario::Scenario;
    #[pymodule_export]
    use crate::hub::skill::{balance, bridges_from, excluding, tension};
    #[pymodule_export]
    use crate::hub::territories::Territories;
    #[pymodule_export]
    use crate::hub::uncovered::uncovered;
    #[pymodule_export]
    use crate::index::{_index, Index};
    #[pymodule_export]
    use crate::occupations::{Occupation, Occupations};
    #[pymodule_export]
    use crate::profiles::{_open_profiles, Profile, Profiles};
    #[pymodule_export]
    use crate::rank::{_rank, strategies};
    #[pymodule_export]
    use crate::top_k::top_k;
    #[pymodule_export]
    use crate::vectors::gap_vectors;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // NumPy's own functions are looked up once, here, where nothing can come between.
        numpy::dtype::<f32>(module.py());
        module.add("_STATUSES", crate::rank::statuses())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
