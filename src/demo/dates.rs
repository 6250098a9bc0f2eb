//! Calendar dates of the generated system, whose "today" stands still so that the same seed gives the same bytes.

use super::rng::Rng;

/// The day on which the data was made: what lies before is done, what lies after is still open.
pub(super) const TODAY: Date = Date::new(2026, 9, 1);

/// A calendar date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date {
    pub(super) year: u32,
    pub(super) month: u32,
    pub(super) day: u32,
}

impl Date {
    pub(super) const fn new(year: u32, month: u32, day: u32) -> Self {
        Self { year, month, day }
    }

    /// The date `days` later.
    pub(super) fn plus(mut self, days: u32) -> Self {
        let mut left = days;
        loop {
            let rest_of_month = days_in(self.year, self.month) - self.day;
            if left <= rest_of_month {
                self.day += left;
                return self;
            }
            left -= rest_of_month + 1;
            self.day = 1;
            (self.year, self.month) = if self.month == 12 { (self.year + 1, 1) } else { (self.year, self.month + 1) };
        }
    }

    /// A day in the years from `from` to `to`, both included.
    pub(super) fn within(rng: &mut Rng, from: u32, to: u32) -> Self {
        let (year, month) = (rng.between(from, to), rng.between(1, 12));
        Self { year, month, day: rng.between(1, days_in(year, month)) }
    }

    /// `2026-09-01`.
    pub(super) fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_over_leap_days_and_years() {
        assert_eq!(Date::new(2024, 2, 28).plus(2), Date::new(2024, 3, 1));
        assert_eq!(Date::new(1900, 2, 28).plus(1), Date::new(1900, 3, 1));
        assert_eq!(Date::new(2023, 1, 1).plus(365), Date::new(2024, 1, 1));
    }
}
