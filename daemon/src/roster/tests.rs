//! Rosters as schools really have them, each with the preview that it gives; and the way out and in
//! again.

use base::Code;
use base::id::PersonId;
use store::{AccountDetails, PersonKind, RosterChange, RosterPerson};

use super::{Fate, Plan, decode, plan, write};
use crate::i18n::Language;

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn person(id: i64, name: &str, number: &str, group: &str, login: &str) -> RosterPerson {
    let details =
        AccountDetails { name: name.into(), login: some(login), number: some(number), group: some(group) };
    RosterPerson { id: PersonId(id), kind: PersonKind::Student, details, active: true }
}

/// A school with a teacher, two of one name, and one who has left.
fn school() -> Vec<RosterPerson> {
    let mut people = vec![
        person(1, "Bu Sari", "", "", "sari"),
        person(2, "Ani Lestari", "0051", "7A", ""),
        person(3, "Budi", "", "7A", "budi"),
        person(4, "Citra", "", "7B", ""),
        person(5, "Citra", "", "7B", ""),
        person(6, "Dewi", "0060", "9A", ""),
    ];
    people[0].kind = PersonKind::Teacher;
    people[5].active = false;
    people
}

/// Each row as a line: where it stands, what becomes of it, what it says, and the notes' keys.
fn told(plan: &Plan) -> Vec<String> {
    let row = |row: &super::plan::PlannedRow| {
        let fate = match row.fate {
            Fate::Create => "new",
            Fate::Update => "changed",
            Fate::Keep => "same",
            Fate::Refuse => "left out",
        };
        let details = &row.details;
        let cells = [&some(&details.name), &details.number, &details.group, &details.login];
        let cells: Vec<&str> = cells.iter().map(|cell| cell.as_deref().unwrap_or("-")).collect();
        let notes: Vec<String> = row.notes.iter().map(|note| format!(" !{}", note.key)).collect();
        let notes = notes.concat();
        format!("{} {fate}: {}{notes}", row.line, cells.join("|"))
    };
    plan.rows.iter().map(row).collect()
}

fn read(bytes: &[u8], people: &[RosterPerson]) -> base::Result<Plan> {
    plan(&decode(bytes)?.text, people)
}

#[track_caller]
fn gives(bytes: &[u8], people: &[RosterPerson], expected: &[&str]) {
    assert_eq!(told(&read(bytes, people).expect("a roster")), expected);
}

#[track_caller]
fn refused(bytes: &[u8], code: Code) {
    assert_eq!(read(bytes, &school()).expect_err("no roster").code, code);
}

fn utf_16(text: &str, mark: [u8; 2]) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(|unit| match mark {
        [0xff, 0xfe] => unit.to_le_bytes(),
        _ => unit.to_be_bytes(),
    });
    mark.into_iter().chain(units).collect()
}

#[test]
fn every_separator_encoding_and_line_end_is_read_alike() {
    let rows = ["2 new: Zoë Ngqulu|0052|7A|-", "3 new: Eko|0053|7A|-"];
    let text = "Nama;NIS;Kelas\nZoë Ngqulu;0052;7A\nEko;0053;7A\n";
    let marked = |text: &str| [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let windows_1252 = b"Nama;NIS;Kelas\r\nZo\xeb Ngqulu;0052;7A\r\nEko;0053;7A\r\n".to_vec();
    for bytes in [
        text.as_bytes().to_vec(),
        marked(text),
        marked(&text.replace('\n', "\r\n")),
        text.replace(';', ",").into_bytes(),
        text.replace(';', "\t").into_bytes(),
        text.replace(';', "|").into_bytes(),
        text.trim_end().as_bytes().to_vec(),
        utf_16(text, [0xff, 0xfe]),
        utf_16(&text.replace(';', "\t"), [0xfe, 0xff]),
        windows_1252.clone(),
    ] {
        gives(&bytes, &school(), &rows);
    }
    assert!(decode(&windows_1252).expect("text").guessed);
    assert!(!decode(text.as_bytes()).expect("text").guessed);
    let all: Vec<u8> = (0x80..=0xff).collect();
    let decoded = decode(&all).expect("any byte is a letter").text;
    assert_eq!(decoded.chars().count(), 128);
    assert!(decoded.starts_with('€') && decoded.contains('Š') && decoded.ends_with('ÿ'));
}

#[test]
fn headers_are_known_in_both_languages_wherever_they_stand() {
    let row = ["2 new: Eko|0053|7A|eko"];
    for header in [
        "Nama,NIS,Kelas,Nama Pengguna",
        "NAMA LENGKAP,Nomor Induk,ROMBEL,Login",
        "nama siswa,NISN,Rombel Saat Ini,username",
        "Name,Number,Class,Sign-in name",
        "Full name,Student ID,group,User",
    ] {
        gives(format!("{header}\nEko,0053,7A,Eko\n").as_bytes(), &[], &row);
    }
    let mixed = "Kelas,Jenis Kelamin,Nama,Alamat,NIPD,NISN\n7A,L,Eko,\"Jl. Mawar, 3\",0053,99\n";
    let plan = read(mixed.as_bytes(), &[]).expect("a roster");
    assert_eq!(told(&plan), ["2 new: Eko|0053|7A|-"]);
    assert_eq!(plan.columns.ignored, ["Jenis Kelamin", "Alamat", "NISN"]);
    let titled = "DAFTAR PESERTA DIDIK;;\nSMP Negeri 3 Ende;;\n;;\nNo;Nama;NIS\n1;Eko;0053\n";
    gives(titled.as_bytes(), &[], &["5 new: Eko|0053|-|-"]);
    gives(b"sep=;\nNama;Kelas\nEko, S;7A\n", &[], &["3 new: Eko, S|-|7A|-"]);
    gives(b"\n\rNama\r\n\n\nEko\rFajar\n", &[], &["6 new: Eko|-|-|-", "7 new: Fajar|-|-|-"]);
    let secret = read(b"Nama,PIN\nEko,1234\n", &[]).expect("a roster");
    assert!(secret.columns.has_secrets && secret.columns.ignored.is_empty());
}

#[test]
fn quotes_empty_lines_and_missing_cells_do_no_harm() {
    let text = "Nama,NIS,Kelas\n\"Eko \"\"Si Kecil\"\", jr.\",1,7A\n\n,,\n  ,\t, \n\
                \"Fajar\nPratama\",2\nGita 5\" ,3,7A,x,y,z\n";
    gives(
        text.as_bytes(),
        &[],
        &["2 new: Eko \"Si Kecil\", jr.|1|7A|-", "6 new: Fajar Pratama|2|-|-", "8 new: Gita 5\"|3|7A|-"],
    );
}

#[test]
fn what_is_no_roster_is_told_in_one_sentence() {
    refused(b"", Code::RosterEmpty);
    refused(b" \r\n \n", Code::RosterEmpty);
    refused(b"\xef\xbb\xbf", Code::RosterEmpty);
    refused(b"Nama;NIS;Kelas\n", Code::RosterEmpty);
    refused(b"Nama;NIS;Kelas\n;;\n\n", Code::RosterEmpty);
    refused(b"PK\x03\x04\x14\x00\x06\x00", Code::RosterNotCsv);
    refused(b"\xd0\xcf\x11\xe0\xa1\xb1", Code::RosterNotCsv);
    refused(b"%PDF-1.7", Code::RosterNotCsv);
    refused(b"Nama;NIS\n\0\0\0;1\n", Code::RosterNotCsv);
    refused(&vec![b'x'; base::limits::ROSTER_BYTES + 1], Code::RosterTooLarge);
    let headless = read(b"\nEko;0053;7A\nFajar;0054;7A\n", &[]).expect_err("no header");
    assert_eq!(headless.code, Code::RosterNoName);
    assert_eq!(headless.args, [("found", "Eko;0053;7A".to_owned())]);
    let open = read(b"Nama,NIS\nEko,1\n\"Fajar,2\nGita,3\n", &[]).expect_err("an open quote");
    assert_eq!((open.code, open.args), (Code::RosterQuoteOpen, vec![("line", "3".to_owned())]));
}

#[test]
fn five_thousand_rows_are_planned_and_one_more_is_refused() {
    let rows = |count: usize| {
        let rows: Vec<_> = (1..=count).map(|at| format!("Siswa {at};{at:04};{}A\n", at % 30)).collect();
        format!("Nama;NIS;Kelas\n{}", rows.concat())
    };
    let plan = read(rows(5_000).as_bytes(), &school()).expect("a roster");
    assert_eq!((plan.count(&Fate::Create), plan.changes.len()), (4_998, 5_000));
    // Two of them are Ani's and Dewi's numbers.
    assert_eq!(plan.count(&Fate::Update), 2);
    refused(rows(5_001).as_bytes(), Code::RosterTooLong);
}

#[test]
fn people_are_found_by_number_then_login_then_name_and_group() {
    let text = "Nama,NIS,Kelas,Login\n\
                ANI LESTARI P.,0051,8A,\n\
                Budi,0070,7A,budi\n\
                ani lestari,0099,7A,\n\
                Gita,,7A,\n";
    gives(
        text.as_bytes(),
        &school(),
        &[
            "2 changed: ANI LESTARI P.|0051|8A|-",
            "3 changed: Budi|0070|7A|budi",
            // Another number: another person, who happens to be called the same.
            "4 new: ani lestari|0099|7A|- !roster.namesake",
            "5 new: Gita|-|7A|-",
        ],
    );
    gives(
        b"Nama,Kelas\nBudi,7a\nBudi,7B\n",
        &school(),
        &["2 changed: Budi|-|7a|budi", "3 new: Budi|-|7B|- !roster.namesake"],
    );
    // What the file does not say stays as it is.
    gives(b"Nama,NIS\nAni Lestari,0051\n", &school(), &["2 same: Ani Lestari|0051|7A|-"]);
    let plan = read(b"Nama,NIS\nAni L.,0051\n", &school()).expect("a roster");
    let RosterChange::Update(id, details) = &plan.changes[0] else { panic!("{:?}", plan.changes) };
    assert_eq!((id, details.group.as_deref()), (&PersonId(2), Some("7A")));
}

#[test]
fn every_row_that_cannot_be_is_left_out_and_says_why() {
    let text = "Nama,NIS,Kelas,Login\n\
                ,1,7A,\n\
                Eko,1.23457E+09,7A,\n\
                Fajar,<b>,7A,a b\n\
                Gita,2,7A,sari\n\
                Hadi,3,7A,hadi\n\
                Hadi,3,7A,\n\
                Indah,4,7A,HADI\n\
                Citra,,7B,\n\
                Joko,,7A,\n\
                joko ,,7a,\n\
                Joko,5,7A,\n\
                Kiki,6,7A,\n\
                Kiki,7,7A,\n\
                Budi,0051,7A,budi\n\
                Dewi,0060,9B,\n";
    gives(
        text.as_bytes(),
        &school(),
        &[
            "2 left out: -|1|7A|- !roster.name_missing",
            "3 left out: Eko|-|7A|- !roster.number_shortened",
            "4 left out: Fajar|-|7A|- !error.number_invalid !error.login_empty",
            "5 left out: Gita|2|7A|sari !roster.no_student",
            "6 new: Hadi|3|7A|hadi",
            "7 left out: Hadi|3|7A|- !roster.number_twice",
            "8 left out: Indah|4|7A|hadi !roster.login_twice",
            "9 left out: Citra|-|7B|- !roster.ambiguous",
            "10 new: Joko|-|7A|-",
            "11 left out: joko|-|7a|- !roster.name_twice",
            "12 left out: Joko|5|7A|- !roster.name_twice",
            "13 new: Kiki|6|7A|-",
            "14 new: Kiki|7|7A|- !roster.namesake_above",
            "15 left out: Budi|0051|7A|budi !roster.login_elsewhere",
            "16 changed: Dewi|0060|9B|- !roster.inactive",
        ],
    );
    let long = format!("Nama,Kelas\n{},7A\nEko,{}\n", "x".repeat(61), "y".repeat(41));
    gives(
        long.as_bytes(),
        &[],
        &[
            &format!("2 left out: {}|-|7A|- !error.name_too_long", "x".repeat(60)),
            "3 left out: Eko|-|-|- !error.group_too_long",
        ],
    );
    gives(
        b"Nama,NIS,Login\nBudi,9,budi\nBudi Dua,8,\nBudi Tiga,,budi\n",
        &[person(3, "Budi", "7", "", "budi")],
        &[
            "2 left out: Budi|9|-|budi !roster.number_differs",
            "3 new: Budi Dua|8|-|-",
            "4 changed: Budi Tiga|7|-|budi",
        ],
    );
    gives(
        b"Nama,NIS,Login\nBudi,7,\nBudi,,budi\n",
        &[person(3, "Budi", "7", "", "budi")],
        &["2 same: Budi|7|-|budi", "3 left out: Budi|-|-|budi !roster.person_twice"],
    );
}

#[test]
fn what_goes_out_is_harmless_in_a_spreadsheet_and_comes_in_the_same() {
    let people = [
        person(1, "=HYPERLINK(\"http://x\",\"y\")", "0051", "7A", "ani"),
        person(2, "+62 Budi; \"B\"", "1234567890123", "-1", ""),
        person(3, "@Citra, S.Pd.", "A-1", "=1+1", ""),
        person(4, "'Dewi", "12345678901", "", "'d"),
        person(5, "Zoë 👩\u{200d}🏫", "0", "007", ""),
    ];
    for language in Language::ALL {
        let csv = write(language, people.iter().map(|person| &person.details)).expect("written");
        assert!(csv.starts_with(b"\xef\xbb\xbf"));
        let text = String::from_utf8(csv.clone()).expect("UTF-8");
        let cells = text.trim_start_matches('\u{feff}').split(['\n', ';', ',']);
        let cells = cells.map(|cell| cell.trim_matches('"'));
        for cell in cells {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell:?} in {text}");
        }
        assert!(text.contains("'0051") && text.contains("'1234567890123") && text.contains("'007"), "{text}");
        let plan = read(&csv, &people).expect("a roster");
        assert_eq!((plan.count(&Fate::Keep), plan.rows.len()), (5, 5), "{:?}", told(&plan));
        let anew = read(&csv, &[]).expect("a roster");
        let created: Vec<_> = anew.rows.iter().map(|row| &row.details).collect();
        assert_eq!(created, people.iter().map(|person| &person.details).collect::<Vec<_>>());
    }
}

#[test]
fn another_plan_has_another_digest() {
    let text = b"Nama,NIS\nEko,1\n";
    let one = read(text, &school()).expect("a roster").digest();
    assert_eq!(one, read(text, &school()).expect("a roster").digest());
    let known = [person(9, "Eko", "1", "", "")];
    assert_ne!(one, read(text, &known).expect("a roster").digest());
}
