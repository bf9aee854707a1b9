//! The card from inside: what is mounted how, how large, and what is written.

use crate::Outcome;
use crate::guest::Guest;

/// Places of the running system that are no folders of `/data` and no memory.
const SEALED: [&str; 4] = ["/", "/usr", "/etc", "/boot/firmware"];
/// The partition that may be written.
const DATA: &str = "7";
/// The end of a card that cannot be used: the last partition ends on a whole MiB.
const ROUNDING: u64 = 2 * 1_024 * 1_024;

/// Bytes written to a disk since the boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Writes {
    /// Outside of the data partition.
    pub(crate) elsewhere: u64,
    pub(crate) data: u64,
}

/// The system and the boot partition are mounted read-only, and a write there fails for root.
pub(crate) async fn sealed(guest: &mut Guest) -> Outcome<()> {
    for mount in ["/", "/boot/firmware"] {
        let options =
            guest.ask(&format!("findmnt --noheadings --output OPTIONS --mountpoint {mount}")).await?;
        if !options.split(',').any(|option| option == "ro") {
            return Err(format!("{mount} is mounted {options}").into());
        }
    }
    for place in SEALED {
        let written = guest.run(&format!("touch {}/kelas-test", place.trim_end_matches('/'))).await?;
        if written.status == 0 || !written.text.contains("Read-only file system") {
            return Err(format!("a write to {place} ended with {}: {}", written.status, written.text).into());
        }
    }
    Ok(())
}

/// The data partition reaches to the end of the card, and its file system fills it.
pub(crate) async fn data_fills_the_card(guest: &mut Guest, card_size: u64) -> Outcome<()> {
    let source = guest.ask("findmnt --noheadings --output SOURCE --mountpoint /data").await?;
    let name = source.trim_start_matches("/dev/").to_owned();
    if !name.ends_with(DATA) {
        return Err(format!("/data is {source}").into());
    }
    let sectors = format!("cat /sys/class/block/{name}");
    let end = 512
        * (guest.number(&format!("{sectors}/start")).await?
            + guest.number(&format!("{sectors}/size")).await?);
    if end > card_size || end + ROUNDING < card_size {
        return Err(format!("the partition ends at {end} of {card_size} bytes").into());
    }
    let blocks = guest.number("stat -f -c %b /data").await?;
    let block = guest.number("stat -f -c %S /data").await?;
    let partition = 512 * guest.number(&format!("{sectors}/size")).await?;
    // ext4's own tables are not counted as blocks.
    if blocks * block < partition * 9 / 10 {
        return Err(format!("the file system has {} of {partition} bytes", blocks * block).into());
    }
    let options = guest.ask("findmnt --noheadings --output OPTIONS --mountpoint /data").await?;
    for option in ["rw", "noatime", "noexec", "nosuid", "nodev"] {
        if !options.split(',').any(|it| it == option) {
            return Err(format!("/data is mounted {options}, without {option}").into());
        }
    }
    Ok(())
}

/// What has been written to the card's partitions since the boot.
pub(crate) async fn writes(guest: &mut Guest) -> Outcome<Writes> {
    let source = guest.ask("findmnt --noheadings --output SOURCE --mountpoint /data").await?;
    let name = source.trim_start_matches("/dev/");
    let disk = name.trim_end_matches(DATA).trim_end_matches('p');
    // Otherwise what waits in memory would be missed.
    guest.ask("sync").await?;
    parse_writes(&guest.ask("cat /proc/diskstats").await?, disk, name)
}

/// Sums a table of diskstats: field 7 behind the name counts sectors written (the kernel's
/// iostats.rst).
fn parse_writes(table: &str, disk: &str, data: &str) -> Outcome<Writes> {
    let (mut of_disk, mut of_data) = (None, None);
    for line in table.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (Some(name), Some(sectors)) = (fields.get(2), fields.get(9)) else { continue };
        if *name == disk {
            of_disk = Some(512 * sectors.parse::<u64>()?);
        } else if *name == data {
            of_data = Some(512 * sectors.parse::<u64>()?);
        }
    }
    let missing = || format!("no {disk} and {data} in:\n{table}");
    let (of_disk, of_data) = of_disk.zip(of_data).ok_or_else(missing)?;
    let elsewhere = of_disk.checked_sub(of_data).ok_or("a partition with more writes than its disk")?;
    Ok(Writes { elsewhere, data: of_data })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_outside_of_the_data_partition_is_found() {
        let table = " 254 0 vda 900 0 9000 10 20 5 120 7 0 9 9 0 0 0 0 3 1\n \
             254 7 vda7 90 0 900 1 18 5 112 7 0 9 9 0 0 0 0 0 0\n";
        let writes = parse_writes(table, "vda", "vda7").expect("both are there");
        assert_eq!(writes, Writes { elsewhere: 8 * 512, data: 112 * 512 });
        assert!(parse_writes(table, "mmcblk0", "mmcblk0p7").is_err());
    }
}
