//! Every type arrives, with its extreme values, and long cells to their last byte.

use crate::common::Workspace;
use crate::on_servers;
use crate::servers::{Engine, TestDatabase};

/// Columns of every type with two values each, as SQL; an e-mail address stands wherever the type can hold one.
fn columns(engine: Engine) -> Vec<(&'static str, &'static str, &'static str)> {
    match engine {
        Engine::Postgres => vec![
            ("text", "'anna@example.com'", "''"),
            ("varchar(40)", "'anna@example.com'", "'x'"),
            ("char(40)", "'anna@example.com'", "'x'"),
            ("name", "'anna@example.com'", "'x'"),
            ("\"char\"", "'a'", "'b'"),
            ("smallint", "-32768", "32767"),
            ("integer", "-2147483648", "2147483647"),
            ("bigint", "-9223372036854775808", "198001012387"),
            ("real", "'NaN'", "3.4e38"),
            ("double precision", "'-Infinity'", "198001012387"),
            ("numeric", "repeat('9', 400)::numeric", "'NaN'"),
            ("numeric(12, 0)", "198001012387", "-1"),
            ("money", "-92233720368547758.08", "0"),
            ("boolean", "true", "false"),
            ("date", "'infinity'", "'4713-01-01 BC'"),
            ("timestamp", "'-infinity'", "'294276-12-31 23:59:59.999999'"),
            ("timestamptz", "'infinity'", "'1980-01-01 00:00+14'"),
            ("time", "'24:00'", "'00:00:00.000001'"),
            ("timetz", "'23:59+15:59'", "'00:00'"),
            ("interval", "'178000000 years'", "'-1 microsecond'"),
            ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'00000000-0000-0000-0000-000000000000'"),
            ("json", r#"'{"a": ["anna@example.com"]}'"#, "'null'"),
            ("jsonb", r#"'{"a": ["anna@example.com"]}'"#, "'[]'"),
            ("xml", "'<a>anna@example.com</a>'", "'<b/>'"),
            ("bytea", "convert_to('anna@example.com', 'UTF8')", "'\\x00ff'"),
            ("bit(5)", "'10101'", "'00000'"),
            ("bit varying", "'1'", "''"),
            ("inet", "'192.0.2.7'", "'2001:db8::1/64'"),
            ("cidr", "'192.0.2.0/24'", "'::/0'"),
            ("macaddr", "'08:00:2b:01:02:03'", "'ff:ff:ff:ff:ff:ff'"),
            ("text[]", "'{anna@example.com,NULL}'", "'{}'"),
            ("integer[][]", "'{{1,2},{3,4}}'", "'{}'"),
            ("int4range", "'[1,)'", "'empty'"),
            ("tstzrange", "'[2020-01-01,infinity]'", "'empty'"),
            ("int4multirange", "'{[1,2),[5,7)}'", "'{}'"),
            ("point", "'(59.33,18.06)'", "'(0,0)'"),
            ("polygon", "'((0,0),(1,1),(1,0))'", "'((0,0))'"),
            ("tsvector", "'anna@example.com'", "''"),
            ("oid", "4294967295", "0"),
            ("regclass", "'pg_class'", "'pg_type'"),
            ("pg_lsn", "'FFFFFFFF/FFFFFFFF'", "'0/0'"),
            ("stad", "'Umeå'", "'Malmö'"),
            ("mejl", "'anna@example.com'", "'bo@example.com'"),
            ("adress", "ROW('anna@example.com', 'Umeå')", "ROW(NULL, '')"),
        ],
        _ => vec![
            ("longtext", "'anna@example.com'", "''"),
            ("varchar(40)", "'anna@example.com'", "'x'"),
            ("char(40) CHARACTER SET latin1", "'anna@example.com'", "'Åsa'"),
            ("tinytext CHARACTER SET ucs2", "'anna@example.com'", "'Åsa'"),
            ("tinyint", "-128", "127"),
            ("smallint unsigned", "65535", "0"),
            ("mediumint", "-8388608", "8388607"),
            ("int(10) unsigned zerofill", "42", "4294967295"),
            ("bigint", "-9223372036854775808", "198001012387"),
            ("bigint unsigned", "18446744073709551615", "198001012387"),
            ("float", "3.4e38", "-0.5"),
            ("double", "1.7e308", "198001012387"),
            ("decimal(65, 30)", "99999999999999999999999999999999999.999999999999999999999999999999", "-1"),
            ("decimal(12, 0)", "198001012387", "0"),
            ("bit(64)", "18446744073709551615", "0"),
            ("date", "'9999-12-31'", "'0000-00-00'"),
            ("datetime(6)", "'9999-12-31 23:59:59.999999'", "'0000-00-00 00:00:00'"),
            ("timestamp NULL", "'2038-01-19 03:14:07'", "'1970-01-01 00:00:01'"),
            ("time", "'838:59:59'", "'-838:59:59'"),
            ("year", "2155", "0"),
            ("enum('anna@example.com', 'b')", "'anna@example.com'", "'b'"),
            ("set('a', 'anna@example.com')", "'a,anna@example.com'", "''"),
            ("json", r#"'{"a": ["anna@example.com"]}'"#, "'null'"),
            ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'00000000-0000-0000-0000-000000000000'"),
            ("inet6", "'2001:db8::1'", "'::'"),
            ("binary(20)", "'anna@example.com'", "x'00ff'"),
            ("varbinary(40)", "'anna@example.com'", "x''"),
            ("longblob", "'anna@example.com'", "x'00ff'"),
            ("point", "ST_GeomFromText('POINT(59.33 18.06)')", "ST_GeomFromText('POINT(0 0)')"),
            ("longtext COMPRESSED", "'anna@example.com'", "''"),
            ("varchar(40) INVISIBLE", "'anna@example.com'", "''"),
        ],
    }
}

on_servers! {
    fn all_of_them_arrive(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        if engine == Engine::Postgres {
            database.execute(
                "CREATE TYPE stad AS ENUM ('Umeå', 'Malmö'); CREATE DOMAIN mejl AS varchar(40) CHECK (VALUE LIKE '%@%');
                 CREATE TYPE adress AS (epost text, ort text);",
            );
        } else {
            database.execute("SET GLOBAL sql_mode = '';");
        }
        let columns = columns(engine);
        let list: Vec<String> = columns.iter().enumerate().map(|(at, it)| format!("c{at} {}", it.0)).collect();
        let values = |which: fn(&(&'static str, &'static str, &'static str)) -> &'static str| {
            columns.iter().map(which).collect::<Vec<_>>().join(", ")
        };
        let names: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
        database.execute(&format!(
            "CREATE TABLE typer (id int PRIMARY KEY, {});
             INSERT INTO typer (id, {names}) VALUES (1, {}), (2, {}); INSERT INTO typer (id) VALUES (3);",
            list.join(", "),
            values(|it| it.1),
            values(|it| it.2),
            names = names.join(", "),
        ));
        let space = Workspace::new();
        let document = space.json(&["scan", &database.url(), "--json", "-q", "--min-confidence", "0"]);
        assert_eq!(document["unreadable"].as_array().unwrap().len(), 0, "{document}");
        let found = document["columns"].as_array().unwrap();
        for (at, (declared, one, two)) in columns.iter().enumerate() {
            let here: Vec<&str> = found
                .iter()
                .filter(|it| it["column"] == format!("c{at}").as_str())
                .map(|it| it["category"].as_str().unwrap())
                .collect();
            let of = |category: &str| here.contains(&category);
            assert!(!one.contains("anna@") || of("email"), "{declared}: {here:?}");
            assert!(!two.contains("198001012387") || of("personal_number"), "{declared}: {here:?}");
            assert!(!one.contains("192.0.2.7") && !one.contains("2001:db8::1") || of("ip_address"), "{declared}: {here:?}");
        }
        // The rows are read again by their keys and every value is still what it was.
        let places = space.json(&["search", &database.url(), "--json", "--email", "anna@example.com"]);
        let places = places["places"].as_array().unwrap();
        let planted = columns.iter().filter(|it| it.1.contains("anna@")).count();
        assert_eq!(places.len(), planted, "{places:?}");
        assert!(places.iter().all(|it| it["state"] == "current" && it["row_key"]["id"] == 1), "{places:?}");
    }

    fn keys_of_any_type_name_rows(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let keys: &[(&str, &str)] = match engine {
            Engine::Postgres => &[
                ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"), ("numeric(20,3)", "1.250"), ("date", "'2020-02-29'"),
                ("timestamptz", "'2020-02-29 12:00:00.123456+01'"), ("char(8)", "'ab'"), ("varchar(8)", "'å''b'"), ("boolean", "true"),
                ("inet", "'192.0.2.7'"), ("bytea", "'\\x00ff'"), ("double precision", "0.1"), ("smallint", "-3"), ("interval", "'1 day'"),
                ("stad", "'Umeå'"), ("text[]", "'{a,b}'"), ("time", "'12:30'"), ("oid", "4294967295"),
            ],
            _ => &[
                ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"), ("decimal(20,3)", "1.250"), ("date", "'2020-02-29'"),
                ("datetime(6)", "'2020-02-29 12:00:00.123456'"), ("char(8)", "'ab'"), ("varchar(8)", "'å''b'"), ("bit(8)", "b'101'"),
                ("inet6", "'2001:db8::1'"), ("varbinary(8)", "x'00ff'"), ("double", "0.1"), ("smallint", "-3"), ("bigint unsigned", "18446744073709551615"),
                ("enum('a','b')", "'b'"), ("set('a','b')", "'a,b'"), ("time", "'12:30'"), ("year", "1999"),
                ("varchar(8) CHARACTER SET latin1 COLLATE latin1_bin", "'åäö'"),
            ],
        };
        if engine == Engine::Postgres {
            database.execute("CREATE TYPE stad AS ENUM ('Umeå', 'Malmö');");
        }
        for (at, (declared, value)) in keys.iter().enumerate() {
            database.execute(&format!(
                "CREATE TABLE t{at} (k {declared} PRIMARY KEY, epost varchar(40)); INSERT INTO t{at} VALUES ({value}, 'anna@example.com');"
            ));
        }
        let space = Workspace::new();
        space.succeed(&["scan", &database.url(), "-q"]);
        let found = space.json(&["search", &database.url(), "--json", "--email", "anna@example.com"]);
        let places = found["places"].as_array().unwrap();
        let lost: Vec<_> = places.iter().filter(|it| it["state"] != "current").map(|it| &it["table"]).collect();
        assert!(lost.is_empty(), "{lost:?} of {keys:?}");
        assert_eq!(places.len(), keys.len());
    }

    fn long_cells_are_read_to_their_end(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let (blob, bytes, json, quoted) = match engine {
            Engine::Postgres => ("bytea", "convert_to(repeat('y ', 1500000) || 'bo@example.com', 'UTF8')", "jsonb", "to_jsonb(repeat('å ', 700000) || 'eva@example.com')"),
            _ => ("longblob", "CONCAT(REPEAT('y ', 1500000), 'bo@example.com')", "json", "JSON_QUOTE(CONCAT(REPEAT('å ', 700000), 'eva@example.com'))"),
        };
        let text = if engine == Engine::Postgres { "repeat('å ', 900000) || 'anna@example.com'" } else { "CONCAT(REPEAT('å ', 900000), 'anna@example.com')" };
        let long = if engine == Engine::Postgres { "text" } else { "longtext" };
        database.execute(&format!(
            "CREATE TABLE lang (a varchar(10), b int, t {long}, d {blob}, j {json}, PRIMARY KEY (a, b));
             INSERT INTO lang VALUES ('k', 1, 'kort', NULL, NULL), ('k', 2, {text}, {bytes}, {quoted}), ('l', 1, 'kort', NULL, NULL);
             CREATE TABLE nyckellos (v {long}); INSERT INTO nyckellos VALUES ('x'), ({text});"
        ));
        let space = Workspace::new();
        let document = space.json(&["scan", &database.url(), "--json", "-q"]);
        assert_eq!(document["unreadable"].as_array().unwrap().len(), 0, "{document}");
        for (address, column) in [("anna@example.com", "t"), ("bo@example.com", "d"), ("eva@example.com", "j")] {
            let found = space.json(&["search", &database.url(), "--json", "--email", address]);
            let place = found["places"].as_array().unwrap().iter().find(|it| it["table"] == "lang").unwrap().clone();
            assert_eq!(place["column"], column, "{found}");
            assert_eq!((&place["row_key"]["b"], &place["state"]), (&2.into(), &"current".into()), "{found}");
        }
        let found = space.json(&["search", &database.url(), "--json", "--email", "anna@example.com"]);
        assert!(found["places"].as_array().unwrap().iter().any(|it| it["table"] == "nyckellos"), "{found}");
        // Through a view they come whole, and are cut here.
        database.execute("CREATE VIEW vy AS SELECT t, d FROM lang;");
        let document = space.json(&["scan", &database.url(), "--json", "-q", "--views", "--tables", "vy"]);
        let columns: Vec<&str> =
            document["columns"].as_array().unwrap().iter().map(|it| it["column"].as_str().unwrap()).collect();
        assert_eq!(columns, ["d", "t"], "{document}");
    }
}
