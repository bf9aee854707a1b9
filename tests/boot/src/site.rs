//! The site of a booted machine, seen from outside: first over plain HTTP as a stranger who takes
//! the box's certificate, then over HTTPS as one who trusts it.

use std::time::Instant;

use blackbox::{Client, Method};
use data_encoding::BASE64;

use crate::Outcome;
use crate::machine::{BOOT, LOOK, Machine, Ports};

/// An answering site.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) ports: Ports,
    /// The authority's certificate as it came over plain HTTP: DER and PEM.
    pub(crate) authority: Vec<u8>,
    pub(crate) pem: String,
    /// From power-on to the first answer over HTTPS.
    pub(crate) seconds: f64,
}

impl Site {
    /// Waits for the first answer over HTTPS with a certificate of the authority that the site
    /// itself hands out.
    pub(crate) async fn answering(machine: &mut Machine, ports: Ports) -> Outcome<Self> {
        let mut why;
        loop {
            machine.must_run()?;
            match Self::first_answer(ports).await {
                Ok((authority, pem)) => {
                    let seconds = machine.began.elapsed().as_secs_f64();
                    return Ok(Self { ports, authority, pem, seconds });
                }
                Err(error) => why = error,
            }
            if machine.began.elapsed() > BOOT {
                return Err(format!("no answer within {} s: {why}", BOOT.as_secs()).into());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn first_answer(ports: Ports) -> Outcome<(Vec<u8>, String)> {
        let plain = Client::new(&format!("http://127.0.0.1:{}", ports.http), None);
        let answer = plain.try_send(plain.request(Method::GET, "/ca.crt", "".into())).await?;
        if answer.status != 200 {
            return Err(format!("/ca.crt answers {}", answer.status).into());
        }
        let (authority, pem) = (answer.body.to_vec(), pem(&answer.body));
        let client = Client::new(&format!("https://127.0.0.1:{}", ports.https), Some(&pem));
        let answer = client.try_send(client.request(Method::GET, "/api/health", "".into())).await?;
        if answer.status != 200 {
            return Err(format!("/api/health answers {}: {}", answer.status, answer.text()).into());
        }
        Ok((authority, pem))
    }

    /// A stranger over HTTPS who trusts the box.
    pub(crate) fn client(&self) -> Client {
        Client::new(&self.origin(), Some(&self.pem))
    }

    pub(crate) fn origin(&self) -> String {
        format!("https://127.0.0.1:{}", self.ports.https)
    }

    /// Waits until the site answers again after a restart of its daemon.
    pub(crate) async fn answers_again(&self) -> Outcome<()> {
        let began = Instant::now();
        while let Err(error) = Self::first_answer(self.ports).await {
            if began.elapsed() > BOOT {
                return Err(error);
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

/// A certificate as text (RFC 7468).
fn pem(der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<String> =
        text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
