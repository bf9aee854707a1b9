//! What students hand in over HTTP: in a form, in pieces, too late, and on a card without room.

use blackbox::{Client, Disk, Kelasd, student, teacher};

use crate::sent::{addresses, begin, meeting, patch, send_fields, token, try_begin};

/// Gives the demo's meeting an assignment; its address.
async fn assigned(guru: &Client, kelasd: &Kelasd, due_at: &str, late: &str) -> String {
    let token = token(guru).await;
    let form = [
        ("form_token", token.as_str()),
        ("title", "Soal halaman 24"),
        ("text", "Kerjakan **nomor 1**."),
        ("due_at", due_at),
        ("late", late),
        ("points", "100"),
        ("action", "publish"),
    ];
    let made = guru.post_form(&format!("{}/assignments", meeting(kelasd)), &form).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let location = made.header("location").expect("its page");
    location.split('?').next().expect("an address").to_owned()
}

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 a photo";
/// `sha256sum` of it.
const PHOTO_SHA256: &str = "012d9c53a89260e4683a755e8904341f11307da6f6abfa7fdd62c987494863ec";

#[tokio::test]
async fn a_student_hands_in_and_a_teacher_grades_and_gives_back() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let assignment = assigned(&guru, &kelasd, "2090-01-01T10:00", "refuse").await;
    let budi = student(&kelasd, "Budi").await;
    let ani = student(&kelasd, "Ani").await;
    let page = budi.get(&meeting(&kelasd)).await.text();
    assert!(page.contains(&format!("href=\"{assignment}\"")) && page.contains("Belum dikumpulkan"), "{page}");
    assert!(budi.get(&assignment).await.text().contains("<strong>nomor 1</strong>"));

    let submission = format!("{assignment}/submission");
    let empty = send_fields(&budi, &submission, &[("text", " ")], &[("", "", b"")]).await;
    assert_eq!(empty.status, 400);
    assert!(empty.text().contains("Tulis jawaban atau pilih berkas dulu."), "{}", empty.text());
    let first = [("text", "<b>x = 2</b>")];
    let sent = send_fields(&budi, &submission, &first, &[("Halaman 1.jpg", "image/jpeg", PHOTO)]).await;
    assert_eq!(sent.header("location"), Some(format!("{assignment}?notice=submission.received").as_str()));
    let page = budi.get(&assignment).await.text();
    assert!(page.contains(PHOTO_SHA256) && page.contains("&#60;b&#62;x = 2"), "{page}");
    let [file] = &addresses(&budi, &assignment).await[..] else { panic!("one file") };
    assert_eq!(budi.get(file).await.body, PHOTO);
    assert_eq!(guru.get(file).await.body, PHOTO);
    assert_eq!(ani.get(file).await.status, 404, "another student's");
    assert!(!ani.get(&assignment).await.text().contains("x = 2"));

    // The same once more, and another text: as after a lost answer.
    let second = [("text", "x = 3")];
    let again = send_fields(&budi, &submission, &second, &[("Halaman 1.jpg", "image/jpeg", PHOTO)]).await;
    assert_eq!(again.status, 303);
    assert_eq!(addresses(&budi, &assignment).await.len(), 1);

    let list = guru.get(&assignment).await.text();
    assert!(
        list.contains("Menunggu dinilai: 1 siswa") && list.contains("Belum mengumpulkan: 1 siswa"),
        "{list}"
    );
    let links: Vec<_> = list.split("href=\"").filter_map(|rest| rest.split('"').next()).collect();
    let pupils: Vec<_> = links.iter().filter(|link| link.contains("/submissions/")).collect();
    let [of_budi, of_ani] = pupils[..] else { panic!("two students: {list}") };
    assert!(guru.get(of_budi).await.text().contains("x = 3"));
    let token = token(&guru).await;
    let wrong = [("form_token", token.as_str()), ("score", "101"), ("comment", "Bagus sekali")];
    let refused = guru.post_form(of_budi, &wrong).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("Bagus sekali"), "what was typed is kept: {}", refused.text());
    let right = [("form_token", token.as_str()), ("score", "87,5"), ("comment", "Bagus"), ("then", "next")];
    let graded = guru.post_form(of_budi, &right).await;
    assert_eq!(
        graded.header("location"),
        Some(format!("{assignment}?notice=assignment.all_graded").as_str())
    );
    assert!(!budi.get(&assignment).await.text().contains("Bagus"), "not before it is given back");
    let closed = send_fields(&budi, &submission, &[("text", "x = 4")], &[]).await;
    assert_eq!(closed.status, 409);
    assert!(closed.text().contains("sudah menilai") && closed.text().contains("x = 4"), "{}", closed.text());
    let own = [("form_token", token.as_str())];
    assert_eq!(guru.post_form(&format!("{assignment}/return"), &own).await.status, 303);
    let page = budi.get(&assignment).await.text();
    assert!(page.contains("Nilai 87,5 dari 100") && page.contains("Bagus"), "{page}");
    let csv = guru.get(&format!("{assignment}/scores.csv")).await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let named = csv.header("content-disposition").expect("a name");
    assert!(named.starts_with("attachment; filename=\"Soal halaman 24.csv\""), "{named}");
    let rows: Vec<String> = csv.text().lines().map(str::to_owned).collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[0].starts_with("\u{feff}Nama") && rows[0].contains(";Nilai;"), "{rows:?}");
    assert!(rows[1].starts_with("Ani;;;Belum dikumpulkan;;;100;"), "{rows:?}");
    assert!(
        rows[2].starts_with("Budi;;;Sudah dinilai;20") && rows[2].ends_with(";87,5;100;Bagus"),
        "{rows:?}"
    );
    assert_eq!(
        guru.post_form(&format!("{assignment}/delete"), &own).await.status,
        409,
        "there is work in it"
    );
    assert_eq!(guru.post_form(&format!("{of_budi}/reopen"), &own).await.status, 303);
    let sent = send_fields(&budi, &submission, &[("text", "x = 5")], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(guru.get(of_ani).await.status, 200, "who has handed in nothing can be given a score");
}

#[tokio::test]
async fn after_its_time_work_is_late_or_what_was_typed_comes_back() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let budi = student(&kelasd, "Budi").await;
    let late = assigned(&guru, &kelasd, "2020-01-01T10:00", "accept").await;
    assert_eq!(send_fields(&budi, &format!("{late}/submission"), &[("text", "x")], &[]).await.status, 303);
    assert!(budi.get(&late).await.text().contains("Terlambat"));
    assert!(guru.get(&late).await.text().contains("Terlambat"));

    let over = assigned(&guru, &kelasd, "2020-01-01T10:00", "refuse").await;
    let submission = format!("{over}/submission");
    let files: [(&str, &str, &[u8]); 2] = [("", "", b""), ("a.jpg", "image/jpeg", PHOTO)];
    for files in [&files[..1], &files[1..]] {
        let refused = send_fields(&budi, &submission, &[("text", "Jawaban <panjang>")], files).await;
        let page = refused.text();
        assert_eq!(refused.status, 409, "{page}");
        assert!(
            page.contains("Waktunya sudah habis") && page.contains("Jawaban &#60;panjang&#62;"),
            "{page}"
        );
    }
    let refused = try_begin(&budi, &over, "a.jpg", 5).await;
    assert_eq!((refused.status, refused.code().as_str()), (409, "submission_closed"));
    assert!(std::fs::read_dir(kelasd.data().join("files/incoming")).map_or(0, Iterator::count) == 0);
}

#[tokio::test]
async fn files_come_in_pieces_to_who_sends_them() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let budi = student(&kelasd, "Budi").await;
    let assignment = assigned(&guru, &kelasd, "", "accept").await;
    let upload = begin(&budi, &assignment, "Halaman 1.jpg", PHOTO.len() as u64).await;
    assert_eq!(patch(&budi, &upload, 0, &PHOTO[..5]).await.status, 204);
    assert_eq!(patch(&guru, &upload, 5, &PHOTO[5..]).await.status, 410, "another's");
    assert_eq!(patch(&budi, &upload, 5, &PHOTO[5..]).await.status, 204);
    // Who did not hear the answer asks again, and adds nothing.
    assert_eq!(crate::sent::offset(&budi, &upload).await, PHOTO.len() as u64);
    let [file] = &addresses(&budi, &assignment).await[..] else { panic!("one file") };
    assert_eq!(budi.get(file).await.body, PHOTO);
    assert_eq!(
        send_fields(&budi, &format!("{assignment}/submission"), &[("text", "")], &[]).await.status,
        303
    );

    let given = begin(&guru, &assignment, "Soal.pdf", 5).await;
    assert_eq!(patch(&guru, &given, 0, b"%PDF-").await.status, 204);
    assert_eq!(addresses(&guru, &assignment).await.len(), 1, "the teacher's own");
    assert_eq!(addresses(&budi, &assignment).await.len(), 2, "the teacher's, and the student's");
    let refused = try_begin(&budi, &assignment, "Film.mp4", 200_000_001).await;
    assert_eq!((refused.status, refused.code().as_str()), (413, "file_too_large"));
}

#[tokio::test]
async fn a_card_without_room_says_so_and_keeps_what_was_typed() {
    let disk = Disk::of_mebibytes(24);
    let kelasd = Kelasd::configure().on(&disk).arguments(&["--demo"]).start().await;
    let guru = teacher(&kelasd).await;
    let budi = student(&kelasd, "Budi").await;
    let assignment = assigned(&guru, &kelasd, "", "accept").await;
    let large = vec![7; 24_000_000];
    let film: [(&str, &str, &[u8]); 1] = [("Film.mp4", "video/mp4", &large)];
    let refused =
        send_fields(&budi, &format!("{assignment}/submission"), &[("text", "Filmnya")], &film).await;
    let page = refused.text();
    assert_eq!(refused.status, 507, "{page}");
    assert!(page.contains("Tempat di kartu tidak cukup: perlu 24 MB"), "{page}");
    assert!(page.contains("Filmnya"), "{page}");
    assert!(budi.get(&assignment).await.text().contains("Belum dikumpulkan"));
}
