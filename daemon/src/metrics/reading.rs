//! One metric as read, and the text of all.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// A metric with its value, or its values by one label.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    name: &'static str,
    about: &'static str,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    /// Only ever grows.
    Count(u64),
    /// Only ever grows, in seconds.
    Seconds(f64),
    /// Goes up and down.
    Level(u64),
    /// Counts by a label's value.
    Counts(&'static str, Vec<(&'static str, u64)>),
    /// Levels by a label's value.
    Levels(&'static str, Vec<(String, u64)>),
}

impl Reading {
    pub(crate) const fn count(name: &'static str, about: &'static str, value: u64) -> Self {
        Self { name, about, value: Value::Count(value) }
    }

    pub(crate) const fn seconds(name: &'static str, about: &'static str, value: f64) -> Self {
        Self { name, about, value: Value::Seconds(value) }
    }

    pub(crate) const fn level(name: &'static str, about: &'static str, value: u64) -> Self {
        Self { name, about, value: Value::Level(value) }
    }

    pub(crate) const fn counts(
        name: &'static str,
        about: &'static str,
        label: &'static str,
        values: Vec<(&'static str, u64)>,
    ) -> Self {
        Self { name, about, value: Value::Counts(label, values) }
    }

    pub(crate) const fn levels(
        name: &'static str,
        about: &'static str,
        label: &'static str,
        values: Vec<(String, u64)>,
    ) -> Self {
        Self { name, about, value: Value::Levels(label, values) }
    }

    fn encode(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let kind = match self.value {
            Value::Level(_) | Value::Levels(..) => MetricType::Gauge,
            Value::Count(_) | Value::Seconds(_) | Value::Counts(..) => MetricType::Counter,
        };
        let mut metric = encoder.encode_descriptor(self.name, self.about, None, kind)?;
        match &self.value {
            Value::Count(value) => ConstCounter::new(*value).encode(metric),
            Value::Seconds(value) => ConstCounter::new(*value).encode(metric),
            Value::Level(value) => ConstGauge::new(*value).encode(metric),
            Value::Counts(label, values) => {
                for (name, value) in values {
                    ConstCounter::new(*value).encode(metric.encode_family(&[(*label, *name)])?)?;
                }
                Ok(())
            }
            Value::Levels(label, values) => {
                for (name, value) in values {
                    ConstGauge::new(*value).encode(metric.encode_family(&[(*label, name.as_str())])?)?;
                }
                Ok(())
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
            # EOF
        "#]]
        .assert_eq(&encode(readings).expect("text"));
    }
}
