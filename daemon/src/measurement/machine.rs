//! On what a run was measured, in a line: what a reader must know to compare two of them.

use std::fs;
use std::thread::available_parallelism;

/// Characters of a machine's name; the longest of a Pi has forty.
const NAME_CHARACTERS: usize = 80;

/// Such as `Raspberry Pi 4 Model B Rev 1.4, 4 cores, kelasd 0.1.0`.
pub(super) fn describe() -> String {
    let board = fs::read_to_string("/proc/device-tree/model").ok();
    let processor = || fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| processor(&text));
    let name = board.or_else(processor).unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let name: String = name.trim_matches('\0').trim().chars().take(NAME_CHARACTERS).collect();
    let cores = available_parallelism().map_or_else(|_| "?".to_owned(), |cores| cores.to_string());
    format!("{name}, {cores} cores, kelasd {}", env!("CARGO_PKG_VERSION"))
}

fn processor(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_found_and_this_machine_has_a_line() {
        let text = "processor\t: 0\nmodel name\t: ARMv7 Processor rev 3 (v7l)\nBogoMIPS\t: 108.00\n";
        assert_eq!(processor(text).as_deref(), Some("ARMv7 Processor rev 3 (v7l)"));
        assert_eq!(processor("processor : 0"), None);
        assert!(describe().contains(" cores, kelasd "));
    }
}
