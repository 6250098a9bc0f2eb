//! IP addresses, through the standard library's parser, which refuses leading zeros and octets over 255.

use std::fmt::Write as _;
use std::net::IpAddr;

/// Checks; the normal form is the canonical text (RFC 5952).
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let address: IpAddr = text.trim().parse().ok()?;
    let (kind, is_hosts) = match address {
        // 0/8 means "this network" and looks like a version number; from 224 on: multicast, reserved, netmasks. Three
        // zeros at the end are a network or a browser's version ("Chrome/126.0.0.0").
        IpAddr::V4(v4) => ("ipv4", (1..=223).contains(&v4.octets()[0]) && v4.octets()[1..] != [0, 0, 0]),
        // `::` and texts like `::a` are code or clock times sooner than hosts.
        IpAddr::V6(v6) => ("ipv6", v6.segments()[0] != 0 && !v6.is_multicast() || v6.to_ipv4_mapped().is_some()),
    };
    if !is_hosts {
        return None;
    }
    // An IPv4 address that came in through an IPv6 socket is the same host.
    write!(normal, "{}", address.to_canonical()).ok()?;
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<(&'static str, String)> {
        let mut normal = String::new();
        check(text, &mut normal).map(|kind| (kind, normal))
    }

    #[test]
    fn hosts_pass_in_canonical_form() {
        for (text, kind, normal) in [
            ("192.0.2.17", "ipv4", "192.0.2.17"),
            ("10.0.0.1", "ipv4", "10.0.0.1"),
            ("2001:DB8:0:0:0:0:0:1", "ipv6", "2001:db8::1"),
            ("2001:0db8::0001", "ipv6", "2001:db8::1"),
            ("fe80::1ff:fe23:4567:890a", "ipv6", "fe80::1ff:fe23:4567:890a"),
            ("::ffff:192.0.2.17", "ipv6", "192.0.2.17"),
        ] {
            assert_eq!(checked(text), Some((kind, normal.to_owned())), "{text}");
        }
    }

    #[test]
    fn versions_masks_and_times_are_refused() {
        for text in [
            "0.10.2.1",
            "126.0.0.0",
            "192.000.002.017",
            "255.255.255.0",
            "256.1.1.1",
            "1.2.3",
            "::",
            "::1",
            "12:30:15",
            "239.0.0.1",
            "",
        ] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
