//! What was looked through takes the place of what was in use: at a start, before anything is opened.
//!
//! A file says how far it is. Every step is a renaming that finds out by itself whether it was done, so
//! a start after a power cut goes on where the last one was. The first start with the new data that
//! reaches its end deletes the old; when a few do not, the old data returns.

use std::fs;
use std::io;
use std::path::Path;

use base::limits::RESTORE_STARTS;
use serde::{Deserialize, Serialize};

use super::manifest::Summary;
use super::places::{Places, make_folder, remove_file, remove_folder, sync_folder, write_whole};

const DATABASE: &str = "kelas.sqlite";
/// They belong to the database, and would be applied to another.
const BESIDE_DATABASE: [&str; 2] = ["kelas.sqlite-wal", "kelas.sqlite-shm"];

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// The new goes to its place.
    Forward,
    /// The new is in its place; so many starts with it have begun.
    Starting(u32),
    /// The old goes back to its place.
    Back,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Phase {
    stage: Stage,
    /// What makes way, by its names in the data folder.
    names: Vec<String>,
}

/// What a start has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Swapped {
    /// Nothing was to be done.
    Nothing,
    /// It runs by what came back from a backup.
    Restored,
    /// It did not start with what came back from a backup; the old data has returned.
    TakenBack,
}

/// Asked before each step, so that a test can end it anywhere.
type Cut<'a> = &'a mut dyn FnMut() -> io::Result<()>;

/// Decides that the next start begins with it.
pub(super) fn decide(places: &Places) -> io::Result<()> {
    let nothing = || io::Error::new(io::ErrorKind::NotFound, "nothing was looked through");
    let summary = Summary::read(places).ok_or_else(nothing)?;
    write_phase(places, &Phase { stage: Stage::Forward, names: summary.names })
}

/// Does what was decided, before the data folder is used by anybody.
pub(crate) fn at_start(data: &Path) -> io::Result<Swapped> {
    go_on(&Places::new(data), &mut || Ok(()))
}

/// The daemon has started with what is there now: the old data goes.
pub(crate) fn started(data: &Path) -> io::Result<()> {
    let places = Places::new(data);
    match read_phase(&places)? {
        Some(Phase { stage: Stage::Starting(_), .. }) => {
            remove_file(&places.summary())?;
            // From here on it is what is in use.
            remove_file(&places.phase())?;
            sync_folder(&places.restore())?;
            remove_folder(&places.before())?;
            remove_folder(&places.restore())
        }
        Some(_) => Ok(()),
        // A power cut came between the two lines above.
        None if places.summary().try_exists()? => {
            remove_folder(&places.before())?;
            remove_folder(&places.failed())
        }
        // Nor was anything looked through to its end.
        None => remove_folder(&places.restore()),
    }
}

pub(super) fn go_on(places: &Places, cut: Cut<'_>) -> io::Result<Swapped> {
    let Some(Phase { stage, names }) = read_phase(places)? else { return Ok(Swapped::Nothing) };
    match stage {
        Stage::Forward => {
            forward(places, &names, cut)?;
            cut()?;
            write_phase(places, &Phase { stage: Stage::Starting(1), names })?;
            Ok(Swapped::Restored)
        }
        Stage::Starting(count) if count < RESTORE_STARTS => {
            write_phase(places, &Phase { stage: Stage::Starting(count + 1), names })?;
            Ok(Swapped::Restored)
        }
        Stage::Starting(_) => {
            write_phase(places, &Phase { stage: Stage::Back, names: names.clone() })?;
            take_back(places, &names, cut)
        }
        Stage::Back => take_back(places, &names, cut),
    }
}

fn forward(places: &Places, names: &[String], cut: Cut<'_>) -> io::Result<()> {
    let (data, staged, before) = (places.data(), places.staged(), places.before());
    make_folder(&before)?;
    for name in names {
        let (used, new, old) = (data.join(name), staged.join(name), before.join(name));
        let is_beside = BESIDE_DATABASE.contains(&name.as_str());
        // What lies beside the database goes while that has not been replaced yet.
        let is_open = if is_beside { staged.join(DATABASE).try_exists()? } else { new.try_exists()? };
        if is_open && used.try_exists()? && !old.try_exists()? {
            cut()?;
            fs::rename(&used, &old)?;
            sync_folder(&before)?;
            sync_folder(data)?;
        }
        if !is_beside && new.try_exists()? {
            cut()?;
            fs::rename(&new, &used)?;
            sync_folder(&staged)?;
            sync_folder(data)?;
        }
    }
    Ok(())
}

fn take_back(places: &Places, names: &[String], cut: Cut<'_>) -> io::Result<Swapped> {
    let (data, before, failed) = (places.data(), places.before(), places.failed());
    make_folder(&failed)?;
    // The new database goes with what lies beside it, before the old one brings its own.
    if before.join(DATABASE).try_exists()? {
        for name in BESIDE_DATABASE {
            away(&data.join(name), &failed.join(name), cut)?;
        }
    }
    let is_beside = |name: &&String| BESIDE_DATABASE.contains(&name.as_str());
    let order = names.iter().filter(|name| !is_beside(name)).chain(names.iter().filter(is_beside));
    for name in order {
        let (used, old) = (data.join(name), before.join(name));
        if old.try_exists()? {
            away(&used, &failed.join(name), cut)?;
            cut()?;
            fs::rename(&old, &used)?;
            sync_folder(&before)?;
            sync_folder(data)?;
        }
    }
    cut()?;
    remove_file(&places.summary())?;
    remove_file(&places.phase())?;
    sync_folder(&places.restore())?;
    Ok(Swapped::TakenBack)
}

/// Moves what did not work out of the way.
fn away(used: &Path, failed: &Path, cut: Cut<'_>) -> io::Result<()> {
    if !used.try_exists()? {
        return Ok(());
    }
    cut()?;
    if failed.is_dir() {
        remove_folder(failed)?;
    }
    fs::rename(used, failed)
}

fn read_phase(places: &Places) -> io::Result<Option<Phase>> {
    match fs::read(places.phase()) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(io::Error::from),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn write_phase(places: &Places, phase: &Phase) -> io::Result<()> {
    write_whole(&places.phase(), &serde_json::to_vec(phase)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: [&str; 3] = ["kelas.sqlite", "files/a", "trust/authority.pem"];
    const OLD: [&str; 5] =
        ["kelas.sqlite", "kelas.sqlite-wal", "kelas.sqlite-shm", "files/a", "trust/authority.pem"];

    fn lay(folder: &Path, names: &[&str], text: &str) {
        for name in names {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, text).expect("written");
        }
    }

    fn holds(folder: &Path, names: &[&str], text: &str) -> bool {
        names.iter().all(|name| fs::read_to_string(folder.join(name)).is_ok_and(|found| found == text))
    }

    /// A box that has decided, and what cuts its power at the `cut`th step.
    fn decided() -> (tempfile::TempDir, Places) {
        let folder = tempfile::tempdir().expect("a folder");
        let places = Places::new(folder.path());
        lay(folder.path(), &OLD, "old");
        lay(&places.staged(), &NEW, "new");
        let names = ["kelas.sqlite-wal", "kelas.sqlite-shm", "kelas.sqlite", "files", "trust"];
        let phase = Phase { stage: Stage::Forward, names: names.map(str::to_owned).into() };
        write_phase(&places, &phase).expect("decided");
        (folder, places)
    }

    fn go_on_until(places: &Places, cut: usize) -> io::Result<Swapped> {
        let mut left = cut;
        go_on(places, &mut || {
            left = left.checked_sub(1).ok_or_else(|| io::Error::other("the power is cut"))?;
            Ok(())
        })
    }

    /// Cuts the power at every step; how many there are.
    fn steps(prepare: impl Fn() -> (tempfile::TempDir, Places), holds: impl Fn(&Path) -> bool) -> usize {
        let mut cut = 0;
        loop {
            let (folder, places) = prepare();
            let is_over = go_on_until(&places, cut).is_ok();
            if !is_over {
                // The power is cut a second time, one step further.
                let again = go_on_until(&places, 1);
                if again.is_err() {
                    at_start(folder.path()).expect("the third start goes on");
                }
            }
            assert!(holds(folder.path()), "cut at step {cut}");
            if is_over {
                return cut;
            }
            cut += 1;
        }
    }

    #[test]
    fn wherever_the_power_is_cut_the_next_starts_finish_it() {
        let steps = steps(decided, |data| {
            let before = data.join("restore/before");
            holds(data, &NEW, "new") && !data.join("kelas.sqlite-wal").exists() && holds(&before, &OLD, "old")
        });
        assert_eq!(steps, 9, "five go, three come, and one is noted");
    }

    #[test]
    fn wherever_the_power_is_cut_the_old_data_returns_whole() {
        let failing = || {
            let (folder, places) = decided();
            at_start(folder.path()).expect("swapped");
            lay(folder.path(), &["kelas.sqlite-wal"], "new");
            for _ in 1..RESTORE_STARTS {
                assert_eq!(at_start(folder.path()).expect("tried"), Swapped::Restored);
            }
            (folder, places)
        };
        let steps =
            steps(failing, |data| holds(data, &OLD, "old") && !data.join("restore/phase.json").exists());
        assert!(steps >= 8, "{steps}");
    }

    #[test]
    fn the_old_data_goes_with_the_first_start_that_reaches_its_end() {
        let (folder, _) = decided();
        assert_eq!(at_start(folder.path()).expect("swapped"), Swapped::Restored);
        started(folder.path()).expect("started");
        assert!(holds(folder.path(), &NEW, "new") && !folder.path().join("restore").exists());
        assert_eq!(at_start(folder.path()).expect("as ever"), Swapped::Nothing);
        started(folder.path()).expect("started");
    }
}
