//! The word lists under `fixtures/scenario_a/data`, written for this fixture, and what is drawn from them.

use super::rng::Rng;

/// Draws names, streets and towns.
pub(super) struct Words {
    women: Vec<&'static str>,
    men: Vec<&'static str>,
    family: Vec<&'static str>,
    family_first: Vec<&'static str>,
    family_last: Vec<&'static str>,
    streets: Vec<&'static str>,
    towns: Vec<&'static str>,
    /// Halls and other sites.
    pub(super) facilities: Vec<&'static str>,
    /// Rooms within a site.
    pub(super) rooms: Vec<&'static str>,
    associations: Vec<&'static str>,
    companies: Vec<&'static str>,
}

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/scenario_a/data/", $name, ".txt"))
    };
}
pub(super) use data;

impl Words {
    pub(super) fn load() -> Self {
        Self {
            women: data!("given_women").split_whitespace().collect(),
            men: data!("given_men").split_whitespace().collect(),
            family: data!("family").split_whitespace().collect(),
            family_first: data!("family_first").split_whitespace().collect(),
            family_last: data!("family_last").split_whitespace().collect(),
            streets: data!("streets").lines().collect(),
            towns: data!("towns").lines().collect(),
            facilities: data!("facilities").lines().collect(),
            rooms: data!("rooms").lines().collect(),
            associations: data!("associations").lines().collect(),
            companies: data!("companies").lines().collect(),
        }
    }

    pub(super) fn given(&self, rng: &mut Rng, woman: bool) -> String {
        (*rng.pick(if woman { &self.women } else { &self.men })).to_owned()
    }

    /// Four names in ten are invented compounds that no list of names holds; some are double.
    pub(super) fn family(&self, rng: &mut Rng) -> String {
        let name = if rng.chance(40) {
            format!("{}{}", rng.pick(&self.family_first), rng.pick(&self.family_last))
        } else {
            (*rng.pick(&self.family)).to_owned()
        };
        if rng.chance(4) { format!("{name} {}", rng.pick(&self.family)) } else { name }
    }

    pub(super) fn full_name(&self, rng: &mut Rng) -> String {
        let woman = rng.chance(50);
        format!("{} {}", self.given(rng, woman), self.family(rng))
    }

    pub(super) fn street(&self, rng: &mut Rng) -> String {
        let number = rng.between(1, 98);
        let street = rng.pick(&self.streets);
        match rng.below(8) {
            0 => format!("{street} {number} {}", rng.pick(&["A", "B", "C"])),
            1 => format!("{street} {number} lgh 1{}0{}", rng.below(5), rng.between(1, 6)),
            _ => format!("{street} {number}"),
        }
    }

    /// Postal code as five digits, and town.
    pub(super) fn town(&self, rng: &mut Rng) -> (String, String) {
        let (code, town) = rng.pick(&self.towns).split_once(' ').expect("each line holds a code and a town");
        (format!("{code}{:02}", rng.between(10, 98)), town.to_owned())
    }

    pub(super) fn association(&self, rng: &mut Rng) -> String {
        let town = self.town(rng).1;
        rng.pick(&self.associations).replace("{ort}", &town)
    }

    /// Many companies are called after people.
    pub(super) fn company(&self, rng: &mut Rng) -> String {
        let (given, family) = (self.given(rng, true), self.family(rng));
        rng.pick(&self.companies).replace("{enamn}", &family).replace("{fnamn}", &given)
    }
}
