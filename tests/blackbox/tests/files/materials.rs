//! Texts, links and files on a meeting's page: who may change them, and that none of it runs.

use blackbox::{Kelasd, student, teacher};

use crate::sent::{addresses, meeting, send_form, token};

#[tokio::test]
async fn a_teacher_adds_changes_moves_and_deletes_and_students_see_it() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let token = token(&guru).await;
    let text = [("form_token", token.as_str()), ("title", "Bacaan"), ("text", "Baca **bab 3**.")];
    assert_eq!(guru.post_form(&format!("{meeting}/materials/text"), &text).await.status, 303);
    let link = [("form_token", token.as_str()), ("title", ""), ("address", "id.wikipedia.org/wiki/Gaya")];
    assert_eq!(guru.post_form(&format!("{meeting}/materials/link"), &link).await.status, 303);
    assert_eq!(send_form(&guru, &meeting, &[("Gaya.pdf", "", b"%PDF-1.7\n")]).await.status, 303);

    let budi = student(&kelasd, "Budi").await;
    let page = budi.get(&meeting).await.text();
    let at = |page: &str, text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    assert!(at(&page, "<strong>bab 3</strong>") < at(&page, "https://id.wikipedia.org/wiki/Gaya"));
    assert!(at(&page, "https://id.wikipedia.org/wiki/Gaya") < at(&page, "Gaya.pdf"));
    assert!(!page.contains("/materials/"), "nothing to change for students");

    let page = guru.get(&meeting).await.text();
    let first =
        page.split("id=\"material-").nth(1).and_then(|rest| rest.split('"').next()).expect("a material");
    let path = format!("/materials/{first}");
    let down = [("form_token", token.as_str()), ("direction", "down")];
    assert_eq!(guru.post_form(&format!("{path}/move"), &down).await.status, 303);
    let change = [("form_token", token.as_str()), ("title", ""), ("text", "Baca *bab 4*.")];
    assert_eq!(guru.post_form(&path, &change).await.status, 303);
    let page = budi.get(&meeting).await.text();
    assert!(at(&page, "<em>bab 4</em>") > at(&page, "https://id.wikipedia.org/wiki/Gaya"));

    for (fields, sentence) in [
        ([("form_token", token.as_str()), ("title", ""), ("text", " ")], "material_empty"),
        ([("form_token", token.as_str()), ("title", &"x".repeat(121)), ("text", "a")], "title_too_long"),
    ] {
        let refused = guru.post_form(&path, &fields).await;
        assert_eq!(refused.status, 400, "{sentence}");
    }
    let gone = [("form_token", token.as_str())];
    assert_eq!(guru.post_form(&format!("{path}/delete"), &gone).await.status, 303);
    assert!(!budi.get(&meeting).await.text().contains("bab 4"));
}

#[tokio::test]
async fn students_change_nothing() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    assert_eq!(send_form(&guru, &meeting, &[("Gaya.pdf", "", b"%PDF-1.7\n")]).await.status, 303);
    let budi = student(&kelasd, "Budi").await;
    let token = token(&budi).await;
    let fields =
        [("form_token", token.as_str()), ("text", "a"), ("address", "https://a.id"), ("direction", "up")];
    for path in ["materials/text", "materials/link"] {
        let refused = budi.post_form(&format!("{meeting}/{path}"), &fields).await;
        assert_eq!((refused.status, refused.code().as_str()), (403, "not_allowed"), "{path}");
    }
    for path in ["/materials/1", "/materials/1/move", "/materials/1/delete"] {
        let refused = budi.post_form(path, &fields).await;
        assert_eq!((refused.status, refused.code().as_str()), (403, "not_allowed"), "{path}");
    }
    assert_eq!(send_form(&budi, &meeting, &[("b.pdf", "", b"%PDF-1.7\n")]).await.status, 403);
    assert_eq!(budi.get(&format!("{meeting}/materials")).await.status, 403);
    assert_eq!(addresses(&budi, &meeting).await.len(), 1);
}

#[tokio::test]
async fn a_form_without_a_file_or_with_a_stale_token_says_so() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let empty = send_form(&guru, &meeting, &[("", "application/octet-stream", b"")]).await;
    assert_eq!(empty.status, 400);
    assert!(empty.text().contains("Pilih dulu satu berkas"), "{}", empty.text());
    let other = student(&kelasd, "Budi").await;
    assert_eq!(send_form(&other, &meeting, &[("a.txt", "", b"a")]).await.status, 403);
    assert_eq!(addresses(&guru, &meeting).await, Vec::<String>::new());
}
