//! `GET /metrics` is OpenMetrics text for programs on the box.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use blackbox::{Client, Kelasd};

/// What Prometheus' own library makes of the text: a line for each sample, with its family's type.
const READER: &str = "
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(family.type, sample.name, sample.value)
";

/// CPU that one sample may take: 0.2 % of a core at one a second. Without optimisation, five times
/// that.
const MOST_PER_SAMPLE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 10 } else { 2 });

#[tokio::test]
async fn the_daemons_cost_and_work_are_told_on_loopback() {
    let kelasd = Kelasd::demo().await;
    let client = kelasd.client();
    client.get("/api/health").await;
    let answer = client.get("/metrics").await;
    assert_eq!(answer.status, 200);
    let form = answer.header("content-type").expect("a type");
    assert!(form.starts_with("application/openmetrics-text"), "{form}");
    let text = answer.text();
    assert!(text.ends_with("# EOF\n"));
    let value = |name: &str| -> f64 {
        let line = text.lines().find(|line| line.split(' ').next() == Some(name));
        let line = line.unwrap_or_else(|| panic!("{name} is not in\n{text}"));
        line.split(' ').nth(1).and_then(|value| value.parse().ok()).expect("a number")
    };
    assert!(value("process_cpu_seconds_total") > 0.0);
    assert!(value("process_proportional_memory_bytes") > 1_000_000.0);
    assert!(value("kelasd_connections") >= 1.0);
    assert!(value("kelasd_requests_total{status=\"2xx\"}") >= 1.0);
    assert!(value("kelasd_store_commits_total") >= 1.0);
    assert!(value("kelasd_rooms") < 1.0);
    assert!(value("kelasd_stun_datagrams_total{outcome=\"answered\"}") >= 0.0);
}

/// The text once the load log has taken so many samples, one a second.
async fn sampled(client: &Client, least: f64) -> String {
    loop {
        let text = client.get("/metrics").await.text();
        if value(&text, "kelasd_load_samples_total").is_some_and(|samples| samples >= least) {
            return text;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn value(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.split(' ').next() == Some(name))?;
    line.split(' ').nth(1)?.parse().ok()
}

/// Prometheus' reader is strict: it refuses a family that is told twice, a counter without its
/// ending, a histogram whose classes do not add up.
#[tokio::test]
async fn prometheus_own_reader_takes_all_of_it_with_the_load_log_in_it() {
    let kelasd = Kelasd::demo().await;
    let client = kelasd.client();
    let text = sampled(&client, 2.0).await;
    let mut reader = Command::new("/usr/bin/python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 runs: `make prepare-test` installs it");
    reader.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("written");
    let read = reader.wait_with_output().expect("it ends");
    assert!(read.status.success(), "{}\n{text}", String::from_utf8_lossy(&read.stderr));
    let read = String::from_utf8(read.stdout).expect("text");
    for (kind, name) in [
        ("counter", "kelasd_cpu_user_seconds_total"),
        ("counter", "kelasd_core_busy_seconds_total"),
        ("counter", "kelasd_sampling_cpu_seconds_total"),
        ("gauge", "kelasd_memory_available_bytes"),
        ("gauge", "kelasd_data_used_ratio"),
        ("gauge", "kelasd_people_online"),
        ("histogram", "kelasd_request_duration_seconds_bucket"),
    ] {
        assert!(read.lines().any(|line| line.starts_with(&format!("{kind} {name} "))), "{name}:\n{read}");
    }
}

/// The log says itself what it takes: reading, packing and handing on, without the database's writer.
#[tokio::test]
async fn a_sample_takes_next_to_nothing_by_the_logs_own_word() {
    let kelasd = Kelasd::demo().await;
    let client = kelasd.client();
    // Long enough for what is read only every tenth second.
    let text = sampled(&client, 21.0).await;
    let spent = value(&text, "kelasd_sampling_cpu_seconds_total").expect("told");
    let each = spent / value(&text, "kelasd_load_samples_total").expect("told");
    println!("a sample takes {:.2} ms of CPU", each * 1e3);
    assert!(each > 0.0 && each <= MOST_PER_SAMPLE.as_secs_f64(), "{each} s");
}
