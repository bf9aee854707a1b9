//! A server for one connection and a client of another make, over loopback.

use axum::Router;
use axum::routing::get;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::*;
use crate::http::problem::Problem;
use crate::live::outgoing::{Sender, queue};
use crate::tasks::Tasks;

/// Sends what came to the test, and `None` for binary.
struct Reporter(mpsc::Sender<Option<String>>);

impl Listener for Reporter {
    async fn text(&mut self, text: String) {
        self.0.send(Some(text)).await.expect("the test listens");
    }
    async fn binary(&mut self, _: Bytes) {
        self.0.send(None).await.expect("the test listens");
    }
    fn silent(&self) -> Option<Frame> {
        Some(Frame { seq: None, body: "silent".into() })
    }
}

/// A server for one connection, and a client connected to it.
struct Pair {
    client: WebSocketStream<TcpStream>,
    outgoing: Sender,
    incoming: mpsc::Receiver<Option<String>>,
    tasks: Tasks,
}

async fn pair() -> Pair {
    let tasks = Tasks::default();
    let (outgoing, receiver) = queue();
    let (report, incoming) = mpsc::channel(16);
    let address = listen(&tasks, receiver, report).await;
    let mut request = format!("ws://{address}/live").into_client_request().expect("a request");
    let protocols = HeaderValue::from_static("other, kelas.v1");
    request.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, protocols);
    let stream = TcpStream::connect(address).await.expect("the server listens");
    let (client, response) = client_async(request, stream).await.expect("an upgrade");
    assert_eq!(response.headers()[header::SEC_WEBSOCKET_PROTOCOL], "kelas.v1");
    Pair { client, outgoing, incoming, tasks }
}

async fn listen(
    tasks: &Tasks,
    receiver: Receiver,
    report: mpsc::Sender<Option<String>>,
) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let connection = std::sync::Arc::new(std::sync::Mutex::new(Some((receiver, Reporter(report)))));
    let spawner = tasks.clone();
    let handler = move |mut request: Request| async move {
        let (response, upgrade) = accept(&mut request, Some("kelas.v1")).map_err(Problem)?;
        let (receiver, reporter) = connection.lock().expect("not poisoned").take().expect("one client");
        spawner.spawn("socket", serve(upgrade, receiver, reporter));
        Ok::<_, Problem>(response)
    };
    let router = Router::new().route("/live", get(handler));
    tasks.spawn("server", async move {
        let (stream, _) = listener.accept().await.expect("a client");
        let service = TowerToHyperService::new(router);
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        connection.with_upgrades().await.expect("served");
    });
    address
}

/// What the client hears until the connection is over: texts, then the close code if any.
async fn hear(client: &mut WebSocketStream<TcpStream>) -> (Vec<String>, Option<u16>) {
    let (mut texts, mut code) = (Vec::new(), None);
    while let Some(Ok(message)) = client.next().await {
        match message {
            Message::Text(text) => texts.push(text.to_string()),
            Message::Close(close) => code = close.map(|frame| frame.code.into()),
            _ => {}
        }
    }
    (texts, code)
}

async fn all_tasks_end(pair: &Pair) {
    assert_eq!(pair.tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
}

#[tokio::test]
async fn text_travels_both_ways_in_order() {
    let mut pair = pair().await;
    for text in ["satu", "dua 😀"] {
        pair.client.send(Message::text(text)).await.expect("sent");
        assert_eq!(pair.incoming.recv().await, Some(Some(text.to_owned())));
        pair.outgoing.send(Frame { seq: Some(7), body: "{\"a\":1}".into() }).expect("room");
    }
    pair.outgoing.end(Ending::Done);
    let heard = hear(&mut pair.client).await;
    assert_eq!(heard, (vec!["{\"seq\":7,\"a\":1}".to_owned(); 2], Some(1000)));
    all_tasks_end(&pair).await;
}

#[tokio::test]
async fn a_long_message_goes_out_in_pieces_and_arrives_whole() {
    let mut pair = pair().await;
    let body = format!("{{\"a\":\"{}\"}}", "é😀".repeat(5_000));
    assert!(messages(&[Frame { seq: None, body: body.as_str().into() }]).len() > 7);
    pair.outgoing.send(Frame { seq: None, body: body.as_str().into() }).expect("room");
    pair.outgoing.end(Ending::Done);
    assert_eq!(hear(&mut pair.client).await, (vec![body], Some(1000)));
    all_tasks_end(&pair).await;
}

#[tokio::test]
async fn binary_is_reported_and_a_stop_says_going_away() {
    let mut pair = pair().await;
    pair.client.send(Message::binary(vec![1, 2, 3])).await.expect("sent");
    assert_eq!(pair.incoming.recv().await, Some(None));
    pair.outgoing.end(Ending::GoingAway);
    assert_eq!(hear(&mut pair.client).await, (vec![], Some(1001)));
}

#[tokio::test]
async fn a_frame_over_the_limit_closes_with_1009_even_while_the_client_still_sends() {
    let mut pair = pair().await;
    let large = "x".repeat(20 * CLIENT_FRAME_BYTES);
    let _ = pair.client.send(Message::text(large)).await;
    assert_eq!(hear(&mut pair.client).await, (vec![], Some(1009)));
    all_tasks_end(&pair).await;
}

#[tokio::test]
async fn the_largest_frame_passes() {
    let mut pair = pair().await;
    let largest = "x".repeat(CLIENT_FRAME_BYTES);
    pair.client.send(Message::text(largest.clone())).await.expect("sent");
    assert_eq!(pair.incoming.recv().await, Some(Some(largest)));
}

#[tokio::test]
async fn invalid_utf8_closes_with_1007() {
    let mut pair = pair().await;
    let frame = RawFrame::message(vec![0xff, 0xfe], OpCode::Data(Data::Text), true);
    pair.client.send(Message::Frame(frame)).await.expect("sent");
    assert_eq!(hear(&mut pair.client).await, (vec![], Some(1007)));
    all_tasks_end(&pair).await;
}

#[tokio::test]
async fn a_client_that_closes_is_answered_and_one_that_vanishes_is_let_go() {
    let mut polite = pair().await;
    polite.client.close(None).await.expect("sent");
    assert_eq!(hear(&mut polite.client).await.0, Vec::<String>::new());
    all_tasks_end(&polite).await;
    let Pair { client, outgoing, incoming, tasks } = pair().await;
    drop(client);
    assert_eq!(tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
    drop((outgoing, incoming));
}

#[tokio::test]
async fn a_silent_client_is_told_and_closed() {
    let mut pair = pair().await;
    pair.client.send(Message::text("a sign of life")).await.expect("sent");
    pair.incoming.recv().await.expect("received");
    tokio::time::pause();
    tokio::time::advance(SILENCE + PING_EVERY).await;
    tokio::time::resume();
    assert_eq!(hear(&mut pair.client).await, (vec!["silent".to_owned()], Some(1000)));
    all_tasks_end(&pair).await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_cut_to_the_last_word_and_let_go() {
    let mut pair = pair().await;
    let body: std::sync::Arc<str> = "x".repeat(60 * 1024).into();
    let mut sent = 0;
    while pair.outgoing.send(Frame { seq: Some(sent), body: std::sync::Arc::clone(&body) }).is_ok() {
        sent += 1;
        tokio::task::yield_now().await;
        assert!(sent < 1_000, "the queue must fill up at some time");
    }
    pair.outgoing.cut(Frame { seq: None, body: "slow".into() });
    let (heard, code) = hear(&mut pair.client).await;
    assert_eq!((heard.last().map(String::as_str), code), (Some("slow"), Some(1000)));
    all_tasks_end(&pair).await;
}

#[tokio::test]
async fn a_request_that_offers_no_subprotocol_is_refused() {
    let tasks = Tasks::default();
    let (_outgoing, receiver) = queue();
    let (report, _incoming) = mpsc::channel(1);
    let address = listen(&tasks, receiver, report).await;
    let stream = TcpStream::connect(address).await.expect("the server listens");
    let refused = client_async(format!("ws://{address}/live"), stream).await;
    assert!(matches!(refused, Err(SocketError::Http(response)) if response.status() == 400));
}
