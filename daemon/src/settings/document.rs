//! `docs/settings.md`, written from the table of keys so that it cannot say anything else.

use std::fmt::Write as _;

use super::key;

const HEAD: &str = "# Settings of kelasd

`kelasd check` prints what is in force and where it comes from. Settings come in layers; a later one wins:

1. built in
2. `/usr/share/kelas/kelasd.toml`: what the image ships
3. `/data/kelas/kelasd.toml`: what the site's pages changed
4. `kelas.toml` on the card's boot partition (`/boot/firmware/kelas.toml`)
5. every `--config FILE`, in order
6. the environment, `KELASD_*`
7. flags

Files are TOML: `listen.http` below is `http` under `[listen]`. Lists are arrays in TOML, and separated by commas in the environment and in flags. A setting that does not exist, or a value that is not allowed, keeps kelasd from starting: it prints all such problems at once and ends with status 78.

The file on the boot partition is the exception, because whoever wrote it may have no other way to hear of a mistake. If anything in it is wrong (not TOML, not UTF-8, larger than 64 KiB, not readable, one unknown setting, one value that is not allowed), kelasd starts without that file, all of it, logs each problem with file, setting and reason, and says so on its pages, in `/api/health` (`settings-ignored`) and on the console. `kelasd check` prints these problems too, prints what is in force without the file, and ends with status 78.
";

/// The whole page.
pub(crate) fn page() -> String {
    let mut page = HEAD.to_owned();
    for key in key::all() {
        let default = if key.default.is_empty() { "empty".to_owned() } else { format!("`{}`", key.default) };
        write!(
            page,
            "\n## `{}`\n\n{}\n\nDefault: {default}. Allowed: {}. Environment: `{}`.\n",
            key.name,
            key.about,
            key.allowed,
            key.variable()
        )
        .expect("writing to a String does not fail");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_in_docs_is_this_one() {
        expect_test::expect_file!["../../../docs/settings.md"].assert_eq(&page());
    }
}
