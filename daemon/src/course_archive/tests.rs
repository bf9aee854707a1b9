//! What a stranger's `course.json` may say.

use base::Code;
use serde_json::{Value, json};

use super::plan::Plan;

fn sound() -> Value {
    let file = json!({"path": "01 a/01 a.pdf", "name": "a.pdf", "size_bytes": 3, "sha256": "00".repeat(32)});
    json!({
        "kind": "kelas-course", "format": 1, "title": "IPA", "term": null,
        "meetings": [{
            "title": "Gaya",
            "materials": [
                {"kind": "text", "title": null, "path": "01 a/02 Teks.md"},
                {"kind": "link", "title": "Buku", "address": "https://id.wikipedia.org/"},
                {"kind": "file", "title": null, "file": file},
            ],
            "assignments": [{"title": "Soal", "path": null, "late": "accept", "points": 100, "files": []}],
        }],
    })
}

fn read(value: &Value) -> Result<Plan, Code> {
    Plan::read(value.to_string().as_bytes()).map_err(|error| error.code)
}

type Change = fn(&mut Value);

#[test]
fn what_no_form_would_take_is_refused() {
    let plan = read(&sound()).expect("sound");
    assert_eq!((plan.course.title.as_str(), plan.meetings.len(), plan.files().count()), ("IPA", 1, 1));
    let cases: [(Change, Code); 16] = [
        (|it| it["kind"] = json!("foto"), Code::CourseArchiveForeign),
        (|it| drop(it.as_object_mut().map(|it| it.remove("kind"))), Code::CourseArchiveForeign),
        (|it| it["format"] = json!(2), Code::CourseArchiveNewer),
        (|it| it["title"] = json!(" "), Code::CourseArchiveDamaged),
        (|it| it["title"] = json!("a".repeat(121)), Code::CourseArchiveDamaged),
        (|it| it["meetings"][0]["title"] = json!(""), Code::CourseArchiveDamaged),
        (
            |it| it["meetings"] = json!(vec![json!({"title": "a", "materials": [], "assignments": []}); 251]),
            Code::CourseArchiveDamaged,
        ),
        (
            |it| it["meetings"][0]["materials"] = json!(vec![it["meetings"][0]["materials"][1].clone(); 101]),
            Code::CourseArchiveDamaged,
        ),
        (
            |it| it["meetings"][0]["materials"][1]["address"] = json!("javascript:alert(1)"),
            Code::CourseArchiveDamaged,
        ),
        (|it| it["meetings"][0]["materials"][1]["kind"] = json!("quiz"), Code::CourseArchiveDamaged),
        (|it| it["meetings"][0]["materials"][2]["file"]["sha256"] = json!("00"), Code::CourseArchiveDamaged),
        (|it| it["meetings"][0]["materials"][2]["file"]["size_bytes"] = json!(0), Code::CourseArchiveDamaged),
        (
            |it| it["meetings"][0]["materials"][2]["file"]["size_bytes"] = json!(u64::MAX),
            Code::CourseArchiveDamaged,
        ),
        (
            |it| it["meetings"][0]["materials"][1] = it["meetings"][0]["materials"][2].clone(),
            Code::CourseArchiveDamaged,
        ),
        (|it| it["meetings"][0]["assignments"][0]["points"] = json!(1_001), Code::CourseArchiveDamaged),
        (|it| it["meetings"][0]["assignments"][0]["late"] = json!("shout"), Code::CourseArchiveDamaged),
    ];
    for (place, (change, code)) in cases.into_iter().enumerate() {
        let mut value = sound();
        change(&mut value);
        assert_eq!(read(&value).expect_err("refused"), code, "case {place}");
    }
    for bytes in [&b""[..], b"[]", b"\xff\xfe", b"{\"kind\": 1}"] {
        assert_eq!(Plan::read(bytes).expect_err("refused").code, Code::CourseArchiveForeign);
    }
}

#[test]
fn names_from_elsewhere_become_names_of_ours() {
    let mut value = sound();
    value["meetings"][0]["materials"][2]["file"]["name"] = json!("../../\u{202e}gpj.exe");
    let plan = read(&value).expect("sound");
    assert_eq!(plan.files().next().expect("one").name, "gpj.exe");
}
