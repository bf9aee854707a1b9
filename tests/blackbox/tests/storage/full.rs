//! The card is full.

use blackbox::{Answer, Client, Disk, Kelasd, Method};

use crate::room::{Lesson, copy, is_sound, prepare, signed_in};

const MEBIBYTES: u32 = 8;

#[tokio::test]
async fn chat_alone_stops_and_comes_back_by_itself() {
    let prepared = tempfile::tempdir().expect("a folder");
    let sessions = prepare(prepared.path()).await;
    let disk = Disk::of_mebibytes(MEBIBYTES);
    copy(prepared.path(), &disk.outside());
    let kelasd = Kelasd::configure().on(&disk).arguments(&["--demo"]).start().await;

    disk.fill();
    let mut lesson = Lesson::begin(&kelasd, &sessions).await;
    lesson.goes_on().await;
    for key in ["pagi-1", "pagi-2"] {
        lesson.chat_is_refused(key, "storage_full").await;
        lesson.goes_on().await;
    }
    let code = kelasd.announced.join_code.clone().expect("--demo");
    let stranger = kelasd.client().post_form("/join", &[("code", &code), ("name", "Budi")]).await;
    assert_eq!((stranger.status, stranger.code().as_str()), (507, "storage_full"));
    let page = join_as_a_person(&kelasd.client(), &code).await;
    assert_eq!(page.status, 507);
    assert!(page.text().contains("penuh"), "in the person's language: {}", page.text());
    let health = kelasd.client().get("/api/health").await;
    assert_eq!(health.status, 200, "a restart would help nobody: {}", health.text());

    disk.free();
    lesson.chat_works("pagi-1").await;
    disk.fill();
    lesson.chat_is_refused("siang", "storage_full").await;
    lesson.goes_on().await;
    disk.free();
    lesson.chat_works("siang").await;
    lesson.goes_on().await;
    let joined = kelasd.client().post_form("/join", &[("code", &code), ("name", "Budi")]).await;
    assert_eq!(joined.status, 303, "{}", joined.text());

    kelasd.kill().await;
    is_sound(&disk.outside());
    let kelasd = Kelasd::configure().on(&disk).arguments(&["--demo"]).start().await;
    lesson.guru_client = signed_in(&kelasd, &sessions.guru);
    lesson.history_is_whole().await;

    disk.fill();
    let ended = kelasd.stop().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
    is_sound(&disk.outside());
}

/// Sends the form as a browser does, which wants a page for an answer.
async fn join_as_a_person(client: &Client, code: &str) -> Answer {
    let mut request = client.request(Method::POST, "/join", format!("code={code}&name=Budi").into());
    let form = "application/x-www-form-urlencoded".to_owned();
    let headers =
        [("accept", "text/html".to_owned()), ("content-type", form), ("origin", client.origin().to_owned())];
    for (name, value) in headers {
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    client.send(request).await
}

#[tokio::test]
async fn a_class_meets_after_a_start_on_a_full_disk_and_chats_when_there_is_room() {
    let prepared = tempfile::tempdir().expect("a folder");
    let sessions = prepare(prepared.path()).await;
    let disk = Disk::of_mebibytes(MEBIBYTES);
    copy(prepared.path(), &disk.outside());
    disk.fill();
    // An address that is not in the certificate yet, which cannot be written down either.
    let start = || Kelasd::configure().on(&disk).variable("KELASD_ADDRESSES", "10.9.8.7").start();
    let kelasd = start().await;
    assert_eq!(problems(&kelasd).await, ["data-full"]);
    let page = signed_in(&kelasd, &sessions.guru).get("/").await.text();
    assert!(page.contains("Kartu penuh") && page.contains("0 KiB left"), "{page}");
    let mut lesson = Lesson::begin(&kelasd, &sessions).await;
    lesson.chat_is_refused("pagi", "storage_full").await;
    lesson.goes_on().await;
    lesson.history_is_whole().await;

    disk.free();
    lesson.chat_works("pagi").await;
    lesson.goes_on().await;
    kelasd.kill().await;
    is_sound(&disk.outside());

    // The power was cut, so there is something in the WAL; and full again.
    disk.fill();
    let kelasd = start().await;
    lesson.guru_client = signed_in(&kelasd, &sessions.guru);
    lesson.history_is_whole().await;
    let ended = kelasd.stop().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
    disk.free();
    let kelasd = start().await;
    assert_eq!(problems(&kelasd).await, Vec::<String>::new());
    lesson.guru_client = signed_in(&kelasd, &sessions.guru);
    lesson.history_is_whole().await;
    kelasd.stop().await;
    is_sound(&disk.outside());
}

/// The codes of what is wrong with the card.
async fn problems(kelasd: &Kelasd) -> Vec<String> {
    let health = kelasd.client().get("/api/health").await;
    assert_eq!(health.status, 200, "{}", health.text());
    serde_json::from_value(health.json()["problems"].clone()).expect("a list")
}

#[tokio::test]
async fn a_first_start_on_a_full_disk_is_named_and_leaves_nothing_half_done() {
    let disk = Disk::of_mebibytes(MEBIBYTES);
    disk.fill();
    let ended = Kelasd::configure().on(&disk).run_to_end().await;
    assert_eq!(ended.status.code(), Some(74), "{}", ended.output);
    assert!(ended.output.contains("the disk is full"), "{}", ended.output);
    disk.free();
    let kelasd = Kelasd::configure().on(&disk).start().await;
    assert_eq!(kelasd.client().get("/api/health").await.status, 200);
}
