//! Words that say nothing of a category themselves but change what a name with such a word means. Plain: lower case, no
//! marks. Sorted, since they are looked up for every part of every name; many to a line, so that each list is one glance.

/// Whose it is. Beside these a shorter word counts as well: `namn` in `kundnamn`, `tel` in `telarb`. A table named after
/// one holds persons.
#[rustfmt::skip]
pub(super) const OWNERS: &[&str] = &[
    "absender", "afsender", "agare", "aktieagare", "alumn", "angehoeriger", "angestellter", "anhorig", "ansatt",
    "ansatte", "ansattes", "ansoeger", "ansoger", "ansprechpartner", "anst", "anstalld", "ansvarig", "antragsteller",
    "anvandare", "applicant", "applicants", "arb", "arbeid", "arbeidstaker", "arbejde", "arbete", "arbets", "arzt",
    "asiakas", "asiakkaan", "asiakkaat", "attendee", "author", "avliden", "avlidne", "avsandare", "avsandarens",
    "avsender", "barn", "beneficiary", "benutzer", "besokare", "bestallare", "besteller", "bestiller", "betalare",
    "bewerber", "bidder", "billing", "billto", "boende", "bokare", "borgensman", "borger", "borrower", "bostad",
    "bruger", "brugeren", "brukare", "brukarens", "bruker", "brukeren", "buerger", "burger", "buyer", "callee",
    "caller", "candidate", "cardholder", "cell", "chef", "child", "children", "citizen", "claimant", "client",
    "coach", "consignee", "contact", "creator", "creditor", "cust", "customer", "customers", "debitor", "debtor",
    "deceased", "defendant", "delagare", "deltagare", "deltager", "deltaker", "dependant", "dependent", "dienst",
    "dienstlich", "doctor", "donator", "donor", "driver", "editor", "ehepartner", "eier", "eigentuemer", "eigentumer",
    "ejer", "elev", "elevens", "elever", "eltern", "emergency", "emp", "empfaenger", "empfanger", "empl", "employee",
    "employees", "fahrer", "fakt", "faktura", "far", "father", "firmatecknare", "foraelder", "foralder", "forare",
    "foresatt", "foresatte", "forfattare", "forfatter", "formanstagare", "forsakrad", "forsakringstagare",
    "forsikret", "forskrivare", "fru", "galdenar", "gast", "gjest", "godman", "granne", "guardian", "guest", "hakija",
    "handlaggare", "havare", "hem", "henkilo", "henkilon", "henkilosto", "hjem", "holder", "home", "household",
    "huoltaja", "husband", "hushall", "huvudman", "hyresgast", "indbygger", "inhaber", "inmate", "innbygger",
    "innehavare", "insured", "intagen", "invanare", "jasen", "jasenen", "jasenet", "jobb", "jour", "kaeufer",
    "kandidat", "kansalainen", "kassor", "kaufer", "kayttaja", "kayttajan", "kayttajat", "kin", "kinder", "kjoper",
    "klagande", "klient", "kober", "koeber", "kontakt", "kontakten", "kontohavare", "kontor", "kopare", "koti",
    "kreditor", "kund", "kunde", "kunden", "kundens", "kunder", "kundes", "kurator", "laakari", "laerer", "lahettaja",
    "lakare", "lantagare", "lantagarens", "lapsen", "lapset", "lapsi", "larare", "larer", "lead", "learner",
    "ledamot", "ledare", "lehrer", "leietaker", "lejer", "lev", "leverans", "leverantor", "lodger", "lov", "maka",
    "make", "maklare", "malsagande", "malsman", "mamma", "manager", "matkustaja", "mbr", "medarbeider", "medarbejder",
    "medarbetare", "medborgare", "medl", "medlem", "medlemmer", "medlems", "medsokande", "member", "mentor", "mgr",
    "mieter", "misstankt", "mitarbeiter", "mitglied", "mitglieder", "mitglieds", "modtager", "mor", "mother",
    "mottagare", "mottagarens", "mottaker", "mutter", "myyja", "narmaste", "narstaende", "nurse", "nutzer",
    "offender", "office", "omainen", "ombud", "omistaja", "opettaja", "opiskelija", "opiskelijan", "oppilaan",
    "oppilaat", "oppilas", "ordforande", "osallistuja", "ostaja", "owner", "pappa", "parent", "paroerende",
    "parorende", "participant", "pasient", "pasienten", "passagerare", "passasjer", "passenger", "pat", "patient",
    "patienten", "patienter", "payee", "payer", "payor", "pers", "person", "personal", "personen", "physician",
    "plaintiff", "player", "policyholder", "potilaan", "potilaat", "potilas", "prenumerant", "privat", "private",
    "prsn", "pupil", "receiver", "recipient", "redaktor", "relative", "renter", "reporter", "representant",
    "requester", "requestor", "resenar", "resident", "respondent", "reviewer", "sachbearbeiter", "saelger",
    "sagsbehandler", "saksbehandler", "saljare", "sambo", "schueler", "schuelers", "schuler", "sekreterare", "selger",
    "seller", "sender", "shareholder", "shipping", "shipto", "signatory", "signer", "sjafor", "skapare", "skoterska",
    "skuldsatt", "slakting", "sokande", "soker", "soldto", "spelare", "sponsor", "spouse", "staff", "student",
    "studerande", "subscriber", "supervisor", "supplier", "suspect", "svarande", "teacher", "teilnehmer", "tenant",
    "terapeut", "tranare", "traveler", "traveller", "trustee", "tyo", "tyontekija", "tyontekijan", "tyontekijat",
    "undertecknare", "uppdragstagare", "user", "usr", "utforare", "uthyrare", "vaerge", "vakt", "valjare", "vanhempi",
    "vardnadshavare", "vardtagare", "vastaanottaja", "vater", "verge", "verkaeufer", "verkaufer", "vermieter",
    "versicherten", "versicherter", "victim", "vikarie", "vinnare", "visitor", "vittne", "volontar", "volunteer",
    "voter", "vuokralainen", "wife", "winner", "witness", "work", "worker", "yhteyshenkilo", "zuhause",
];

/// After a word these add nothing: `mobilnr`, `epostadress`.
#[rustfmt::skip]
pub(super) const FILLERS: &[&str] = &[
    "addr", "address", "adr", "adress", "adresse", "alt", "arvo", "cd", "clean", "cleaned", "code", "col", "column",
    "copy", "current", "f", "falt", "feld", "felt", "field", "full", "gammal", "gammel", "hoved", "id", "kentta",
    "kod", "kode", "koodi", "kopia", "line", "main", "nbr", "neu", "new", "no", "norm", "normaliserad", "normalized",
    "nr", "nro", "num", "number", "numero", "nummer", "nuvarande", "ny", "old", "orig", "original", "osoite",
    "primaer", "primar", "primary", "rad", "raw", "ref", "senaste", "str", "string", "sv", "tekst", "teksti", "text",
    "tmp", "txt", "uppgift", "uusi", "val", "value", "vanha", "varde", "verdi", "wert",
];

/// After a word these make something else of it: `epost_status`, `phone_verified_at`, `adresstyp`.
#[rustfmt::skip]
pub(super) const CHANGERS: &[&str] = &[
    "active", "aendret", "aktiivinen", "aktiv", "allowed", "amount", "andrad", "andringsdatum", "anledning", "antal",
    "antall", "anzahl", "at", "attempts", "average", "avg", "avgift", "band", "bekraeftet", "bekraftad", "bekreftet",
    "belob", "beloeb", "belop", "belopp", "bestaetigt", "betrag", "blocked", "borttagen", "bounced", "brand",
    "brutto", "carrier", "category", "changed", "checked", "clicked", "color", "colour", "confirmed", "consent",
    "cost", "count", "country", "created", "dagar", "date", "dato", "datum", "deleted", "delivered", "delta",
    "domain", "doman", "duration", "einwilligung", "enabled", "endret", "error", "errors", "erstellt", "expiration",
    "expired", "expires", "expiry", "fail", "failed", "failures", "farg", "fel", "flag", "flagga", "format",
    "frekvens", "frequency", "geaendert", "geandert", "geloescht", "giltig", "granted", "group", "grupp", "gruppe",
    "gueltig", "gultig", "gyldig", "height", "hidden", "hinta", "hojd", "icon", "ikon", "index", "interval",
    "intervall", "invalid", "kategori", "kategoria", "kategorie", "kieli", "kind", "klass", "kontrollerad", "kosten",
    "kostnad", "kvalitet", "label", "laengde", "laenge", "laji", "land", "landkod", "lang", "langd", "langder",
    "language", "lengde", "length", "level", "limit", "lkm", "lock", "locked", "luokka", "luotu", "maara", "mall",
    "matched", "method", "metod", "missing", "mode", "model", "modell", "msg", "muokattu", "newsletter", "ok",
    "operator", "opprettet", "oprettet", "opt", "optin", "optout", "order", "ordning", "paivays", "paminnelse", "pct",
    "percent", "period", "pituus", "poang", "points", "poistettu", "policy", "pref", "preference", "preferences",
    "prefix", "prefs", "preis", "price", "prioritaet", "prioriteetti", "prioritet", "priority", "pris", "procent",
    "provider", "pvm", "quality", "questions", "raderad", "rang", "rank", "rating", "regel", "regex", "rekkefolge",
    "reminder", "removed", "required", "reset", "retries", "rubrik", "rule", "ryhma", "samtycke", "samtykke",
    "schema", "score", "seconds", "seen", "sent", "seq", "sequence", "setting", "settings", "size", "skapad",
    "skickad", "skickat", "slettet", "slot", "sort", "sortering", "source", "sprache", "sprak", "sprog", "status",
    "storlek", "strength", "subject", "subscribed", "suffix", "summa", "summe", "suostumus", "template", "terms",
    "tid", "tier", "tila", "tillganglig", "time", "timeout", "timestamp", "timezone", "total", "typ", "type",
    "tyyppi", "unit", "unsubscribed", "updated", "uppdaterad", "utskick", "vahvistettu", "valid", "validated",
    "validation", "validering", "verified", "verifierad", "verifisert", "verifiziert", "version", "villkor",
    "visible", "visits", "voimassa", "weight", "width", "zone",
];

/// Before a word these do: `has_phone`, `antal_barn`, `is_union_member` (but a flag of a special category still is one).
#[rustfmt::skip]
pub(super) const OPENERS: &[&str] = &[
    "accept", "accepts", "allow", "allowed", "allows", "antal", "antall", "anzahl", "anzeigen", "ar", "avg", "can",
    "count", "disable", "ej", "enable", "erbjuder", "finns", "ge", "godkanner", "har", "has", "hat", "hide",
    "include", "is", "ist", "kan", "max", "mean", "min", "nayta", "needs", "no", "not", "num", "onko", "onskar",
    "opt", "permit", "prefer", "receive", "require", "requires", "saknar", "send", "show", "skicka", "sum", "tillat",
    "total", "use", "utan", "validate", "verify", "vill", "vis", "visa", "want", "wants", "with", "without",
];

/// Tables named after these hold things: `name` in them is no person's.
#[rustfmt::skip]
pub(super) const THINGS: &[&str] = &[
    "abteilung", "account", "afdeling", "ajoneuvo", "album", "animal", "anlage", "anlaggning", "anlegg", "apotek",
    "app", "area", "article", "artikel", "artikkel", "artiklar", "asset", "atgard", "attribute", "auto", "avdeling",
    "avdelning", "bank", "barnehage", "bedrift", "befattning", "benefit", "bil", "board", "bok", "bolag", "bornehave",
    "box", "branch", "brand", "bransch", "building", "bus", "butik", "butikk", "byggnad", "byggnader", "bygning",
    "campaign", "car", "catalog", "catalogue", "category", "certificate", "certifikat", "channel", "city", "class",
    "clinic", "club", "code", "collection", "company", "component", "computer", "condition", "config", "container",
    "country", "county", "coupon", "course", "currency", "dashboard", "database", "dataset", "dator", "delsystem",
    "department", "device", "diagnos", "diagnosis", "dim", "disciplin", "district", "distrikt", "djur", "document",
    "dokument", "domain", "drug", "economy", "eiendom", "ejendom", "enhet", "equipment", "event", "exam", "examen",
    "facility", "fahrzeug", "farg", "fastighet", "feature", "feed", "field", "fil", "file", "filer", "filial",
    "filiale", "filter", "firm", "firma", "flag", "floor", "folder", "fordon", "forening", "foretag", "forlag",
    "form", "forretning", "forsamling", "forsikring", "forvaltning", "fraga", "fylke", "gebaeude", "gebaude",
    "gemeinde", "genre", "geraet", "gerat", "gesellschaft", "group", "grupp", "gruppe", "hall", "hanke", "hardvara",
    "hardware", "hospital", "host", "hotel", "hotell", "huone", "hus", "image", "industri", "industry", "ingredient",
    "instrument", "inventarie", "item", "job", "jobb", "kampanj", "kanal", "katalog", "kategori", "kategoria",
    "kategorie", "kaupunki", "kiinteisto", "kjoretoy", "klass", "klasse", "klinik", "klubb", "kod", "koder",
    "koeretoej", "kommun", "kommune", "komponent", "konto", "koretoj", "koulu", "krankenhaus", "kunta", "kurs",
    "kurssi", "kursus", "kyrka", "label", "lager", "laite", "lakemedel", "lan", "land", "language", "layer", "league",
    "leistung", "leverandor", "library", "licens", "license", "lieferant", "liga", "line", "linje", "location",
    "lokal", "lokale", "lokaler", "luokka", "maa", "machine", "magazine", "mall", "manufacturer", "map", "marke",
    "market", "marknad", "maschine", "maskin", "material", "matratt", "menu", "method", "metod", "metric",
    "milestone", "model", "modell", "modul", "module", "mottagning", "museum", "myymala", "namnd", "network", "nod",
    "node", "objekt", "offert", "office", "omrade", "org", "organisation", "organization", "ort", "osasto", "package",
    "page", "paikka", "paket", "palvelu", "parameter", "parish", "park", "part", "period", "permission", "pharmacy",
    "phase", "plan", "plats", "playlist", "policy", "portfolio", "prefix", "preparat", "price", "printer", "process",
    "product", "produkt", "produkter", "program", "project", "projekt", "projekti", "promotion", "property",
    "prosjekt", "provider", "publisher", "question", "queue", "rabatt", "race", "rakennus", "rapport", "rate",
    "rattighet", "raum", "reason", "recept", "recipe", "regel", "region", "repo", "report", "repository", "resource",
    "restaurang", "restaurant", "resurs", "ritning", "role", "roll", "rolle", "roller", "rooli", "room", "rule",
    "rum", "sairaala", "sal", "salong", "schedule", "schema", "school", "schule", "season", "section", "segment",
    "sektion", "selskab", "selskap", "sensor", "server", "service", "setting", "shop", "site", "size", "skill",
    "skola", "skole", "skolor", "skrivare", "software", "source", "sport", "sprak", "stad", "standort", "state",
    "station", "status", "sted", "steg", "step", "stilling", "store", "street", "subject", "survey", "sygehus",
    "sykehus", "system", "tag", "tapahtuma", "tariff", "tariffgrupp", "task", "tavara", "tax", "team", "tema",
    "template", "term", "theme", "title", "tjanst", "toimipiste", "toimittaja", "tool", "topic", "tournament",
    "track", "truck", "tuote", "tuoteryhma", "tuotteet", "typ", "type", "typer", "uddannelse", "unit", "universitet",
    "university", "unternehmen", "utbildning", "utdanning", "utrustning", "utstyr", "vaccin", "valuta", "vara",
    "varasto", "vardcentral", "vardenhet", "vare", "varegruppe", "varer", "variant", "varor", "vehicle", "vehikel",
    "vendor", "veranstaltung", "verein", "verksamhet", "verktyg", "version", "vessel", "view", "vinst", "virksomhed",
    "virksomhet", "waehrung", "wahrung", "ward", "ware", "warehouse", "webbplats", "website", "widget", "workflow",
    "yhtio", "yksikko", "yritys", "yrke", "zon", "zone",
];

/// Tables and numbers of these are of things that happen: an order's number is no person's.
#[rustfmt::skip]
pub(super) const MATTERS: &[&str] = &[
    "anmalan", "ansokan", "ansokning", "application", "appointment", "arende", "avtal", "bestallning", "betalning",
    "bokning", "booking", "case", "claim", "contract", "delivery", "diarie", "dnr", "faktura", "fordran",
    "forsandelse", "handling", "incident", "invoice", "journal", "kolli", "kontrakt", "kvitto", "leverans", "order",
    "ordre", "payment", "policy", "prov", "receipt", "recept", "remiss", "reservation", "sak", "sample", "shipment",
    "skada", "subscription", "tag", "ticket", "tilaus", "transaction", "transaktion", "verifikation", "visit",
    "voucher",
];

pub(super) fn is_in(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

/// Whether a word of a table's name is one of these, also in the plural: `kunder`, `members`.
pub(super) fn is_plural_in(list: &[&str], word: &str) -> bool {
    let stem = |ending: &str| word.strip_suffix(ending).is_some_and(|stem| is_in(list, stem));
    is_in(list, word)
        || ["s", "er", "ar", "or", "n", "en", "es", "na", "erna", "arna", "et"].into_iter().any(stem)
        || word.strip_suffix("ies").is_some_and(|stem| is_in(list, &format!("{stem}y")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_plain_sorted_and_without_repetition() {
        for list in [OWNERS, FILLERS, CHANGERS, OPENERS, THINGS, MATTERS] {
            assert!(list.is_sorted_by(|a, b| a < b), "near {:?}", list.windows(2).find(|pair| pair[0] >= pair[1]));
            assert!(list.iter().all(|word| super::super::plain(word) == *word));
        }
    }
}
