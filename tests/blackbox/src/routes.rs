//! Every address that the daemon answers, as it tells them itself.

use std::process::Command;

use crate::configuration::binary;

/// The addresses with `{…}` for what varies, such as `/courses/{course}`.
///
/// # Panics
/// If `kelasd routes` does not work.
pub fn routes() -> Vec<String> {
    let told = Command::new(binary()).arg("routes").output().expect("kelasd can be executed");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8(told.stdout).expect("text").lines().map(str::to_owned).collect()
}
