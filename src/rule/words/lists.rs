//! Words that say nothing of a category themselves but change what a name with such a word means. Plain: lower case, no
//! marks. Sorted, since they are looked up for every part of every name; many to a line, so that each list is one glance.

/// Who it is. Beside these a shorter word counts as well: `namn` in `kundnamn`. A table named after one holds persons,
/// and a number named after one is a person's.
#[rustfmt::skip]
pub(super) const PERSONS: &[&str] = &[
    "abonnent", "absender", "adopter", "afsender", "agar", "agare", "aktieagare", "alumn", "angehoeriger",
    "angestellter", "anhorig", "annuitant", "ansatt", "ansatte", "ansattes", "ansoeger", "ansoger", "anst", "anstalld",
    "ansvarig", "antragsteller", "anvandar", "anvandare", "applicant", "applicants", "apprentice", "arbeidstaker",
    "arzt", "asiakas", "asiakkaan", "asiakkaat", "attendee", "author", "avliden", "avlidne", "avsandar", "avsandare",
    "avsandarens", "avsender", "barn", "beneficiary", "benutzer", "besokar", "besokare", "bestallar", "bestallare",
    "besteller", "bestiller", "betalar", "betalare", "bewerber", "bidder", "boend", "boende", "bokare", "borgensman",
    "borger", "borrower", "bruger", "brugeren", "brukare", "brukarens", "bruker", "brukeren", "buerger", "burger",
    "buyer", "callee", "caller", "candidate", "cardholder", "chauffeur", "chauffor", "chef", "child", "children",
    "citizen", "claimant", "client", "coach", "consignee", "creator", "creditor", "crew", "cust", "customer",
    "customers", "debitor", "debtor", "deceased", "defendant", "delagare", "deltagar", "deltagare", "deltager",
    "deltaker", "dependant", "dependent", "doctor", "donator", "donor", "driver", "editor", "ehepartner", "eier",
    "eigentuemer", "eigentumer", "ejer", "elev", "elevens", "elever", "elevs", "eltern", "emp", "empfaenger",
    "empfanger", "empl", "employee", "employees", "fahrer", "far", "farmer", "father", "firmatecknare", "foraelder",
    "foralder", "forar", "forare", "foresatt", "foresatte", "foretradare", "forfattare", "forfatter", "formanstagare",
    "forsakrad", "forsakringstagare", "forsikret", "forskrivare", "fru", "galdenar", "gast", "gavogivare", "givare",
    "giver", "gjest", "godman", "golfare", "granne", "guardian", "guest", "hakija", "handlaggar", "handlaggare",
    "havare", "henkilo", "henkilon", "henkilosto", "holder", "huoltaja", "husband", "huvudman", "hyresgast",
    "hyresgasts", "indbygger", "inhaber", "inmate", "innbygger", "innehavar", "innehavare", "insured", "intagen",
    "invanare", "jagare", "jasen", "jasenen", "jasenet", "jockey", "kaeufer", "kandidat", "kansalainen", "kapten",
    "kaufer", "kayttaja", "kayttajan", "kayttajat", "kinder", "kjoper", "klagande", "klient", "kober", "koeber",
    "kontohavare", "kopar", "kopare", "kreditor", "kund", "kunde", "kunden", "kundens", "kunder", "kundes", "kurator",
    "laakari", "laerer", "lahettaja", "lakar", "lakare", "lantagar", "lantagare", "lantagarens", "lapsen", "lapset",
    "lapsi", "larar", "larare", "larer", "larling", "learner", "ledamot", "ledare", "lehrer", "leietaker", "lejer",
    "lodger", "lokforare", "maka", "maklare", "malsagand", "malsagande", "malsman", "mamma", "manager", "matkustaja",
    "mbr", "medarbeider", "medarbejder", "medarbetare", "medborgare", "medl", "medlem", "medlemmar", "medlemmer",
    "medlems", "medsokande", "member", "mentor", "mgr", "mieter", "misstankt", "mitarbeiter", "mitglied", "mitglieder",
    "mitglieds", "modtager", "mor", "mother", "mottagar", "mottagare", "mottagarens", "mottaker", "mutter", "myyja",
    "narmaste", "narstaende", "nominee", "nurse", "nutzer", "offender", "omainen", "ombud", "omistaja", "opettaja",
    "opiskelija", "opiskelijan", "oppilaan", "oppilaat", "oppilas", "ordforande", "osallistuja", "ostaja", "owner",
    "pappa", "parent", "paroerende", "parorende", "participant", "pasient", "pasienten", "passager", "passagerare",
    "passasjer", "passenger", "pat", "patient", "patienten", "patienter", "payee", "payer", "payor", "pensionar",
    "pensioner", "pers", "person", "personal", "personen", "physician", "pilot", "plaintiff", "player", "policyholder",
    "potilaan", "potilaat", "potilas", "praktikant", "prenumerant", "prsn", "pupil", "receiver", "recipient",
    "redaktor", "relative", "renter", "reporter", "representant", "requester", "requestor", "resenar", "resenars",
    "resident", "respondent", "reviewer", "rider", "ryttare", "sachbearbeiter", "saelger", "sagsbehandler", "sailor",
    "saksbehandler", "saljar", "saljare", "sambo", "schueler", "schuelers", "schuler", "seafarer", "sekreterare",
    "selger", "seller", "sender", "shareholder", "signatory", "signer", "sjafor", "sjoman", "skadelidande", "skier",
    "skoterska", "skuldsatt", "skyddad", "slakting", "sokand", "sokande", "soker", "soldat", "spelare", "sponsor",
    "spouse", "staff", "student", "studentens", "studerande", "subscriber", "supervisor", "suspect", "svarande",
    "teacher", "teilnehmer", "tenant", "terapeut", "tilltalad", "trainee", "tranar", "tranare", "traveler",
    "traveller", "trustee", "turist", "tyontekija", "tyontekijan", "tyontekijat", "undertecknare", "uppdragstagare",
    "user", "usr", "utforare", "uthyrare", "utovare", "vaerge", "vakt", "valjare", "vanhempi", "vapeninnehavare",
    "vardnadshavare", "vardtag", "vardtagare", "vastaanottaja", "vater", "verge", "verkaeufer", "verkaufer",
    "vermieter", "versicherten", "versicherter", "victim", "vikarie", "vinnare", "visitor", "vittne", "volontar",
    "volunteer", "voter", "vuokralainen", "wife", "winner", "witness", "worker",
];

/// What it is for, beside which a shorter word counts as well: `tel` in `telarb`.
#[rustfmt::skip]
pub(super) const USES: &[&str] = &[
    "ansprechpartner", "arb", "arbeid", "arbejde", "arbete", "arbets", "billing", "billto", "bostad", "cell",
    "contact", "dienst", "dienstlich", "emergency", "fakt", "faktura", "hem", "hjem", "home", "household", "hushall",
    "jobb", "jour", "kassor", "kin", "kontakt", "kontakten", "kontor", "koti", "lead", "lev", "leverans", "leverantor",
    "lov", "make", "office", "privat", "private", "shipping", "shipto", "skapare", "soldto", "supplier", "tyo", "work",
    "yhteyshenkilo", "zuhause",
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
    "active", "aendret", "aktiivinen", "aktiv", "allowed", "amount", "andrad", "andrat", "andringsdatum", "anledning",
    "anm", "antal", "antall", "anzahl", "at", "attempts", "average", "avg", "avgift", "band", "bekraeftet", "bekraftad",
    "bekreftet", "belob", "beloeb", "belop", "belopp", "bestaetigt", "betrag", "blocked", "borttagen", "bounced",
    "brand", "brutto", "bytt", "bytte", "byttes", "carrier", "category", "changed", "channel", "checked", "clicked",
    "color", "colour", "comment", "complexity", "confirmed", "consent", "cost", "count", "country", "created", "dagar",
    "date", "datetime", "dato", "datum", "deleted", "delivered", "delta", "domain", "doman", "dt", "dtm", "duration",
    "einwilligung", "enabled", "endret", "error", "errors", "erstellt", "expiration", "expired", "expires", "expiry",
    "fail", "failed", "failures", "farg", "fel", "flag", "flagga", "format", "frekvens", "frequency", "geaendert",
    "geandert", "geloescht", "giltig", "granted", "group", "grupp", "gruppe", "gueltig", "gultig", "gyldig", "height",
    "hidden", "hint", "hinta", "hojd", "icon", "ikon", "index", "interval", "intervall", "invalid", "kanal", "kategori",
    "kategoria", "kategorie", "kieli", "kind", "klass", "kommentar", "komplexitet", "kontrollerad", "kosten", "kostnad",
    "kvalitet", "label", "laengde", "laenge", "laji", "land", "landkod", "lang", "langd", "langder", "language",
    "lengde", "length", "level", "limit", "lkm", "lock", "locked", "luokka", "luotu", "maara", "mall", "matched",
    "medium", "method", "methode", "metod", "metode", "missing", "mode", "model", "modell", "msg", "muokattu",
    "newsletter", "notering", "ok", "on", "operator", "opprettet", "oprettet", "opt", "optin", "optout", "order",
    "ordning", "paivays", "paminnelse", "pattern", "pct", "percent", "period", "pituus", "poang", "points", "poistettu",
    "policy", "pref", "preference", "preferences", "prefix", "prefs", "preis", "price", "prioritaet", "prioriteetti",
    "prioritet", "priority", "pris", "procent", "provider", "pvm", "quality", "questions", "raderad", "rang", "rank",
    "rating", "regel", "regex", "rekkefolge", "reminder", "removed", "required", "reset", "retries", "rubrik", "rule",
    "ryhma", "samtycke", "samtykke", "satt", "schema", "score", "seconds", "seen", "sent", "seq", "sequence", "setting",
    "settings", "size", "skapad", "skickad", "skickat", "slettet", "slot", "sort", "sortering", "source", "sprache",
    "sprak", "sprog", "status", "storlek", "strength", "subject", "subscribed", "suffix", "summa", "summe", "suostumus",
    "template", "terms", "tid", "tier", "tila", "tillganglig", "time", "timeout", "timestamp", "timezone", "total",
    "ts", "typ", "type", "tyyppi", "unit", "unsubscribed", "updated", "uppdaterad", "upphor", "utgar", "utskick",
    "vahvistettu", "valid", "validated", "validation", "validering", "verified", "verifierad", "verifisert",
    "verifiziert", "version", "villkor", "visible", "visits", "voimassa", "weight", "width", "zone",
];

/// Of the words above, short ones of dates, with which a birth's are written, too.
pub(super) const DATES: &[&str] = &["dt", "dtm", "on", "ts"];

/// Of the words above, those that ask whether somebody agreed.
pub(super) const AGREED: &[&str] = &["consent", "opt", "optin", "optout", "samtycke", "samtykke"];

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
    "abteilung", "account", "afdeling", "ajoneuvo", "album", "anlage", "anlaggning", "anlegg", "apotek", "app",
    "appraisal", "area", "arena", "article", "artikel", "artikelgrupp", "artikkel", "artiklar", "artreg", "asset",
    "assortment", "atgard", "attribute", "auto", "avdeling", "avdelning", "band", "bank", "barnehage", "bedrift",
    "befattning", "benefit", "bil", "board", "bok", "bolag", "bornehave", "box", "branch", "brand", "bransch",
    "building", "bus", "butik", "butikk", "byggnad", "byggnader", "bygning", "calendar", "campaign", "car", "catalog",
    "catalogue", "category", "center", "centre", "centrum", "certificate", "certifikat", "channel", "city", "class",
    "clinic", "club", "code", "codelist", "codetable", "collection", "company", "component", "computer", "condition",
    "config", "container", "country", "county", "coupon", "course", "currency", "cycle", "dashboard", "database",
    "dataset", "dator", "datum", "delsystem", "department", "depot", "device", "diagnos", "diagnosis", "disciplin",
    "district", "distrikt", "document", "dokument", "domain", "drug", "economy", "eiendom", "ejendom", "endpoint",
    "enhet", "equipment", "evenemang", "event", "exam", "examen", "exemplar", "exhibition", "facility", "fahrzeug",
    "farg", "fartyg", "fastighet", "feature", "feed", "field", "fil", "file", "filer", "filial", "filiale", "filter",
    "firm", "firma", "flag", "floor", "folder", "fordon", "forening", "foretag", "forlag", "form", "formulary",
    "forretning", "forsamling", "forsikring", "forvaltning", "fraga", "fylke", "garage", "gebaeude", "gebaude",
    "gemeinde", "genre", "geraet", "gerat", "gesellschaft", "grade", "group", "grupp", "gruppe", "gym", "hall",
    "hallplats", "hamn", "hanke", "hardvara", "hardware", "helgdag", "holiday", "hospital", "host", "hotel", "hotell",
    "huone", "hus", "image", "industri", "industry", "ingredient", "instrument", "inventarie", "item", "job", "jobb",
    "kalender", "kalenderdag", "kampanj", "kanal", "katalog", "kategori", "kategoria", "kategorie", "kaupunki",
    "kiinteisto", "kjoretoy", "klass", "klasse", "klinik", "klubb", "kod", "koder", "kodlista", "kodtab", "kodtabell",
    "kodverk", "koeretoej", "kommun", "kommune", "komponent", "konto", "kontoplan", "koretoj", "koulu", "krankenhaus",
    "kunta", "kurs", "kurssi", "kursus", "kyrka", "kyrkogard", "label", "lager", "lagerplats", "laite", "lakemedel",
    "lan", "land", "language", "layer", "league", "leistung", "leverandor", "library", "licens", "license",
    "lieferant", "liga", "line", "linje", "location", "lokal", "lokale", "lokaler", "loneart", "lonearter", "lonetyp",
    "lookup", "luokka", "maa", "machine", "magazine", "mall", "manufacturer", "map", "marke", "market", "marknad",
    "maschine", "maskin", "material", "matratt", "menu", "merchant", "method", "metod", "metric", "milestone", "model",
    "modell", "modul", "module", "mottagning", "museum", "myymala", "namnd", "namnsdag", "network", "nod", "node",
    "objekt", "offert", "office", "omrade", "opportunity", "org", "organisation", "organization", "orsak", "ort",
    "osasto", "package", "page", "paikka", "paket", "palvelu", "parameter", "parametrar", "parish", "park", "period",
    "permission", "pharmacy", "phase", "pkt", "plan", "plant", "plats", "playlist", "policy", "port", "portfolio",
    "prd", "prefix", "preparat", "price", "printer", "process", "prod", "prodreg", "product", "produkt", "produkter",
    "program", "project", "projekt", "projekti", "promotion", "property", "prosjekt", "provider", "publisher",
    "question", "queue", "rabatt", "race", "rakennus", "rapport", "rate", "rattighet", "raum", "reason", "recept",
    "recipe", "referens", "reftab", "regel", "region", "repo", "report", "repository", "resource", "restaurang",
    "restaurant", "resurs", "ritning", "role", "roll", "rolle", "roller", "rooli", "room", "rule", "rum", "sairaala",
    "sal", "salon", "salong", "scale", "schedule", "schema", "scheme", "school", "schule", "season", "section",
    "segment", "sektion", "selskab", "selskap", "sensor", "server", "service", "setting", "ship", "shop", "sida",
    "site", "size", "skala", "skill", "skola", "skole", "skolor", "skrivare", "software", "sortiment", "source",
    "sport", "sprak", "stad", "standort", "state", "station", "status", "sted", "steg", "step", "stilling", "stock",
    "stop", "store", "street", "studio", "subject", "survey", "sygehus", "sykehus", "system", "tag", "tapahtuma",
    "tariff", "tariffgrupp", "task", "tavara", "tax", "team", "tema", "template", "term", "terminal", "theme", "titel",
    "title", "tjanst", "toimipiste", "toimittaja", "tool", "topic", "tournament", "track", "truck", "tuote",
    "tuoteryhma", "tuotteet", "typ", "type", "typer", "uddannelse", "unit", "universitet", "university", "unternehmen",
    "uppsats", "uppslag", "utbildning", "utdanning", "utrustning", "utstallning", "utstyr", "vaccin", "valuta", "vara",
    "varasto", "vardcentral", "vardenhet", "vare", "varegruppe", "varer", "variant", "varor", "varureg", "vehicle",
    "vehikel", "vendor", "venue", "veranstaltung", "verein", "verksamhet", "verktyg", "version", "vessel", "view",
    "vinst", "virksomhed", "virksomhet", "voyage", "waehrung", "wahrung", "ward", "ware", "warehouse", "webbplats",
    "website", "widget", "workflow", "yhtio", "yksikko", "yritys", "yrke", "zon", "zone",
];

/// What somebody does, somewhere: a log-in's place is its user's.
#[rustfmt::skip]
pub(super) const ACTS: &[&str] = &[
    "checkin", "gps", "gpslogg", "incheckning", "inlogg", "inloggning", "inloggningar", "korning", "login", "logins",
    "position", "positioner", "positions", "resa", "resor", "session", "sessions", "tracking", "trip", "trips", "visit",
    "visits",
];

/// What is said of these is said of no person.
#[rustfmt::skip]
pub(super) const ANIMALS: &[&str] = &[
    "akvariefisk", "animal", "besattning", "boskap", "breed", "canine", "cattle", "cow", "djur", "dog", "dyr",
    "fjaderfa", "flock", "foal", "gris", "hast", "herd", "hest", "hingst", "horse", "hund", "hundar", "hunden",
    "hundens", "kalv", "kanin", "katt", "koira", "kreatur", "lamb", "livestock", "marsvin", "notkreatur", "pet",
    "pferd", "pig", "pony", "poultry", "sheep", "valp", "veterinar",
];

/// Columns called so hold what their table is about.
#[rustfmt::skip]
pub(super) const CONTENTS: &[&str] = &[
    "analys", "answer", "anteckning", "bedomning", "benamning", "besk", "beskr", "beskrivning", "cd", "code", "comment",
    "data", "descr", "description", "diagnos", "dos", "dose", "finding", "flag", "flagga", "fraga", "fritext", "fynd",
    "grad", "info", "kd", "kod", "kommentar", "name", "namn", "note", "notering", "notes", "orsak", "outcome",
    "reaction", "reaktion", "reason", "res", "result", "resultat", "resultvalue", "severity", "substance", "substans",
    "svar", "test", "text", "titel", "title", "txt", "uppgift", "utfall", "val", "value", "varde",
];

/// Amounts in a table of pay are somebody's.
pub(super) const AMOUNTS: &[&str] =
    &["amount", "amt", "apris", "bel", "belopp", "brutto", "gross", "net", "netto", "summa", "val", "value", "varde"];

/// Words of the names of such tables.
#[rustfmt::skip]
pub(super) const PAY: &[&str] = &[
    "avlon", "avloning", "compensation", "compensations", "lon", "lone", "lonebesked", "lonekorning", "lonerad",
    "lonerader", "lonespec", "lonespecifikation", "lonetransaktion", "loneutbetalning", "payroll", "payslip",
    "payslips", "salaries", "salary", "wage", "wages",
];

/// Tables and numbers of these are of things that happen: an order's number is no person's.
#[rustfmt::skip]
pub(super) const MATTERS: &[&str] = &[
    "anmalan", "ansokan", "ansokning", "application", "appointment", "arende", "avt", "avtal", "bestallning",
    "bestallnings", "betalning", "bokning", "booking", "case", "claim", "contract", "delivery", "diarie", "dnr",
    "faktura", "fordran", "forsakring", "forsakrings", "forsandelse", "handling", "incident", "insurance", "invoice",
    "journal", "kolli", "kontr", "kontrakt", "ktr", "kvitto", "leverans", "order", "ordre", "payment", "policy",
    "prov", "receipt", "recept", "remiss", "reservation", "sak", "sample", "shipment", "skada", "skade", "skap",
    "subscription", "tag", "ticket", "tilaus", "transaction", "transaktion", "verifikation", "visit", "voucher",
];

/// Whether a word of a table's name says that it lists codes with what they mean: `skadkod`, `kodDiagnos`.
pub(super) fn is_of_codes(word: &str) -> bool {
    const CODES: &[&str] = &["kod", "koder", "code", "codes", "typer", "katalog", "lexikon"];
    CODES.iter().any(|ending| word.len() > ending.len() + 2 && word.ends_with(ending))
}

/// Whether a word says who it is or what it is for.
pub(super) fn is_owner(word: &str) -> bool {
    is_in(PERSONS, word) || is_in(USES, word)
}

/// Whether a word is short for one of persons: cut (`abon`, `lant`), or without vowels (`clnt`, `dbtr`).
pub(super) fn is_short_for_person(word: &str) -> bool {
    const VOWELS: &str = "aeiouy";
    // A meter (`mtr`) is no tenant, a place (`ppl`) no people.
    const OTHERS: &[&str] = &["art", "dok", "kst", "mrk", "mtr", "ppl", "prt", "str"];
    let without_vowels = |owner: &str| {
        let (mut letters, mut short) = (owner.chars(), word.chars().peekable());
        let same_start = letters.next() == short.next();
        let rest = letters.all(|letter| short.next_if_eq(&letter).is_some() || VOWELS.contains(letter));
        same_start && rest && short.peek().is_none()
    };
    let cut = |owner: &str| word.len() >= 4 && owner.starts_with(word) && word.len() * 20 >= owner.len() * 9;
    word.len() >= 3
        && !is_in(OTHERS, word)
        && !is_in(USES, word)
        && !is_in(MATTERS, word)
        && PERSONS.iter().any(|owner| cut(owner) || without_vowels(owner))
}

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
        for list in [
            PERSONS, USES, FILLERS, CHANGERS, DATES, AGREED, OPENERS, THINGS, ACTS, ANIMALS, CONTENTS, AMOUNTS, PAY,
            MATTERS,
        ] {
            assert!(list.is_sorted_by(|a, b| a < b), "near {:?}", list.windows(2).find(|pair| pair[0] >= pair[1]));
            assert!(list.iter().all(|word| super::super::plain(word) == *word));
        }
    }
}
