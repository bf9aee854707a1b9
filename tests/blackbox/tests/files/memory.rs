//! The daemon's memory does not grow with a file. `KELAS_LARGE_FILE=2147483648` sends the largest
//! there may be; its bytes are zeros, which a file system with holes would not even keep.

use blackbox::{Kelasd, teacher};
use tokio::io::AsyncWriteExt as _;

use crate::sent::{addresses, answer, begin, meeting, open_patch};

/// Kilobytes that it may grow by, going in and out.
const MOST_KB: u64 = 10_000;
const USUAL_BYTES: u64 = 200_000_000;
const CHUNK: usize = 1_000_000;

#[tokio::test]
async fn a_large_file_streams_in_and_out_and_memory_stays_flat() {
    let size = std::env::var("KELAS_LARGE_FILE").map_or(USUAL_BYTES, |size| size.parse().expect("a number"));
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    // The first answers pay for what all share.
    addresses(&guru, &meeting).await;
    let before = own_memory_kb(&kelasd);
    let mut most = before;

    let upload = begin(&guru, &meeting, "Film.mp4", size).await;
    let mut stream = open_patch(&guru, &upload, 0, size).await;
    let chunk = vec![0; CHUNK];
    let mut left = size;
    while left > 0 {
        let next = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
        stream.write_all(&chunk[..next]).await.expect("sent");
        left -= next as u64;
        most = most.max(own_memory_kb(&kelasd));
    }
    stream.flush().await.expect("sent");
    let answered = answer(&mut stream).await;
    assert!(answered.starts_with("HTTP/1.1 204"), "{answered}");
    most = most.max(own_memory_kb(&kelasd));

    let [file] = &addresses(&guru, &meeting).await[..] else { panic!("one file") };
    let received = download(&guru, file, &kelasd, &mut most).await;
    assert!(received >= size, "{received}");
    println!("{before} kB before, {most} kB at most with {size} bytes");
    assert!(most - before < MOST_KB, "{before} kB before, {most} kB at most");
}

/// Bytes of the answer, header and all; what is read is let go.
async fn download(guru: &blackbox::Client, file: &str, kelasd: &Kelasd, most: &mut u64) -> u64 {
    use tokio::io::AsyncReadExt as _;
    let mut stream = guru.connect().await.expect("connected");
    let host = guru.origin().split_once("://").expect("an origin").1;
    let head = format!(
        "GET {file} HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
        guru.cookies()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let (mut buffer, mut received, mut looked) = (vec![0; CHUNK], 0, 0);
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        received += read as u64;
        if received - looked > CHUNK as u64 {
            looked = received;
            *most = (*most).max(own_memory_kb(kelasd));
        }
    }
    received
}

/// Heap and stacks, in proportion. Whole PSS changes when another daemon starts or ends beside this
/// one, and pages of the binary are no memory of a file.
fn own_memory_kb(kelasd: &Kelasd) -> u64 {
    let path = format!("/proc/{}/smaps_rollup", kelasd.announced.pid);
    let text = std::fs::read_to_string(path).expect("our own child");
    let line = text.lines().find_map(|line| line.strip_prefix("Pss_Anon:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
