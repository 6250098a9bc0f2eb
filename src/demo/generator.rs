//! Runs the making: registers first, then customer by customer with all that hangs on each.

use rusqlite::Connection;

use super::customers::Customer;
use super::people::Subject;
use super::prose::Prose;
use super::rng::Rng;
use super::words::Words;
use super::write::{Text, Writer};
use super::{Options, Person, Role, Summary, billing, bookings, cases, customers, sites};
use crate::Result;

/// Places of the special customers in the sequence, after some others.
const FREE: u32 = 7;
const HINDERED: u32 = 15;
const SHARED: u32 = 23;
const NAMESAKE: u32 = 31;

/// All that the making of a row may need.
pub(super) struct Generator<'a> {
    pub(super) rng: Rng,
    pub(super) words: Words,
    pub(super) prose: Prose,
    pub(super) out: Writer<'a>,
    /// The last keys given out.
    pub(super) ids: Ids,
    /// How many staff and rooms there are; their keys run from 1.
    pub(super) staff: u32,
    pub(super) rooms: u32,
    /// Customers that users of others may act for too.
    pub(super) associations: Vec<i64>,
    /// A person whose data turns up in texts about other customers.
    pub(super) mentioned: Option<Subject>,
    /// How often that was done.
    pub(super) mentions: i64,
}

/// Running numbers, one per table.
#[derive(Default)]
pub(super) struct Ids {
    pub(super) contact: i64,
    pub(super) user: i64,
    pub(super) series: i64,
    pub(super) booking: i64,
    pub(super) basis: i64,
    pub(super) invoice: u32,
    pub(super) application: i64,
    pub(super) card: i64,
    pub(super) comment: i64,
    pub(super) event: i64,
    pub(super) message: i64,
}

impl Generator<'_> {
    /// A text for `place` about the customer's person.
    pub(super) fn text(&mut self, place: &str, customer: &Customer) -> Text {
        self.prose.write(place, &customer.subject, &self.words, &mut self.rng)
    }

    /// A text in `percent` of a hundred cases.
    pub(super) fn some_text(&mut self, percent: u32, place: &str, customer: &Customer) -> Option<Text> {
        self.rng.chance(percent).then(|| self.text(place, customer))
    }

    pub(super) fn any_staff(&mut self) -> i64 {
        i64::from(self.rng.between(1, self.staff))
    }

    pub(super) fn any_room(&mut self) -> i64 {
        i64::from(self.rng.between(1, self.rooms))
    }
}

pub(super) fn fill(connection: &Connection, options: &Options) -> Result<Summary> {
    let count = options.customers.max(40);
    let mut made = Generator {
        rng: Rng::new(options.seed),
        words: Words::load(),
        prose: Prose::load(),
        out: Writer::new(connection),
        ids: Ids::default(),
        staff: 8 + count / 400,
        rooms: 0,
        associations: Vec::new(),
        mentioned: None,
        mentions: 0,
    };
    sites::write(&mut made, count)?;
    let (mut people, mut namesake) = (Vec::new(), 0);
    for n in 0..count {
        let mut customer = Customer::nth(&mut made, n, role(n));
        if n == NAMESAKE {
            customer.take_names_of(made.mentioned.as_ref());
            namesake = customer.nr;
        }
        let user = write_customer(&mut made, &customer)?;
        if customer.subject.role == Some(Role::Free) {
            made.mentioned = Some(customer.subject.clone());
        }
        people.extend(user.and_then(|user| known(&customer, user)));
    }
    let Writer { rows, planted, .. } = made.out;
    for person in &mut people {
        let own = planted.iter().filter(|(role, _)| *role == person.role);
        person.planted = own.map(|(_, place)| place.clone()).collect();
    }
    Ok(Summary { rows, people, namesake })
}

fn role(n: u32) -> Option<Role> {
    match n {
        FREE => Some(Role::Free),
        HINDERED => Some(Role::Hindered),
        SHARED => Some(Role::Shared),
        _ => None,
    }
}

/// The customer's rows in all tables; returns the key of their user.
fn write_customer(made: &mut Generator<'_>, customer: &Customer) -> Result<Option<i64>> {
    customers::write(made, customer)?;
    let user = customers::write_user(made, customer)?;
    let bases = bookings::write(made, customer)?;
    billing::write(made, customer, &bases)?;
    cases::write(made, customer)?;
    Ok(user)
}

fn known(customer: &Customer, user_id: i64) -> Option<Person> {
    let subject = &customer.subject;
    Some(Person {
        role: subject.role?,
        kundnr: customer.nr,
        user_id,
        personal_number: subject.number.twelve(),
        given_name: subject.given.clone(),
        family_name: subject.family.clone(),
        email: subject.email.clone(),
        phone: subject.mobile.plain(),
        planted: Vec::new(),
    })
}
