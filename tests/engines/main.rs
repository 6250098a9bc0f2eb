//! The finished program on real servers: what SQLite's tests say of a file, these say of a server.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "SQLite's tests use the rest")]
mod common;
#[path = "../common/servers.rs"]
mod servers;

mod catalog;
mod connect;
mod doctor;
mod dying;
mod erase;
mod failing;
mod mariadb;
mod postgres;
mod rights;
mod snapshot;
mod types;
mod ugly;

/// Makes a test for each engine out of a function that takes the engine.
macro_rules! on_servers {
    ($($(#[$attribute:meta])* fn $name:ident($engine:ident: Engine) $body:block)*) => {
        $(
            mod $name {
                use super::*;

                fn check($engine: Engine) $body

                #[test]
                fn postgres() {
                    check(Engine::Postgres);
                }

                #[test]
                fn mariadb() {
                    check(Engine::Mariadb);
                }
            }
        )*
    };
}
pub(crate) use on_servers;
