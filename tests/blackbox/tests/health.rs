//! `GET /api/health` tells that the daemon does its work, to anybody.

use blackbox::Kelasd;

#[tokio::test]
async fn health_is_told_without_signing_in() {
    let kelasd = Kelasd::start().await;
    for client in [kelasd.client(), kelasd.plain_client()] {
        let answer = client.get("/api/health").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let report = answer.json();
        assert_eq!(report["status"], "ok");
        assert_eq!(report["store"], "ok");
        assert_eq!(report["rooms"], "ok");
        assert_eq!(report["version"], env!("CARGO_PKG_VERSION"));
        assert!(report["uptimeSeconds"].is_u64());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}
