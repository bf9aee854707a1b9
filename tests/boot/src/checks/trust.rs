//! The certificate authority that the box made for itself.

use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::Outcome;
use crate::card::Card;
use crate::guest::Guest;
use crate::site::Site;

/// The data partition as flashed is empty, so every box makes an authority of its own.
pub(crate) fn card_carries_none(card: &Card) -> Outcome<()> {
    let listed = card.debugfs(7, "ls -p /")?;
    let names = listed.lines().filter_map(|line| line.split('/').nth(5));
    let files: Vec<&str> = names.filter(|name| !["", ".", "..", "lost+found"].contains(name)).collect();
    if files.is_empty() && listed.contains("lost+found") { Ok(()) } else { Err(listed.into()) }
}

/// The site hands out the authority that lies on the data partition, which is constrained to the
/// box's names; rustls has already verified the site's chain against it, constraints included.
pub(crate) async fn own_authority(guest: &mut Guest, site: &Site) -> Outcome<()> {
    let (_, certificate) = X509Certificate::from_der(&site.authority)?;
    if !certificate.is_ca() {
        return Err("/ca.crt is no authority".into());
    }
    let constraints = certificate.name_constraints()?.ok_or("the authority may sign for any name")?;
    if !constraints.critical {
        return Err("a browser may ignore the authority's constraints".into());
    }
    let kept = guest.ask("cat /data/kelas/ca.crt").await?;
    if kept.trim() != site.pem.trim() {
        return Err("/ca.crt is another certificate than the one in /data/kelas".into());
    }
    let mounted = guest.ask("findmnt --noheadings --output TARGET --target /data/kelas/trust").await?;
    if mounted != "/data" {
        return Err(format!("the authority is kept on {mounted}").into());
    }
    Ok(())
}
