//! Names the shared library for the loader: programs ask for the ABI that they were built against.

/// The number in the shared library's name; `about::ABI` is the same, and a test compares them.
const ABI: u32 = 0;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let of = |name| std::env::var(name).unwrap_or_default();
    if of("CARGO_CFG_TARGET_FAMILY") == "unix" && of("CARGO_CFG_TARGET_VENDOR") != "apple" {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libpasserelle.so.{ABI}");
    }
}
