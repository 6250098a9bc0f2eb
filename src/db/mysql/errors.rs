//! What the server's error numbers mean (MariaDB Knowledge Base, Error Codes; MySQL manual, Server Error Message
//! Reference). Its texts quote values and go no further.

use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;

use crate::db::server::Ended;
use crate::error::StatementFailure;

/// The server's own number for an error, if it is the server's.
pub(super) fn number(ended: &Ended) -> Option<u16> {
    match ended {
        Ended::Failed(sqlx::Error::Database(error)) => Some(number_of(&**error)),
        _ => None,
    }
}

fn number_of(error: &dyn DatabaseError) -> u16 {
    error.try_downcast_ref::<MySqlDatabaseError>().map_or(0, MySqlDatabaseError::number)
}

pub(super) fn by_code(error: &dyn DatabaseError) -> StatementFailure {
    match number_of(error) {
        1048 | 1364 => StatementFailure::Constraint("NOT NULL"),
        1062 | 1169 | 1586 => StatementFailure::Constraint("UNIQUE"),
        1216 | 1217 | 1451 | 1452 | 1701 => StatementFailure::Constraint("foreign key"),
        3819 | 4025 => StatementFailure::Constraint("CHECK"),
        1264 | 1265 | 1292 | 1366 | 1367 | 1406 => StatementFailure::Constraint("type"),
        1644 => StatementFailure::Constraint("a trigger"),
        1205 => StatementFailure::Locked,
        1213 | 1020 | 1412 => StatementFailure::Conflict,
        1044 | 1045 | 1142 | 1143 | 1227 | 1290 | 1370 | 1792 | 1836 => StatementFailure::Permission,
        1049 | 1054 | 1146 | 1305 | 1356 => StatementFailure::Missing,
        1021 | 1114 => StatementFailure::Full,
        1153 | 1301 => StatementFailure::TooBig,
        1034 | 1194 | 1195 | 1712 | 1932 => StatementFailure::Corrupt,
        1053 | 1077 | 1078 | 1079 | 1152 | 1158..=1161 | 1927 | 2006 | 2013 => StatementFailure::Lost,
        // Ended from outside, not by us: our own wish is known before the server answers.
        1317 => StatementFailure::Other("the end of the statement by an administrator (error 1317)".into()),
        1969 | 3024 => {
            StatementFailure::Other("the end of the statement by its time limit (max_statement_time)".into())
        }
        number => StatementFailure::Other(format!("error {number} of MariaDB or MySQL")),
    }
}

/// Why the server did not let us in.
pub(super) fn refused_connection(error: &dyn DatabaseError) -> String {
    match number_of(error) {
        1045 | 1698 => {
            "the server refuses user or password; give the password in MYSQL_PWD or in the [client] section of \
                        ~/.my.cnf, and check for which hosts the account is"
                .into()
        }
        1044 => "the account may not use this database; grant it SELECT there".into(),
        1049 => "there is no such database on the server".into(),
        1040 | 1203 | 1226 => "the server has no connections left; use fewer --jobs or try again".into(),
        1129 | 1130 => "the server does not let this machine in; check the account's hosts, and FLUSH HOSTS".into(),
        1820 | 1862 => "the password has expired; set a new one".into(),
        number => format!("the server refuses the connection (error {number} of MariaDB or MySQL)"),
    }
}
