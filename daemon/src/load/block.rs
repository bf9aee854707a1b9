//! Steps of the log in a row, packed series by series: what hardly changes takes hardly any room.
//!
//! A version; how many steps; for each step by how much its number is larger than the one before
//! and its seconds. Then for each series the number of its measure, its label, in which steps it
//! has a value (a bit each), and the values: the mean as the difference to the mean before, how far
//! below it the least was and how far above it the most. A series that never moved has one value.
//!
//! May use: `measure`, `sample`, `tally`, `varint`. Used by: `kept`, `load`.

use std::collections::BTreeSet;

use super::measure::{By, Measure};
use super::sample::Series;
use super::tally::{Tallies, Tally};
use super::varint::{fold, put, take, unfold};

/// What begins a block. Another one is from a later program.
const VERSION: u8 = 1;
/// Bits of a series' presence fit into a number.
const MOST_STEPS: usize = 63;
/// Bits that say how the values of a series are written.
const WHOLE: u8 = 1;
const STILL: u8 = 2;
/// Bytes of a label: an interface's name has 15, a number 20.
const MOST_LABEL_BYTES: usize = 32;

/// A minute or an hour of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Counted from the start of the daemon.
    pub(super) number: i64,
    /// Seconds of which there are samples.
    pub(super) seconds: u32,
    pub(super) tallies: Tallies,
}

/// Packs steps, in order of their numbers.
pub(super) fn pack(steps: &[Step]) -> Vec<u8> {
    let steps = &steps[..steps.len().min(MOST_STEPS)];
    let mut bytes = vec![VERSION];
    put(&mut bytes, steps.len() as u64);
    let mut last = steps.first().map_or(0, |step| step.number);
    for step in steps {
        put(&mut bytes, fold(step.number - last));
        put(&mut bytes, step.seconds.into());
        last = step.number;
    }
    let series: BTreeSet<&Series> = steps.iter().flat_map(|step| step.tallies.0.keys()).collect();
    for series in series {
        let values: Vec<Option<&Tally>> = steps.iter().map(|step| step.tallies.0.get(series)).collect();
        pack_series(series, &values, &mut bytes);
    }
    bytes
}

fn pack_series(series: &Series, values: &[Option<&Tally>], bytes: &mut Vec<u8>) {
    bytes.push(series.measure as u8);
    if series.measure.by() != By::Nothing {
        let label = &series.label.as_bytes()[..series.label.len().min(MOST_LABEL_BYTES)];
        put(bytes, label.len() as u64);
        bytes.extend(label);
    }
    let present = values
        .iter()
        .enumerate()
        .fold(0_u64, |bits, (place, value)| bits | u64::from(value.is_some()) << place);
    let is_whole = values.iter().all(Option::is_some);
    let first = values.iter().flatten().next().map_or(0, |tally| tally.min);
    let is_still = values.iter().flatten().all(|tally| tally.min == first && tally.max == first);
    bytes.push((u8::from(is_whole) * WHOLE) | (u8::from(is_still) * STILL));
    if !is_whole {
        put(bytes, present);
    }
    if is_still {
        put(bytes, fold(first));
        return;
    }
    let coarse = series.measure.unit().coarse();
    let mut last = 0;
    for tally in values.iter().flatten() {
        let mean = tally.mean();
        let middle = mean.div_euclid(coarse);
        put(bytes, fold(mean.wrapping_sub(last)));
        put(bytes, middle.abs_diff(tally.min.div_euclid(coarse)));
        put(bytes, rounded_up(tally.max, coarse).abs_diff(middle));
        last = mean;
    }
}

fn rounded_up(number: i64, coarse: i64) -> i64 {
    number.div_euclid(coarse) + i64::from(number.rem_euclid(coarse) != 0)
}

/// The steps in a block whose first has this number; none if it is garbled.
pub(super) fn unpack(first: i64, mut bytes: &[u8]) -> Option<Vec<Step>> {
    let (version, rest) = bytes.split_first()?;
    bytes = rest;
    let count = usize::try_from(take(&mut bytes)?).ok().filter(|count| *count <= MOST_STEPS)?;
    if *version != VERSION {
        return None;
    }
    let mut number = first;
    let mut steps = Vec::with_capacity(count);
    for _ in 0..count {
        number = number.checked_add(unfold(take(&mut bytes)?))?;
        let seconds = u32::try_from(take(&mut bytes)?).ok()?;
        steps.push(Step { number, seconds, tallies: Tallies::default() });
    }
    while !bytes.is_empty() {
        unpack_series(&mut bytes, &mut steps)?;
    }
    Some(steps)
}

fn unpack_series(bytes: &mut &[u8], steps: &mut [Step]) -> Option<()> {
    let (measure, rest) = bytes.split_first()?;
    *bytes = rest;
    let measure = Measure::of_number(*measure)?;
    let series = if measure.by() == By::Nothing {
        Series::one(measure)
    } else {
        let length = usize::try_from(take(bytes)?).ok()?;
        let (label, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        Series::of(measure, std::str::from_utf8(label).ok()?)
    };
    let (how, rest) = bytes.split_first()?;
    *bytes = rest;
    let present = if how & WHOLE == 0 { take(bytes)? } else { u64::MAX };
    let still = if how & STILL == 0 { None } else { Some(unfold(take(bytes)?)) };
    let coarse = measure.unit().coarse();
    let mut last = 0_i64;
    for (_, step) in steps.iter_mut().enumerate().filter(|(place, _)| present >> place & 1 == 1) {
        let tally = if let Some(value) = still {
            Tally::of(value, step.seconds)
        } else {
            last = last.wrapping_add(unfold(take(bytes)?));
            let middle = last.div_euclid(coarse);
            let min = middle.wrapping_sub_unsigned(take(bytes)?).wrapping_mul(coarse);
            let max = middle.wrapping_add_unsigned(take(bytes)?).wrapping_mul(coarse);
            Tally { min, max, ..Tally::of(last, step.seconds) }
        };
        step.tallies.0.insert(series.clone(), tally);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn step(number: i64, values: &[(Series, i64, i64, i64)]) -> Step {
        let tally = |(series, min, mean, max): &(Series, i64, i64, i64)| {
            (series.clone(), Tally { min: *min, max: *max, ..Tally::of(*mean, 60) })
        };
        Step { number, seconds: 60, tallies: Tallies(values.iter().map(tally).collect()) }
    }

    #[test]
    fn steps_with_gaps_and_series_that_come_and_go_are_what_they_were() {
        let (cpu, room) = (Series::one(Measure::CpuBusy), Series::of(Measure::RoomPeers, "7"));
        let total = Series::one(Measure::MemoryTotal);
        let steps = [
            step(3, &[(cpu.clone(), 10, 55, 90), (total.clone(), 7, 7, 7)]),
            step(4, &[(total.clone(), 7, 7, 7), (room.clone(), -100, 0, 800)]),
            step(9, &[(cpu, 20, 41, 60), (total, 7, 7, 7), (room, 0, 1, 1_000_000_000_000)]),
        ];
        assert_eq!(unpack(3, &pack(&steps)).as_deref(), Some(&steps[..]));
        assert_eq!(unpack(3, &pack(&[])), Some(Vec::new()));
    }

    #[test]
    fn least_and_most_are_rounded_away_from_the_mean() {
        let signal = Series::one(Measure::StationSignal);
        let packed = pack(&[step(0, &[(signal.clone(), -617, -611, -609)])]);
        let steps = unpack(0, &packed).expect("steps");
        let tally = steps[0].tallies.0[&signal];
        assert_eq!((tally.min, tally.mean(), tally.max), (-620, -611, -600));
    }

    proptest! {
        #[test]
        fn garbled_bytes_are_steps_or_none_and_no_panic(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..80), first in any::<i64>(),
        ) {
            let _ = unpack(first, &bytes);
            bytes.insert(0, VERSION);
            let _ = unpack(first, &bytes);
        }
    }
}
