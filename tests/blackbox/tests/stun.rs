//! STUN is answered where the announcement says, and counted.

use std::net::SocketAddr;
use std::time::Duration;

use blackbox::Kelasd;
use tokio::net::UdpSocket;

const MAGIC: u32 = 0x2112_a442;

#[tokio::test]
async fn a_browser_learns_its_address() {
    let kelasd = Kelasd::start().await;
    let client = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    client.connect(kelasd.stun_address()).await.expect("connected");
    client.send(b"\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl").await.expect("sent");
    let mut reply = [0; 256];
    let received = tokio::time::timeout(Duration::from_secs(5), client.recv(&mut reply)).await;
    let reply = &reply[..received.expect("in time").expect("a reply")];
    assert_eq!(&reply[8..20], b"abcdefghijkl");
    // XOR-MAPPED-ADDRESS of IPv4 (RFC 8489, 14.2).
    let at = reply.windows(6).position(|bytes| bytes == [0, 0x20, 0, 8, 0, 1]).expect("the attribute");
    let port = u16::from_be_bytes([reply[at + 6], reply[at + 7]]) ^ (MAGIC >> 16) as u16;
    let address = u32::from_be_bytes(reply[at + 8..at + 12].try_into().expect("four bytes")) ^ MAGIC;
    let told = SocketAddr::from((address.to_be_bytes(), port));
    assert_eq!(told, client.local_addr().expect("bound"));
    assert!(kelasd.client().get("/metrics").await.text().contains("{outcome=\"answered\"} 1\n"));
}
