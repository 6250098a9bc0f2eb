//! Errors of every kind in every step of an apply: the database is as before or as after, never between.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::common::Ran;
use crate::erase::Shop;
use crate::on_servers;
use crate::servers::{Engine, OwnServer, Server};

/// The tables that the plan writes to, in any order.
const TABLES: [&str; 4] = ["kund", "bokning", "faktura", "kontakt"];

/// Triggers that do what the table `styr` tells them. They are there when the plan is made, and idle.
fn saboteurs(engine: Engine) -> String {
    if engine == Engine::Postgres {
        let function = "CREATE TABLE styr (tabell text, fel text);
            CREATE FUNCTION sabotera() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE f text;
            BEGIN
                SELECT fel INTO f FROM public.styr WHERE tabell = TG_TABLE_NAME;
                IF f = 'cut' THEN PERFORM pg_terminate_backend(pg_backend_pid());
                ELSIF f = 'sleep' THEN PERFORM pg_sleep(3);
                ELSIF f IS NOT NULL THEN RAISE EXCEPTION USING ERRCODE = f, MESSAGE = 'Anna Björk';
                END IF;
                RETURN coalesce(NEW, OLD);
            END $$;";
        let trigger = |table: &&str| {
            format!(
                "CREATE TRIGGER s_{table} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION sabotera();"
            )
        };
        return function.to_owned() + &TABLES.iter().map(trigger).collect::<String>();
    }
    let body = |table: &str| {
        format!(
            "BEGIN
                DECLARE f varchar(20);
                SELECT fel INTO f FROM styr WHERE tabell = '{table}' LIMIT 1;
                IF f = 'sleep' THEN DO SLEEP(3);
                ELSEIF f = '1213' THEN SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Anna Björk';
                ELSEIF f = '1205' THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1205, MESSAGE_TEXT = 'Anna Björk';
                ELSEIF f = '1142' THEN SIGNAL SQLSTATE '42000' SET MYSQL_ERRNO = 1142, MESSAGE_TEXT = 'Anna Björk';
                ELSEIF f IS NOT NULL THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = 'Anna Björk';
                END IF;
            END"
        )
    };
    let trigger = |table: &&str| {
        ["UPDATE", "DELETE"]
            .map(|event| {
                format!("CREATE TRIGGER s_{table}_{event} BEFORE {event} ON {table} FOR EACH ROW {}//\n", body(table))
            })
            .concat()
    };
    let triggers = TABLES.iter().map(trigger).collect::<String>();
    format!("CREATE TABLE styr (tabell varchar(20), fel varchar(20));\nDELIMITER //\n{triggers}DELIMITER ;\n")
}

impl Shop {
    /// A shop with a plan and idle saboteurs.
    fn sabotaged(engine: Engine) -> Option<Self> {
        let shop = Self::new(engine)?;
        shop.database.execute(&saboteurs(engine));
        let planned = shop.plan();
        assert_eq!(planned.code, 0, "{}", planned.stderr);
        Some(shop)
    }

    fn sabotage(&self, table: &str, how: &str) {
        self.database.execute(&format!("DELETE FROM styr; INSERT INTO styr VALUES ('{table}', '{how}');"));
    }

    #[track_caller]
    fn assert_untouched(&self, before: &[Vec<Option<String>>], ran: &Ran, what: &str) {
        assert_eq!(ran.code, 5, "{what}: {}", ran.stderr);
        assert!(ran.stderr.contains("rolled back") && !ran.stderr.contains("Anna"), "{what}: {}", ran.stderr);
        assert_eq!(self.rows(), before, "{what}");
    }
}

on_servers! {
    fn an_error_in_any_step_takes_all_back(engine: Engine) {
        let Some(shop) = Shop::sabotaged(engine) else { return };
        let before = shop.rows();
        // Deadlock, serialisation failure, lock time-out, constraint, permission lost.
        let kinds: &[&str] = match engine {
            Engine::Postgres => &["40P01", "40001", "55P03", "23514", "42501"],
            _ => &["1213", "1205", "4025", "1142"],
        };
        for table in TABLES {
            for kind in kinds {
                shop.sabotage(table, kind);
                shop.assert_untouched(&before, &shop.apply(&["--yes"]), &format!("{kind} on {table}"));
            }
        }
        shop.database.execute("DELETE FROM styr;");
        let ran = shop.apply(&["--yes"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }

    fn a_connection_cut_in_any_step_takes_all_back(engine: Engine) {
        let Some(shop) = Shop::sabotaged(engine) else { return };
        let before = shop.rows();
        for table in TABLES {
            shop.sabotage(table, if engine == Engine::Postgres { "cut" } else { "sleep" });
            let ran = std::thread::scope(|scope| {
                let run = scope.spawn(|| shop.apply(&["--yes"]));
                if engine != Engine::Postgres {
                    std::thread::sleep(Duration::from_millis(1500));
                    let others = format!("SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '{}' AND ID <> CONNECTION_ID()", shop.database.name());
                    for row in shop.database.query(&others) {
                        shop.database.execute(&format!("KILL {};", row[0].clone().unwrap()));
                    }
                }
                run.join().unwrap()
            });
            shop.assert_untouched(&before, &ran, table);
        }
    }

    fn a_statement_that_is_not_waited_for_is_ended(engine: Engine) {
        let Some(mut shop) = Shop::new(engine) else { return };
        shop.database.execute(match engine {
            Engine::Postgres => "CREATE FUNCTION sov() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN OLD; END $$;
                CREATE TRIGGER s BEFORE DELETE ON kund FOR EACH ROW EXECUTE FUNCTION sov();",
            _ => "CREATE TRIGGER s BEFORE DELETE ON kund FOR EACH ROW SET @x = SLEEP(20);",
        });
        assert_eq!(shop.plan().code, 0);
        let before = shop.rows();
        shop.url.push_str("?timeout=2");
        let ran = shop.apply(&["--yes"]);
        shop.assert_untouched(&before, &ran, "timeout");
        assert!(ran.stderr.contains("did not answer in time"), "{}", ran.stderr);
        std::thread::sleep(Duration::from_millis(500));
        let name = shop.database.name();
        let asleep = match engine {
            Engine::Postgres => format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"),
            _ => format!("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = '{name}' AND ID <> CONNECTION_ID()"),
        };
        assert_eq!(shop.database.value(&asleep), "0");
    }

    fn a_server_killed_in_a_step_takes_all_back(engine: Engine) {
        let Some(own) = OwnServer::start(engine) else { return };
        let mut shop = Shop::in_database(own.database());
        shop.database.execute(&saboteurs(engine));
        assert_eq!(shop.plan().code, 0);
        let before = shop.rows();
        shop.sabotage("kontakt", "sleep");
        let ran = std::thread::scope(|scope| {
            let run = scope.spawn(|| shop.apply(&["--yes"]));
            std::thread::sleep(Duration::from_millis(1500));
            own.kill();
            run.join().unwrap()
        });
        assert_eq!(ran.code, 5, "{}", ran.stderr);
        shop.database.moved_to(own.start_again());
        assert_eq!(shop.rows(), before);
    }

    fn servers_and_tables_that_cannot_be_trusted_are_refused(engine: Engine) {
        let Some(own) = OwnServer::start(engine) else { return };
        let mut shop = Shop::in_database(own.database());
        assert_eq!(shop.plan().code, 0);
        let before = shop.rows();
        let refused = |shop: &Shop, reason: &str| {
            let ran = shop.apply(&["--yes"]);
            assert!(ran.code == 4 && ran.stderr.contains(reason), "{reason}: {} {}", ran.code, ran.stderr);
            assert_eq!(shop.rows(), before, "{reason}");
        };
        if engine == Engine::Postgres {
            shop.database.execute("ALTER TABLE kontakt REPLICA IDENTITY NOTHING; CREATE PUBLICATION ut FOR TABLE kontakt;");
            refused(&shop, "replica identity");
            own.kill();
            std::fs::write(own.data("standby.signal"), "").unwrap();
            shop.database.moved_to(own.start_again());
            shop.url = shop.database.url();
            refused(&shop, "standby");
            own.kill();
            std::fs::remove_file(own.data("standby.signal")).unwrap();
            shop.database.moved_to(own.start_again());
        } else {
            shop.database.execute("SET GLOBAL read_only = 1;");
            refused(&shop, "read-only");
        }
    }

    fn a_connection_lost_at_commit_is_asked_for(engine: Engine) {
        for lost in [Lost::BeforeTheServerSawIt, Lost::AfterTheServerSawIt] {
            let Some(mut shop) = Shop::planned(engine) else { return };
            let before = shop.rows();
            let proxy = Proxy::start(&Server::get(engine).unwrap(), lost);
            shop.url = proxy.url(&shop);
            let ran = shop.apply(&["--yes"]);
            assert!(proxy.cut.load(Ordering::SeqCst), "the proxy saw a COMMIT: {}", ran.stderr);
            match lost {
                Lost::BeforeTheServerSawIt => shop.assert_untouched(&before, &ran, "before"),
                Lost::AfterTheServerSawIt => {
                    assert_eq!(ran.code, 0, "{}", ran.stderr);
                    assert_eq!(shop.traces(), Vec::<&str>::new());
                }
                Lost::Never => unreachable!("not among them"),
            }
        }
    }

    fn a_signal_during_commit_waits_for_its_outcome(engine: Engine) {
        for lost in [Lost::Never, Lost::AfterTheServerSawIt] {
            let Some(mut shop) = Shop::planned(engine) else { return };
            let proxy = Proxy::start(&Server::get(engine).unwrap(), lost);
            proxy.slow.store(true, Ordering::SeqCst);
            shop.url = proxy.url(&shop);
            let mut apply = shop.space.command(&["apply", &shop.url, "erase.sql", "--yes"]).spawn().unwrap();
            while !proxy.cut.load(Ordering::SeqCst) && apply.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(20));
            }
            kill_process(Pid::from_child(&apply), Signal::INT).unwrap();
            assert_eq!(apply.wait().unwrap().code(), Some(0), "{lost:?}");
            assert_eq!(shop.traces(), Vec::<&str>::new());
        }
    }

    fn a_commit_that_nobody_can_tell_of_is_unknown(engine: Engine) {
        let Some(mut shop) = Shop::planned(engine) else { return };
        let proxy = Proxy::start(&Server::get(engine).unwrap(), Lost::AfterTheServerSawIt);
        proxy.stays_away.store(true, Ordering::SeqCst);
        let through = proxy.url(&shop);
        let url = std::mem::replace(&mut shop.url, through);
        let ran = shop.apply(&["--yes"]);
        assert_eq!(ran.code, 6, "{}", ran.stderr);
        assert!(ran.stderr.contains("sanera apply"), "it names the command that finds out: {}", ran.stderr);
        shop.url = url;
        let again = shop.apply(&["--yes"]);
        assert!(again.code == 0 && again.stderr.contains("Already applied"), "{}", again.stderr);
    }
}

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    BeforeTheServerSawIt,
    AfterTheServerSawIt,
    /// It is only slow.
    Never,
}

/// Stands between the program and the server and cuts the connection at the first COMMIT.
struct Proxy {
    port: u16,
    cut: Arc<AtomicBool>,
    stays_away: Arc<AtomicBool>,
    /// COMMIT takes two seconds.
    slow: Arc<AtomicBool>,
}

impl Proxy {
    fn start(server: &Server, lost: Lost) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cut, stays_away) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let slow = Arc::new(AtomicBool::new(false));
        let slowly = slow.clone();
        let (was_cut, away, target) = (cut.clone(), stays_away.clone(), Arc::new(AtomicU16::new(server.port)));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                if was_cut.load(Ordering::SeqCst) && away.load(Ordering::SeqCst) {
                    continue; // dropped at once
                }
                let server = TcpStream::connect(("localhost", target.load(Ordering::SeqCst))).unwrap();
                let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut from, &mut to).map(|_| to.shutdown(Shutdown::Both)));
                let (was_cut, slowly) = (was_cut.clone(), slowly.clone());
                std::thread::spawn(move || forward(client, server, lost, &was_cut, &slowly));
            }
        });
        Self { port, cut, stays_away, slow }
    }

    /// The shop's URL through the proxy, in the clear.
    fn url(&self, shop: &Shop) -> String {
        let server = Server::get(shop.database.engine()).unwrap();
        let mode = if shop.database.engine() == Engine::Postgres { "sslmode=disable" } else { "ssl-mode=DISABLED" };
        let host = format!("127.0.0.1:{}", self.port);
        format!("{}?{mode}", shop.database.url().replace(&format!("localhost:{}", server.port), &host))
    }
}

fn forward(mut client: TcpStream, mut server: TcpStream, lost: Lost, cut: &AtomicBool, slow: &AtomicBool) {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = client.read(&mut buffer).unwrap_or(0);
        let bytes = &buffer[..read];
        let commit = bytes.windows(6).enumerate().any(|(at, it)| it == b"COMMIT" && bytes.get(at + 6) != Some(&b'T'));
        if read == 0 {
            let _ = server.shutdown(Shutdown::Both);
            return;
        }
        let first = commit && !cut.swap(true, Ordering::SeqCst);
        if first && slow.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_secs(2));
        }
        if first && lost != Lost::Never {
            // First of all, so that nothing of the answer can reach the program.
            let _ = client.shutdown(Shutdown::Both);
            if lost == Lost::AfterTheServerSawIt {
                server.write_all(bytes).unwrap();
            }
            std::thread::sleep(Duration::from_millis(300));
            let _ = server.shutdown(Shutdown::Both);
            return;
        }
        if server.write_all(bytes).is_err() {
            return;
        }
    }
}
