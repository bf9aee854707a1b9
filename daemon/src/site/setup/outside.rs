//! By which address somebody else opens the class: what stands on paper and in the links that a
//! technician hands over.

use network::model::AccessPoint;

use crate::addresses::with_port;
use crate::hotspot;
use crate::site::Site;
use crate::site::page::Page;

/// The Wi-Fi that the box opens for the class, if it does; the setup hotspot is none.
pub(super) fn class_wifi(site: &Site) -> Option<AccessPoint> {
    let status = site.setup.network();
    let (access_point, _) = status.access_point()?;
    (!hotspot::is_setup(access_point)).then(|| access_point.clone())
}

/// For a QR code or a link: by the name that needs no warning, if the school brought a certificate
/// for one; else by IP address, because a name needs our DNS.
pub(in crate::site) fn secure_address(site: &Site, page: &Page) -> String {
    let school = site.certificates.school().and_then(|school| school.names.first().cloned());
    let host = school.unwrap_or_else(|| host(site, page));
    site.reach.secure_address(&host)
}

/// Short enough to type from paper.
pub(in crate::site) fn typed_address(site: &Site, page: &Page) -> String {
    with_port(&host(site, page), site.reach.http_port, 80)
}

/// The box's address in the class's Wi-Fi, wherever the technician sits.
fn host(site: &Site, page: &Page) -> String {
    let in_wifi = class_wifi(site).map(|wifi| wifi.subnet.address().to_string());
    in_wifi.unwrap_or_else(|| site.reach.shown_host(&page.peer))
}
