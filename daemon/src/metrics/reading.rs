//! One metric as read, and the text of all.

use std::borrow::Cow;
use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// A metric with its value, or its values by one label.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    name: Cow<'static, str>,
    about: &'static str,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    /// Only ever grows.
    Count(u64),
    /// Goes up and down.
    Level(u64),
    /// Counts by a label's value.
    Counts(&'static str, Vec<(&'static str, u64)>),
    /// Levels by a label's value.
    Levels(&'static str, Vec<(String, u64)>),
    /// Only ever grows, in parts of a whole.
    Total(f64),
    /// Those by a label's value.
    Totals(&'static str, Vec<(String, f64)>),
    /// Goes up and down, in parts of a whole.
    Number(f64),
    /// Those by a label's value.
    Numbers(&'static str, Vec<(String, f64)>),
    /// The sum, and how many were at most each bound and more than the one before.
    Histogram(f64, Vec<(f64, u64)>),
}

impl Reading {
    pub(crate) const fn count(name: &'static str, about: &'static str, value: u64) -> Self {
        Self { name: Cow::Borrowed(name), about, value: Value::Count(value) }
    }

    pub(crate) const fn seconds(name: &'static str, about: &'static str, value: f64) -> Self {
        Self { name: Cow::Borrowed(name), about, value: Value::Total(value) }
    }

    pub(crate) const fn level(name: &'static str, about: &'static str, value: u64) -> Self {
        Self { name: Cow::Borrowed(name), about, value: Value::Level(value) }
    }

    pub(crate) const fn counts(
        name: &'static str,
        about: &'static str,
        label: &'static str,
        values: Vec<(&'static str, u64)>,
    ) -> Self {
        Self { name: Cow::Borrowed(name), about, value: Value::Counts(label, values) }
    }

    pub(crate) const fn levels(
        name: &'static str,
        about: &'static str,
        label: &'static str,
        values: Vec<(String, u64)>,
    ) -> Self {
        Self { name: Cow::Borrowed(name), about, value: Value::Levels(label, values) }
    }

    pub(crate) const fn total(name: String, about: &'static str, value: f64) -> Self {
        Self { name: Cow::Owned(name), about, value: Value::Total(value) }
    }

    pub(crate) const fn number(name: String, about: &'static str, value: f64) -> Self {
        Self { name: Cow::Owned(name), about, value: Value::Number(value) }
    }

    pub(crate) const fn totals(
        name: String,
        about: &'static str,
        label: &'static str,
        values: Vec<(String, f64)>,
    ) -> Self {
        Self { name: Cow::Owned(name), about, value: Value::Totals(label, values) }
    }

    pub(crate) const fn numbers(
        name: String,
        about: &'static str,
        label: &'static str,
        values: Vec<(String, f64)>,
    ) -> Self {
        Self { name: Cow::Owned(name), about, value: Value::Numbers(label, values) }
    }

    pub(crate) const fn histogram(
        name: &'static str,
        about: &'static str,
        sum: f64,
        buckets: Vec<(f64, u64)>,
    ) -> Self {
        Self { name: Cow::Borrowed(name), about, value: Value::Histogram(sum, buckets) }
    }

    fn encode(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let kind = match self.value {
            Value::Level(_) | Value::Levels(..) | Value::Number(_) | Value::Numbers(..) => MetricType::Gauge,
            Value::Count(_) | Value::Counts(..) | Value::Total(_) | Value::Totals(..) => MetricType::Counter,
            Value::Histogram(..) => MetricType::Histogram,
        };
        let mut metric = encoder.encode_descriptor(&self.name, self.about, None, kind)?;
        match &self.value {
            Value::Count(value) => ConstCounter::new(*value).encode(metric),
            Value::Total(value) => ConstCounter::new(*value).encode(metric),
            Value::Level(value) => ConstGauge::new(*value).encode(metric),
            Value::Number(value) => ConstGauge::new(*value).encode(metric),
            Value::Counts(label, values) => values.iter().try_for_each(|(name, value)| {
                ConstCounter::new(*value).encode(metric.encode_family(&[(*label, *name)])?)
            }),
            Value::Levels(label, values) => values.iter().try_for_each(|(name, value)| {
                ConstGauge::new(*value).encode(metric.encode_family(&[(*label, name.as_str())])?)
            }),
            Value::Totals(label, values) => values.iter().try_for_each(|(name, value)| {
                ConstCounter::new(*value).encode(metric.encode_family(&[(*label, name.as_str())])?)
            }),
            Value::Numbers(label, values) => values.iter().try_for_each(|(name, value)| {
                ConstGauge::new(*value).encode(metric.encode_family(&[(*label, name.as_str())])?)
            }),
            Value::Histogram(sum, buckets) => {
                let count = buckets.iter().map(|(_, count)| count).sum();
                metric.encode_histogram::<NoLabelSet>(*sum, count, buckets, None)
            }
        }
    }
}

/// OpenMetrics text of `readings`.
pub(crate) fn encode(readings: Vec<Reading>) -> Result<String, fmt::Error> {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Readings(readings)));
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry)?;
    Ok(text)
}

#[derive(Debug)]
struct Readings(Vec<Reading>);

impl Collector for Readings {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|reading| reading.encode(&mut encoder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_open_metrics() {
        let readings = vec![
            Reading::level("open", "Open now", 3),
            Reading::seconds("busy_seconds", "Time spent", 1.5),
            Reading::counts("answers", "Answers", "status", vec![("2xx", 7), ("5xx", 0)]),
            Reading::levels("problem", "Problems", "code", vec![("a-b".to_owned(), 1)]),
            Reading::histogram("took_seconds", "Time taken", 2.5, vec![(0.5, 3), (f64::INFINITY, 1)]),
        ];
        expect_test::expect![[r#"
            # HELP open Open now
            # TYPE open gauge
            open 3
            # HELP busy_seconds Time spent
            # TYPE busy_seconds counter
            busy_seconds_total 1.5
            # HELP answers Answers
            # TYPE answers counter
            answers_total{status="2xx"} 7
            answers_total{status="5xx"} 0
            # HELP problem Problems
            # TYPE problem gauge
            problem{code="a-b"} 1
            # HELP took_seconds Time taken
            # TYPE took_seconds histogram
            took_seconds_sum 2.5
            took_seconds_count 4
            took_seconds_bucket{le="0.5"} 3
            took_seconds_bucket{le="+Inf"} 4
            # EOF
        "#]]
        .assert_eq(&encode(readings).expect("text"));
    }
}
