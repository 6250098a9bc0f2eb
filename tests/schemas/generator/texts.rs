//! The texts of the prose fills, Swedish and English, with and without personal data.

use super::prose::Template;

/// Every prose fill by name.
pub(crate) const ALL: &[(&str, &[Template])] = &[
    ("case_note_sv", CASE_SV),
    ("journal_sv", JOURNAL_SV),
    ("work_report_sv", WORK_SV),
    ("work_clean_sv", WORK_CLEAN_SV),
    ("mail_sv", MAIL_SV),
    ("mail_en", MAIL_EN),
    ("ticket_en", TICKET_EN),
    ("ticket_clean_en", TICKET_CLEAN_EN),
    ("remark_sv", REMARK_SV),
    ("remark_name_sv", REMARK_NAME_SV),
    ("remark_clean_sv", REMARK_CLEAN_SV),
    ("remark_numbers_sv", REMARK_NUMBERS_SV),
    ("delivery_note_sv", DELIVERY_SV),
    ("log_line", LOG_LINE),
    ("log_clean", LOG_CLEAN),
    ("minutes_sv", MINUTES_SV),
    ("product_text_sv", PRODUCT_TEXT_SV),
    ("product_text_en", PRODUCT_TEXT_EN),
    ("review_en", REVIEW_EN),
    ("school_note_sv", SCHOOL_SV),
    ("sms_sv", SMS_SV),
    ("invoice_text_sv", INVOICE_SV),
    ("invoice_person_sv", INVOICE_PERSON_SV),
    ("police_note_sv", POLICE_SV),
    ("template_text_sv", TEMPLATE_TEXT_SV),
    ("release_note_en", RELEASE_EN),
    ("sql_text", SQL_TEXT),
    ("address_note_sv", ADDRESS_NOTE_SV),
];

const CASE_SV: &[Template] = &[
    ("{name} ({pnr}) kontaktar mottagningen {date}. Hen uppger att hyran inte är betald och ber om råd.", &[]),
    ("Hembesök {day}. Närvarande: {name} och {other}. Barnen mår efter omständigheterna väl.", &[]),
    ("Samtal med {given}. Sjukskriven sedan {date} för depression, väntar på läkarintyg.", &["health"]),
    ("Klienten nås på {phone}, helst efter kl {clock}. Ny tid bokad {date}.", &[]),
    ("Ansökan avslås. Inkomsten överstiger normen med {amount} kr.", &[]),
    ("Handlingar inkomna via e-post från {email}. Kompletteras med hyreskontrakt.", &[]),
    ("Ärendet överlämnas till {other} fr o m {date}.", &[]),
    ("Uppföljning enligt plan. Inga nya uppgifter har framkommit.", &[]),
];

const JOURNAL_SV: &[Template] = &[
    ("Söker för huvudvärk sedan {n} dagar. Blodtryck 145/90. Ordineras Alvedon vid behov.", &["health"]),
    ("Känd diabetes typ 2. HbA1c {n}. Fortsätter med Metformin 850 mg.", &["health"]),
    ("Pat inkommer med dottern {other}. Yrsel och illamående. Remiss till öron-näsa-hals.", &["health"]),
    ("Ringer {phone}: orolig för provsvar. Besked om normala värden.", &["health"]),
    ("Avböjer influensavaccin. Återbesök {date}.", &["health"]),
    ("Status: opåverkad, afebril. Lungor u.a. Hjärta RR utan biljud.", &["health"]),
    ("Ångestsyndrom F41.1. Sertralin ökas till 100 mg. Samtalskontakt {other}.", &["health"]),
];

const WORK_SV: &[Template] = &[
    ("Bytte packning på {product}. Kunden {name} var hemma och visade runt.", &[]),
    ("Ingen öppnade. Ringde {phone} utan svar, lämnade lapp i dörren.", &[]),
    ("Åtgärdat. Tid {clock}-16.30. Material enligt lista, {n} m rör.", &[]),
    ("Nyckel finns hos grannen {other}, port kod lämnas av driften.", &[]),
    ("Felsökt {n} minuter. Beställt {product}, art {big}.", &[]),
    ("Klart på {street}. Städat efter oss.", &[]),
    ("Väntar på reservdel, återkommer {day}.", &[]),
];

const WORK_CLEAN_SV: &[Template] = &[
    ("Bytte filter i aggregat {n}. Provkört utan anmärkning.", &[]),
    ("Ventil ärgad, smord. Bör bytas {date}.", &[]),
    ("Läckage i källare. Dränerat, {n} liter. Fläkt utställd.", &[]),
    ("Serviceprotokoll {big} ifyllt. Nästa besök om {n} veckor.", &[]),
    ("Karin-stolen och Viktor-soffan levererade till lagret.", &[]),
    ("Pump {product} utbytt på garanti, order {order}.", &[]),
    ("Drifttid {n} h sedan förra mätningen. Tryck 2,4 bar.", &[]),
];

const MAIL_SV: &[Template] = &[
    ("Hej,\n\nJag har inte fått min order {order}. Kan ni kolla?\n\nMvh\n{name}\n{phone}", &[]),
    ("Från: {name} <{email}>\nÄmne: Faktura\n\nBifogar kvittot. Beloppet var {amount} kr.", &[]),
    ("Hejsan! Kan ni byta adress till {address}? Flyttar {date}. /{given}", &[]),
    ("Tack för snabb hjälp!", &[]),
    ("Mitt personnummer är {pnr} om ni behöver det för krediten. Hälsningar {name}", &[]),
    ("Autosvar: Jag är på semester till {day}. Vid brådskande ärenden ring växeln.", &[]),
    ("Vi avser att säga upp avtalet per {date}. Bekräfta mottagandet.", &[]),
];

const MAIL_EN: &[Template] = &[
    ("Hi,\n\nI cannot sign in any more, my account is {email}. Please help.\n\nBest,\n{name}", &[]),
    ("Could you call me on {phone} after {clock}? Thanks, {given}", &[]),
    ("The invoice {big} shows the wrong amount, it should be {amount}.", &[]),
    ("Please ship the replacement to {address}.", &[]),
    ("Thanks, that worked!", &[]),
    ("As discussed with {other} we would like {n} more seats from {date}.", &[]),
    ("Out of office until {date}.", &[]),
];

const TICKET_EN: &[Template] = &[
    ("User {user} reports error 500 when saving. Browser cache cleared, still fails.", &[]),
    ("Customer {name} wants the export for March. Sent {date}.", &[]),
    ("Export job {uuid} stuck at {n} %. Restarted.", &[]),
    ("Login from {ip} blocked by the rate limit, unblocked after check.", &[]),
    ("Set temporary password {password} and asked to change it.", &[]),
    ("Rolled back to {version}, no data lost.", &[]),
    ("Called back on {phone}, no answer.", &[]),
    ("Duplicate of the ticket about invoice {big}.", &[]),
];

const TICKET_CLEAN_EN: &[Template] = &[
    ("Upgrade to {version} fails with exit code {n}.", &[]),
    ("Report shows {n} rows, expected more. See order {order}.", &[]),
    ("Timeout after {n} s in job {uuid}.", &[]),
    ("Typo on the pricing page. Fixed in {version}.", &[]),
    ("Disk full on the build host, cleaned {n} GB.", &[]),
    ("Request id {big} returned an empty body.", &[]),
];

const REMARK_SV: &[Template] = &[
    ("Ring {phone} före leverans", &[]),
    ("pnr {pnr} se bilaga", &[]),
    ("Kontakt: {name}, {email}", &[]),
    ("OK", &[]),
    ("Betalat {date}", &[]),
    ("se order {order}", &[]),
    ("-", &[]),
    ("Mamma {other} hämtar", &[]),
];

const REMARK_NAME_SV: &[Template] = &[
    ("Bokat av {name}", &[]),
    ("Avbokat per tfn", &[]),
    ("{given} låser", &[]),
    ("Nyckel {n} uthämtad", &[]),
    ("Enligt ök med {other}", &[]),
    ("Extra städning behövs", &[]),
];

const REMARK_CLEAN_SV: &[Template] = &[
    ("Ny prislista från {date}", &[]),
    ("Utgått, ersätts av {product}", &[]),
    ("Kontrollerad", &[]),
    ("Leveranstid {n} dagar", &[]),
    ("Gäller t.o.m. {date}", &[]),
    ("Inventerad {day}, diff {n}", &[]),
    ("Se avtal med {company}", &[]),
];

const REMARK_NUMBERS_SV: &[Template] = &[
    ("Order {order}, OCR {ocr}", &[]),
    ("Faktura {big} krediterad {date}", &[]),
    ("Art {big} ersätter {big}", &[]),
    ("Kolli {order} väger {n} kg", &[]),
    ("Version {version}, ärende {big}", &[]),
    ("Sändning {uuid} mottagen {date}", &[]),
    ("Saldo {amount} avstämt mot {ocr}", &[]),
];

const DELIVERY_SV: &[Template] = &[
    ("Ställ paketet bakom förrådet", &[]),
    ("Portkod finns hos {name}", &[]),
    ("Ring {phone} vid ankomst", &[]),
    ("Lämna hos grannen på {street}", &[]),
    ("Öppet vardagar {clock}-17", &[]),
    ("Aviseras via {email}", &[]),
];

const LOG_LINE: &[Template] = &[
    ("login ok user={user} ip={ip}", &[]),
    ("login failed user={user} ip={ip} reason=bad_password", &[]),
    ("password reset mail sent to {email}", &[]),
    ("job {uuid} done in {n} ms", &[]),
    ("export started by {user}, {n} rows", &[]),
    ("cache miss key={uuid}", &[]),
];

const LOG_CLEAN: &[Template] = &[
    ("job {uuid} done in {n} ms", &[]),
    ("retry {n} of 99 for order {order}", &[]),
    ("GET /health 200 {n}ms", &[]),
    ("migrated to {version}", &[]),
    ("queue depth {big}", &[]),
    ("file invoice_{big}.pdf written", &[]),
];

const MINUTES_SV: &[Template] = &[
    ("§ {n} Till justerare valdes {name} och {other}.", &[]),
    ("§ {n} Budgeten fastställdes till {amount} kr.", &[]),
    ("§ {n} {name} anmälde jäv och lämnade rummet.", &[]),
    ("§ {n} Mötet avslutades kl {clock}.", &[]),
    ("§ {n} Avtalet med {company} förlängs till {date}.", &[]),
];

const PRODUCT_TEXT_SV: &[Template] = &[
    ("Tål diskmaskin. Diameter {n} cm. Formgiven för vardagen.", &[]),
    ("Stolen Karin är i massiv björk. Mått {n}x{n} cm.", &[]),
    ("Ersätter {product}. Passar alla modeller från {date}.", &[]),
    ("Levereras omonterad, {n} delar. Monteringstid en timme.", &[]),
    ("Soffa Viktor, tvättbart överdrag, artikel {big}.", &[]),
];

const PRODUCT_TEXT_EN: &[Template] = &[
    ("Printed on {n} g paper with archival inks.", &[]),
    ("The Victoria frame, solid oak, {n} cm.", &[]),
    ("Replaces model {big}. Requires firmware {version} or later.", &[]),
    ("Ships flat in {n} days.", &[]),
];

const REVIEW_EN: &[Template] = &[
    ("Great print, arrived in {n} days.", &[]),
    ("Colours are off. I wrote to {email} twice without an answer!", &[]),
    ("Nice frame but the corner was chipped.", &[]),
    ("Thanks to {name} in support for the quick replacement", &[]),
    ("Five stars, would order again.", &[]),
];

const SCHOOL_SV: &[Template] = &[
    ("{name} behöver stöd i matematik, se åtgärdsprogram {date}.", &[]),
    ("Vårdnadshavare {other} ringde, nås på {phone}.", &[]),
    ("Allergisk mot nötter, EpiPen finns i expeditionen.", &["health"]),
    ("Provet flyttas till v {n}.", &[]),
    ("{given} har dyslexi och får muntligt prov.", &["health"]),
    ("Utvecklingssamtal {day} kl {clock}.", &[]),
];

const SMS_SV: &[Template] = &[
    ("Hej {given}! Din tid är {day} kl {clock}.", &[]),
    ("Ditt paket {order} finns att hämta.", &[]),
    ("Påminnelse: faktura {big} förfaller {date}.", &[]),
    ("Dina bilder är klara att hämta, ordernr {order}.", &[]),
];

const INVOICE_SV: &[Template] = &[
    ("Avser period {date} - {date}", &[]),
    ("Er order {order}, vår ref Ekonomi", &[]),
    ("{product}, {n} st", &[]),
    ("Öresavrundning", &[]),
    ("Frakt kolli {order}", &[]),
];

const INVOICE_PERSON_SV: &[Template] = &[
    ("Hyra lokal {date}, bokad av {name}", &[]),
    ("Barnomsorg {given}, {date}", &[]),
    ("Avgift {n} kr", &[]),
    ("Bygglov {street}", &[]),
    ("Dröjsmålsränta", &[]),
    ("Makulerad, ers av {big}", &[]),
];

const POLICE_SV: &[Template] = &[
    ("Polisanmäld {date} för stöld i butik, dömd till dagsböter.", &["criminal_record"]),
    ("{name}, {pnr}, avstängd efter misshandel. Dom i tingsrätten {date}.", &["criminal_record"]),
    ("Bil {plate} stod kvar på parkeringen.", &[]),
    ("Larm {clock}, falsklarm.", &[]),
];

const TEMPLATE_TEXT_SV: &[Template] = &[
    ("Hej %FNAMN%, din faktura %FAKTNR% på %BELOPP% kr förfaller %DATUM%.", &[]),
    ("Ange personnummer (ÅÅÅÅMMDD-XXXX) och telefonnummer.", &[]),
    ("Med vänlig hälsning, Kundtjänst", &[]),
    ("Ditt ärende har nummer %ARENDE%.", &[]),
];

const RELEASE_EN: &[Template] = &[
    ("Version {version}: fixes a crash when the list is empty.", &[]),
    ("{version} adds phone and e-mail validation to the form.", &[]),
    ("Removed the legacy name field from the export ({date}).", &[]),
];

const SQL_TEXT: &[Template] = &[
    ("SELECT name, email FROM users WHERE id = {n}", &[]),
    ("UPDATE orders SET status = 'closed' WHERE no = {big}", &[]),
    ("DELETE FROM sessions WHERE expires < '{date}'", &[]),
];

const ADDRESS_NOTE_SV: &[Template] = &[
    ("Flyttat till {address} enl anmälan {date}", &[]),
    ("Född {birth}, enligt passet", &[]),
    ("Post i retur från {street}", &[]),
    ("Inga ändringar", &[]),
    ("Firma {orgnr} avregistrerad", &[]),
];
