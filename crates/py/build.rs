//! Lets the module be linked on systems whose linkers want every symbol resolved.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
