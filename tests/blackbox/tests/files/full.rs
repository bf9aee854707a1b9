//! A card without room: what is refused says how much there is, and what is here is kept.

use blackbox::{Disk, Kelasd, teacher};

use crate::sent::{addresses, begin, meeting, offset, patch, send_form, try_begin};

#[tokio::test]
async fn what_does_not_fit_is_refused_before_it_is_sent_with_the_room_there_is() {
    let disk = Disk::of_mebibytes(24);
    let kelasd = Kelasd::configure().on(&disk).arguments(&["--demo"]).start().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let refused = try_begin(&guru, &meeting, "Film.mp4", 30_000_000).await;
    assert_eq!((refused.status, refused.code().as_str()), (507, "files_full"));
    let args = refused.json()["args"].clone();
    let free: u64 = args["free"].as_str().and_then(|free| free.parse().ok()).expect("a number");
    assert!((5..24).contains(&free), "{args}");
    assert_eq!(args["needed"], "30");
    let large = vec![7; 24_000_000];
    for (language, sentence) in
        [("id", "Tempat di kartu tidak cukup: perlu 24 MB"), ("en", "24 MB are needed")]
    {
        guru.set_cookie("kelas_language", language);
        let refused = send_form(&guru, &meeting, &[("Film.mp4", "video/mp4", &large)]).await;
        let page = refused.text();
        assert_eq!(refused.status, 507, "{page}");
        assert!(page.contains(sentence) && page.contains(&format!("{free} MB")), "{page}");
    }
    assert_eq!(addresses(&guru, &meeting).await, Vec::<String>::new());
    assert_eq!(std::fs::read_dir(disk.outside().join("files/incoming")).expect("there").count(), 0);
    assert_eq!(send_form(&guru, &meeting, &[("Kecil.bin", "", b"muat")]).await.status, 303);
}

#[tokio::test]
async fn an_upload_that_meets_a_full_card_goes_on_when_there_is_room() {
    let disk = Disk::of_mebibytes(24);
    let kelasd = Kelasd::configure().on(&disk).arguments(&["--demo"]).start().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let whole = vec![7; 2_000_000];
    let upload = begin(&guru, &meeting, "Film.mp4", 2_000_000).await;
    assert_eq!(patch(&guru, &upload, 0, &whole[..500_000]).await.status, 204);
    disk.fill();
    let refused = patch(&guru, &upload, 500_000, &whole[500_000..]).await;
    assert_eq!((refused.status, refused.code().as_str()), (507, "storage_full"), "{}", refused.text());
    disk.free();
    let here = offset(&guru, &upload).await;
    assert!(here >= 500_000, "{here}");
    let at = usize::try_from(here).expect("small");
    let done = patch(&guru, &upload, here, &whole[at..]).await;
    assert_eq!(done.status, 204, "{}", done.text());
    let [file] = &addresses(&guru, &meeting).await[..] else { panic!("one file") };
    assert_eq!(guru.get(file).await.body, whole);
}
