//! The option file of the MariaDB and MySQL clients, ~/.my.cnf, as far as it says how to connect (MariaDB Knowledge
//! Base, Configuring MariaDB with Option Files). Other files are not included.

use std::path::PathBuf;

/// What the `[client]` and `[client-mariadb]` sections say; the later line wins.
#[derive(Default)]
pub(super) struct ClientFile {
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) socket: Option<PathBuf>,
    pub(super) ssl_ca: Option<PathBuf>,
}

impl ClientFile {
    pub(super) fn parse(text: &str) -> Self {
        let mut found = Self::default();
        let mut ours = false;
        for line in text.lines().map(str::trim) {
            if let Some(section) = line.strip_prefix('[') {
                ours = matches!(section.split(']').next().map(str::trim), Some("client" | "client-mariadb"));
            } else if ours && !line.starts_with(['#', ';', '!']) {
                let line = without_comment(line);
                if let Some((name, value)) = line.split_once('=') {
                    found.set(&name.trim().replace('_', "-"), plain(value.trim()));
                }
            }
        }
        found
    }

    fn set(&mut self, name: &str, value: String) {
        match name {
            "user" => self.user = Some(value),
            "password" => self.password = Some(value),
            "host" => self.host = Some(value),
            "port" => self.port = value.parse().ok(),
            "socket" => self.socket = Some(value.into()),
            "ssl-ca" => self.ssl_ca = Some(value.into()),
            _ => {}
        }
    }
}

/// The line up to a `#` that stands outside quotes.
fn without_comment(line: &str) -> &str {
    let (mut quote, mut escaped) = (None, false);
    for (at, c) in line.char_indices() {
        match c {
            '\'' | '"' if !escaped && quote.is_none() => quote = Some(c),
            _ if Some(c) == quote && !escaped => quote = None,
            '#' if quote.is_none() => return &line[..at],
            _ => {}
        }
        escaped = quote.is_some() && c == '\\' && !escaped;
    }
    line
}

/// A value without its quotes, and with its escapes resolved.
fn plain(value: &str) -> String {
    let inner = ['\'', '"'].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut plain = String::new();
    let mut characters = inner.unwrap_or(value).chars();
    while let Some(c) = characters.next() {
        let next = if c == '\\' { characters.next() } else { None };
        match next {
            None => plain.push(c),
            Some('b') => plain.push('\u{8}'),
            Some('t') => plain.push('\t'),
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('s') => plain.push(' '),
            Some(other @ ('\\' | '\'' | '"')) => plain.push(other),
            Some(other) => plain.extend(['\\', other]),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_quotes_and_comments() {
        let file = ClientFile::parse(
            "user=nobody\n[mysqld]\nport=1\n[client]\n# password=old\n user = anna # me\npassword = 'he#m\\'ligt'\n\
             ssl_ca=/etc/ca.pem\nskip-ssl\n!include /etc/other\n[client-mariadb]\nport=3307\nsocket=\"/run/my sql\"\n[mysql]\nuser=x",
        );
        assert_eq!(file.user.as_deref(), Some("anna"));
        assert_eq!(file.password.as_deref(), Some("he#m'ligt"));
        assert_eq!((file.port, file.host), (Some(3307), None));
        assert_eq!(file.socket, Some(PathBuf::from("/run/my sql")));
        assert_eq!(file.ssl_ca, Some(PathBuf::from("/etc/ca.pem")));
    }

    #[test]
    fn nonsense_is_nothing() {
        let file = ClientFile::parse("[client\n=\n==\nport=99999\n\\\n[client]\npassword=\"");
        assert_eq!((file.port, file.password.as_deref()), (None, Some("\"")));
    }
}
