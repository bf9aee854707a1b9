//! `rpi-preseed.toml`, which Raspberry Pi Imager writes on the first partition: of what it says, the
//! host name, the Wi-Fi's country and the language answer the wizard. `kelas.toml` beside it wins.
//!
//! The keys are those of `schema/rpi-preseed.schema` in the repository `raspberrypi/rpi-preseed`,
//! which also says that unknown ones are tolerated. Users, remote access and a Wi-Fi to join
//! are no business of this box.
//!
//! May use: `settings`. Used by: `settings`.

use std::path::Path;

use super::layer::{self, Layers, Raw, Sourced};
use super::problem::Problem;

/// Its name.
const FILE: &str = "rpi-preseed.toml";

/// Lays what it says over `layers`, or nothing of it if any of that is wrong.
pub(super) fn lay(boot_config: &Path, layers: &mut Layers) -> Vec<Problem> {
    let path = boot_config.with_file_name(FILE);
    if matches!(path.try_exists(), Ok(false)) {
        return Vec::new();
    }
    let (mut own, mut problems) = (Layers::new(), Vec::new());
    let source = path.display().to_string();
    for (name, raw) in layer::values(&path, &mut problems) {
        let Raw::One(text) = raw else { continue };
        let answer = match name.as_str() {
            "system.hostname" => Some(("setup.box_name", text)),
            "wlan.country" => Some(("setup.country", text)),
            "locale.lang" => language(&text).map(|tag| ("setup.language", tag.to_owned())),
            _ => None,
        };
        if let Some((key, text)) = answer {
            own.insert(key, Sourced { raw: Raw::One(text), source: source.clone() });
        }
    }
    super::lay_if_sound(own, layers, problems)
}

/// Of a locale such as `id_ID.UTF-8`, if it is one of ours.
fn language(locale: &str) -> Option<&'static str> {
    match locale.split(['_', '.', '-']).next()? {
        "id" | "in" => Some("id"),
        "en" => Some("en"),
        _ => None,
    }
}
