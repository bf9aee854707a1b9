//! The ladder of trust, with and without the school's own certificate.

use super::*;
use crate::certificate::a_schools;

#[tokio::test]
async fn the_third_rung_is_shown_while_the_schools_certificate_is_in_force() {
    let school = School::open();
    let mut browser = school.browser(Transport::Tls);
    let answer = browser.get("/trust").await;
    answer.hides("Sertifikat milik sekolah");
    answer.shows("atau satu di atasnya");

    let (chain, key) = a_schools("kelas.sman1.sch.id", TODAY);
    school.certificates.install_school(chain, key).await.expect("a good one");
    let answer = browser.get("/trust").await;
    answer.shows("href=\"https://kelas.sman1.sch.id:8443/trust\"");
    answer.shows("atau satu di atasnya");

    browser.host = "kelas.sman1.sch.id:8443";
    let answer = browser.get("/trust").await;
    answer.shows("Sertifikat milik sekolah");
    answer.hides("href=\"https://kelas.sman1.sch.id:8443/trust\"");
    answer.hides("atau satu di atasnya");
    assert_eq!(answer.body.matches("aria-current=\"step\"").count(), 1);

    let mut plain = school.browser(Transport::Plain);
    plain.host = "kelas.sman1.sch.id:8080";
    let answer = plain.get("/trust").await;
    assert_eq!(answer.body.matches("aria-current=\"step\"").count(), 1);
    answer.shows("href=\"https://kelas.sman1.sch.id:8443/trust\"");

    school.certificates.remove_school().await.expect("removed");
    browser.get("/trust").await.hides("Sertifikat milik sekolah");
}
