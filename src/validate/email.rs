//! E-mail addresses (RFC 5321, 5322), as narrow as real mail is: a domain of at least two labels and letters at its
//! end. The local part is judged by the `email_address` crate.

use std::borrow::Cow;

use email_address::EmailAddress;

/// Checks; the normal form is the folded address, its domain in letters and not in punycode.
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let text = text.trim();
    let plain = text.is_ascii() && !text.bytes().any(|byte| byte == b'X' || byte == b'x');
    if plain {
        is_address(text).then(|| normal.extend(text.chars().map(|character| character.to_ascii_lowercase())))?;
    } else {
        // Composed first: letters and their marks may have come apart.
        let folded = crate::rule::fold(text);
        is_address(&folded).then(|| normal.push_str(&in_letters(&folded)))?;
    }
    Some("")
}

/// The address with its domain as people read it: `xn--rksmrgs-5wao1o.example` is `räksmörgås.example`. A domain whose
/// punycode is broken stays as it is.
fn in_letters(address: &str) -> Cow<'_, str> {
    let Some((local, domain)) = address.rsplit_once('@').filter(|(_, domain)| domain.contains("xn--")) else {
        return Cow::Borrowed(address);
    };
    match idna::domain_to_unicode(domain) {
        (letters, Ok(())) => Cow::Owned(format!("{local}@{letters}")),
        (_, Err(_)) => Cow::Borrowed(address),
    }
}

fn is_address(text: &str) -> bool {
    // 254: RFC 5321 section 4.5.3.1.3 less the angle brackets. A quoted local part is no address in business systems.
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        text.len() <= 254
            && !local.starts_with('"')
            && EmailAddress::is_valid_local_part(local)
            && is_public_domain(domain)
    })
}

/// Labels of letters (of any script), digits and inner hyphens; at least two; the last only letters, or punycode.
fn is_public_domain(domain: &str) -> bool {
    let Some((rest, top)) = domain.rsplit_once('.') else { return false };
    let top_fits = top.chars().count() >= 2 && (top.chars().all(char::is_alphabetic) || top.starts_with("xn--"));
    top_fits && is_label(top) && rest.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let inner = |character: char| character.is_alphanumeric() || character == '-';
    (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<String> {
        let mut normal = String::new();
        check(text, &mut normal).map(|_| normal)
    }

    #[test]
    fn real_shapes_pass_and_are_folded() {
        for (text, normal) in [
            ("Anna.Andersson@Example.COM", "anna.andersson@example.com"),
            ("o'brien+list@mail.example.org", "o'brien+list@mail.example.org"),
            ("åsa@räksmörgås.example.se", "åsa@räksmörgås.example.se"),
            ("A\u{30a}sa@example.se", "åsa@example.se"),
            ("info@xn--rksmrgs-5wao1o.example.net", "info@räksmörgås.example.net"),
            ("info@Räksmörgås.example.net", "info@räksmörgås.example.net"),
            ("a@example.xn--p1ai", "a@example.рф"),
        ] {
            assert_eq!(checked(text).as_deref(), Some(normal), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "anna@localhost",
            "anna@example.c",
            "anna@.example.com",
            "anna@example..com",
            "anna@example.com.",
            ".anna@example.com",
            "anna.@example.com",
            "an na@example.com",
            "anna@192.0.2.1",
            "anna@-example.com",
            "\"anna\"@example.com",
            "logo@2x.png1",
            "@example.com",
            "anna@",
            "",
            long.as_str(),
        ] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
