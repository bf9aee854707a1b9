//! `boot pi`: the same card in an emulated Raspberry Pi 3, in its card slot, up to the answering
//! site. There is no port for a shell: what can be seen is the site, the console and the screen.
//!
//! What QEMU lacks: the boot ROM and firmware (so `autoboot.txt`, `config.txt` and both slots'
//! boot partitions are not read; the kernel is handed over), Wi-Fi, the watchdog's reset of the
//! whole board, and the true speed of card and processor.

use std::path::Path;

use crate::Outcome;
use crate::machine::{self, Board, Machine, Ports, Setup};
use crate::report::Report;
use crate::site::Site;

/// One boot.
pub(crate) async fn test(root: &Path, report: &mut Report) -> Outcome<()> {
    machine::fresh(root, "pi")?;
    let setup = Setup { board: Board::Raspi3b, ..Setup::new("pi", "pi", Ports::free()?) };
    let mut machine = Machine::start(root, &setup).await?;
    let answering = Site::answering(&mut machine, setup.ports);
    let site = report.check("raspi3b: the site answers over HTTPS from its card slot", answering).await;
    if let Some(site) = &site {
        println!("     HTTPS answered {:.0} s after power-on", site.seconds);
        let page = async {
            // The card is fresh: it belongs to nobody, and all of it leads into the wizard.
            let client = site.client();
            let first = client.get("/setup").await;
            let step = first.header("location").ok_or_else(|| format!("/setup answers {}", first.status))?;
            let page = client.get(step).await;
            if page.status == 200 { Ok(()) } else { Err(format!("{step} answers {}", page.status).into()) }
        };
        report.check("raspi3b: the site shows the wizard's first page", page).await;
    }
    match machine.screenshot("screen").await {
        Ok(picture) => println!("     the screen: {}", picture.display()),
        Err(error) => println!("     no picture of the screen: {error}"),
    }
    println!("     the console: {}", machine.console.path().display());
    machine.cut().await
}
