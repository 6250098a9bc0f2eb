//! The program as its users meet it: exit codes, messages, files, signals, and what must never show.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod canary;
mod detecting;
mod errors;
mod house;
mod interrupts;
mod outputs;
mod refusals;
mod scanning;
