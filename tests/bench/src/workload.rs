//! What is done to a server while it is measured.

use std::time::{Duration, Instant};

use crate::Outcome;
use crate::client::{CANDIDATES, Client, Person, Protocol, Signal};
use crate::process::Server;
use crate::socket::Dialer;

/// What seven people meeting cost.
pub(crate) struct Mesh {
    /// CPU of the last join, in microseconds.
    pub(crate) last_join_us: f64,
    /// CPU per relayed message over all joins, in microseconds.
    pub(crate) message_us: f64,
    /// Proportional set size with all in the room, in kB.
    pub(crate) pss_kb: f64,
}

/// `people` join one by one, and each newcomer negotiates with all who are there.
pub(crate) async fn mesh(
    server: &Server,
    dialer: &Dialer,
    protocol: &Protocol,
    people: usize,
) -> Outcome<Mesh> {
    let mut clients: Vec<Client> = Vec::new();
    let (mut last_join_us, mut messages) = (0.0, 0_u32);
    let people = Person::many(dialer, protocol, people).await?;
    let start = server.cpu_us()?;
    for person in &people {
        let before = server.cpu_us()?;
        let mut newcomer = Client::join(dialer, protocol, person).await?;
        for resident in &mut clients {
            messages += introduce(&mut newcomer, resident).await?;
        }
        last_join_us = server.cpu_us()? - before;
        clients.push(newcomer);
    }
    let message_us = (server.cpu_us()? - start) / f64::from(messages.max(1));
    Ok(Mesh { last_join_us, message_us, pss_kb: server.pss_kb()? })
}

async fn introduce(newcomer: &mut Client, resident: &mut Client) -> Outcome<u32> {
    let (to, from) = (resident.id.clone(), newcomer.id.clone());
    newcomer.send(newcomer.signal(&to, Signal::Offer)).await?;
    resident.receive().await?;
    resident.send(resident.signal(&from, Signal::Answer)).await?;
    newcomer.receive().await?;
    // Candidates trickle one by one as browsers find them.
    for _ in 0..CANDIDATES {
        newcomer.send(newcomer.signal(&to, Signal::Candidate)).await?;
        resident.receive().await?;
        resident.send(resident.signal(&from, Signal::Candidate)).await?;
        newcomer.receive().await?;
    }
    Ok(2 + 2 * u32::try_from(CANDIDATES)?)
}

/// A rate and what one piece cost.
pub(crate) struct Rate {
    /// Pieces per second.
    pub(crate) per_second: f64,
    /// The server's CPU per piece, in microseconds.
    pub(crate) each_us: f64,
}

/// Partners that each takes in turn in [`relay`]: we bound what one may send to another at once.
const PARTNERS: usize = 8;

/// `people`, a multiple of [`PARTNERS`], pass candidates to each other as fast as they can,
/// `window` at a time.
pub(crate) async fn relay(
    server: &Server,
    dialer: &Dialer,
    protocol: &Protocol,
    people: usize,
    rounds: usize,
    window: usize,
) -> Outcome<Rate> {
    let mut clients = Vec::new();
    for person in Person::many(dialer, protocol, people).await? {
        clients.push(Client::join(dialer, protocol, &person).await?);
    }
    let ids: Vec<String> = clients.iter().map(|client| client.id.clone()).collect();
    let (cpu, start) = (server.cpu_us()?, Instant::now());
    let mut running = tokio::task::JoinSet::new();
    for (number, mut client) in clients.into_iter().enumerate() {
        let signals: Vec<_> =
            (1..PARTNERS).map(|partner| client.signal(&ids[number ^ partner], Signal::Candidate)).collect();
        running.spawn(async move {
            for signal in signals.iter().cycle().take(rounds) {
                client.acknowledge().await?;
                // Each by itself, as browsers send them.
                for _ in 0..window {
                    client.send(signal.clone()).await?;
                }
                for _ in 0..window {
                    client.receive().await?;
                }
            }
            Outcome::Ok(client)
        });
    }
    let clients = running.join_all().await;
    let (elapsed, cpu) = (start.elapsed(), server.cpu_us()? - cpu);
    let clients: Vec<Client> = clients.into_iter().collect::<Outcome<_>>()?;
    Ok(rate(clients.len() * rounds * window, elapsed, cpu))
}

/// Each of `people` says `window` things in each round; everybody hears everything.
pub(crate) async fn chat(
    server: &Server,
    dialer: &Dialer,
    protocol: &Protocol,
    people: usize,
    rounds: usize,
    window: usize,
) -> Outcome<Rate> {
    let mut clients = Vec::new();
    for person in Person::many(dialer, protocol, people).await? {
        clients.push(Client::join(dialer, protocol, &person).await?);
    }
    let (cpu, start) = (server.cpu_us()?, Instant::now());
    let mut running = tokio::task::JoinSet::new();
    for mut client in clients {
        running.spawn(async move {
            for round in 0..rounds {
                for piece in 0..window {
                    let key = format!("{round}-{piece}");
                    client.say(&key, "Selamat pagi, anak-anak. Hari ini kita belajar pecahan.").await?;
                }
                for _ in 0..people * window {
                    client.hear().await?;
                }
            }
            Outcome::Ok(client)
        });
    }
    let heard = running.join_all().await;
    let (elapsed, cpu) = (start.elapsed(), server.cpu_us()? - cpu);
    heard.into_iter().collect::<Outcome<Vec<Client>>>()?;
    Ok(rate(people * people * rounds * window, elapsed, cpu))
}

/// Memory with many idle connections.
#[allow(clippy::struct_field_names)] // the unit belongs to each
pub(crate) struct Idle {
    /// Growth per connection, in kB.
    pub(crate) each_kb: f64,
    /// Proportional set size with all of them, in kB.
    pub(crate) pss_kb: f64,
    /// Resident set size with all of them, in kB.
    pub(crate) rss_kb: f64,
}

/// `people` connect, read what comes of that, and then do nothing.
pub(crate) async fn idle(
    server: &Server,
    dialer: &Dialer,
    protocol: &Protocol,
    people: usize,
) -> Outcome<Idle> {
    let enrolled = Person::many(dialer, protocol, people).await?;
    let mut clients = Vec::new();
    // The first hundred warm the allocator and caches; the slope is taken after them.
    let warm = 100.min(people / 2);
    for person in &enrolled[..warm] {
        clients.push(Client::join(dialer, protocol, person).await?);
    }
    let mut clients = settle(clients).await?;
    let start = server.pss_kb()?;
    for group in enrolled[warm..].chunks(warm) {
        for person in group {
            clients.push(Client::join(dialer, protocol, person).await?);
        }
        clients = settle(clients).await?;
    }
    let pss_kb = server.pss_kb()?;
    let counted = u32::try_from(people - warm)?;
    Ok(Idle { each_kb: (pss_kb - start) / f64::from(counted), pss_kb, rss_kb: server.rss_kb()? })
}

async fn settle(clients: Vec<Client>) -> Outcome<Vec<Client>> {
    let mut settling = tokio::task::JoinSet::new();
    for mut client in clients {
        settling.spawn(async move {
            client.settle().await?;
            Outcome::Ok(client)
        });
    }
    settling.join_all().await.into_iter().collect()
}

#[allow(clippy::cast_precision_loss)] // counts of messages stay far below 2^52
pub(crate) fn rate(pieces: usize, elapsed: Duration, cpu_us: f64) -> Rate {
    let pieces = pieces as f64;
    Rate { per_second: pieces / elapsed.as_secs_f64(), each_us: cpu_us / pieces }
}
