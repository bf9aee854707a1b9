//! `GET /metrics` is OpenMetrics text for programs on the box.

use blackbox::Kelasd;

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
