//! The C ABI of passerelle.
//!
//! `include/passerelle.h` is made from this crate and is its documentation for those who call it:
//! ownership, threads, lifetimes and units stand there, at each function. Nothing here is for Rust
//! callers, who use the `passerelle` crate.
//!
//! Each function goes through one [`guard`](mod@guard) that stops panics and keeps the message of
//! what went wrong, reads its arguments through [`argument`], and finds what handles stand for in
//! one [`table`]. No rule of the domain is here: functions translate.
#![deny(missing_docs)]
#![expect(
    clippy::missing_safety_doc,
    reason = "what every function asks of its caller is said once, at the top of the header"
)]

// In the order in which the header is read.

pub mod status;

pub mod guard;

pub mod table;

pub mod text;

pub mod about;

pub mod names;

pub mod framework;

pub mod matrix;

pub mod run;

pub mod gap;

pub mod rank;

pub mod explain;

pub mod hub;

pub mod argument;
