//! Words that say nothing of a category themselves but change what a name with such a word means. Plain: lower case, no
//! marks. Sorted, since they are looked up for every part of every name; many to a line, so that each list is one glance.

/// Whose it is. Beside these a shorter word counts as well: `namn` in `kundnamn`, `tel` in `telarb`. A table named after
/// one holds persons.
#[rustfmt::skip]
pub(super) const OWNERS: &[&str] = &[
    "agare", "aktieagare", "alumn", "anhorig", "anst", "anstalld", "ansvarig", "anvandare", "applicant", "applicants",
    "arb", "arbete", "arbets", "attendee", "author", "avliden", "avlidne", "avsandare", "avsandarens", "barn",
    "beneficiary", "besokare", "bestallare", "betalare", "bidder", "billing", "billto", "boende", "bokare",
    "borgensman", "borrower", "bostad", "brukare", "brukarens", "buyer", "callee", "caller", "candidate",
    "cardholder", "cell", "chef", "child", "children", "citizen", "claimant", "client", "coach", "consignee",
    "contact", "creator", "creditor", "cust", "customer", "customers", "debitor", "debtor", "deceased", "defendant",
    "delagare", "deltagare", "dependant", "dependent", "doctor", "donator", "donor", "driver", "editor", "elev",
    "elever", "emergency", "emp", "empl", "employee", "employees", "fakt", "faktura", "far", "father",
    "firmatecknare", "foralder", "forare", "forfattare", "formanstagare", "forsakrad", "forsakringstagare",
    "forskrivare", "fru", "galdenar", "gast", "godman", "granne", "guardian", "guest", "handlaggare", "havare", "hem",
    "holder", "home", "household", "husband", "hushall", "huvudman", "hyresgast", "inmate", "innehavare", "insured",
    "intagen", "invanare", "jour", "kandidat", "kassor", "kin", "klagande", "klient", "kontakt", "kontakten",
    "kontohavare", "kontor", "kopare", "kreditor", "kund", "kundens", "kunder", "kurator", "lakare", "lantagare",
    "lantagarens", "larare", "lead", "learner", "ledamot", "ledare", "lev", "leverans", "leverantor", "lodger", "lov",
    "maka", "make", "maklare", "malsagande", "malsman", "mamma", "manager", "mbr", "medarbetare", "medborgare",
    "medl", "medlem", "medlems", "medsokande", "member", "mentor", "mgr", "misstankt", "mor", "mother", "mottagare",
    "mottagarens", "narmaste", "narstaende", "nurse", "offender", "office", "ombud", "ordforande", "owner", "pappa",
    "parent", "participant", "passagerare", "passenger", "pat", "patient", "patienter", "payee", "payer", "payor",
    "pers", "person", "personal", "physician", "plaintiff", "player", "policyholder", "prenumerant", "privat",
    "private", "prsn", "pupil", "receiver", "recipient", "redaktor", "relative", "renter", "reporter", "representant",
    "requester", "requestor", "resenar", "resident", "respondent", "reviewer", "saljare", "sambo", "sekreterare",
    "seller", "sender", "shareholder", "shipping", "shipto", "signatory", "signer", "skapare", "skoterska",
    "skuldsatt", "slakting", "sokande", "soldto", "spelare", "sponsor", "spouse", "staff", "student", "studerande",
    "subscriber", "supervisor", "supplier", "suspect", "svarande", "teacher", "tenant", "terapeut", "tranare",
    "traveler", "traveller", "trustee", "undertecknare", "uppdragstagare", "user", "usr", "utforare", "uthyrare",
    "vakt", "valjare", "vardnadshavare", "vardtagare", "victim", "vikarie", "vinnare", "visitor", "vittne",
    "volontar", "volunteer", "voter", "wife", "winner", "witness", "work", "worker",
];

/// After a word these add nothing: `mobilnr`, `epostadress`.
#[rustfmt::skip]
pub(super) const FILLERS: &[&str] = &[
    "addr", "address", "adr", "adress", "cd", "clean", "cleaned", "code", "col", "column", "copy", "current", "f",
    "falt", "field", "full", "gammal", "id", "kod", "kopia", "line", "main", "nbr", "new", "no", "norm",
    "normaliserad", "normalized", "nr", "num", "number", "nummer", "nuvarande", "ny", "old", "orig", "original",
    "primar", "primary", "rad", "raw", "ref", "senaste", "str", "string", "sv", "text", "tmp", "txt", "uppgift",
    "val", "value", "varde",
];

/// After a word these make something else of it: `epost_status`, `phone_verified_at`, `adresstyp`.
#[rustfmt::skip]
pub(super) const CHANGERS: &[&str] = &[
    "active", "aktiv", "allowed", "amount", "andrad", "andringsdatum", "anledning", "antal", "at", "attempts",
    "average", "avg", "avgift", "band", "bekraftad", "belopp", "blocked", "borttagen", "bounced", "brand", "brutto",
    "carrier", "category", "changed", "checked", "clicked", "color", "colour", "confirmed", "consent", "cost",
    "count", "country", "created", "dagar", "date", "datum", "deleted", "delivered", "delta", "domain", "doman",
    "duration", "enabled", "error", "errors", "expiration", "expired", "expires", "expiry", "fail", "failed",
    "failures", "farg", "fel", "flag", "flagga", "format", "frekvens", "frequency", "giltig", "granted", "group",
    "grupp", "height", "hidden", "hojd", "icon", "ikon", "index", "interval", "intervall", "invalid", "kategori",
    "kind", "klass", "kontrollerad", "kostnad", "kvalitet", "label", "land", "landkod", "lang", "langd", "langder",
    "language", "length", "level", "limit", "lock", "locked", "mall", "matched", "method", "metod", "missing", "mode",
    "model", "modell", "msg", "newsletter", "ok", "operator", "opt", "optin", "optout", "order", "ordning",
    "paminnelse", "pct", "percent", "period", "poang", "points", "policy", "pref", "preference", "preferences",
    "prefix", "prefs", "price", "prioritet", "priority", "pris", "procent", "provider", "quality", "questions",
    "raderad", "rank", "rating", "regel", "regex", "reminder", "removed", "required", "reset", "retries", "rubrik",
    "rule", "samtycke", "schema", "score", "seconds", "seen", "sent", "seq", "sequence", "setting", "settings",
    "size", "skapad", "skickad", "skickat", "slot", "sort", "sortering", "source", "sprak", "status", "storlek",
    "strength", "subject", "subscribed", "suffix", "summa", "template", "terms", "tid", "tier", "tillganglig", "time",
    "timeout", "timestamp", "timezone", "total", "typ", "type", "unit", "unsubscribed", "updated", "uppdaterad",
    "utskick", "valid", "validated", "validation", "validering", "verified", "verifierad", "version", "villkor",
    "visible", "visits", "weight", "width", "zone",
];

/// Before a word these do: `has_phone`, `antal_barn`, `is_union_member` (but a flag of a special category still is one).
#[rustfmt::skip]
pub(super) const OPENERS: &[&str] = &[
    "accept", "accepts", "allow", "allowed", "allows", "antal", "ar", "avg", "can", "count", "disable", "ej",
    "enable", "erbjuder", "finns", "ge", "godkanner", "har", "has", "hide", "include", "is", "kan", "max", "mean",
    "min", "needs", "no", "not", "num", "onskar", "opt", "permit", "prefer", "receive", "require", "requires",
    "saknar", "send", "show", "skicka", "sum", "tillat", "total", "use", "utan", "validate", "verify", "vill", "visa",
    "want", "wants", "with", "without",
];

/// Tables named after these hold things: `name` in them is no person's.
#[rustfmt::skip]
pub(super) const THINGS: &[&str] = &[
    "account", "album", "animal", "anlaggning", "apotek", "app", "area", "article", "artikel", "artiklar", "asset",
    "atgard", "attribute", "avdelning", "bank", "befattning", "benefit", "bil", "board", "bok", "bolag", "box",
    "branch", "brand", "bransch", "building", "bus", "butik", "byggnad", "byggnader", "campaign", "car", "catalog",
    "catalogue", "category", "certificate", "certifikat", "channel", "city", "class", "clinic", "club", "code",
    "collection", "company", "component", "computer", "condition", "config", "container", "country", "county",
    "coupon", "course", "currency", "dashboard", "database", "dataset", "dator", "delsystem", "department", "device",
    "diagnos", "diagnosis", "dim", "disciplin", "district", "distrikt", "djur", "document", "dokument", "domain",
    "drug", "economy", "enhet", "equipment", "event", "exam", "examen", "facility", "farg", "fastighet", "feature",
    "feed", "field", "fil", "file", "filer", "filial", "filter", "firm", "firma", "flag", "floor", "folder", "fordon",
    "forening", "foretag", "forlag", "form", "forsamling", "forvaltning", "fraga", "genre", "group", "grupp", "hall",
    "hardvara", "hardware", "hospital", "host", "hotel", "hotell", "hus", "image", "industri", "industry",
    "ingredient", "instrument", "inventarie", "item", "job", "jobb", "kampanj", "kanal", "katalog", "kategori",
    "klass", "klinik", "klubb", "kod", "koder", "kommun", "komponent", "konto", "kurs", "kyrka", "label", "lager",
    "lakemedel", "lan", "land", "language", "layer", "league", "library", "licens", "license", "liga", "line",
    "linje", "location", "lokal", "lokaler", "machine", "magazine", "mall", "manufacturer", "map", "marke", "market",
    "marknad", "maskin", "material", "matratt", "menu", "method", "metod", "metric", "milestone", "model", "modell",
    "modul", "module", "mottagning", "museum", "namnd", "network", "nod", "node", "objekt", "offert", "office",
    "omrade", "org", "organisation", "organization", "ort", "package", "page", "paket", "parameter", "parish", "park",
    "part", "period", "permission", "pharmacy", "phase", "plan", "plats", "playlist", "policy", "portfolio", "prefix",
    "preparat", "price", "printer", "process", "product", "produkt", "produkter", "program", "project", "projekt",
    "promotion", "property", "provider", "publisher", "question", "queue", "rabatt", "race", "rapport", "rate",
    "rattighet", "reason", "recept", "recipe", "regel", "region", "repo", "report", "repository", "resource",
    "restaurang", "restaurant", "resurs", "ritning", "role", "roll", "roller", "room", "rule", "rum", "sal", "salong",
    "schedule", "schema", "school", "season", "section", "segment", "sektion", "sensor", "server", "service",
    "setting", "shop", "site", "size", "skill", "skola", "skolor", "skrivare", "software", "source", "sport", "sprak",
    "stad", "state", "station", "status", "steg", "step", "store", "street", "subject", "survey", "system", "tag",
    "tariff", "tariffgrupp", "task", "tax", "team", "tema", "template", "term", "theme", "title", "tjanst", "tool",
    "topic", "tournament", "track", "truck", "typ", "type", "typer", "unit", "universitet", "university",
    "utbildning", "utrustning", "vaccin", "valuta", "vara", "vardcentral", "vardenhet", "variant", "varor", "vehicle",
    "vehikel", "vendor", "verksamhet", "verktyg", "version", "vessel", "view", "vinst", "ward", "warehouse",
    "webbplats", "website", "widget", "workflow", "zon", "zone",
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
        for list in [OWNERS, FILLERS, CHANGERS, OPENERS, THINGS] {
            assert!(list.is_sorted_by(|a, b| a < b), "near {:?}", list.windows(2).find(|pair| pair[0] >= pair[1]));
            assert!(list.iter().all(|word| super::super::plain(word) == *word));
        }
    }
}
