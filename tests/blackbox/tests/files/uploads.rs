//! Uploads in pieces: what is here stays, also when the daemon is killed, and nobody else goes on
//! with them.

use std::time::Duration;

use blackbox::{Kelasd, Method, student, teacher};
use tokio::io::AsyncWriteExt as _;

use crate::sent::{addresses, answer, begin, meeting, offset, open_patch, patch, try_begin, tus};

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| u8::try_from(at * 31 % 251).expect("less than 256")).collect()
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was_when_the_daemon_was_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let configure = || Kelasd::configure().data(folder.path()).arguments(&["--demo"]);
    let kelasd = configure().start().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let whole = bytes(3_000_000);
    let upload = begin(&guru, &meeting, "Catatan.bin", whole.len() as u64).await;
    assert_eq!(offset(&guru, &upload).await, 0);
    assert_eq!(patch(&guru, &upload, 0, &whole[..1_000_000]).await.status, 204);

    let mut under_way = open_patch(&guru, &upload, 1_000_000, 2_000_000).await;
    under_way.write_all(&whole[1_000_000..2_500_000]).await.expect("sent");
    under_way.flush().await.expect("sent");
    // What is on the card counts; what waits for a batch does not.
    wait_for_bytes(folder.path(), &upload, 2_000_000).await;
    kelasd.kill().await;

    let kelasd = configure().start().await;
    let guru = teacher(&kelasd).await;
    let here = offset(&guru, &upload).await;
    assert!((2_000_000..=2_500_000).contains(&here), "{here}");
    let at = usize::try_from(here).expect("small");
    let done = patch(&guru, &upload, here, &whole[at..]).await;
    assert_eq!((done.status, done.header("upload-offset")), (204, Some("3000000")), "{}", done.text());
    let [file] = &addresses(&guru, &meeting).await[..] else { panic!("one file") };
    assert_eq!(guru.get(file).await.body, whole);
    // Who did not hear the last answer asks again, and adds nothing.
    assert_eq!(offset(&guru, &upload).await, 3_000_000);
    assert_eq!(addresses(&guru, &meeting).await.len(), 1);
}

/// Until so much of an upload lies on the card.
async fn wait_for_bytes(data: &std::path::Path, upload: &str, count: u64) {
    let file = data.join("files/incoming").join(upload.rsplit('/').next().expect("a number"));
    let there = async {
        while std::fs::metadata(&file).map_or(0, |file| file.len()) < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), there).await.expect("written");
}

#[tokio::test]
async fn a_connection_that_hangs_gives_way_to_the_one_that_resumes() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let whole = bytes(1_000_000);
    let upload = begin(&guru, &meeting, "Catatan.bin", whole.len() as u64).await;
    let mut hangs = open_patch(&guru, &upload, 0, 1_000_000).await;
    hangs.write_all(&whole[..600_000]).await.expect("sent");
    hangs.flush().await.expect("sent");
    wait_for_bytes(kelasd.data(), &upload, 500_000).await;
    let here = offset(&guru, &upload).await;
    assert!((500_000..=600_000).contains(&here), "{here}");
    assert!(answer(&mut hangs).await.contains("upload_offset"));
    let at = usize::try_from(here).expect("small");
    assert_eq!(patch(&guru, &upload, here, &whole[at..]).await.status, 204);
    let [file] = &addresses(&guru, &meeting).await[..] else { panic!("one file") };
    assert_eq!(guru.get(file).await.body, whole);
}

#[tokio::test]
async fn the_protocol_is_kept() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let uploads = format!("{meeting}/uploads");
    let told = tus(&guru, Method::OPTIONS, &uploads, &[], Vec::new()).await;
    assert_eq!((told.status, told.header("tus-version")), (204, Some("1.0.0")));
    assert_eq!(told.header("tus-max-size"), Some("2147483648"));

    let other = [("tus-resumable", "0.2.0"), ("upload-length", "5")];
    let refused = tus(&guru, Method::POST, &uploads, &other, Vec::new()).await;
    assert_eq!((refused.status, refused.header("tus-version")), (412, Some("1.0.0")));
    for (length, status, code) in [
        ("0", 400, "file_empty"),
        ("2147483649", 413, "file_too_large"),
        ("-1", 400, "bad_request"),
        ("x", 400, "bad_request"),
    ] {
        let refused = tus(&guru, Method::POST, &uploads, &[("upload-length", length)], Vec::new()).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{length}");
    }
    let upload = begin(&guru, &meeting, "a.txt", 5).await;
    let wrong_place = patch(&guru, &upload, 3, b"lo").await;
    assert_eq!((wrong_place.status, wrong_place.code().as_str()), (409, "upload_offset"));
    let wrong_kind = [("upload-offset", "0"), ("content-type", "text/plain")];
    let refused = tus(&guru, Method::PATCH, &upload, &wrong_kind, b"hello".to_vec()).await;
    assert_eq!((refused.status, refused.code().as_str()), (415, "media_type_unsupported"));
    let too_much = patch(&guru, &upload, 0, b"hello, hello").await;
    assert_eq!((too_much.status, too_much.code().as_str()), (413, "file_too_large"));
    assert_eq!(offset(&guru, &upload).await, 0);
    assert_eq!(patch(&guru, &upload, 0, b"hel").await.header("upload-offset"), Some("3"));
    assert_eq!(tus(&guru, Method::DELETE, &upload, &[], Vec::new()).await.status, 204);
    let gone = patch(&guru, &upload, 3, b"lo").await;
    assert_eq!((gone.status, gone.code().as_str()), (410, "upload_gone"));
    assert_eq!(std::fs::read_dir(kelasd.data().join("files/incoming")).expect("there").count(), 0);
    assert_eq!(addresses(&guru, &meeting).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_else_sends_and_nobody_goes_on_with_anothers() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let upload = begin(&guru, &meeting, "a.txt", 5).await;
    let budi = student(&kelasd, "Budi").await;
    let stranger = kelasd.client();
    for (who, client, status, code) in
        [("a student", &budi, 403, "not_allowed"), ("a stranger", &stranger, 401, "sign_in_required")]
    {
        let refused = try_begin(client, &meeting, "b.txt", 5).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{who}");
    }
    for (who, client, status) in [("a student", &budi, 410), ("a stranger", &stranger, 401)] {
        assert_eq!(tus(client, Method::HEAD, &upload, &[], Vec::new()).await.status, status, "{who}");
        assert_eq!(patch(client, &upload, 0, b"hello").await.status, status, "{who}");
        assert_eq!(tus(client, Method::DELETE, &upload, &[], Vec::new()).await.status, status, "{who}");
    }
    let foreign = [("upload-length", "5"), ("origin", "https://evil.example")];
    let refused = tus(&guru, Method::POST, &format!("{meeting}/uploads"), &foreign, Vec::new()).await;
    assert_eq!(refused.code(), "origin_refused");
    assert_eq!(patch(&guru, &upload, 0, b"hello").await.status, 204);
}

#[tokio::test]
async fn one_person_has_only_so_many_open() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    for _ in 0..32 {
        begin(&guru, &meeting, "a.txt", 5).await;
    }
    let refused = try_begin(&guru, &meeting, "a.txt", 5).await;
    assert_eq!((refused.status, refused.code().as_str()), (429, "uploads_too_many"));
}
